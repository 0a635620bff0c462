"""Public views that are no pages of the tree: the search, and the levels' colours as a stylesheet."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page
from wagtail.search.query import And, Or, PlainText

from program_pages.bilingual import said
from program_pages.models.level import Level
from program_pages.rules.terms import Terms
from program_pages.shell import Shell
from program_pages.shown import terms_context
from program_pages.words import LONGEST_QUERY, holds, query_words, search_words

MOST_RESULTS = 50
EXCERPT_WORDS = 30


@dataclass(frozen=True, slots=True)
class Found:
    """One result: a page, or a clause of the terms."""

    kind: str
    title: str
    url: str
    excerpt: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Pages and clauses that hold every word of ``q``, in any form, case or alphabet."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    context = terms_context(request)
    words = query_words(query)
    results = [*_pages(request, words), *_clauses(request, context["terms"], words)] if words else []
    context |= {"query": query, "results": results[:MOST_RESULTS], "count": len(results), "noindex": True}
    return TemplateResponse(request, "program_pages/search.html", context)


def _pages(request: HttpRequest, words: list[tuple[str, ...]]) -> list[Found]:
    query = And([Or([PlainText(form) for form in forms]) for forms in words])
    found = Page.objects.live().filter(locale=Locale.get_active()).search(query)[:MOST_RESULTS]
    return [Found("page", page.title, page.get_url(request), page.search_description) for page in found]


def _clauses(request: HttpRequest, terms: Terms | None, words: list[tuple[str, ...]]) -> list[Found]:
    terms_url = Shell(request).addresses.get("termspage")
    if terms is None or terms_url is None:
        return []
    return [
        Found(
            "clause",
            f"{section.number}. {said(section.title)}",
            f"{terms_url}#{clause.anchor}",
            Truncator(strip_tags(said(clause.text))).words(EXCERPT_WORDS),
        )
        for section in terms.sections
        for clause in section.clauses
        if holds(set(search_words(said(clause.text), clause.code).split()), words)
    ]


@cache_control(public=True, max_age=300)
@require_safe
def level_colours(request: HttpRequest) -> HttpResponse:
    """Each level's colour as a custom property: colours are data, so a new level needs no stylesheet."""
    rules = [
        f'[data-level="{slug}"]{{--level:{colour}}}' for slug, colour in Level.objects.values_list("slug", "colour")
    ]
    return HttpResponse("\n".join(["@layer tokens {", *rules, "}", ""]), content_type="text/css; charset=utf-8")
