"""What an edition lacks before it may be approved: each problem says what is wrong, and where (R83).

Reads an edition with its rows, draft or stored; ``refuse_incomplete`` is asked by ``TermsEdition.publish``
and by the admin form when an edition is submitted, so no way to publish goes round it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from program_pages import cases
from program_pages.bilingual import missing_english
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.level import Level
from program_pages.placeholders import placeholders_of
from program_pages.rules.terms import CeilingScope, RequirementKind
from program_pages.terms import unfilled_terms_of

LEVELS, BENEFITS, BONUSES = gettext_lazy("Уровни"), gettext_lazy("Преимущества"), gettext_lazy("Бонусы")
REQUIREMENTS, TEXTS, EDITION = gettext_lazy("Требования"), gettext_lazy("Тексты"), gettext_lazy("Редакция")
CASES = gettext_lazy("Примеры")

COUNTED = {
    RequirementKind.CERTIFIED_SPECIALISTS,
    RequirementKind.MARKETING_ACTIVITIES,
    RequirementKind.REVIEWS_SHARE,
}
PAIRS = {
    "level_terms": (LEVELS, ("summary",)),
    "requirements": (REQUIREMENTS, ("title", "description")),
    "benefits": (BENEFITS, ("title",)),
    "bonuses": (BONUSES, ("title",)),
    "sections": (TEXTS, ("title",)),
    "clauses": (TEXTS, ("text",)),
}
PAIRS_OF_CASES = {"cases": (CASES, ("title", "explanation"))}  # their texts hold no placeholders


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the tab of the form it stands on, and what is wrong there."""

    where: str | Promise
    what: str
    row: models.Model | None = None  # the edition or its row to mend,
    field: str = ""  # and the field, where one field is to blame

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def refuse_incomplete(edition: TermsEdition) -> None:
    """Raises ValidationError with every problem of the edition; returns where there is none."""
    found = problems(edition)
    if found:
        raise ValidationError([str(problem) for problem in found], code="incomplete")


def problems(edition: TermsEdition) -> list[Problem]:
    """Everything an edition lacks, in the order of the form's tabs."""
    found = [*_of_the_edition(edition), *_of_the_levels(edition)]
    if any(row.discount is None for row in edition.level_terms.all()):
        return found  # without discounts there are no terms yet whose texts could be filled
    return [
        *found,
        *_of_requirements(edition),
        *_of_codes(edition),
        *_of_english(edition),
        *_of_placeholders(edition),
        *_of_cases(edition),
    ]


def _of_the_edition(edition: TermsEdition) -> Iterator[Problem]:
    others = TermsEdition.objects.published().exclude(pk=edition.pk)
    other = others.filter(effective_from=edition.effective_from).first() if edition.effective_from else None
    if other:
        yield Problem(
            EDITION,
            _("с этого дня уже действует другая редакция — «%(name)s».") % {"name": other},
            edition,
            "effective_from",
        )
    today = programme_day()
    others_took_effect = others.filter(effective_from__lte=today).exists()
    if others_took_effect and edition.effective_from and edition.effective_from < today:
        yield Problem(
            EDITION,
            _("день, с которого действует редакция, уже прошёл: задним числом условия не меняются."),
            edition,
            "effective_from",
        )
    for field in missing_english(edition, "name", "introduction", "closing", "vat_note"):
        name = edition._meta.get_field(field).verbose_name
        yield Problem(EDITION, _("не заполнено поле «%(field)s».") % {"field": name}, edition, field)


def _of_the_levels(edition: TermsEdition) -> Iterator[Problem]:
    level_terms = list(edition.level_terms.all())
    if not level_terms:
        yield Problem(LEVELS, _("в редакции нет ни одного уровня."))
    for row in level_terms:
        if row.discount is None:
            yield Problem(LEVELS, _("у уровня «%(level)s» нет скидки.") % {"level": row.level}, row, "discount")
        elif _is_above_the_ceiling(edition, row.discount):
            text = _("у уровня «%(level)s» скидка больше потолка: расчёт её срежет (R75, A2).")
            yield Problem(LEVELS, text % {"level": row.level}, row, "discount")
    for level, count in Counter(row.level for row in level_terms).items():
        if count > 1:
            yield Problem(LEVELS, _("уровень «%(level)s» указан дважды.") % {"level": level})


