"""The style sheets that every page needs, as one file: ``css/common.css``.

Each component keeps a file of its own, and a first visitor with a slow telephone waits for one. ``runserver`` finds it
as ``collectstatic`` does, which gives it a checksum and those of what it names. May not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
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

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.folder = TemporaryDirectory(prefix="styles-")
        self.storage = FileSystemStorage(location=self.folder.name)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing here is set by anybody."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where it lies; an empty list for any other. Raises FileNotFoundError where a part is missing."""
        if path != NAME:
            return []
        return [self._made()] if find_all else self._made()

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """It alone. Raises FileNotFoundError where a part is missing."""
        self._made()
        yield NAME, self.storage

    def _made(self) -> str:
        made = Path(self.folder.name) / NAME
        made.parent.mkdir(exist_ok=True)
        made.write_text("\n".join(_read(part) for part in PARTS), encoding="utf-8")
        return str(made)


def _read(part: str) -> str:
    found = finders.find(f"css/{part}")
    if not found:
        raise FileNotFoundError(f"css/{part}, a part of {NAME}")
    return Path(found).read_text(encoding="utf-8")
