"""The page of all levels, and a page a level: what it offers, asks and brings (R13). May not import the partners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path

from program_pages.calculator.first_quote import first_quote
from program_pages.models.pages.base import RoutedPage
from program_pages.rules.terms import Benefit, BenefitCell, Bonus, Clause, ClauseKind, Level, Terms, UnknownLevel
from program_pages.shown import shown_terms


class LevelsPage(RoutedPage):
    """All levels, and one page a level at ``<slug>/``: a level an editor adds has its page at once (R13)."""

    needs_terms = True
    template = "program_pages/levels_page.html"

    class Meta:
        verbose_name = _("страница уровней")

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """All levels side by side."""
        return self.render(request)

    @path("<slug:slug>/", name="level")
    def level(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One level under the edition shown; 404 where that edition has no such level."""
        terms = shown_terms(request).terms
        if terms is None:
            raise Http404
        try:
            level = terms.level(slug)
        except UnknownLevel as error:
            raise Http404(slug) from error
        quoted = first_quote(request, terms, level, shown_terms(request).shown_day)
        context = {
            "level": level,
            "other_levels": [other for other in terms.levels if other.slug != slug],
            "notes": list(_notes_on(terms, level)),
            "benefits": list(_benefits_of(terms, slug)),
            "bonuses": list(_bonuses_of(terms, slug)),
            **quoted,
        }
        return self.render(request, template="program_pages/level_page.html", context_overrides=context)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The index and one address a level of today's edition."""
        entries = super().get_sitemap_urls(request)
        terms = shown_terms(request).terms if request is not None else None
        for level in terms.levels if terms else ():
            ending = f"{level.slug}/"
            entries.append(
                {
                    "location": self.get_full_url(request) + ending,
                    "lastmod": self.last_published_at or self.latest_revision_created_at,
                    "alternates": self._alternates(request, ending),
                }
            )
        return entries


def _notes_on(terms: Terms, level: Level) -> Iterator[Clause]:
    """What the text says of this level beside what it offers, asks, allows and forbids (R23, R42, R51)."""
    asked = {requirement.clause for requirement in level.requirements}
    of_level = (clause for clause in terms.clauses if clause.level == level.slug and clause.kind is ClauseKind.TEXT)
    return (clause for clause in of_level if clause.code not in asked)


def _benefits_of(terms: Terms, level: str) -> Iterator[tuple[Benefit, BenefitCell]]:
    return ((benefit, benefit.cell(level)) for benefit in terms.benefits)


def _bonuses_of(terms: Terms, level: str) -> Iterator[tuple[Bonus, Any]]:
    return ((bonus, bonus.points.get(level)) for bonus in terms.bonuses)
