"""What templates say about partners. May not import page models."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from partner_directory.directory import snapshot
from partner_directory.directory.asked import read
from partner_directory.directory.cards import Card, cards
from partner_directory.directory.finding import Option
from program_pages.rules.terms import Readings, Terms
from program_pages.shown import shown_terms
from program_pages.templatetags.programme import level_shape

register = template.Library()


NEWEST = 3
MOST_FACETS = 128  # kept drawn, some kilobytes each
CHECKED = mark_safe(" checked")
OPTION = '<label{}><input type="checkbox" name="{}" value="{}"{}>{}<span>{}</span><b>{}</b></label>'


@register.simple_tag
def facet_options(options: Iterable[Option]) -> SafeString:
    """Boxes to tick with their counts, in Python: a page has a hundred of them, a quarter of its time as a template."""
    return _boxes(tuple(options))


@lru_cache(maxsize=MOST_FACETS)
def _boxes(options: tuple[Option, ...]) -> SafeString:
    """Drawn once: most visitors begin with the same facets."""
    rows = (
        (
            format_html(' data-level="{}"', option.code) if option.shape else "",
            option.kind,
            option.code,
            CHECKED if option.chosen else "",
            level_shape(option.shape, 14) if option.shape else "",
            option.label,
            option.count_text,
        )
        for option in options
    )
    return format_html_join("", OPTION, rows)


@register.simple_tag(takes_context=True)
def newest_partners(context: template.Context) -> list[Card]:
    """The cards of the partners that were listed last, in three queries; of a day that is over, in a few more."""
    asked = shown_terms(context["request"]).as_of
    terms: Terms | None = context["terms"] if asked.is_past else snapshot.terms_today()
    now = snapshot.as_of(asked, terms) if asked.is_past else snapshot.current(terms)
    keys = islice((key for key in now.profiles.newest if key in now.listed), NEWEST)
    return cards(keys, read(QueryDict("sort=new"), now), terms.readings if terms else Readings())


# What would end the element or start another, as JSON says it otherwise (the same as Django's json_script).
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: Any) -> SafeString | str:
    """Structured data for search engines (schema.org): data, never code; nothing where there is none."""
    if not data:
        return ""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped
