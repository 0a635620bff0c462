"""What a sale brings and costs beside its licences: own use, demonstration, updates, support, implementation.

R17, R18, R33, R48, R49, R51-R54, R65, R66 and the readings A3, A4, A5, A9. Money is roubles, percents are points.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from program_pages.rules.deal import QuoteSection
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.money import NOTHING, WHOLE
from program_pages.rules.sale import Deal, Sale
from program_pages.rules.terms import Clause, DemoLicencesPer, Level, OwnUseWithoutMinimum, Topic, UpdatesShareRule


def own_use(deal: Deal) -> Iterable[Line]:
    """The same licences bought by the partner for itself (R48, A3), and its free ones to show (R49, A5)."""
    clause = deal.clause(Topic.OWN_USE)
    for sale in deal.sales:
        yield _own_use(deal, sale, clause)
    yield _demo(deal)


def _own_use(deal: Deal, sale: Sale, clause: str | None) -> Line:
    """A number where the product has a minimum price, else what the edition reads (A3)."""
    line, cap = sale.line, deal.terms.own_use_cap
    full = deal.kopecks((line.unit_price if line.list_price is None else line.list_price) * line.quantity)
    lowest = deal.left(full, cap)  # the whole discount never goes beyond the cap
    values: dict[str, Decimal | int | str] = {
        "product": line.product,
        "quantity": line.quantity,
        "full": full,
        "discount": min(deal.discount, cap) if line.minimum_price is None else deal.discount,
        "cap": cap,
        "lowest": lowest,
    }
    if line.minimum_price is not None:
        minimum = min(deal.kopecks(line.minimum_price * line.quantity), full)  # a lowest price is none above the list
        values["minimum"] = minimum
        values["price"] = price = deal.left(minimum, deal.discount)
        if price >= lowest:
            return _own_price(sale, ExplanationKey.OWN_USE_MINIMUM, values, price, minimum, deal.discount, clause)
        return _own_price(sale, ExplanationKey.OWN_USE_CAP, values, lowest, full, cap, clause)
    discount = min(deal.discount, cap)
    values["highest"] = highest = deal.left(full, discount)
    if deal.terms.readings.own_use_without_minimum is OwnUseWithoutMinimum.PARTNER_DISCOUNT:
        return _own_price(sale, ExplanationKey.OWN_USE_PARTNER_DISCOUNT, values, highest, full, discount, clause)
    return Line(
        f"own_use:{sale.key}",
        QuoteSection.OWN_USE,
        LineKind.RANGE,
        Explanation(ExplanationKey.OWN_USE_RANGE, values),
        low=lowest,
        high=highest,
        base=full,
        clause=clause,
    )


def _own_price(
    sale: Sale,
    sentence: ExplanationKey,
    values: dict[str, Decimal | int | str],
    amount: Decimal,
    base: Decimal,
    percent: Decimal,
    clause: str | None,
) -> Line:
    said = Explanation(sentence, values)
    key = f"own_use:{sale.key}"
    return Line(key, QuoteSection.OWN_USE, LineKind.EXACT, said, amount, None, None, base, percent, clause)


def _demo(deal: Deal) -> Line:
    count = deal.level.demo_licences
    clause = deal.clause(Topic.DEMO_LICENCE)
    key, section = "demo_licence", QuoteSection.OWN_USE
    if not count:
        return Line(key, section, LineKind.NOT_AVAILABLE, Explanation(ExplanationKey.NO_DEMO, {}), clause=clause)
    sentence = ExplanationKey.DEMO_PER_PARTNER
    if deal.terms.readings.demo_licences_per is DemoLicencesPer.PRODUCT:
        sentence = ExplanationKey.DEMO_PER_PRODUCT
    return Line(
        key,
        section,
        LineKind.EXACT,
        Explanation(sentence, {"count": count}),
        amount=deal.kopecks(NOTHING),
        percent=WHOLE,
        clause=clause,
    )


def updates(deal: Deal) -> Iterable[Line]:
    """What the client pays for updates (R53), and the partner's share of it (R33, A4)."""
    percent = deal.terms.updates_percent
    yield _percent_line(deal, "updates", QuoteSection.UPDATES, percent, Topic.UPDATES)
    yield _updates_share(deal, deal.share(deal.services_base, percent))


