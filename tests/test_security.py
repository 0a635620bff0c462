"""What docs/security.md claims can be looked up: each requirement stands there once, and what shows it exists."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

# The requirements of levels 1 and 2 of OWASP ASVS 5.0.0: a section, and its numbers.
LEVELS_1_AND_2 = """
1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1-1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2
4.1:1-3 4.2:1-1 4.3:1-2 4.4:1-4 5.1:1-1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3
6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1-1 8.4:1-1 9.1:1-3 9.2:1-4 10.1:1-2
10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1-1 11.6:1-1 12.1:1-3
12.2:1-2 12.3:1-4 13.1:1-1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1-1
16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3 17.1:1-1 17.2:1-4 17.3:1-2
"""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (met|n/a|open) \| (.+) \|$", re.MULTILINE)
SHOWN = re.compile(r"`((?:tests|docs|site|partner_directory|program_pages)/[\w./\-]*)(?:::(\w+))?`")
LONGEST = 12  # words of our own for a requirement


def numbers() -> list[str]:
    """Every requirement's number."""
    found: list[str] = []
    for section, first, last in re.findall(r"(\d+\.\d+):(\d+)-(\d+)", LEVELS_1_AND_2):
        found += [f"{section}.{number}" for number in range(int(first), int(last) + 1)]
    return found


def missing(text: str) -> list[str]:
    """The files and tests that a text names and that are not there."""
    gone = []
    for path, test in SHOWN.findall(text):
        file = ROOT / path
        if not file.exists() or (test and not re.search(rf"def {test}\b", file.read_text(encoding="utf-8"))):
            gone.append(f"{path}::{test}" if test else path)
    return gone


def test_every_requirement_of_both_levels_stands_in_the_table_once() -> None:
    assert len(numbers()) == 253
    assert Counter(row[0] for row in ROW.findall(TEXT)) == Counter(numbers())


def test_the_head_counts_what_the_table_says() -> None:
    found = Counter(row[3] for row in ROW.findall(TEXT))
    assert f"{found['met']} met, {found['n/a']} n/a, {found['open']} open" in TEXT


def test_what_is_called_met_names_what_shows_it() -> None:
    bare = [number for number, _level, _what, state, shown in ROW.findall(TEXT) if state == "met" and "`" not in shown]
    assert bare == []


def test_each_requirement_is_said_in_few_words_of_our_own() -> None:
    assert [row[0] for row in ROW.findall(TEXT) if len(row[2].split()) > LONGEST] == []


def test_every_test_and_file_that_is_named_exists() -> None:
    assert missing(TEXT) == []


@pytest.mark.parametrize("planted", ["`tests/no_such_file.py`", "`tests/test_security.py::test_no_such_test`"])
def test_a_name_of_nothing_is_found(planted: str) -> None:
    assert len(missing(planted)) == 1


def test_a_requirement_left_out_or_said_twice_is_found() -> None:
    rows = [row[0] for row in ROW.findall(TEXT)]
    assert Counter(chain(rows, rows[:1])) != Counter(numbers())
    assert Counter(rows[1:]) != Counter(numbers())
