"""The style sheets that every page needs, as one file: ``css/common.css``.

Each component keeps a file of its own, and a first visitor with a slow telephone waits for one. ``runserver`` finds it
as ``collectstatic`` does, which gives it a checksum and those of what it names. May not import models.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

NAME = "css/common.css"
# In the order of the layers. What names other files (fonts) lies in css/ itself, as the whole does.
PARTS = (
    "layers.css", "reset.css", "tokens.css", "base.css", "layout.css", "components/button.css",
    "components/bonus_promotion.css", "components/bonus_table.css", "components/breadcrumbs.css",
    "components/card.css", "components/clause_ref.css", "components/clause_text.css", "components/day_form.css",
    "components/edition_banner.css", "components/faq_item.css", "components/field.css", "components/icon.css",
    "components/language_switch.css", "components/level_badge.css", "components/level_card.css",
    "components/level_figure.css", "components/level_shape.css", "components/notice.css",
    "components/number_hero.css", "components/page_body.css", "components/search_form.css",
    "components/site_footer.css", "components/site_header.css", "components/site_nav.css",
    "components/steps.css", "components/theme_switch.css", "components/upcoming_edition.css",
    "components/wordmark.css", "components/yes_no.css",
)  # fmt: skip


class CommonStylesFinder(finders.BaseFinder):
    """Finds the one file, made of its parts when it is asked for."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing here is set by anybody."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where it lies; an empty list for any other. Raises FileNotFoundError where a part is missing."""
        if path != NAME:
            return []
        return [_made()] if find_all else _made()

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """It alone. Raises FileNotFoundError where a part is missing."""
        _made()
        yield NAME, FileSystemStorage(location=_folder())


@cache
def _folder() -> Path:
    """Where this process makes it. Gone with the process, not with a finder: Django lets those go, and makes others."""
    folder = Path(mkdtemp(prefix="styles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _made() -> str:
    """Its path. Written where its parts have changed alone: another answer may be reading it."""
    made, text = _folder() / NAME, "\n".join(map(_read, PARTS))
    made.parent.mkdir(exist_ok=True)
    if not made.exists() or made.read_text(encoding="utf-8") != text:
        made.write_text(text, encoding="utf-8")
    return str(made)


def _read(part: str) -> str:
    found = finders.find(f"css/{part}")
    if not found:
        raise FileNotFoundError(f"css/{part}, a part of {NAME}")
    return Path(found).read_text(encoding="utf-8")
