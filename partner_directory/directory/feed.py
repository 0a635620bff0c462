"""New partners as RSS, with the conditions of the address."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.directory.asked import Asked
from partner_directory.models.listing import Listing
from program_pages.bilingual import of_pair, said

NEWEST = 30


def feed(request: HttpRequest, asked: Asked, page: Any) -> HttpResponse:
    """The partners listed last, newest first."""
    url = page.get_full_url(request)
    rss = Rss201rev2Feed(
        title=f"{page.title} · ASoft Partners",
        link=url,
        description=_("Новые партнёры в каталоге."),
        language=get_language() or "ru",
        feed_url=request.build_absolute_uri(),
    )
    matched = asked.selection.matched
    newest = (key for key in asked.selection.snapshot.profiles.newest if key in matched)
    keys = list(islice(newest, NEWEST))
    rows = Listing.objects.in_bulk(keys)
    for row in (rows[key] for key in keys):
        name, summary = (said(of_pair(row.card[key])) for key in ("name", "summary"))
        link = f"{url}{row.slug}/"
        rss.add_item(title=name, link=link, description=summary, pubdate=row.listed_at, unique_id=link)
    response = HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response
