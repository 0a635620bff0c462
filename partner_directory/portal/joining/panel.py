"""What the section's home says of joining: the open application, or that one may be started."""

from __future__ import annotations

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.models.application import Application
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.joining.story import TONES, next_of
from partner_directory.portal.panels import Panel
from program_pages.bilingual import said
from program_pages.formats import day as day_in_words


def panel(request: SeatRequest) -> Panel | None:
    """The company's open application; where it has neither that nor a membership, how to start."""
    partner = request.seat.partner
    application = partner.applications.open().select_related("level").order_by("-ball_since", "-pk").first()
    if application is not None:
        return _of(application)
    if partner.memberships.exists():
        return None
    return Panel(
        title=_("Присоединение к программе"),
        text=_("Выберите уровень и подайте заявку: после подписания договоров начнётся членство."),
        url=reverse("portal:joining"),
        link_text=_("Выбрать уровень"),
        needs_action=True,
    )


def _of(application: Application) -> Panel:
    steps = list(application.steps.all())
    since = day_in_words(localdate(application.ball_since), get_language() or "ru")
    return Panel(
        title=_("%(application)s: %(level)s")
        % {"application": application, "level": said(application.level.short_name)},
        text=next_of(application, steps),
        url=reverse("portal:application", args=[application.pk]),
        link_text=_("Открыть заявку"),
        tone=TONES[Application.State(application.state)],
        facts=(
            str(application.get_state_display()),
            _("Ход за: %(who)s, с %(day)s") % {"who": application.get_ball_display(), "day": since},
        ),
        needs_action=application.ball == Application.Ball.COMPANY,
    )
