"""Asks a partner's site whether it is there: only over http and https, only at public addresses, briefly.

The address that was checked is the one that is connected to, so a name that answers differently the second time gains
nothing; every redirect is checked anew. May not import models.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urljoin, urlsplit

SECONDS = 8
MOST_REDIRECTS = 4
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ASKS_WHO = frozenset({401, 403, 405, 429})  # somebody is there, and will not talk to a program
FIRST_ERROR = 400
AGENT = "ASoft-Partners-site-check/1.0"


class Trouble(Exception):
    """What is wrong with a site; its text is a code of ``SiteCheck.Trouble``."""


def check(url: str) -> str:
    """An empty string for a site that answers, else the code of the trouble; raises nothing."""
    try:
        for _ in range(MOST_REDIRECTS + 1):
            status, location = _ask(urlsplit(url))
            if status not in REDIRECTS or not location:
                return "error" if status >= FIRST_ERROR and status not in ASKS_WHO else ""
            url = urljoin(url, location)
    except Trouble as trouble:
        return str(trouble)
    except ssl.SSLCertVerificationError:
        return "bad_certificate"
    except (OSError, http.client.HTTPException, ValueError):
        return "no_answer"
    return "redirects"


def public_address(host: str, port: int) -> str:
    """An address of a host where all of its addresses are public; raises Trouble."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Trouble("no_such_host") from error
    if not found or not all(map(_is_public, found)):
        raise Trouble("not_public")
    return found[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return mapped.is_global and not mapped.is_multicast


def _ask(parts: SplitResult) -> tuple[int, str]:
    """The status and the address of a redirect; the body is never read."""
    if parts.scheme not in PORTS or not parts.hostname or parts.username:
        raise Trouble("not_public")
    port = parts.port or PORTS[parts.scheme]
    if port != PORTS[parts.scheme]:
        raise Trouble("not_public")
    connection = _Pinned(parts.hostname, port, public_address(parts.hostname, port), parts.scheme == "https")
    try:
        path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "text/html"})
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, by the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, is_secure: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.default_port = port  # so that the Host header names no port
        self.address, self.is_secure = address, is_secure

    def connect(self) -> None:
        """Connects, and with TLS makes sure that the certificate is the name's."""
        plain = socket.create_connection((self.address, self.port), SECONDS)
        self.sock = plain
        if self.is_secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
