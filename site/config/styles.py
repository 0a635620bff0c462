"""Style sheets that pages need together, as one file: ``css/common.css`` for all of them, others for the larger ones.

Each component keeps a file of its own, and a first visitor with a slow telephone waits for few. ``runserver`` finds
them as ``collectstatic`` does, which gives them checksums and those of what they name. May not import models.
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

# Below css/, as their parts are. In the order of the layers; what names other files (fonts) lies in css/ itself.
COMMON = (
    "layers.css", "reset.css", "tokens.css", "base.css", "layout.css", "components/button.css",
    "components/bonus_promotion.css", "components/bonus_table.css", "components/breadcrumbs.css",
    "components/card.css", "components/clause_ref.css", "components/clause_text.css", "components/day_form.css",
    "components/edition_banner.css", "components/faq_item.css", "components/field.css", "components/icon.css",
    "components/language_switch.css", "components/level_badge.css", "components/level_card.css",
    "components/level_figure.css", "components/level_shape.css", "components/notice.css",
    "components/number_hero.css", "components/page_body.css", "components/search_form.css",
    "components/site_footer.css", "components/site_header.css", "components/site_nav.css",
    "components/steps.css", "components/theme_switch.css", "components/upcoming_edition.css",
    "components/wordmark.css", "components/yes_no.css", "utilities.css",
)  # fmt: skip
CALCULATOR = (
    "components/error_summary.css", "components/calculator.css", "components/calculator_form.css",
    "components/calculator_row.css", "components/level_choice.css", "components/quote_answer.css",
    "components/quote_actions.css", "components/quote_change.css", "components/quote_details.css",
    "components/quote_inputs.css", "components/quote_lines.css", "components/quote_split.css",
    "components/quote_undecided.css", "components/level_comparison.css", "components/next_steps.css",
    "components/rental_chart.css", "pages/calculator_page.css",
)  # fmt: skip
DIRECTORY = (
    "components/chips.css", "components/directory.css", "components/directory_empty.css",
    "components/directory_facet.css", "components/directory_search.css", "components/directory_takeaway.css",
    "components/empty_state.css", "components/pagination.css", "components/partner_card.css",
    "components/partner_logo.css", "components/tile_map.css",
)  # fmt: skip
HOME = (
    "components/split_bar.css", "components/partner_card.css", "components/partner_logo.css", "pages/home_page.css",
)  # fmt: skip
LEVEL = (
    "components/benefit_value.css", "components/benefit_list.css", "components/clause_list.css",
    "components/error_summary.css", "components/quote_form.css", "components/quote_result.css",
    "components/quote_undecided.css", "components/requirement_list.css", "pages/level_page.css",
)  # fmt: skip
TERMS = (
    "components/benefit_value.css", "components/benefits_table.css", "components/clause.css",
    "components/readings.css", "components/terms_toc.css", "pages/terms_page.css",
)  # fmt: skip
WHOLES = {
    "css/common.css": COMMON,
    "css/calculator.css": CALCULATOR,
    "css/directory.css": DIRECTORY,
    "css/home.css": HOME,
    "css/level.css": LEVEL,
    "css/terms.css": TERMS,
}


class WholesFinder(finders.BaseFinder):
    """Finds those files, each made of its parts when it is asked for."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing here is set by anybody."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where it lies; an empty list for any other. Raises FileNotFoundError where a part is missing."""
        if path not in WHOLES:
            return []
        return [_made(path)] if find_all else _made(path)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """All of them. Raises FileNotFoundError where a part is missing."""
        for name in WHOLES:
            _made(name)
            yield name, FileSystemStorage(location=_folder())


@cache
def _folder() -> Path:
    """Where this process makes them; gone with it, not with a finder: Django lets those go, and makes others."""
    folder = Path(mkdtemp(prefix="styles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _made(name: str) -> str:
    """Its path. Written where its parts have changed alone: another answer may be reading it."""
    made, text = _folder() / name, "\n".join(_read(part, name) for part in WHOLES[name])
    made.parent.mkdir(exist_ok=True)
    if not made.exists() or made.read_text(encoding="utf-8") != text:
        made.write_text(text, encoding="utf-8")
    return str(made)


def _read(part: str, whole: str) -> str:
    found = finders.find(f"css/{part}")
    if not found:
        raise FileNotFoundError(f"css/{part}, a part of {whole}")
    return Path(found).read_text(encoding="utf-8")
