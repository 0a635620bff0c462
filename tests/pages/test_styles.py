"""The style sheets that pages need together come as one file, whole, in their order."""

import gc
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config import styles

COMMON = "css/common.css"


def css(path: str) -> str:
    """A style sheet as it is served."""
    return Path(finders.find(path)).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", styles.WHOLES)
def test_each_part_stands_in_it_as_it_is_written_one_after_another(name: str) -> None:
    whole, place = css(name), 0
    for part in styles.WHOLES[name]:
        text = css(f"css/{part}")
        place = whole.index(text, place) + len(text)


def test_the_order_of_the_cascade_comes_before_everything() -> None:
    assert css(COMMON).startswith(css("css/layers.css"))


def test_a_part_in_another_folder_names_no_file_by_where_it_lies() -> None:
    elsewhere = {part for parts in styles.WHOLES.values() for part in parts if "/" in part}
    assert elsewhere
    assert not [part for part in elsewhere if "url(" in css(f"css/{part}")]


def test_they_are_collected_as_any_other_file_is() -> None:
    found = {path for finder in finders.get_finders() for path, _storage in finder.list([])}
    assert set(styles.WHOLES) <= found


def test_it_stays_where_it_is_when_settings_make_the_finders_anew() -> None:
    before = finders.find(COMMON)
    finders.get_finder.cache_clear()
    gc.collect()
    assert Path(before).exists()
    assert finders.find(COMMON) == before


def test_a_missing_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(styles.WHOLES, COMMON, (*styles.WHOLES[COMMON], "components/nowhere.css"))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        finders.find(COMMON)
