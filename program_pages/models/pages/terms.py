"""The terms as a page and on paper: clauses, readings, the editions published, and what they change (R83).

May not import the partners.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path

from program_pages.changes import CHANGES
from program_pages.changes.feed import feed
from program_pages.changes.page import ChooseEditionsForm, changes_context, sent_form
from program_pages.changes.pairs import Listed, Pair, current_pair, pair_of, published_editions
from program_pages.models.edition import TermsEdition, programme_day_of
from program_pages.models.pages.base import RoutedPage
from program_pages.paper import pdf_available, pdf_response
from program_pages.register import entries
from program_pages.rules.terms import Benefit, Bonus, Terms
from program_pages.shown import shown_terms


class TermsPage(RoutedPage):
    """The terms: every clause with its anchor, the readings used, the editions and what they change, and the PDF."""

    needs_terms = True
    is_older_than_itself = True  # an edition from before there was this site stays readable
    template = "program_pages/terms_page.html"

    class Meta:
        verbose_name = _("страница условий")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the readings, the published editions and the way to the PDF."""
        context = super().get_context(request, *args, **kwargs)
        terms: Terms | None = context["terms"]
        query = f"?on={context['on'].isoformat()}" if context["on"] else ""
        return context | {
            "readings": entries(terms, shown_terms(request).shown_day) if terms else [],
            "editions": list(self._editions(request, terms)),
            "benefits_section": _section_of(terms, terms.benefits) if terms else None,
            "bonuses_section": _section_of(terms, terms.bonuses) if terms else None,
            "changes_url": self._changes_url(request),
            "pdf_available": pdf_available(),
            "pdf_url": f"{self.get_url(request)}pdf/{query}",
        }

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """The terms as a page."""
        return self.render(request)

    @path("pdf/", name="pdf")
    def pdf(self, request: HttpRequest) -> HttpResponse:
        """The terms on paper; where PDF cannot be made here, a page that says so with status 503."""
        context = self.get_context(request)
        if context["terms"] is None:
            raise Http404
        if not pdf_available():
            response = self.render(request, context_overrides={"pdf_failed": True})
            response.status_code = 503
            return response
        return pdf_response(request, "program_pages/terms_pdf.html", context, _pdf_name(context["terms"]))

    @path("changes/", name="changes")
    def changes(self, request: HttpRequest) -> HttpResponse:
        """What the next edition changes, or what the last one has (R83); leads to any other two that are chosen."""
        asked = shown_terms(request).as_of
        editions = published_editions(asked.recorded_by)
        form = sent_form(request, editions)
        if form is not None and form.is_valid():
            return redirect(f"{self._changes_url(request)}{form.address()}")
        return self._show_changes(request, editions, current_pair(editions, asked.day), form)

    @path("changes/<str:old>/<str:new>/", name="changes_between")
    def changes_between(self, request: HttpRequest, old: str, new: str) -> HttpResponse:
        """What one published edition changes in another, each named by its day; 404 for any other days."""
        editions = published_editions()
        pair = pair_of(editions, old, new)
        if pair is None:
            raise Http404
        return self._show_changes(request, editions, pair, asks_day=None)

    @path("changes/feed/", name="changes_feed")
    def changes_feed(self, request: HttpRequest) -> HttpResponse:
        """The published editions and what they change, as RSS."""
        return feed(request, self.title, f"{self.get_full_url(request)}{CHANGES}")

    def _show_changes(
        self,
        request: HttpRequest,
        editions: list[Listed],
        pair: Pair | None,
        form: ChooseEditionsForm | None = None,
        **context: Any,
    ) -> HttpResponse:
        context |= changes_context(request, self.get_url(request), editions, pair, form)
        template = "program_pages/terms_changes_page.html"
        return self.render(request, template=template, context_overrides=context)

    def _changes_url(self, request: HttpRequest) -> str:
        return f"{self.get_url(request)}{CHANGES}"

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The terms, and what changes in them."""
        [entry, *others] = super().get_sitemap_urls(request)
        changes = {"location": f"{entry['location']}{CHANGES}", "alternates": self._alternates(request, CHANGES)}
        return [entry, {**entry, **changes}, *others]

    def _editions(self, request: HttpRequest, terms: Terms | None) -> Iterator[dict[str, Any]]:
        following = None
        editions = list(TermsEdition.objects.published().order_by("-effective_from"))
        first_days = _first_days(editions)
        for edition in editions:
            yield {
                "edition": edition,
                "effective_from": edition.effective_from,
                "effective_until": following,
                "url": f"{self.get_url(request)}?on={first_days[edition.pk].isoformat()}",
                "current": terms is not None and terms.edition == edition.pk,
            }
            following = edition.effective_from


def _first_days(editions: Iterable[TermsEdition]) -> dict[int, date]:
    """The first day that shows each edition (key): its own; or that of its approval, where another was known before."""
    approved = {edition.pk: programme_day_of(edition.approved_at) for edition in editions if edition.approved_at}
    first = min(approved.values(), default=date.max)

    def day(edition: TermsEdition) -> date:
        own = edition.effective_from
        return own if own < first else max(own, approved.get(edition.pk, own))

    return {edition.pk: day(edition) for edition in editions}


def _section_of(terms: Terms, rows: Iterable[Benefit | Bonus]) -> int | None:
    """The number of the section whose clauses most of these rows cite: it is where their table belongs."""
    cited = {row.clause for row in rows}
    counts = {section.number: sum(clause.code in cited for clause in section.clauses) for section in terms.sections}
    number = max(counts, key=counts.__getitem__, default=None)
    return number if number is not None and counts[number] else None


def _pdf_name(terms: Terms) -> str:
    return f"asoft-partners-terms-{terms.effective_from.isoformat()}.pdf"
