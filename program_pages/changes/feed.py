"""The published editions as RSS, each with what it changes, in words. May not import pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.changes.words import said_changes
from program_pages.kept import keep_for_strangers
from program_pages.rules.terms import Terms
from program_pages.terms import latest_terms

NEWEST = 10  # editions; a few years of them


def feed(request: HttpRequest, title: str, address: str) -> HttpResponse:
    """The editions that take effect last, newest first; ``address`` is that of the page of changes."""
    key = ("feed of editions", request.get_host(), get_language())
    rss = keep_for_strangers(request, key, lambda: _written(title, address, request.build_absolute_uri()))
    response = HttpResponse(rss, content_type="application/rss+xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response


def _written(title: str, address: str, own_address: str) -> str:
    rss = Rss201rev2Feed(
        title=f"{title} · ASoft Partners",
        link=address,
        description=_("Новые редакции условий и что они меняют."),
        language=get_language() or "ru",
        feed_url=own_address,
    )
    latest = latest_terms(NEWEST + 1)
    # The oldest is there to be compared with, unless it is the first of all.
    older = [terms for _edition, terms in latest[1:]] + ([None] if len(latest) <= NEWEST else [])
    for (edition, terms), before in zip(latest, older, strict=False):
        rss.add_item(
            title=_title(terms),
            link=f"{address}{before.effective_from}/{terms.effective_from}/" if before else address,
            description=_description(before, terms),
            pubdate=edition.approved_at,
            # Another one once the edition is withdrawn and approved anew.
            unique_id=f"{address}#{edition.pk}-{edition.approved_at or terms.effective_from:%Y%m%d%H%M%S}",
            unique_id_is_permalink=False,
        )
    text: str = rss.writeString("utf-8")
    return text


def _title(terms: Terms) -> str:
    day = formats.day(terms.effective_from, get_language() or "ru")
    return _("%(name)s — с %(day)s") % {"name": said(terms.name), "day": day}


def _description(before: Terms | None, terms: Terms) -> str:
    found = said_changes(before, terms) if before else None
    return render_to_string("program_pages/changes_feed_item.html", {"found": found}).strip()
