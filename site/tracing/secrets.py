"""What no log line and no error report may show: found in any text, and masked. May not import Django.

A net under those who write lines, not their excuse: what they hand over should hold none of it.
"""

from __future__ import annotations

import re

MASK = "[…]"
LONGEST_SEGMENT = 31  # of a path that is shown: what proves something is longer

_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s:@'\"]*:[^/\s@'\"]+(?=@)")
_AUTHORIZATION = re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}")
_TOKENS = re.compile(
    r"\b[0-9a-fA-F]{40,}\b"  # an invitation's secret, a checksum
    r"|\b[\w-]+:[\w-]{4,}:[\w-]{20,}"  # what Django signs
    r"|\b\w{1,12}-\w{5,7}-[0-9a-f]{32}\b"  # the link to a new password
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON web token
    r"|\b(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Za-z0-9_-]{43,}"  # 32 bytes in base64url: a key
)
_NAMED = re.compile(
    r"(?i)([\"']?\b[\w-]*(?:password|passwd|secret|token|api_?key|sessionid|csrf\w*)\b[\"']?\s*[:=]\s*)"
    r"(\"[^\"]*\"|'[^']*'|[^\s,;&)\]}]+)"
)


def masked(text: str) -> str:
    """A text without addresses of people, credentials and tokens."""
    text = _CREDENTIALS.sub(MASK, text)
    text = _EMAIL.sub(MASK, text)
    text = _AUTHORIZATION.sub(rf"\1 {MASK}", text)
    text = _NAMED.sub(rf"\1{MASK}", text)
    return _TOKENS.sub(MASK, text)


def masked_path(path: str) -> str:
    """A path of which long parts, and those with a colon, are masked: they may be what a sealed link proves with."""
    parts = path.split("/")
    shown = "/".join(MASK if len(part) > LONGEST_SEGMENT or ":" in part or "@" in part else part for part in parts)
    return shown.encode("unicode_escape").decode("ascii") if not shown.isprintable() else shown
