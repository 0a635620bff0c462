"""The programme on the admin's dashboard: what is in force, what comes next, what waits, what is still a sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from program_pages.models.catalogue import Price
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.event import Event
from program_pages.viewsets.editions import edit_url
from program_pages.viewsets.notes import notes_on
from program_pages.viewsets.states import with_state

ANY = {"add", "change", "delete", "view", "publish"}


class ProgrammePanel(Component):
    """For those who may see editions or prices; others find their dashboard as it was."""

    name = "programme"
    order = 50
    template_name = "program_pages/admin/dashboard.html"

    def __init__(self, request: HttpRequest, price_list_url: str) -> None:
        self.request, self.user = request, request.user
        self.price_list_url = price_list_url

    def may_see(self, model: type) -> bool:
        """Whether the user has anything to do with a model."""
        return bool(policy_registry.get_by_type(model).user_has_any_permission(self.user, ANY))

    @cached_property
    def is_shown(self) -> bool:
        """Whether there is anything here for this user."""
        return self.may_see(TermsEdition) or self.may_see(Price)

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = {"price_list_url": self.price_list_url}
        if self.may_see(TermsEdition):
            context |= self._editions()
        if self.may_see(Price):
            context["sample_prices"] = Price.objects.filter(is_sample=True).count()
        if self.may_see(Event):
            context["sample_events"] = Event.objects.filter(is_sample=True).count()
            context["events_url"] = reverse(Event.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
        return context

    def _editions(self) -> dict[str, Any]:
        today = programme_day()
        editions = TermsEdition.objects.annotate(levels=Count("level_terms"))
        waiting = with_state(TermsEdition.objects.all()).filter(is_waiting=True).order_by("effective_from")
        may_copy = policy_registry.get_by_type(TermsEdition).user_has_permission(self.user, "add")
        return {
            "shows_editions": True,
            "current": _linked(editions.in_force(today), may_copy=may_copy),
            "following": _linked(editions.upcoming(today).first()),
            "waiting": [self._waiting(edition.get_latest_revision_as_object()) for edition in waiting],
            "drafts": TermsEdition.objects.filter(live=False).count(),
            "editions_url": reverse(TermsEdition.snippet_viewset.get_url_name("list")),  # type: ignore[attr-defined]
        }

    def _waiting(self, edition: TermsEdition) -> dict[str, Any]:
        return {"edition": edition, "url": edit_url(edition), "notes": notes_on(self.request, edition, is_short=True)}


def _linked(edition: TermsEdition | None, *, may_copy: bool = False) -> dict[str, Any] | None:
    if edition is None:
        return None
    copying = edition.snippet_viewset.get_url_name("copy")  # type: ignore[attr-defined]
    return {
        "edition": edition,
        "url": edit_url(edition),
        "copy_url": reverse(copying, args=[edition.pk]) if may_copy else "",
    }
