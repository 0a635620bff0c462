"""What an edition changes for each of many partners, in a constant number of queries (R47, R82, R83).

Both editions are read with what was agreed with the partner for the new one's first day, so that what differs is the
edition's doing: a number that an agreement fixes stays, and says until when. The last sale and the last request for
bonuses are reckoned under both; nothing that was recorded changes. May not import actions or views.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from partner_directory.bonus_facts import facts_of_kept, points_of
from partner_directory.models.bonus import BonusRequest, Sale
from partner_directory.models.facts import FactState
from partner_directory.models.membership import Membership, MembershipQuerySet
from partner_directory.news.content import (
    Agreed,
    Amount,
    ClauseChange,
    Content,
    Fixed,
    How,
    RedoneBonus,
    RedoneBonusLine,
    RedoneLine,
    RedoneSale,
)
from partner_directory.partner_terms import Agreement, agreements_of_many, with_agreements
from partner_directory.reckoning import CEILING, label_of
from partner_directory.sales import final_price
from program_pages.bilingual import paired
from program_pages.models.edition import TermsEdition
from program_pages.rules.bonus import outcomes
from program_pages.rules.deal import QuoteRequest, QuoteSection, RequestLine
from program_pages.rules.differences import Difference, Part, differences
from program_pages.rules.lines import Line
from program_pages.rules.money import BadValue, percent_of
from program_pages.rules.quote import Quote, quote
from program_pages.rules.terms import Clause, Terms, Text, UnknownLevel
from program_pages.terms import NoEdition, terms_of_edition, terms_on

ONE_DAY = timedelta(days=1)
logger = logging.getLogger(__name__)
SECTIONS = frozenset({QuoteSection.LICENCES, QuoteSection.UPDATES, QuoteSection.SUPPORT, QuoteSection.EXTENDED_SUPPORT})
CODE_OF_NO_PRODUCT = "licences"  # of a sale that names none


@dataclass(frozen=True)
class Editions:
    """The terms that hold to the day before an edition takes effect, and its own."""

    before: Terms
    after: Terms

    @property
    def starts(self) -> date:
        """The first day of the new ones."""
        return self.after.effective_from

    @cached_property
    def has_other_rules(self) -> bool:
        """Whether the programme is read otherwise, or money is."""
        before, after = self.before, self.after
        return (before.readings, before.currency) != (after.readings, after.currency)


def editions_of(edition: TermsEdition) -> Editions | None:
    """A published edition and what it follows; None for the programme's first, which changes nothing."""
    try:
        return Editions(terms_on(edition.effective_from - ONE_DAY), terms_of_edition(edition.pk))
    except NoEdition:
        return None


def with_last_calculations(memberships: MembershipQuerySet) -> MembershipQuerySet:
    """Each with the keys of its partner's last sale of the product line, and last request for bonuses at the level."""
    of_line = Q(product__isnull=True) | Q(product__product_line=OuterRef("product_line"))
    sales = Sale.objects.filter(of_line, partner=OuterRef("partner")).exclude(state=FactState.REFUSED)
    requests = BonusRequest.objects.filter(
        membership__partner=OuterRef("partner"), membership__level=OuterRef("level"), facts__isnull=False
    ).exclude(state=BonusRequest.State.REFUSED)
    return memberships.annotate(
        last_sale=Subquery(sales.order_by("-sold_on", "-pk").values("pk")[:1]),
        last_request=Subquery(requests.order_by("-asked_at", "-pk").values("pk")[:1]),
    )


def contents_of(
    memberships: Sequence[Membership], editions: Editions, day: date
) -> Iterator[tuple[Membership, Content]]:
    """What the edition changes for each of these memberships (``with_last_calculations``), told on a day; five queries.

    One that cannot be reckoned is written to the log and left out, so that it keeps nothing from the others.
    """
    agreed = agreements_of_many({row.partner_id for row in memberships}, day)
    sales = Sale.objects.select_related("product").in_bulk(_keys(memberships, "last_sale"))
    requests = BonusRequest.objects.in_bulk(_keys(memberships, "last_request"))
    plain = {slug: _changes(editions, slug, []) for slug in {row.level.slug for row in memberships}}
    for row in memberships:
        slug, own = row.level.slug, agreed.get(row.partner_id, [])
        sale = sales.get(row.last_sale)  # type: ignore[attr-defined]
        request = requests.get(row.last_request)  # type: ignore[attr-defined]
        try:
            content = _changes(editions, slug, own) if own else plain[slug]
            if not content.level_is_gone:
                content = _with_calculations(content, editions, slug, own, sale, request)
        except Exception:
            logger.exception("Membership %s: what the edition changes for it could not be reckoned", row.pk)
            continue
        yield row, content


def _keys(memberships: Iterable[Membership], name: str) -> set[int]:
    return {key for row in memberships if (key := getattr(row, name)) is not None}


# --- Numbers, agreements, clauses ---


