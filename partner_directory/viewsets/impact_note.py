"""What was rehearsed of an edition's draft, beside its form and before whoever approves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from partner_directory.impact import drafts, tallies
from partner_directory.models.impact import Impact
from partner_directory.viewsets.impacts import BEGUN, SEEN
from program_pages.models.edition import TermsEdition
from program_pages.rules.impact import summed


class EditionNote(Component):
    """What was rehearsed of an edition's draft, before those who write and approve it."""

    name = "impact"
    template_name = "partner_directory/admin/edition_note.html"

    def __init__(self, request: HttpRequest, edition: TermsEdition, *, is_short: bool = False) -> None:
        self.request, self.edition, self.is_short = request, edition, is_short

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        kept = Impact.objects.filter(edition=self.edition).defer("content", "base_content", "groups")
        sha256 = drafts.checksum_of(self.edition)
        mine = kept.filter(content_sha256=sha256).select_related("started_by")
        last = mine.finished().first()
        return {
            "edition": self.edition,
            "is_short": self.is_short,
            "impact": last,
            "everybody": summed(tallies.from_json(last.tallies).values()) if last else None,
            "running": None if last else mine.unfinished().first(),
            "older": None if last else kept.exclude(content_sha256=sha256).finished().first(),
            "may_begin": self.request.user.has_perm(BEGUN),
            "request": self.request,
        }


def edition_note(request: HttpRequest, edition: TermsEdition, *, is_short: bool = False) -> EditionNote | None:
    """The note for those who may see rehearsals, on what is still to be approved."""
    if edition.pk is None or edition.is_in_force_or_past or not request.user.has_perm(SEEN):
        return None
    return EditionNote(request, edition, is_short=is_short)
