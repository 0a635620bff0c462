"""Readings of the register: made undecided, and shipped ones opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from program_pages.actions.readings import reopen
from program_pages.models import Reading, ReadingAlternative
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Text

from .users import make_user

WAYS = (("первое", "the first"), ("второе", "the second"))


def make_reading(code: str = "A13", **fields: Any) -> Reading:
    """An undecided reading without a setting, with two ways to read, in the register from the start of the year."""
    words = {"title": "Новое место", "source": "«Как договорятся»", "authority": "Совет программы"}
    english = {"title": "A new place", "source": "“As agreed”", "authority": "The programme board"}
    pairs = {f"{name}_ru": text for name, text in words.items()} | {
        f"{name}_en": text for name, text in english.items()
    }
    opened_on = date(programme_day().year, 1, 1)
    reading = Reading(**{"code": code, "clauses": "R42", "opened_on": opened_on, **pairs, **fields})
    reading.alternatives = [
        ReadingAlternative(text_ru=russian, text_en=in_english, sort_order=place)
        for place, (russian, in_english) in enumerate(WAYS)
    ]
    reading.full_clean()
    reading.save()
    return reading


def opened_again(*codes: str, day: date | None = None) -> None:
    """Opens shipped readings again, from today unless told."""
    for code in codes:
        reading = Reading.objects.get(code=code)
        reopen(reading=reading, reason=Text("Спросили", "Asked"), actor=make_user(), day=day)