def _changes(editions: Editions, level: str, agreed: Sequence[Agreement]) -> Content:
    before, after = editions.before, editions.after
    content = Content(
        compared=before.edition,
        compared_name=before.name,
        agreed=tuple(
            Agreed(each.overlay.kind, each.overlay.number, each.overlay.until, each.holds_on(editions.starts))
            for each in agreed
            if each.overlay.starts <= editions.starts
        ),
        clauses=tuple(clause_changes(before, after, level)),
        bonuses_until=_where_they_differ(before.bonuses_until, after.bonuses_until),
        other_rules=editions.has_other_rules,
    )
    try:
        after.level(level)
    except UnknownLevel:
        return replace(content, level_is_gone=True)
    try:
        programme = differences(before, after, level)
        own = differences(*_own(editions, agreed), level) if agreed else programme
    except UnknownLevel:  # the edition before it had no such level: nothing to compare with
        return content
    return replace(content, differences=own, fixed=tuple(_fixed(programme, level, editions, agreed)))


def _where_they_differ(before: date | None, after: date | None) -> tuple[date | None, date | None] | None:
    return (before, after) if before != after else None


def _own(editions: Editions, agreed: Iterable[Agreement]) -> tuple[Terms, Terms]:
    agreed = list(agreed)
    return (
        with_agreements(editions.before, agreed, editions.starts),
        with_agreements(editions.after, agreed, editions.starts),
    )


def _fixed(
    programme: Iterable[Difference], level: str, editions: Editions, agreed: Sequence[Agreement]
) -> Iterator[Fixed]:
    """The changed numbers that an agreement holds on the first day; the last word of several."""
    holding = [
        (change, each.overlay.until)
        for each in agreed
        if each.holds_on(editions.starts)
        for change in each.changes
        if change.level in {None, level}
    ]
    words = {change.name: (change.value, until) for change, until in holding}
    for difference in programme:
        if difference.part is Part.NUMBERS and difference.key in words:
            yield Fixed(difference, *words[difference.key])


def clause_changes(before: Terms, after: Terms, level: str) -> Iterator[ClauseChange]:
    """The clauses of everybody and of a level (slug) whose words are others, new or gone, in the new text's order."""
    was, will_be = _clauses(before, level), _clauses(after, level)
    for code, clause in will_be.items():
        old = was.get(code)
        if old is None or old.text != clause.text:
            yield ClauseChange(code, clause.number, How.CHANGED if old else How.NEW)
    for code, clause in was.items():
        if code not in will_be:
            yield ClauseChange(code, clause.number, How.GONE)


def _clauses(terms: Terms, level: str) -> Mapping[str, Clause]:
    return {clause.code: clause for clause in terms.clauses if clause.level in {None, level}}


# --- The last calculations ---


def _with_calculations(
    content: Content,
    editions: Editions,
    level: str,
    agreed: Sequence[Agreement],
    sale: Sale | None,
    request: BonusRequest | None,
) -> Content:
    if sale is None and request is None:
        return content
    before, after = _own(editions, agreed)
    return replace(
        content,
        sale=_redone_sale(sale, level, before, after) if sale else None,
        bonus=_redone_bonus(request, level, after, sale) if request else None,
    )


def _redone_sale(sale: Sale, level: str, before: Terms, after: Terms) -> RedoneSale | None:
    """None where it cannot be computed: a sum beyond what quotes take, or no such level before."""
    code = sale.product.slug if sale.product else CODE_OF_NO_PRODUCT
    request = QuoteRequest(
        level=level,
        lines=(RequestLine(code, 1, sale.list_total),),
        client_discount=sale.client_discount,
        sections=SECTIONS,
    )
    try:
        was, will_be = quote(before, request), quote(after, request)
    except (BadValue, UnknownLevel):
        return None
    return RedoneSale(
        client=sale.client,
        product=paired(sale.product, "name") if sale.product else Text(""),
        sold_on=sale.sold_on,
        lines=tuple(_lines(was, will_be)),
        margin_before=was.totals.partner_margin,
        margin_after=will_be.totals.partner_margin,
    )


def _lines(was: Quote, will_be: Quote) -> Iterator[RedoneLine]:
    before, after = ({_line_key(line): _amount(line) for line in each.lines} for each in (was, will_be))
    for key in dict.fromkeys((*after, *before)):
        yield RedoneLine(key, before.get(key), after.get(key))


def _line_key(line: Line) -> str:
    return line.key.partition(":")[0]


def _amount(line: Line) -> Amount:
    return Amount(line.kind, line.amount, line.low, line.high)


def _redone_bonus(request: BonusRequest, level: str, after: Terms, sale: Sale | None) -> RedoneBonus:
    found = outcomes(after, level, facts_of_kept(request.facts or {}, after.level(level)), after.effective_from)
    asked, granted = points_of(found, after, level)
    points = {outcome.key: outcome.points for outcome in found} | {CEILING: granted - asked}
    kept = {line["key"]: line for line in request.lines}
    lines = (
        RedoneBonusLine(
            Text(**(kept[key]["label"] if key in kept else label_of(after, key))),
            Decimal(kept[key]["points"]) if key in kept else None,
            points.get(key),
        )
        for key in dict.fromkeys((*points, *kept))
    )
    redone = RedoneBonus(
        request=request.pk,
        asked_on=request.asked_at.astimezone(ZoneInfo(settings.PROGRAMME_TIME_ZONE)).date(),
        lines=tuple(line for line in lines if line.before or line.after),
        before=request.computed,
        after=granted,
    )
    if sale is None:
        return redone
    rounding = after.readings.rounding
    price = final_price(sale, rounding)
    worth = (percent_of(price, points, rounding) for points in (request.computed, granted))
    return replace(redone, worth_before=next(worth), worth_after=next(worth))
