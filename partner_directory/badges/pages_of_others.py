"""Whose badges stand on somebody's page, and whether the page is on the site of the partner that each belongs to.

The page is read as ``site_checks`` reads pages: at public addresses alone, so much and so long. Takes seconds: never
within a transaction. May not import views or actions.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from wagtail.models import Site

from partner_directory import site_checks
from partner_directory.announcements import codes_on
from partner_directory.badges.facts import by_codes
from partner_directory.badges.links import own_hosts
from partner_directory.badges.verdict import Shown, shown_on
from partner_directory.models.badge import Badge

MOST_BADGES = 20  # of a page that are told of
AT_ONCE = threading.BoundedSemaphore(2)  # pages a process reads for visitors, so that it goes on serving others
SECONDS = 8  # that a visitor waits for a page


class Place(StrEnum):
    """Where a badge stands."""

    OWN_SITE = "own_site"
    OTHER_PART = "other_part"  # of the host of its partner's site, which may be somebody else's
    OTHER_SITE = "other_site"
    NO_SITE = "no_site"  # the partner's profile names no site
    UNKNOWN = "unknown"  # we have issued no such code


@dataclass(frozen=True, slots=True)
class Standing:
    """A badge on a page: the code, whose it is, what it says today, and where it stands."""

    code: str
    place: Place
    page_host: str
    site: str = ""
    badge: Badge | None = None
    shown: Shown | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it may stand there: on its partner's own site, and in force."""
        return self.place is Place.OWN_SITE and self.shown is not None and self.shown.is_valid


class Busy(Exception):
    """Other pages are being read just now."""


def badges_on(url: str) -> list[Standing]:
    """The badges of the page at an address; raises ``site_checks.Trouble`` where it cannot be read, Busy, too."""
    hosts = own_hosts(*Site.objects.values_list("hostname", flat=True))
    if not AT_ONCE.acquire(blocking=False):
        raise Busy
    try:
        page = site_checks.fetch(url, seconds=SECONDS)
        codes = codes_on(page, hosts)[:MOST_BADGES]
    finally:
        AT_ONCE.release()
    return list(_standings(codes, page.url))


def host_of(url: str) -> str:
    """The host of an address as people name it, without ``www.``, in its own letters; "" where there is none."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:  # in its own letters already, or in none
        return host


def is_within(host: str, site: str) -> bool:
    """Whether a host is a site's, or below it."""
    return host == site or host.endswith(f".{site}")


def place_of(page: str, site: str) -> Place:
    """Where a page is, by its address and that of a partner's site; many sites may share a host, each with its path."""
    page_host, site_host, folder = host_of(page), host_of(site), _folder(site)
    if not site_host:
        return Place.NO_SITE
    if not is_within(page_host, site_host):
        return Place.OTHER_SITE
    is_own = _folder(page).startswith(folder) if page_host == site_host else folder == "/"
    return Place.OWN_SITE if is_own else Place.OTHER_PART


def _folder(url: str) -> str:
    """The path of an address, without escapes and ways up, with a slash at its end."""
    path = unquote(urlsplit(url).path) if host_of(url) else ""
    return normpath(path or "/").rstrip("/").lower() + "/"


def _standings(codes: list[str], page: str) -> Iterator[Standing]:
    badges, page_host = by_codes(codes), host_of(page)
    for code in codes:
        badge = badges.get(code)
        if badge is None:
            yield Standing(code, Place.UNKNOWN, page_host)
            continue
        site = badge.partner.site_url
        name = (host_of(site) + _folder(site)).rstrip("/")
        yield Standing(code, place_of(page, site), page_host, name, badge, shown_on(badge))
