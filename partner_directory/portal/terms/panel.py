"""What the home page says of new editions of the terms: one to come or unread, a talk that waits for the company."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.models.edition_notice import EditionNotice
from partner_directory.models.talk import Talk
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel
from program_pages import formats
from program_pages.models.edition import programme_day


def panel(request: SeatRequest) -> Panel | None:
    """Two queries; nothing where all is read and in force."""
    partner = request.seat.partner
    waiting = Talk.objects.filter(partner=partner, state=Talk.State.ANSWERED).first()
    if waiting is not None:
        return Panel(
            title=_("Условия программы"),
            text=_("ASoft ответил о пунктах, с которыми вы не согласны: %(clauses)s.") % {"clauses": waiting.numbers},
            url=reverse("portal:terms_talk", args=[waiting.pk]),
            link_text=_("Прочитать ответ"),
            tone="warn",
            needs_action=True,
        )
    shown = EditionNotice.objects.shown().filter(partner=partner, release__withdrawn_at=None)
    wanted = shown.filter(Q(read_at=None) | Q(release__effective_from__gt=programme_day()))
    found = wanted.select_related("release__edition").order_by("release__effective_from", "pk").first()
    return _panel_of(found) if found else None


def _panel_of(notice: EditionNotice) -> Panel:
    starts = formats.day(notice.release.effective_from, get_language() or "ru")
    is_unread = notice.read_at is None
    text = _("Эта редакция меняет кое-что для вас.") if notice.touches else _("Для вас ничего не меняется.")
    return Panel(
        title=_("Условия программы"),
        text=text,
        facts=[_("«%(edition)s»: действует с %(day)s") % {"edition": notice.release.edition, "day": starts}],
        url=reverse("portal:terms_notice", args=[notice.pk]),
        link_text=_("Что меняется для вас"),
        tone="warn" if is_unread and notice.touches else "plain",
        needs_action=is_unread and notice.touches,
    )


def unread_count(request: SeatRequest) -> int:
    """How many notices nobody of the company has opened."""
    return EditionNotice.objects.unread().filter(partner=request.seat.partner).count()
