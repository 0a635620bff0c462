"""An answer that is kept: what of a view's response may be, and how it is sent to whoever asks next.

A response tells by itself whether it is anybody's own: it sets a cookie (sessions, a form's CSRF token), forbids
keeping, streams, varies by what the key does not hold, or has a nonce in its policy. Since nothing in a kept answer is
secret, it may be compressed freely. May not import models.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

MOST_BYTES = 1024 * 1024  # of an answer that is kept
LEAST_TO_COMPRESS = 200
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
VARIES_BY = frozenset({"accept-encoding", "cookie", "hx-request", "accept-language"})
FORBIDDING = re.compile(r"\b(?:private|no-store|no-cache)\b")
COMPRESSED = re.compile(r"(?:text/|application/(?:json|xml|\w[\w.]*\+(?:xml|json)|javascript)|image/svg)")
# Said of each answer anew, here or by what stands before the cache.
NOT_KEPT = frozenset(
    {"vary", "etag", "cache-control", "content-length", "x-request-id", "correlation-id", "server-timing"}
)
REVALIDATED = "public, max-age=0, must-revalidate"  # by browsers, of pages that say nothing of keeping


@dataclass(slots=True)
class Answer:
    """What is kept of a page; ``expires`` is a time in seconds since 1970, ``stamp`` what it was made under."""

    stamp: str
    expires: float
    headers: tuple[tuple[str, str], ...]
    cache_control: str
    etag: str
    body: bytes
    bodies: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    is_compressible: bool = field(init=False)  # whether compressing is worth it

    def __post_init__(self) -> None:
        kind = next((value for name, value in self.headers if name == "Content-Type"), "")
        self.is_compressible = len(self.body) >= LEAST_TO_COMPRESS and bool(COMPRESSED.match(kind))

    @property
    def size(self) -> int:
        """Bytes that it takes, with what is compressed of it later (a third at most)."""
        return len(self.body) * 4 // 3 + 2048

    def encoded(self, encoding: str) -> bytes:
        """The body in an encoding, compressed when first asked for."""
        if not encoding:
            return self.body
        if encoding not in self.bodies:
            self.bodies[encoding] = (
                brotli.compress(self.body, quality=BROTLI_QUALITY)
                if encoding == "br"
                else gzip.compress(self.body, GZIP_LEVEL, mtime=0)
            )
        return self.bodies[encoding]

    def headers_of(self, encoding: str) -> dict[str, str]:
        """Its headers in an encoding, but for those that say how long it may be kept."""
        if encoding not in self.sent:
            headers = dict(self.headers) | {"ETag": self.etag, "Content-Length": str(len(self.encoded(encoding)))}
            self.sent[encoding] = headers | ({"Content-Encoding": encoding} if encoding else {})
        return self.sent[encoding]


def kept_of(request: HttpRequest, response: HttpResponseBase, stamp: str, expires: float) -> Answer | None:
    """What is kept of a response; None where it is somebody's own, or no page."""
    if not isinstance(response, HttpResponse) or not _is_for_everybody(request, response):
        return None
    answer = Answer(
        stamp,
        expires,
        tuple((name, value) for name, value in response.headers.items() if name.lower() not in NOT_KEPT),
        response.headers.get("Cache-Control", ""),
        response.headers.get("ETag") or f'W/"{blake2b(response.content, digest_size=12).hexdigest()}"',
        response.content,
    )
    # Strangers all get the same, so nothing depends on their cookies.
    stays = [name for name in _varies(response) if name.lower() not in ("cookie", "accept-encoding")]
    if answer.is_compressible:
        stays.insert(0, "Accept-Encoding")
    if stays:
        answer.headers += (("Vary", ", ".join(stays)),)
    return answer


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether it is a page, and nothing in it is for whoever asked alone."""
    return response.status_code == HTTPStatus.OK and not (
        response.cookies
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or "Content-Encoding" in response.headers
        or FORBIDDING.search(response.headers.get("Cache-Control", ""))
        or "'nonce-" in response.headers.get("Content-Security-Policy", "")
        or len(response.content) > MOST_BYTES
        or not VARIES_BY.issuperset(name.lower() for name in _varies(response))
    )


def _varies(response: HttpResponse) -> list[str]:
    return [name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip()]


def sent(request: HttpRequest, answer: Answer, state: str, keeping: dict[str, str]) -> HttpResponse:
    """The answer to a request; ``state`` says how it was found, ``keeping`` how long others may keep it."""
    meta = request.META
    if "HTTP_IF_NONE_MATCH" in meta and _names(meta["HTTP_IF_NONE_MATCH"], answer.etag):
        unchanged = {name: value for name, value in answer.headers if name in ("Vary", "Content-Location")}
        return HttpResponseNotModified(headers={**unchanged, "ETag": answer.etag, "X-Page-Cache": state, **keeping})
    encoding = accepted(meta.get("HTTP_ACCEPT_ENCODING", "")) if answer.is_compressible else ""
    body = b"" if meta["REQUEST_METHOD"] == "HEAD" else answer.encoded(encoding)
    return HttpResponse(body, headers={**answer.headers_of(encoding), "X-Page-Cache": state, **keeping})


@lru_cache(maxsize=256)
def accepted(accept: str) -> str:
    """The encoding that suits best of those a reader accepts: ``br``, ``gzip`` or none."""
    offered = {}
    for part in accept.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((encoding for encoding in ("br", "gzip") if offered.get(encoding)), "")


def _names(condition: str, etag: str) -> bool:
    """Whether ``If-None-Match`` names an ETag, weak or not (RFC 9110, 13.1.2)."""
    bare = etag.removeprefix("W/")
    return condition.strip() == "*" or any(part.strip().removeprefix("W/") == bare for part in condition.split(","))
