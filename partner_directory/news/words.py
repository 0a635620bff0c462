"""What a notice of an edition says, in the reader's language: on its page, and in a letter. May not import models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from partner_directory.news.content import Agreed, Amount, Content, Fixed, How, RedoneBonus, RedoneSale
from program_pages import formats
from program_pages.bilingual import said
from program_pages.difference_words import SaidDifference, said_differences
from program_pages.rules.lines import LineKind
from program_pages.rules.terms import Text

IN_A_LETTER = 5  # differences that a letter names; the page has them all
LINES: Mapping[str, str | Promise] = {
    "licences": gettext_lazy("Вы платите за лицензии"),
    "discount_ceiling": gettext_lazy("Скидка сверх потолка"),
    "updates": gettext_lazy("Обновления для клиента"),
    "updates_share": gettext_lazy("Ваша доля от обновлений"),
    "support": gettext_lazy("Техподдержка клиента"),
    "extended_support": gettext_lazy("Расширенная техподдержка"),
}
AGREEMENTS: Mapping[str, str | Promise] = {
    "agreement": gettext_lazy("Дополнительное соглашение"),
    "plan_discount": gettext_lazy("скидка по плану продаж"),
}
HOW: Mapping[How, str | Promise] = {
    How.CHANGED: gettext_lazy("изменён"),
    How.NEW: gettext_lazy("новый"),
    How.GONE: gettext_lazy("исключён"),
}


@dataclass(frozen=True, slots=True)
class SaidFixed:
    """A number that an agreement holds: what the programme's becomes, what stays, and to which day."""

    label: str
    before: str
    after: str
    own: str
    until: date | None


@dataclass(frozen=True, slots=True)
class SaidAgreement:
    """What was agreed with this partner alone."""

    name: str
    until: date | None
    holds: bool


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of a calculation, old and new."""

    label: str
    before: str
    after: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class SaidClause:
    """A clause whose words change."""

    code: str
    number: str
    how: str
    is_gone: bool


def differences_of(content: Content) -> list[SaidDifference]:
    """Everything that changes for the partner, a table's rows."""
    return [*said_differences(content.differences), *_said_promotion(content)]


def _said_promotion(content: Content) -> Iterator[SaidDifference]:
    if content.bonuses_until:
        before, after = (_day(day) if day else _("без срока") for day in content.bonuses_until)
        yield SaidDifference(_("Бонусы можно получить и потратить по"), before, after)


def fixed_of(content: Content) -> list[SaidFixed]:
    """What agreements hold against the edition."""
    return [_said_fixed(each) for each in content.fixed]


def _said_fixed(fixed: Fixed) -> SaidFixed:
    programme = fixed.programme
    stays = replace(programme, before=fixed.own)
    (said_programme,), (said_own,) = said_differences([programme]), said_differences([stays])
    return SaidFixed(said_programme.label, said_programme.before, said_programme.after, said_own.before, fixed.until)


def agreements_of(content: Content) -> list[SaidAgreement]:
    """What was agreed with the partner and touches the edition's first day, or the days before it."""
    return [SaidAgreement(agreement_name(each), each.until, each.holds) for each in content.agreed]


def agreement_name(agreed: Agreed) -> str:
    """What an agreement is called, with its number."""
    return f"{AGREEMENTS.get(agreed.kind, agreed.kind)} {agreed.number}".strip()


def clauses_of(content: Content) -> list[SaidClause]:
    """Each clause that changes."""
    return [SaidClause(each.code, each.number, str(HOW[each.how]), each.how is How.GONE) for each in content.clauses]


def sale_lines(sale: RedoneSale) -> list[SaidLine]:
    """The last sale, line by line; what it leaves to the partner last."""
    lines = [
        SaidLine(str(LINES.get(line.key, line.key)), _amount(line.before), _amount(line.after), line.is_changed)
        for line in sale.lines
    ]
    margins = _money(sale.margin_before), _money(sale.margin_after)
    return [*lines, SaidLine(_("Остаётся вам с лицензий"), *margins, sale.margin_before != sale.margin_after)]


def bonus_lines(bonus: RedoneBonus) -> list[SaidLine]:
    """The last request for bonuses, kind by kind; the whole last, and what it is worth on a sale like the last one."""
    lines = [
        SaidLine(said(line.label), _points(line.before), _points(line.after), line.before != line.after)
        for line in bonus.lines
    ]
    whole = SaidLine(
        _("Бонус с учётом потолка"), _points(bonus.before), _points(bonus.after), bonus.before != bonus.after
    )
    lines.append(whole)
    if bonus.worth_before is not None and bonus.worth_after is not None:
        worth = _money(bonus.worth_before), _money(bonus.worth_after)
        lines.append(SaidLine(_("На продаже, как последняя"), *worth, bonus.worth_before != bonus.worth_after))
    return lines


def _amount(amount: Amount | None) -> str:
    if amount is None or amount.kind is LineKind.NOT_AVAILABLE:
        return _("нет")
    if amount.kind is LineKind.BY_AGREEMENT:
        return _("по договорённости")
    if amount.low is not None and amount.high is not None:
        return _("от %(low)s до %(high)s") % {"low": _money(amount.low), "high": _money(amount.high)}
    return _money(amount.amount or Decimal(0))


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _money(amount: Decimal) -> str:
    return formats.money(amount, _language())


def _points(value: Decimal | None) -> str:
    return "—" if value is None else formats.percent(value, _language())


def _day(value: date) -> str:
    return formats.day(value, _language())


# --- A letter ---


def letter_changes(content: Content) -> Text:
    """The differences that a letter names, one a line, and how many more there are, in both languages."""
    return _in_both(lambda: "\n".join(_changes(content)))


def _changes(content: Content) -> Iterator[str]:
    if content.level_is_gone:
        yield _("Вашего уровня в этой редакции нет.")
    found = [f"{each.label}: {each.before} → {each.after}" for each in differences_of(content)]
    yield from (f"— {line}" for line in found[:IN_A_LETTER])
    rest = len(found) - IN_A_LETTER
    if rest > 0:
        yield ngettext("… и ещё %(count)s изменение", "… и ещё %(count)s изменений", rest) % {"count": rest}
    if content.other_rules:
        yield _("— меняются общие правила расчёта")
    for each in fixed_of(content):
        until = _("по %(day)s") % {"day": _day(each.until)} if each.until else _("без срока")
        words = {"label": each.label, "own": each.own, "until": until}
        yield _("— %(label)s: у вас по соглашению остаётся %(own)s (%(until)s)") % words


def letter_sale(content: Content) -> Text:
    """What the last sale would leave to the partner, in both languages; empty where nothing changes it, or none is."""
    sale = content.sale
    if sale is None or sale.margin_before == sale.margin_after:
        return Text("")
    return _in_both(
        lambda: (
            _("с продажи «%(client)s» вам осталось бы %(after)s вместо %(before)s")
            % {"client": sale.client, "before": _money(sale.margin_before), "after": _money(sale.margin_after)}
        )
    )


def _in_both(say: Callable[[], str]) -> Text:
    def in_language(language: str) -> str:
        with override(language):
            return say()

    return Text(in_language("ru"), in_language("en"))
