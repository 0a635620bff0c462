"""The page of events, to come and gone. May not import the partners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from program_pages.models.event import Event
from program_pages.models.pages.base import SinglePage
from program_pages.shown import shown_terms


class EventsPage(SinglePage):
    """The editors' list of events, taken part in or held by partners (R21, R74)."""

    needs_terms = True
    template = "program_pages/events_page.html"

    class Meta:
        verbose_name = _("страница мероприятий")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the events to come and gone, each with the bonus it counts for."""
        context = super().get_context(request, *args, **kwargs)
        today = shown_terms(request).shown_day
        bonuses = {bonus.measure: bonus for bonus in context["terms"].bonuses} if context["terms"] else {}
        return context | {
            "upcoming": [(event, bonuses.get(event.measure)) for event in Event.objects.upcoming(today)],
            "past": [(event, bonuses.get(event.measure)) for event in Event.objects.past(today)],
        }
