"""The readings A1-A12 as sentences: where the source leaves room, the page states what is applied.

Reads the rules' dataclasses only; may not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.rules.terms import (
    CeilingScope,
    DemoLicencesPer,
    NoImplementations,
    OwnUseWithoutMinimum,
    RequirementKind,
    Rounding,
    ServicesBase,
    Terms,
    UpdatesShareRule,
)


@dataclass(frozen=True, slots=True)
class StatedReading:
    """One reading: its code ("A1"), what it is about, how this edition reads it, and the clauses it reads."""

    code: str
    title: str | Promise
    sentence: str | Promise
    clauses: tuple[str, ...]


def stated_readings(terms: Terms) -> list[StatedReading]:
    """The readings of an edition in the current language, A1 to A12."""
    return list(_readings(terms))


def _readings(terms: Terms) -> Iterator[StatedReading]:
    settings = terms.readings
    language = get_language() or "ru"
    ceiling = formats.percent(terms.ceiling, language)
    cap = formats.percent(terms.own_use_cap, language)
    highest = any(bonus.highest_of_group for bonus in terms.bonuses)
    yield StatedReading(
        "A1",
        _("Бонусы одной группы"),
        _("Из бонусов одной группы действует высший: участие и своё мероприятие не складываются.")
        if highest
        else _("Бонусы одной группы складываются."),
        ("R74",),
    )
    yield StatedReading(
        "A2",
        _("Потолок"),
        {
            CeilingScope.DISCOUNT_AND_BONUSES: _("Скидка вместе с бонусами — не больше %(ceiling)s цены лицензий."),
            CeilingScope.BONUSES_ONLY: _("Бонусы без скидки — не больше %(ceiling)s цены лицензий."),
        }[settings.ceiling_scope]
        % {"ceiling": ceiling},
        ("R75",),
    )
    yield StatedReading(
        "A3",
        _("Лицензии для себя"),
        _("Цена — минимальная по прайс-листу минус скидка партнёра, но скидка от прайс-листа не больше %(cap)s.")
        % {"cap": cap}
        + " "
        + {
            OwnUseWithoutMinimum.RANGE: _(
                "Где минимальной цены нет, мы называем диапазон от скидки партнёра до %(cap)s."
            ),
            OwnUseWithoutMinimum.PARTNER_DISCOUNT: _("Где минимальной цены нет, действует скидка партнёра."),
        }[settings.own_use_without_minimum]
        % {"cap": cap},
        ("R48",),
    )
    yield StatedReading(
        "A4",
        _("Доля «до»"),
        {
            UpdatesShareRule.AGREED_ONLY: _(
                "Доля от обновлений считается только по согласованной величине; до этого мы называем диапазон."
            ),
            UpdatesShareRule.MAXIMUM: _("Доля от обновлений считается по наибольшей величине."),
        }[settings.updates_share_rule],
        ("R33", "R52"),
    )
    yield StatedReading(
        "A5",
        _("Лицензии для показа"),
        {
            DemoLicencesPer.PARTNER: _("Бесплатная лицензия для показа — одна на партнёра."),
            DemoLicencesPer.PRODUCT: _("Бесплатная лицензия для показа — на каждый продукт."),
        }[settings.demo_licences_per],
        ("R18", "R49"),
    )
    yield StatedReading("A6", _("Активности и отзывы"), _activities_and_reviews(terms), ("R30", "R31", "R71"))
    yield StatedReading(
        "A7",
        _("Уровень на год"),
        _("На линейку продуктов и календарный год — один уровень.")
        + " "
        + (
            _("Сменить его можно и в течение года; история участия сохраняется.")
            if settings.level_change_within_year
            else _("Сменить его можно с нового года.")
        ),
        ("R12",),
    )
    yield StatedReading(
        "A8",
        _("Когда участие начинается"),
        _("Участие начинается, когда сделаны все три шага.")
        if settings.all_joining_steps_required
        else _("Участие начинается с первого шага."),
        ("R80",),
    )
    yield StatedReading(
        "A9",
        _("От чего считаются поддержка и обновления"),
        {
            ServicesBase.FINAL_PRICE: _("От того, что конечный клиент платит за лицензии после своей скидки."),
            ServicesBase.LIST_PRICE: _("От цены лицензий по прайс-листу."),
        }[settings.services_base],
        ("R51", "R53", "R54"),
    )
    yield StatedReading("A10", _("Деньги"), _money(terms), ("R46",))
    yield StatedReading("A11", _("Год участия"), _year(terms), ("R44", "R45"))
    yield StatedReading(
        "A12",
        _("Цены"),
        _("В программе нет цен: пока прайс-лист — образец, об этом говорит каждая страница с ценами.")
        if settings.mark_sample_prices
        else _("Цены берутся из прайс-листа."),
        ("R10",),
    )


def _activities_and_reviews(terms: Terms) -> str:
    asked = [
        int(requirement.threshold)
        for level in terms.levels
        for requirement in level.requirements
        if requirement.kind is RequirementKind.MARKETING_ACTIVITIES and requirement.threshold is not None
    ]
    said = []
    if asked:
        said.append(
            ngettext(
                "За срок участия нужна хотя бы %(count)d записанная активность.",
                "За срок участия нужно не меньше %(count)d записанных активностей.",
                max(asked),
            )
            % {"count": max(asked)}
        )
    said.append(
        {
            NoImplementations.NOT_APPLICABLE: _("Если внедрений не было, требование об отзывах неприменимо."),
            NoImplementations.NOT_MET: _("Если внедрений не было, требование об отзывах не выполнено."),
        }[terms.readings.no_implementations]
    )
    said.append(_("Доля отзывов считается от внедрений, записанных за срок участия."))
    return " ".join(said)


def _money(terms: Terms) -> str:
    rounding = {
        Rounding.HALF_UP: _("Каждая строка округляется до копейки, половина — вверх; итог — сумма строк."),
        Rounding.HALF_EVEN: _("Каждая строка округляется до копейки, половина — к чётному; итог — сумма строк."),
    }[terms.readings.rounding]
    vat = _("Цены включают НДС.") if terms.readings.prices_include_vat else _("Цены не включают НДС.")
    note = terms.vat_note.in_language(get_language() or "ru")
    return " ".join(filter(None, [rounding, vat, note]))


def _year(terms: Terms) -> str:
    settings = terms.readings
    language = get_language() or "ru"
    opens = formats.day_of_year(date(2001, settings.renewal_opens_month, settings.renewal_opens_day), language)
    turn = _("Год сменяется в полночь по часовому поясу %(zone)s; продление открывается %(day)s.") % {
        "zone": settings.time_zone,
        "day": opens,
    }
    if not settings.grace_days:
        return turn + " " + _("Льготных дней после 31 декабря нет.")
    grace = ngettext(
        "После 31 декабря — %(count)d льготный день.",
        "После 31 декабря — %(count)d льготных дней.",
        settings.grace_days,
    )
    return turn + " " + grace % {"count": settings.grace_days}
