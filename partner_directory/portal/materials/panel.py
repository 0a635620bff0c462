"""What the home page says of licences and trainings that wait, and of the next event."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_directory.models.material import LicenceRequest, RequestState, TrainingSeat
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel
from program_pages.bilingual import said
from program_pages.formats import day, language_of
from program_pages.models.edition import programme_day
from program_pages.models.event import Event


def panel(request: SeatRequest) -> Panel:
    """Materials and licences, and how many requests wait; two queries."""
    waiting = sum(
        model.objects.filter(partner=request.seat.partner, state=RequestState.ASKED).count()
        for model in (LicenceRequest, TrainingSeat)
    )
    facts = (
        [ngettext("%(n)s запрос на рассмотрении", "%(n)s запросов на рассмотрении", waiting) % {"n": waiting}]
        if waiting
        else []
    )
    return Panel(
        title=_("Материалы и лицензии"),
        text=_("Буклеты, методики, лицензии для показа и для себя, места на обучении."),
        url=reverse("portal:licences" if waiting else "portal:materials"),
        link_text=_("К запросам") if waiting else _("К материалам"),
        facts=facts,
    )


def events_panel(request: SeatRequest) -> Panel | None:
    """The next event of the vendor's list; one query."""
    event = Event.objects.upcoming(programme_day()).first()
    if event is None:
        return None
    return Panel(
        title=_("Ближайшее мероприятие"),
        text=said(event.title),
        url=reverse("portal:events"),
        link_text=_("К мероприятиям"),
        facts=[day(event.starts, language_of(request.LANGUAGE_CODE))],  # type: ignore[attr-defined]
    )
