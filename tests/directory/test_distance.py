"""Distances between places, by figures that anyone can look up; no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from partner_directory.distance import Point, kilometres

MOSCOW = Point(55.7522, 37.6156)
KAZAN = Point(55.7887, 49.1221)
VLADIVOSTOK = Point(43.1056, 131.8735)
ANADYR = Point(64.7342, 177.5103)
NOME = Point(64.5011, -165.4064)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (MOSCOW, KAZAN, 720),
        (MOSCOW, VLADIVOSTOK, 6420),
        (ANADYR, NOME, 814),  # across the date line
        (Point(0, 0), Point(0, 180), 20015),  # half of the equator
        (Point(90, 0), Point(-90, 0), 20015),
    ],
)
def test_is_that_of_the_great_circle(here: Point, there: Point, expected: int) -> None:
    assert kilometres(here, there) == pytest.approx(expected, rel=0.005)
    assert kilometres(there, here) == pytest.approx(kilometres(here, there))


def test_to_the_same_place_is_nothing() -> None:
    assert kilometres(KAZAN, KAZAN) == 0


def test_needs_no_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, partner_directory.distance; print(*sys.modules)"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"django", "wagtail", "program_pages"} & {name.split(".")[0] for name in done.stdout.split()}
