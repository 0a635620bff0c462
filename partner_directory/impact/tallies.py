"""Tallies as JSON keeps them. May not import actions or views."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from program_pages.rules.impact import COUNTS, MONEY, Tally

SUMS = ("sold", *MONEY)


def as_json(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Counts as numbers, sums as texts."""
    return {level: _out(tally) for level, tally in tallies.items()}


def from_json(data: Mapping[str, Any]) -> dict[str, Tally]:
    """The tallies that ``as_json`` has put down, by level (slug)."""
    return {level: _in(each) for level, each in data.items()}


def _out(tally: Tally) -> dict[str, Any]:
    sums = {name: str(getattr(tally, name)) for name in SUMS}
    return {name: getattr(tally, name) for name in COUNTS} | sums | {"missed": tally.missed, "met": tally.met}


def _in(data: Mapping[str, Any]) -> Tally:
    numbers: dict[str, Any] = {name: data[name] for name in COUNTS}
    numbers |= {name: Decimal(data[name]) for name in SUMS}
    return Tally(**numbers, missed=Counter(data["missed"]), met=Counter(data["met"]))