def _is_above_the_ceiling(edition: TermsEdition, discount: Decimal) -> bool:
    limited = edition.ceiling_scope == CeilingScope.DISCOUNT_AND_BONUSES and edition.ceiling is not None
    return limited and discount > edition.ceiling


def _of_requirements(edition: TermsEdition) -> Iterator[Problem]:
    known = _levels(edition)
    for row in edition.requirements.all():
        if row.level not in known:
            yield Problem(
                REQUIREMENTS,
                _("требование «%(title)s» названо для уровня «%(level)s», которого в редакции нет.")
                % {"title": row, "level": row.level},
                row,
                "level",
            )
        if RequirementKind(row.kind) in COUNTED and row.threshold is None:
            yield Problem(REQUIREMENTS, _("у требования «%(title)s» нет порога.") % {"title": row}, row, "threshold")


def _of_codes(edition: TermsEdition) -> Iterator[Problem]:
    codes = Counter(clause.code for clause in edition.clauses.all())
    for code, count in codes.items():
        if count > 1:
            yield Problem(TEXTS, _("код пункта %(code)s стоит дважды.") % {"code": code})
    sections = {section.number for section in edition.sections.all()}
    for clause in edition.clauses.all():
        if clause.section not in sections:
            yield Problem(
                TEXTS,
                _("пункт %(code)s отнесён к разделу %(number)s, которого нет.")
                % {"code": clause.code, "number": clause.section},
                clause,
                "section",
            )
    for relation, where in (("requirements", REQUIREMENTS), ("benefits", BENEFITS), ("bonuses", BONUSES)):
        rows = list(getattr(edition, relation).all())
        for row in rows:
            if row.clause not in codes:
                yield Problem(
                    where,
                    _("«%(title)s» ссылается на пункт %(code)s, которого нет.") % {"title": row, "code": row.clause},
                    row,
                    "clause",
                )
        if relation != "requirements":
            yield from _repeated_keys(where, (row.key for row in rows))


def _repeated_keys(where: str | Promise, keys: Iterable[str]) -> Iterator[Problem]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Problem(where, _("код «%(key)s» стоит дважды.") % {"key": key})


def _of_english(edition: TermsEdition) -> Iterator[Problem]:
    for relation, (where, names) in (PAIRS | PAIRS_OF_CASES).items():
        for row in getattr(edition, relation).all():
            for field in missing_english(row, *names):
                yield Problem(where, _("у «%(title)s» нет английского текста.") % {"title": row}, row, field)


def _of_placeholders(edition: TermsEdition) -> Iterator[Problem]:
    placeholders = placeholders_of(unfilled_terms_of(edition))
    for relation, (where, names) in PAIRS.items():
        for row in getattr(edition, relation).all():
            texts = [getattr(row, f"{name}_{language}") for name in names for language in ("ru", "en")]
            for name in placeholders.unknown(*texts):
                yield Problem(
                    where,
                    _("«%(title)s»: подстановки {%(name)s} в этой редакции нет.") % {"title": row, "name": name},
                    row,
                    f"{names[-1]}_ru",
                )


def _of_cases(edition: TermsEdition) -> Iterator[Problem]:
    """What is wrong with the worked examples: above all what this edition computes otherwise."""
    rows = list(edition.cases.all())
    clauses = {clause.code for clause in edition.clauses.all()}
    yield from _repeated_keys(CASES, (row.key for row in rows))
    for row in rows:
        unknown = [code for code in row.codes if code.startswith("R") and code not in clauses]
        if unknown:
            text = _("пример «%(title)s» ссылается на пункт %(code)s, которого нет.")
            yield Problem(CASES, text % {"title": row, "code": ", ".join(unknown)}, row, "clauses")
        if not row.confirmed:
            text = _("пример «%(title)s» посчитан, но человек его ещё не проверил.")
            yield Problem(CASES, text % {"title": row}, row, "confirmed")
    for failure in cases.failures(rows, unfilled_terms_of(edition)):
        text = _("пример «%(title)s» не сходится. %(why)s")
        yield Problem(CASES, text % {"title": failure.case, "why": failure.why}, failure.case, failure.field)


def _levels(edition: TermsEdition) -> set[Level]:
    return {row.level for row in edition.level_terms.all()}
