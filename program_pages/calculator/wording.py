"""The words of the calculator: what lines are called, and the sentence for each way a number comes about.

The rules give keys and values (``rules.lines``); ``speaker`` puts the values into the sentences. May not import models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from program_pages import formats
from program_pages.rules.advice import StepKind
from program_pages.rules.deal import QuoteSection
from program_pages.rules.lines import BonusStatus, ExplanationKey
from program_pages.rules.terms import BonusMeasure

SECTIONS: Mapping[QuoteSection, str | Promise] = {
    QuoteSection.LICENCES: gettext_lazy("Лицензии"),
    QuoteSection.BONUS: gettext_lazy("Бонус на следующую продажу"),
    QuoteSection.UPDATES: gettext_lazy("Обновления"),
    QuoteSection.SUPPORT: gettext_lazy("Техподдержка ASoft"),
    QuoteSection.EXTENDED_SUPPORT: gettext_lazy("Расширенная техподдержка"),
    QuoteSection.OWN_USE: gettext_lazy("Лицензии для себя и для показа"),
    QuoteSection.IMPLEMENTATION: gettext_lazy("Внедрение"),
    QuoteSection.RENTAL: gettext_lazy("Аренда лицензий"),
}

_LABELS: Mapping[str, str | Promise] = {
    "discount_ceiling": gettext_lazy("Скидка сверх потолка"),
    "bonus_credit": gettext_lazy("Списанный бонус"),
    "bonus_ceiling": gettext_lazy("Бонус сверх потолка"),
    "bonus_value": gettext_lazy("Бонус на следующей продаже"),
    "own_use": gettext_lazy("%(product)s для себя"),
    "demo_licence": gettext_lazy("Лицензия для показа"),
    "updates": gettext_lazy("Обновления для клиента"),
    "updates_share": gettext_lazy("Доля партнёра от обновлений"),
    "support": gettext_lazy("Техподдержка"),
    "extended_support": gettext_lazy("Расширенная техподдержка"),
    "own_implementation": gettext_lazy("Своё внедрение"),
    "asoft_implementation": gettext_lazy("Внедрение силами ASoft"),
    "rental": gettext_lazy("Аренда"),
    "rental_module": gettext_lazy("Модуль для аренды"),
    "rental_licences": gettext_lazy("Лицензии для сдачи в аренду"),
    "rental_support": gettext_lazy("Расширенная техподдержка на год"),
    "rental_cost": gettext_lazy("Расходы первого года"),
    "rental_income": gettext_lazy("Доход от аренды"),
    "rental_result": gettext_lazy("Итог аренды"),
}
_BONUS_LABELS: Mapping[BonusMeasure, str | Promise] = {
    BonusMeasure.REVIEWS_SHARE: gettext_lazy("Отзывы клиентов"),
    BonusMeasure.SALES_PLAN: gettext_lazy("План продаж"),
    BonusMeasure.EXTRA_SPECIALISTS: gettext_lazy("Специалисты сверх требований"),
    BonusMeasure.EVENT_ATTENDED: gettext_lazy("Мероприятия"),
    BonusMeasure.EVENT_HOSTED: gettext_lazy("Мероприятия"),
}

STATUSES: Mapping[BonusStatus, str | Promise] = {
    BonusStatus.APPLIES: gettext_lazy("применяется"),
    BonusStatus.DOES_NOT_APPLY: gettext_lazy("не применяется"),
    BonusStatus.NOT_APPLICABLE: gettext_lazy("неприменим"),
}

_SENTENCES: Mapping[ExplanationKey, str | Promise] = {
    ExplanationKey.LICENCES: gettext_lazy(
        "%(product)s, %(quantity)s по %(unit_price)s — %(list_price)s. "
        "Скидка партнёра %(discount)s: для партнёра — %(partner_price)s."
    ),
    ExplanationKey.LICENCES_AFTER_CLIENT_DISCOUNT: gettext_lazy(
        "%(product)s, %(quantity)s по %(unit_price)s — %(list_price)s. Клиенту минус %(client_discount)s: "
        "он платит %(client_price)s. "
        "Скидка партнёра %(discount)s считается от этой цены: для партнёра — %(partner_price)s."
    ),
    ExplanationKey.DISCOUNT_CEILING: gettext_lazy(
        "Скидка %(asked)s больше потолка %(ceiling)s: потолок срезал %(cut)s."
    ),
    ExplanationKey.BONUS_CREDIT: gettext_lazy(
        "Заработанный раньше бонус %(credit)s списан на этой продаже: партнёр платит на %(amount)s меньше."
    ),
    ExplanationKey.BONUS_CREDIT_CUT: gettext_lazy(
        "Из заработанного раньше бонуса %(asked)s потолок %(ceiling)s оставляет этой продаже %(credit)s: "
        "партнёр платит на %(amount)s меньше."
    ),
    ExplanationKey.BONUS_CREDIT_OVER: gettext_lazy(
        "Акция с бонусами закончилась %(last)s: бонус %(asked)s на этой продаже не списать."
    ),
    ExplanationKey.REVIEWS_APPLY: gettext_lazy("Отзывов %(share)s от внедрений, нужно %(bound)s: +%(points)s."),
    ExplanationKey.REVIEWS_TOO_FEW: gettext_lazy("Отзывов %(share)s от внедрений, а нужно %(bound)s."),
    ExplanationKey.REVIEWS_NO_IMPLEMENTATIONS: gettext_lazy(
        "Доля отзывов не названа: без внедрений за срок участия этот бонус неприменим."
    ),
    ExplanationKey.PLAN_MET: gettext_lazy("Согласованный план продаж выполнен: +%(points)s."),
    ExplanationKey.PLAN_NOT_MET: gettext_lazy("План продаж пока не выполнен."),
    ExplanationKey.PLAN_NOT_AGREED: gettext_lazy("План продаж не согласовывался: бонус неприменим."),
    ExplanationKey.SPECIALISTS_APPLY: gettext_lazy(
        "Специалистов сверх требований уровня — %(specialists)s; надбавка одна, сколько бы их ни было: +%(points)s."
    ),
    ExplanationKey.SPECIALISTS_TOO_FEW: gettext_lazy(
        "Специалистов сверх требований уровня — %(specialists)s, для бонуса нужно больше."
    ),
    ExplanationKey.EVENT_ATTENDED: gettext_lazy("Партнёр участвует в мероприятиях ASoft: +%(points)s."),
    ExplanationKey.EVENT_NOT_ATTENDED: gettext_lazy("Участие в мероприятиях ASoft не названо."),
    ExplanationKey.EVENT_HOSTED: gettext_lazy("Партнёр проводит своё мероприятие: +%(points)s."),
    ExplanationKey.EVENT_NOT_HOSTED: gettext_lazy("Своё мероприятие не названо."),
    ExplanationKey.CONFIRMED: gettext_lazy("Подтверждено менеджером: +%(points)s."),
    ExplanationKey.NOT_CONFIRMED: gettext_lazy("Менеджер этого не подтверждал."),
    ExplanationKey.BONUSES_OVER: gettext_lazy("Последний день акции с бонусами — %(last)s: она закончилась."),
    ExplanationKey.BONUS_NOT_AT_LEVEL: gettext_lazy("На этом уровне такого бонуса нет."),
    ExplanationKey.HIGHEST_OF_GROUP: gettext_lazy("Из бонусов этой группы действует высший: +%(points)s."),
    ExplanationKey.SUM_OF_GROUP: gettext_lazy("Бонусы этой группы складываются: +%(points)s."),
    ExplanationKey.NONE_OF_GROUP: gettext_lazy("Ничего, за что даётся этот бонус, не названо."),
    ExplanationKey.BONUS_CEILING: gettext_lazy(
        "Бонусов набрано %(asked)s при скидке %(discount)s, а потолок — %(ceiling)s: "
        "срезано %(cut)s, остаётся %(granted)s."
    ),
    ExplanationKey.BONUS_VALUE: gettext_lazy(
        "%(points)s от такой же продажи (%(base)s) — %(value)s скидки на следующей "
        "или лицензии без оплаты: %(licences)s. Деньгами и на этой продаже бонус не выдаётся."
    ),
    ExplanationKey.NO_BONUS: gettext_lazy("Бонуса к следующей продаже нет: она пойдёт по скидке партнёра."),
    ExplanationKey.OWN_USE_MINIMUM: gettext_lazy(
        "Для себя: минимальная цена %(minimum)s минус скидка партнёра %(discount)s; "
        "вся скидка — в пределах %(cap)s от прайс-листа."
    ),
    ExplanationKey.OWN_USE_CAP: gettext_lazy(
        "Для себя: минимальная цена %(minimum)s минус скидка партнёра %(discount)s была бы %(price)s, "
        "но вся скидка — не больше %(cap)s от прайс-листа %(full)s."
    ),
    ExplanationKey.OWN_USE_RANGE: gettext_lazy(
        "Минимальной цены у продукта нет, поэтому это диапазон: скидка от прайс-листа %(full)s — "
        "от скидки партнёра %(discount)s до %(cap)s."
    ),
    ExplanationKey.OWN_USE_PARTNER_DISCOUNT: gettext_lazy(
        "Минимальной цены у продукта нет: действует скидка партнёра %(discount)s от прайс-листа %(full)s."
    ),
    ExplanationKey.DEMO_PER_PARTNER: gettext_lazy("Бесплатно, %(licences)s на партнёра."),
    ExplanationKey.DEMO_PER_PRODUCT: gettext_lazy("Бесплатно, %(licences)s на каждый продукт."),
    ExplanationKey.NO_DEMO: gettext_lazy("Бесплатных лицензий для показа на этом уровне нет."),
    ExplanationKey.UPDATES: gettext_lazy("%(percent)s от стоимости лицензий (%(base)s): столько платит клиент."),
    ExplanationKey.UPDATES_SHARE_AGREED: gettext_lazy(
        "Согласованная доля — %(percent)s от стоимости обновлений (%(base)s)."
    ),
    ExplanationKey.UPDATES_SHARE_RANGE: gettext_lazy(
        "До %(most)s от стоимости обновлений (%(base)s). Пока доля не согласована, это диапазон."
    ),
    ExplanationKey.UPDATES_SHARE_MAXIMUM: gettext_lazy("%(percent)s от стоимости обновлений (%(base)s)."),
    ExplanationKey.NO_UPDATES_SHARE: gettext_lazy("На этом уровне доли от обновлений нет."),
    ExplanationKey.SUPPORT: gettext_lazy("%(percent)s от проданных клиенту лицензий (%(base)s)."),
    ExplanationKey.SUPPORT_BY_AGREEMENT: gettext_lazy(
        "Об этом договариваются в рамках SLA: числа программа не называет, и это не ноль."
    ),
    ExplanationKey.EXTENDED_SUPPORT: gettext_lazy("%(percent)s от стоимости поставки лицензий (%(base)s)."),
    ExplanationKey.OWN_IMPLEMENTATION: gettext_lazy(
        "Партнёру остаётся %(percent)s от внедрения своими силами (%(base)s)."
    ),
    ExplanationKey.NO_OWN_IMPLEMENTATION: gettext_lazy("Дохода от своего внедрения на этом уровне нет."),
    ExplanationKey.ASOFT_IMPLEMENTATION: gettext_lazy(
        "Партнёру — %(percent)s от внедрения, которое проводит ASoft (%(base)s)."
    ),
    ExplanationKey.NO_ASOFT_IMPLEMENTATION: gettext_lazy("Доли от внедрения силами ASoft на этом уровне нет."),
    ExplanationKey.NO_RENTAL: gettext_lazy("Сдавать лицензии в аренду на этом уровне нельзя."),
    ExplanationKey.RENTAL_MODULE: gettext_lazy(
        "Без этого модуля сдавать в аренду нельзя: %(full)s минус скидка партнёра %(discount)s."
    ),
    ExplanationKey.RENTAL_MODULE_UNPRICED: gettext_lazy(
        "Цены модуля в прайс-листе нет: она по договорённости и в расходы не вошла."
    ),
    ExplanationKey.RENTAL_LICENCES: gettext_lazy(
        "%(product)s, %(seats)s по %(unit_price)s — %(full)s, минус скидка партнёра %(discount)s."
    ),
    ExplanationKey.RENTAL_SUPPORT: gettext_lazy("%(percent)s от стоимости этих лицензий (%(base)s), за год."),
    ExplanationKey.RENTAL_COST: gettext_lazy("Модуль, лицензии и техподдержка первого года вместе."),
    ExplanationKey.RENTAL_INCOME: gettext_lazy("%(seats)s по %(monthly_fee)s в месяц, %(months)s."),
    ExplanationKey.RENTAL_PAYS_BACK: gettext_lazy(
        "Доход минус расходы, %(months)s. Вложенное впервые возвращается в месяце %(break_even_month)s; "
        "техподдержка каждого следующего года оплачивается снова."
    ),
    ExplanationKey.RENTAL_DOES_NOT_PAY_BACK: gettext_lazy(
        "Доход минус расходы, %(months)s. За %(limit)s вложенное не возвращается: плата за место мала."
    ),
}

COUNTED: Mapping[str, Callable[[int], str]] = {
    "quantity": lambda count: ngettext("%(count)s лицензия", "%(count)s лицензий", count),
    "seats": lambda count: ngettext("%(count)s место", "%(count)s мест", count),
    "months": lambda count: ngettext("за %(count)s месяц", "за %(count)s месяцев", count),
    "limit": lambda count: ngettext("%(count)s месяц", "%(count)s месяцев", count),
}

STEPS: Mapping[StepKind, Callable[[int], str]] = {
    StepKind.MORE_REVIEWS: lambda count: ngettext(
        "Ещё %(count)s отзыв клиента: доля вырастет с %(share_from)s до %(share_to)s.",
        "Ещё %(count)s отзывов клиентов: доля вырастет с %(share_from)s до %(share_to)s.",
        count,
    ),
    StepKind.RAISE_REVIEWS_SHARE: lambda _count: _("Поднимите долю отзывов: сейчас %(share_from)s, а нужно %(bound)s."),
    StepKind.AGREE_A_PLAN: lambda _count: _("Согласуйте с ASoft план продаж и выполните его."),
    StepKind.MEET_THE_PLAN: lambda _count: _("Выполните согласованный план продаж."),
    StepKind.MORE_SPECIALISTS: lambda count: ngettext(
        "Ещё %(count)s сертифицированный специалист сверх требований уровня.",
        "Ещё %(count)s сертифицированных специалистов сверх требований уровня.",
        count,
    ),
    StepKind.ATTEND_AN_EVENT: lambda _count: _("Участвуйте в мероприятии ASoft."),
    StepKind.HOST_AN_EVENT: lambda _count: _("Проведите своё мероприятие."),
}


# Words are looked up once a language and process: looking them up costs more than all the arithmetic of a quote.


@cache
def sentence(key: ExplanationKey, language: str) -> str:
    """The sentence of a key in a language, with places for its values."""
    with override(language):
        return str(_SENTENCES[key])


@cache
def section_title(section: QuoteSection, language: str) -> str:
    """What a section of a quote is called in a language."""
    with override(language):
        return str(SECTIONS[section])


@cache
def label(kind: str, language: str) -> str:
    """What a kind of line is called in a language."""
    with override(language):
        return str(_LABELS[kind])


@lru_cache(maxsize=1024)
def counted(name: str, count: int, language: str) -> str:
    """A count with its noun in a language («10 лицензий»); the plain number where a value has none."""
    number = formats.number(count, language)
    with override(language):
        return COUNTED[name](count) % {"count": number} if name in COUNTED else number


@cache
def bonus_label(measure: BonusMeasure, language: str) -> str:
    """What a kind of bonus is called in a language; empty for an editor's own, which have titles."""
    with override(language):
        return str(_BONUS_LABELS.get(measure, ""))
