"""Every address of the site, with rows to fill it: what the matrix of permissions asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

OF_MODEL = re.compile(
    r"^(?:wagtailsnippets_|wagtailsnippetchoosers_)?(partner_directory|program_pages)_([a-z]+?)(?:_modeladmin|:)"
)


OTHERS = {"task_id"}  # keys of rows of another model


def addresses(under: str) -> Iterator[tuple[str, str]]:
    """The routes under a prefix, with %(parameters)s, and their names."""
    for route, name in _walk(get_resolver().url_patterns, "", ()):
        if route.startswith(under):
            yield route, name


def _walk(patterns: Sequence[Any], prefix: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        regex = getattr(pattern.pattern, "regex", None)
        route = prefix + (normalize(regex.pattern)[0][0] if regex else str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, (*spaces, *filter(None, [pattern.namespace])))
        elif isinstance(pattern, URLPattern):
            yield route, ":".join((*spaces, pattern.name or route))


def filled(route: str, name: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    """An address of the route: with the keys that ``rows`` gives for its beginning, the longest that fits.

    Otherwise with the first row of the model that its name tells of, where there is one.
    """
    found = OF_MODEL.match(name)
    row = apps.get_model(*found.groups()).objects.order_by("pk").first() if found else None
    key = str(row.pk) if row else "1"
    given = rows.get(max((begin for begin in rows if route.startswith(begin)), key=len, default=""), {})
    return "/" + re.sub(r"%\((\w+)\)s", lambda match: given.get(match[1], "1" if match[1] in OTHERS else key), route)
