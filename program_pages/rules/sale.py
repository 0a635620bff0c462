"""The money of a sale at a level: from the list to the client, from the client to the partner, up to the ceiling.

The client's discount comes first, then the partner's on the final price (R46, R50); the ceiling limits
what discount and bonuses may take together (R75, A2). Every other section of a quote starts from the
:class:`Deal` made here. Money is a ``Decimal`` in roubles, percents are points.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from program_pages.rules.deal import QuoteRequest, QuoteSection, RequestLine
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.money import HUNDREDTH, NOTHING, WHOLE, kopecks
from program_pages.rules.terms import CeilingScope, Level, ServicesBase, Terms, Topic


class Sale(NamedTuple):
    """One line's money on its way from the list to the client and to the partner, rounded at each step (A10).

    ``key`` names the product, and its turn where it is asked for again. ``paid`` is what the partner pays once
    it has spent its credit; without one, the partner's price.
    """

    key: str
    line: RequestLine
    list_price: Decimal
    client_price: Decimal
    partner_price: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Deal:
    """A request under an edition at a level, with the money of its licences.

    ``asked_discount`` are the points of the level or of an agreement (R47), ``discount`` what the ceiling leaves
    of them, ``room`` what it leaves for bonuses, and ``credit`` what of an earlier bonus this sale takes.
    """

    terms: Terms
    level: Level
    request: QuoteRequest
    kopecks: Callable[[Decimal], Decimal]
    asked_discount: Decimal
    discount: Decimal
    room: Decimal
    credit: Decimal
    sales: tuple[Sale, ...]
    list_total: Decimal
    client_total: Decimal
    partner_total: Decimal
    paid_total: Decimal

    def share(self, base: Decimal, percent: Decimal) -> Decimal:
        """So many points of a sum, in whole kopecks (A10)."""
        return self.kopecks(base * percent * HUNDREDTH)

    def left(self, price: Decimal, percent: Decimal) -> Decimal:
        """What is left of a sum after so many points off, in whole kopecks (A10)."""
        return self.kopecks(price * (WHOLE - percent) * HUNDREDTH)

    def clause(self, topic: Topic) -> str | None:
        """The code of the clause that governs a topic at this level."""
        clause = self.terms.clause_on(topic, self.level.slug)
        return clause.code if clause else None

    def clause_about(self, topic: Topic) -> str | None:
        """As ``clause``, or else the code of the clause that grants it to another level."""
        clause = self.terms.clause_about(topic, self.level.slug)
        return clause.code if clause else None

    @property
    def services_base(self) -> Decimal:
        """What support and updates are a percentage of (A9)."""
        final = self.terms.readings.services_base is ServicesBase.FINAL_PRICE
        return self.client_total if final else self.list_total


def deal_of(terms: Terms, level: Level, request: QuoteRequest) -> Deal:
    """The deal with every price computed; the request must have no problems (``deal.problems``)."""
    round_off = kopecks(terms.readings.rounding)
    asked = level.discount if request.agreed_discount is None else request.agreed_discount
    discount, room = under_ceiling(terms, asked)
    credit = NOTHING if terms.bonuses_are_over(request.day) else min(request.credit, room)
    sales = tuple(_sales(request, discount, credit, round_off))
    list_total = client_total = partner_total = paid_total = NOTHING
    for sale in sales:
        list_total += sale.list_price
        client_total += sale.client_price
        partner_total += sale.partner_price
        paid_total += sale.paid
    return Deal(
        terms,
        level,
        request,
        round_off,
        asked,
        discount,
        room,
        credit,
        sales,
        list_total,
        client_total,
        partner_total,
        paid_total,
    )


def under_ceiling(terms: Terms, discount: Decimal) -> tuple[Decimal, Decimal]:
    """What the ceiling leaves of a discount, and the room it leaves for bonuses, in points (R75, A2).

    Where it limits the bonuses alone, both together still take no more than the whole price.
    """
    if terms.readings.ceiling_scope is CeilingScope.DISCOUNT_AND_BONUSES:
        allowed = min(discount, terms.ceiling)
        return allowed, terms.ceiling - allowed
    return discount, min(terms.ceiling, WHOLE - discount)


def _sales(
    request: QuoteRequest, discount: Decimal, credit: Decimal, round_off: Callable[[Decimal], Decimal]
) -> Iterator[Sale]:
    to_client = (WHOLE - request.client_discount) * HUNDREDTH
    to_partner = (WHOLE - discount) * HUNDREDTH
    paid = (WHOLE - discount - credit) * HUNDREDTH
    turns: dict[str, int] = {}
    for line in request.lines:
        turn = turns[line.product] = turns.get(line.product, 0) + 1
        list_price = round_off(line.unit_price * line.quantity)
        client_price = round_off(list_price * to_client)
        partner_price = round_off(client_price * to_partner)
        yield Sale(
            line.product if turn == 1 else f"{line.product}:{turn}",
            line,
            list_price,
            client_price,
            partner_price,
            round_off(client_price * paid) if credit else partner_price,
        )


def licences(deal: Deal) -> Iterable[Line]:
    """A line a product (R46, R50), and what the ceiling or an earlier bonus takes off (R75, R77)."""
    yield from _licence_lines(deal)
    if deal.discount < deal.asked_discount:
        yield _cut_discount(deal)
    if deal.request.credit:
        yield _spent_credit(deal)


def _licence_lines(deal: Deal) -> Iterator[Line]:
    client_discount = deal.request.client_discount
    sentence, topic = ExplanationKey.LICENCES, Topic.DISCOUNT
    if client_discount:
        sentence, topic = ExplanationKey.LICENCES_AFTER_CLIENT_DISCOUNT, Topic.CLIENT_DISCOUNT
    elif deal.request.agreed_discount is not None:
        topic = Topic.PLAN_DISCOUNT
    clause = deal.clause(topic)
    for sale in deal.sales:
        line = sale.line
        values: dict[str, Decimal | int | str] = {
            "product": line.product,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "list_price": sale.list_price,
            "client_discount": client_discount,
            "client_price": sale.client_price,
            "discount": deal.discount,
            "partner_price": sale.partner_price,
        }
        yield Line(
            key=f"licences:{sale.key}",
            section=QuoteSection.LICENCES,
            kind=LineKind.EXACT,
            explanation=Explanation(sentence, values),
            amount=sale.partner_price,
            base=sale.client_price,
            percent=deal.discount,
            clause=clause,
        )


def _cut_discount(deal: Deal) -> Line:
    cut = deal.asked_discount - deal.discount
    return Line(
        key="discount_ceiling",
        section=QuoteSection.LICENCES,
        kind=LineKind.EXACT,
        explanation=Explanation(
            ExplanationKey.DISCOUNT_CEILING,
            {"asked": deal.asked_discount, "ceiling": deal.terms.ceiling, "cut": cut},
        ),
        amount=deal.share(deal.client_total, cut),
        base=deal.client_total,
        percent=cut,
        clause=deal.clause(Topic.CEILING),
    )


def _spent_credit(deal: Deal) -> Line:
    asked, last = deal.request.credit, deal.terms.bonuses_until
    if last is not None and deal.terms.bonuses_are_over(deal.request.day):
        return Line(
            key="bonus_credit",
            section=QuoteSection.LICENCES,
            kind=LineKind.NOT_AVAILABLE,
            explanation=Explanation(ExplanationKey.BONUS_CREDIT_OVER, {"asked": asked, "last": last.isoformat()}),
            clause=deal.clause(Topic.BONUS_RETURN),
        )
    key = ExplanationKey.BONUS_CREDIT if asked == deal.credit else ExplanationKey.BONUS_CREDIT_CUT
    amount = deal.partner_total - deal.paid_total
    return Line(
        key="bonus_credit",
        section=QuoteSection.LICENCES,
        kind=LineKind.EXACT,
        explanation=Explanation(
            key,
            {"asked": asked, "credit": deal.credit, "amount": amount, "ceiling": deal.terms.ceiling},
        ),
        amount=amount,
        base=deal.client_total,
        percent=deal.credit,
        clause=deal.clause(Topic.BONUS_RETURN),
    )
