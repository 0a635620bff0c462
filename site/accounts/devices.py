"""What a browser says of itself, in words that its owner knows again: "Firefox, Windows".

May not import any other app.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# The first that fits: most name their ancestors as well.
BROWSERS = (
    (r"YaBrowser/", "Yandex Browser"), (r"Edg(e|A|iOS)?/", "Edge"), (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"), (r"Firefox/|FxiOS/", "Firefox"), (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Version/.*Safari/|iPhone|iPad", "Safari"),
)  # fmt: skip
SYSTEMS = (
    (r"Android", "Android"), (r"iPhone", "iPhone"), (r"iPad", "iPad"), (r"Windows", "Windows"), (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "macOS"), (r"Linux", "Linux"),
)  # fmt: skip


def in_words(user_agent: str) -> str:
    """Browser and system, as far as they are known."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    return ", ".join(filter(None, (browser, system))) or _("неизвестный браузер")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
