"""Numbers inside texts: ``{retail.discount}`` in a clause is filled from the edition's own rows.

So a text never says another number than the terms do. A line with ``{each.name}`` is repeated for
every level that has the value, so that a new level (R13) needs no new text. ``fill`` turns a text with placeholders
into the reader's typography; ``unknown`` names those that the edition cannot fill, which the
completeness check refuses. Works on rules' dataclasses only; may not import models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from program_pages import formats
from program_pages.rules.terms import Bonus, BonusMeasure, Level, Requirement, RequirementKind, Terms, Text

PLACEHOLDER = re.compile(r"\{([a-z0-9_.-]+)\}")
EACH = "each."

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
    """All placeholders of an edition with the values they take, and its levels' slugs in order."""

    values: Mapping[str, Value]
    levels: tuple[str, ...]

    def fill(self, text: Text) -> Text:
        """The text with every known placeholder filled in both languages; unknown ones stay as they are."""
        return Text(ru=self._fill(text.ru, "ru"), en=self._fill(text.en, "en"))

    def unknown(self, *texts: str) -> list[str]:
        """The placeholders in the texts that this edition cannot fill, in order, each once."""
        used = (name for text in texts for name in PLACEHOLDER.findall(text))
        return [name for name in dict.fromkeys(used) if not self._known(name)]

    def _known(self, name: str) -> bool:
        if name.startswith(EACH):
            return any(f"{level}.{name.removeprefix(EACH)}" in self.values for level in self.levels)
        return name in self.values

    def _fill(self, text: str, language: str) -> str:
        if "{" not in text:
            return text
        return PLACEHOLDER.sub(
            lambda match: self.values[match[1]](language) if match[1] in self.values else match[0],
            "\n".join(self._repeated(text.split("\n"))),
        )

    def _repeated(self, lines: list[str]) -> Iterator[str]:
        """The lines, each ``{each...}`` line once a level; only the last copy keeps a full stop."""
        for line in lines:
            copies = list(self._for_each_level(line)) if f"{{{EACH}" in line else [line]
            if line.endswith("."):
                copies[:-1] = [copy.removesuffix(".") + ";" for copy in copies[:-1]]
            yield from copies

    def _for_each_level(self, line: str) -> Iterator[str]:
        for level in self.levels:
            copy = line.replace(f"{{{EACH}", f"{{{level}.")
            if not self.unknown(copy):
                yield copy


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
    return Placeholders(
        {name: value for name, value in values.items() if value is not None},
        tuple(level.slug for level in terms.levels),
    )
