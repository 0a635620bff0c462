"""Numbers inside texts: ``{retail.discount}`` in a clause is filled from the edition's own rows.

So a text never says another number than the terms do. ``fill`` turns a text with placeholders
into the reader's typography; ``unknown`` names those that the edition cannot fill, which the
completeness check refuses. Works on rules' dataclasses only; may not import models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from program_pages import formats
from program_pages.rules.terms import Bonus, BonusMeasure, Level, Requirement, RequirementKind, Terms, Text

PLACEHOLDER = re.compile(r"\{([a-z0-9_.-]+)\}")

Value = Callable[[str], str]  # language code -> text


def _percent(points: Decimal | None) -> Value | None:
    return None if points is None else lambda language: formats.percent(points, language)


def _number(value: Decimal | int | None) -> Value | None:
    return None if value is None else lambda language: formats.number(value, language)


def _requirement(requirement: Requirement) -> Value | None:
    shares = requirement.kind is RequirementKind.REVIEWS_SHARE
    return _percent(requirement.threshold) if shares else _number(requirement.threshold)


def _threshold(bonus: Bonus) -> Value | None:
    shares = bonus.measure is BonusMeasure.REVIEWS_SHARE
    return _percent(bonus.threshold) if shares else _number(bonus.threshold)


def _of_level(level: Level) -> dict[str, Value | None]:
    names = {
        "name": level.name.in_language,
        "short_name": level.short_name.in_language,
        "contract_code": _number(level.contract_code),
        "demo_licences": _number(level.demo_licences),
        **{
            field: _percent(getattr(level, field))
            for field in (
                "discount",
                "updates_share",
                "own_implementation_share",
                "asoft_implementation_share",
                "support_percent",
            )
        },
    }
    return names | {f"requirement.{item.key}": _requirement(item) for item in level.requirements}


@dataclass(frozen=True, slots=True)
class Placeholders:
    """All placeholders of an edition with the values they take."""

    values: Mapping[str, Value]

    def fill(self, text: Text) -> Text:
        """The text with every known placeholder filled in both languages; unknown ones stay as they are."""
        return Text(ru=self._fill(text.ru, "ru"), en=self._fill(text.en, "en"))

    def unknown(self, *texts: str) -> list[str]:
        """The placeholders in the texts that this edition cannot fill, in order, each once."""
        used = (name for text in texts for name in PLACEHOLDER.findall(text))
        return [name for name in dict.fromkeys(used) if name not in self.values]

    def _fill(self, text: str, language: str) -> str:
        return PLACEHOLDER.sub(
            lambda match: self.values[match[1]](language) if match[1] in self.values else match[0], text
        )


def placeholders_of(terms: Terms) -> Placeholders:
    """The placeholders of an edition: its own, each level's, and each bonus's."""
    values: dict[str, Value | None] = {
        f"edition.{field}": _percent(getattr(terms, field))
        for field in ("ceiling", "own_use_cap", "updates_percent", "extended_support_percent")
    }
    values["edition.name"] = terms.name.in_language
    values["edition.effective_from"] = lambda language: formats.day(terms.effective_from, language)
    for level in terms.levels:
        values |= {f"{level.slug}.{name}": value for name, value in _of_level(level).items()}
        values |= {f"{level.slug}.bonus.{bonus.key}": _percent(bonus.points.get(level.slug)) for bonus in terms.bonuses}
    values |= {f"bonus.{bonus.key}.threshold": _threshold(bonus) for bonus in terms.bonuses}
    return Placeholders({name: value for name, value in values.items() if value is not None})
