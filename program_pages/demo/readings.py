"""Loads the register of readings from ``readings.json``: what the source leaves open, and how the project has read it.

Idempotent: a reading is added by its code where it is missing, decided from the day the shipped edition takes effect;
one that exists is never touched, whatever has been decided of it since. May not import pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from program_pages.actions.readings import decide
from program_pages.demo.programme import programme_data
from program_pages.models.reading import Reading, ReadingAlternative, check_alternatives
from program_pages.rules.terms import Text

FILE = Path(__file__).with_name("readings.json")

Data = dict[str, Any]
Report = Callable[[str], None]


def readings_data() -> list[Data]:
    """The readings as the file has them."""
    data: Data = json.loads(FILE.read_text(encoding="utf-8"))
    readings: list[Data] = data["readings"]
    return readings


@transaction.atomic
def load(report: Report, actor: User) -> None:
    """Add the readings that are missing, decided in the actor's name (A1-A12)."""
    day = date.fromisoformat(programme_data()["edition"]["effective_from"])
    known = set(Reading.objects.values_list("code", flat=True))
    readings = readings_data()
    missing = [data for data in readings if data["code"] not in known]
    for data in missing:
        _add(data, day, actor)
    report(f"Readings: {len(missing)} added, {len(readings) - len(missing)} kept")


def _add(data: Data, day: date, actor: User) -> None:
    alternatives = [
        ReadingAlternative(value=each["value"], sort_order=place, **_pair(each, "text"))
        for place, each in enumerate(data["alternatives"])
    ]
    reading = Reading(
        code=data["code"],
        clauses=data["clauses"],
        setting=data["setting"],
        opened_on=day,
        alternatives=alternatives,
        **_pair(data, "title"),
        **_pair(data, "source"),
        **_pair(data, "authority"),
    )
    reading.full_clean()
    check_alternatives(reading, alternatives)
    reading.save()
    chosen = reading.alternatives.all()[data["decision"]["alternative"]]
    decide(reading=reading, alternative=chosen, reason=Text(**data["decision"]["reason"]), actor=actor, day=day)


def _pair(data: Data, name: str) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in data[name].items()}
