"""The style sheets that every page needs come as one file, whole, in their order."""

import gc
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config import styles


def test_each_part_stands_in_it_as_it_is_written_one_after_another() -> None:
    whole, place = Path(finders.find(styles.NAME)).read_text(encoding="utf-8"), 0
    for part in styles.PARTS:
        text = Path(finders.find(f"css/{part}")).read_text(encoding="utf-8")
        place = whole.index(text, place) + len(text)
    assert whole.startswith("/* The one order of the cascade")


def test_a_part_in_another_folder_names_no_file_by_where_it_lies() -> None:
    elsewhere = [part for part in styles.PARTS if "/" in part]
    assert elsewhere
    assert not [part for part in elsewhere if "url(" in Path(finders.find(f"css/{part}")).read_text(encoding="utf-8")]


def test_it_is_collected_as_any_other_file_is() -> None:
    found = {path for finder in finders.get_finders() for path, _storage in finder.list([])}
    assert styles.NAME in found


def test_it_stays_where_it_is_when_settings_make_the_finders_anew() -> None:
    before = finders.find(styles.NAME)
    finders.get_finder.cache_clear()
    gc.collect()
    assert Path(before).exists()
    assert finders.find(styles.NAME) == before


def test_a_missing_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "PARTS", (*styles.PARTS, "components/nowhere.css"))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        finders.find(styles.NAME)
