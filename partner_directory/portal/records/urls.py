"""The addresses of this part of the section; each view is one of ``portal.access``."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path

from partner_directory.portal.records import announcement, facts, reviews, specialists, standing
from partner_directory.portal.records.kinds import KINDS


def _of_kinds() -> Iterator[URLPattern]:
    for kind in KINDS:
        key = {"kind": kind}
        yield path(f"{kind}/", facts.listing, key, name=kind)
        yield path(f"{kind}/new/", facts.new, key, name=f"{kind}_new")
        yield path(f"{kind}/<int:key>/withdraw/", facts.withdraw, key, name=f"{kind}_withdraw")


urlpatterns = [
    path("standing/", standing.standing, name="standing"),
    path("specialists/", specialists.listing, name="specialists"),
    path("specialists/new/", specialists.new, name="specialists_new"),
    path("specialists/<int:key>/leave/", specialists.leave, name="specialists_leave"),
    path("specialists/<int:key>/name/", specialists.name, name="specialists_name"),
    path("specialists/<int:key>/withdraw/", specialists.withdraw, name="specialists_withdraw"),
    *_of_kinds(),
    path("reviews/", reviews.listing, name="reviews"),
    path("reviews/new/", reviews.new, name="reviews_new"),
    path("reviews/<int:key>/ask/", reviews.ask_again, name="reviews_ask"),
    path("reviews/<int:key>/withdraw/", reviews.withdraw, name="reviews_withdraw"),
    path("announcement/", announcement.announcement, name="announcement"),
    path("announcement/check/", announcement.check, name="announcement_check"),
]
