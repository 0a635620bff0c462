"""An answer as CSV and as plain text: the same lines as the page and the PDF, in the reader's language.

May not import pages.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.calculator.answer import Answer, SaidLine
from program_pages.formats import safe_text
from program_pages.rules.lines import LineKind

SEPARATORS = {"ru": ";", "en": ","}  # what a spreadsheet in that language parts columns by


def as_csv(answer: Answer, url: str) -> str:
    """A table of the lines, headed by what was asked; numbers with the language's decimal mark, so that they add up."""
    language = formats.language_of(answer.speaker.language)
    output = io.StringIO()
    writer = csv.writer(output, delimiter=SEPARATORS[language], lineterminator="\r\n")
    rows = [*_head(answer, url), [], _columns(), *(_row(line, language) for line in answer.lines), [], *_sums(answer)]
    writer.writerows(rows)
    return formats.BYTE_ORDER_MARK + output.getvalue()


def _head(answer: Answer, url: str) -> Iterator[list[str]]:
    yield [_("Расчёт"), formats.day(answer.day, answer.speaker.language)]
    yield [_("Условия"), safe_text(said(answer.terms.name))]
    for item in answer.inputs():
        yield [safe_text(item.label), safe_text(item.value)]
    yield [_("Валюта"), answer.quote.currency]
    yield [_("НДС"), safe_text(answer.vat_sentence())]
    for warning in answer.warnings():
        yield [_("Внимание"), warning]
    for title, value in undecided_rows(answer):
        yield [safe_text(title), safe_text(value)]
    yield [_("Ссылка"), url]


def undecided_rows(answer: Answer) -> Iterator[tuple[str, str]]:
    """Which readings nobody has decided, and how far each number may move for it; nothing where all are decided."""
    if answer.undecided is None:
        return
    for each in answer.undecided.readings:
        words = {"title": said(each.title), "authority": said(each.authority)}
        yield _("Не решено: %(code)s") % {"code": each.code}, _("%(title)s. Решает: %(authority)s") % words
    for row in (*answer.undecided.totals, *answer.undecided.lines):
        yield row.label, row.text


def _columns() -> list[str]:
    return [
        _("Строка"),
        _("Сумма"),
        _("От"),
        _("До"),
        _("База"),
        _("Процент"),
        _("Пункт"),
        _("Как получилось"),
        _("Ключ"),
    ]


def _row(line: SaidLine, language: str) -> list[str]:
    numbers = (line.line.amount, line.line.low, line.line.high, line.line.base, line.line.percent)
    amount, *others = [_number(number, language) for number in numbers]
    if line.line.kind in {LineKind.BY_AGREEMENT, LineKind.NOT_AVAILABLE}:
        amount = line.amount
    clause = line.clause.number if line.clause else ""
    return [safe_text(line.label), amount, *others, clause, safe_text(line.sentence), line.line.key]


def _sums(answer: Answer) -> Iterator[list[str]]:
    language = formats.language_of(answer.speaker.language)
    for label, amount in answer.sums():
        yield [label, _number(amount, language)]


def _number(number: Decimal | None, language: str) -> str:
    """Without separators of thousands, which a spreadsheet would take for text."""
    if number is None:
        return ""
    text = f"{number:.2f}"
    return text.replace(".", ",") if language == "ru" else text


def as_text(answer: Answer, url: str) -> str:
    """The answer as plain text, to be pasted into a letter."""
    paragraphs = [
        "\n".join(f"{item.label}: {item.value}" for item in answer.inputs()),
        "\n".join(f"{label}: {answer.speaker.money(amount)}" for label, amount in answer.sums()),
        "\n".join(f"{title}: {value}" for title, value in undecided_rows(answer)),
        *(_section(section.title, section.lines) for section in answer.sections),
        "\n".join(_foot(answer, url)),
    ]
    return "\n\n".join(filter(None, paragraphs)).replace(formats.NO_BREAK_SPACE, " ") + "\n"


def _section(title: str, lines: tuple[SaidLine, ...]) -> str:
    said_lines = (
        f"- {line.label}: {line.amount}. {line.sentence}" + (f" [{line.clause.number}]" if line.clause else "")
        for line in lines
    )
    return "\n".join([title, *said_lines])


def _foot(answer: Answer, url: str) -> Iterator[str]:
    yield answer.vat_sentence()
    yield from answer.warnings()
    yield _("%(edition)s. Расчёт на %(day)s") % {
        "edition": said(answer.terms.name),
        "day": formats.day(answer.day, answer.speaker.language),
    }
    yield url