def _updates_share(deal: Deal, base: Decimal) -> Line:
    most, agreed = deal.level.updates_share, deal.request.updates_share
    key, section, clause = "updates_share", QuoteSection.UPDATES, deal.clause_about(Topic.UPDATES_SHARE)
    if most is None:
        said = Explanation(ExplanationKey.NO_UPDATES_SHARE, {})
        return Line(key, section, LineKind.NOT_AVAILABLE, said, clause=clause)
    if agreed is None and deal.terms.readings.updates_share_rule is UpdatesShareRule.AGREED_ONLY:
        highest = deal.share(base, most)
        said = Explanation(ExplanationKey.UPDATES_SHARE_RANGE, {"base": base, "most": most, "highest": highest})
        return Line(
            key,
            section,
            LineKind.RANGE,
            said,
            low=deal.kopecks(NOTHING),
            high=highest,
            base=base,
            clause=clause,
        )
    sentence = ExplanationKey.UPDATES_SHARE_MAXIMUM if agreed is None else ExplanationKey.UPDATES_SHARE_AGREED
    percent = most if agreed is None else agreed
    amount = deal.share(base, percent)
    said = Explanation(sentence, {"base": base, "percent": percent, "most": most, "amount": amount})
    return Line(key, section, LineKind.EXACT, said, amount=amount, base=base, percent=percent, clause=clause)


def support(deal: Deal) -> Iterable[Line]:
    """ASoft's support of the partner's clients: a percentage of the licences (R51), or by agreement (R52, A4)."""
    percent = deal.level.support_percent
    if percent is None:
        yield Line(
            "support",
            QuoteSection.SUPPORT,
            LineKind.BY_AGREEMENT,
            Explanation(ExplanationKey.SUPPORT_BY_AGREEMENT, {}),
            clause=deal.clause(Topic.SUPPORT_BY_AGREEMENT),
        )
        return
    yield _percent_line(deal, "support", QuoteSection.SUPPORT, percent, Topic.SUPPORT_PERCENT)


def extended_support(deal: Deal) -> Iterable[Line]:
    """Extended technical support of the licences delivered (R54)."""
    percent = deal.terms.extended_support_percent
    yield _percent_line(deal, "extended_support", QuoteSection.EXTENDED_SUPPORT, percent, Topic.EXTENDED_SUPPORT)


def _percent_line(deal: Deal, key: str, section: QuoteSection, percent: Decimal, topic: Topic) -> Line:
    """So many points of the base of services (A9); the sentence is named as the line is."""
    base = deal.services_base
    amount = deal.share(base, percent)
    return Line(
        key,
        section,
        LineKind.EXACT,
        Explanation(ExplanationKey(key), {"base": base, "percent": percent, "amount": amount}),
        amount=amount,
        base=base,
        percent=percent,
        clause=deal.clause(topic),
    )


def implementation(deal: Deal) -> Iterable[Line]:
    """The partner's income from its own implementation (R22, R65) and from one that ASoft does (R66), where named."""
    if deal.request.own_implementation is not None:
        yield _own_implementation(deal, deal.request.own_implementation)
    if deal.request.asoft_implementation is not None:
        share = deal.level.asoft_implementation_share
        yield _income(
            deal,
            "asoft_implementation",
            deal.request.asoft_implementation,
            share,
            ExplanationKey.ASOFT_IMPLEMENTATION if share is not None else ExplanationKey.NO_ASOFT_IMPLEMENTATION,
            deal.clause_about(Topic.ASOFT_IMPLEMENTATION),
        )


def _own_implementation(deal: Deal, base: Decimal) -> Line:
    level = deal.level
    share = level.own_implementation_share if level.may_implement else None
    clause = deal.clause_about(Topic.OWN_IMPLEMENTATION)
    if share is not None:
        return _income(deal, "own_implementation", base, share, ExplanationKey.OWN_IMPLEMENTATION, clause)
    if not level.may_implement and level.restrictions:
        clause = _restriction(level).code  # the level's own words say more than a dash in a table
    return _income(deal, "own_implementation", base, None, ExplanationKey.NO_OWN_IMPLEMENTATION, clause)


def _restriction(level: Level) -> Clause:
    """The level's restriction on implementing (R22): the one on that topic, or else its first."""
    on_topic = (clause for clause in level.restrictions if clause.topic is Topic.OWN_IMPLEMENTATION)
    return next(on_topic, level.restrictions[0])


def _income(
    deal: Deal, key: str, base: Decimal, share: Decimal | None, sentence: ExplanationKey, clause: str | None
) -> Line:
    section, base = QuoteSection.IMPLEMENTATION, deal.kopecks(base)
    if share is None:
        said = Explanation(sentence, {"base": base})
        return Line(key, section, LineKind.NOT_AVAILABLE, said, base=base, clause=clause)
    amount = deal.share(base, share)
    said = Explanation(sentence, {"base": base, "percent": share, "amount": amount})
    return Line(key, section, LineKind.EXACT, said, amount=amount, base=base, percent=share, clause=clause)
