"""Where badges are: their addresses on this site, and the codes that addresses of this site name.

May not import models or views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.urls import reverse

from partner_directory.addresses import address
from partner_directory.badges.codes import NotACode, read_code

# A page of verification in any language, a live badge, or anything else that stands under a code.
OF_A_BADGE = re.compile(
    r"/(?:[a-z]{2}/)?(?:verify/(?P<verified>[^/]+)/?|badges/(?P<shown>[^/.]+)(?:\.(?:svg|png)|/.*))"
)
LONGEST = 500  # signs of an address that is looked at


def base_url() -> str:
    """Where this site is reached, without a slash at the end."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def verify_url(code: str) -> str:
    """Where anybody checks a badge: lasting, in the site's first language."""
    return base_url() + address("verify_code", code)


def live_url(code: str, suffix: str, **parameters: str) -> str:
    """The live badge, as ``svg`` or ``png``; see ``badges.live`` for the parameters."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return base_url() + reverse("live_badge", args=[code, suffix]) + query


def here(url: str) -> str:
    """An address of this site as its own pages name it: on whatever host they are read."""
    return url.removeprefix(base_url())


def own_hosts(*hosts: str) -> frozenset[str]:
    """The hosts of this site: that of its lasting addresses, and those given."""
    named = (urlsplit(base_url()).hostname, *hosts)
    return frozenset(host.lower() for host in named if host)


def code_named(link: str, hosts: Iterable[str], base: str = "") -> str | None:
    """What an address of this site names as a badge's code, read or not; None for every other address.

    ``base`` is the page on which a relative address stands.
    """
    try:
        parts = urlsplit(urljoin(base, link.strip()[:LONGEST]))
        host = parts.hostname or ""
    except ValueError:  # no address at all
        return None
    found = OF_A_BADGE.fullmatch(unquote(parts.path)) if host in hosts else None
    return (found["verified"] or found["shown"]) if found else None


def badge_code(link: str, hosts: Iterable[str], base: str = "") -> str | None:
    """The code that an address of this site names; None where it names none that can be one."""
    named = code_named(link, hosts, base)
    try:
        return read_code(named) if named else None
    except NotACode:
        return None
