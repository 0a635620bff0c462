"""What makes two profiles look like one company: the host of the site, the name without its legal form.

May not import models.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LEGAL_FORMS = frozenset(
    (
        *("ооо", "оао", "зао", "пао", "ао", "ип", "нко", "тоо", "компания", "группа"),
        *("llc", "ltd", "inc", "jsc", "pjsc", "gmbh", "co", "company", "group"),
    )
)
WORD = re.compile(r"[^\W_]+")


def site_host(url: str) -> str:
    """The host of an address, without «www.»; empty where there is none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def plain_name(name: str) -> str:
    """A company's name without its legal form, quotes and case; a name of nothing else stays whole."""
    words = WORD.findall(name.casefold().replace("ё", "е"))
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)
