"""Asks a partner's site whether it is there, or for a page of it: only over http and https, only at public addresses.

The address that was checked is the one that is connected to, so a name that answers differently the second time gains
nothing; every redirect is checked anew. It takes no longer than ``MOST_SECONDS`` however slowly a site answers, and no
more than ``MOST_BYTES`` is read or unpacked. May not import models.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.encoding import iri_to_uri

SECONDS = 8  # of silence
MOST_SECONDS = 20  # for a page with all its redirects
MOST_BYTES = 1024 * 1024  # of a page, packed or unpacked
MOST_REDIRECTS = 4
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ASKS_WHO = frozenset({401, 403, 405, 429})  # somebody is there, and will not talk to a program
FIRST_ERROR = 400
AGENT = "ASoft-Partners-site-check/1.0"
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
UNPACKS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
PLAIN = frozenset({"", "identity"})
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # whose last 32 bits are an address of IPv4

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Read = TypeVar("Read")


class Trouble(Exception):
    """What is wrong with a site; its text is a code of ``SiteCheck.Trouble``."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read: where the redirects led, its bytes unpacked, and the charset that it names, or ""."""

    url: str
    content: bytes
    charset: str


def check(url: str) -> str:
    """An empty string for a site that answers, else the code of the trouble; raises nothing."""

    def refuse_errors(response: http.client.HTTPResponse, _url: str) -> None:
        if response.status >= FIRST_ERROR and response.status not in ASKS_WHO:
            raise Trouble("error")

    try:
        _followed(url, refuse_errors)
    except Trouble as trouble:
        return str(trouble)
    return ""


def fetch(url: str, seconds: float | None = None) -> Page:
    """The page at an address; raises Trouble for whatever keeps it from being read whole, within so many seconds."""

    def page_of(response: http.client.HTTPResponse, last: str) -> Page:
        if response.status != HTTPStatus.OK:
            raise Trouble("error")
        if response.headers.get_content_type() not in PAGES:
            raise Trouble("not_a_page")
        return Page(last, _body(response), response.headers.get_content_charset() or "")

    return _followed(url, page_of, seconds)


def _followed(url: str, read: Callable[[http.client.HTTPResponse, str], Read], seconds: float | None = None) -> Read:
    """What is read of the answer that the redirects lead to; raises Trouble."""
    deadline = time.monotonic() + min(seconds or MOST_SECONDS, MOST_SECONDS)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            with _answer(urlsplit(url), deadline) as response:
                location = _location(response)
                if response.status not in REDIRECTS or not location:
                    return _in_time(read(response, url), deadline)
            url = urljoin(url, location)
    except Trouble:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Trouble("bad_certificate") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Trouble("too_slow" if time.monotonic() >= deadline else "no_answer") from error
    raise Trouble("redirects")


def _location(response: http.client.HTTPResponse) -> str:
    """Where a redirect leads; many sites write it in UTF-8, which the library reads as Latin-1."""
    raw: str = response.headers.get("Location", "")
    try:
        return raw.encode("latin-1").decode()
    except UnicodeError:
        return raw


def _in_time(found: Read, deadline: float) -> Read:
    """What was read whole: an answer that was cut off looks like one that has ended."""
    if time.monotonic() >= deadline:
        raise Trouble("too_slow")
    return found


def _body(response: http.client.HTTPResponse) -> bytes:
    """A page's bytes, unpacked; raises Trouble where there are too many, or they are packed in an unknown way."""
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in PLAIN and packing not in UNPACKS:
        raise Trouble("packed")
    content = response.read(MOST_BYTES + 1)
    if len(content) <= MOST_BYTES and packing in UNPACKS:
        content = _unpacked(content, UNPACKS[packing])
    if len(content) > MOST_BYTES:
        raise Trouble("too_big")
    return content


def _unpacked(content: bytes, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(content, MOST_BYTES + 1)
    except zlib.error as error:
        raise Trouble("packed") from error


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
    ip = _reached(ipaddress.ip_address(address.split("%", 1)[0]))
    return ip.is_global and not ip.is_multicast


def _reached(ip: Address) -> Address:
    """The address that is reached in the end: an IPv6 address may be a way to one of IPv4."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


@contextmanager
def _answer(parts: SplitResult, deadline: float) -> Iterator[http.client.HTTPResponse]:
    """The answer of one address, whose body has still to be read; cut off at the deadline. Raises Trouble."""
    if parts.scheme not in PORTS or not parts.hostname or parts.username:
        raise Trouble("not_public")
    port = parts.port or PORTS[parts.scheme]
    if port != PORTS[parts.scheme]:
        raise Trouble("not_public")
    connection = _Pinned(parts.hostname, port, public_address(parts.hostname, port), parts.scheme == "https")
    watch = threading.Timer(max(deadline - time.monotonic(), 0), connection.cut_off)
    watch.daemon = True
    watch.start()
    try:
        path = iri_to_uri(parts._replace(scheme="", netloc="", fragment="").geturl()) or "/"
        connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "text/html"})
        yield connection.getresponse()
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, by the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, is_secure: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.default_port = port  # so that the Host header names no port
        self.address, self.is_secure = address, is_secure
        self.line: socket.socket | None = None  # as ``sock``, which the library forgets while the body is still read

    def connect(self) -> None:
        """Connects, and with TLS makes sure that the certificate is the name's."""
        self.sock = self.line = socket.create_connection((self.address, self.port), SECONDS)
        if self.is_secure:
            context = ssl.create_default_context()
            # The handshake by itself: it, too, can be cut off.
            secured = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.line = secured
            secured.do_handshake()

    def cut_off(self) -> None:
        """Ends whatever is being waited for, from another thread."""
        if self.line is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)
