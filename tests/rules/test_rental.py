"""R35-R40 and A9: what renting licences out costs, what it brings, and when it has paid back."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from program_pages.rules.deal import QuoteRequest, QuoteSection, RentalRequest
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.quote import Quote, quote
from program_pages.rules.rental import RentalMonth, RentalPlan

from .builders import SOURCE, make_request, source

RENTAL = RentalRequest("asoft-crm", 10, Decimal("2500.00"), Decimal("12000.00"), Decimal("100000.00"), 14)
DEAL = replace(make_request(level="saas", client_discount="15"), rental=RENTAL)


def rental_lines(answer: Quote) -> list[Line]:
    return [line for line in answer.lines if line.section is QuoteSection.RENTAL]


def with_rental(**changes: object) -> QuoteRequest:
    return replace(DEAL, rental=replace(RENTAL, **changes))  # type: ignore[arg-type]


def line(
    key: str, sentence: ExplanationKey, named: Mapping[str, object], amount: str, clause: str, **more: object
) -> Line:
    said = Explanation(sentence, named)  # type: ignore[arg-type]
    section, kind = QuoteSection.RENTAL, LineKind.EXACT
    return Line(key, section, kind, said, amount=Decimal(amount), clause=clause, **more)  # type: ignore[arg-type]


def test_r38_to_r40_every_line_of_a_rental_plan_says_how_it_came_about() -> None:
    # The module: 100 000 - 25 %. Licences: 120 000 - 25 %. Support: 30 % of 90 000. A month: 25 000.
    discount = Decimal(25)
    assert rental_lines(quote(SOURCE, DEAL)) == [
        line(
            "rental_module",
            ExplanationKey.RENTAL_MODULE,
            {"full": Decimal("100000.00"), "discount": discount, "amount": Decimal("75000.00")},
            "75000.00",
            "R38",
            base=Decimal("100000.00"),
            percent=discount,
        ),
        line(
            "rental_licences",
            ExplanationKey.RENTAL_LICENCES,
            {
                "product": "asoft-crm",
                "seats": 10,
                "unit_price": Decimal("12000.00"),
                "full": Decimal("120000.00"),
                "discount": discount,
                "amount": Decimal("90000.00"),
            },
            "90000.00",
            "R39",
            base=Decimal("120000.00"),
            percent=discount,
        ),
        line(
            "rental_support",
            ExplanationKey.RENTAL_SUPPORT,
            {"base": Decimal("90000.00"), "percent": Decimal(30), "amount": Decimal("27000.00")},
            "27000.00",
            "R54",
            base=Decimal("90000.00"),
            percent=Decimal(30),
        ),
        line("rental_cost", ExplanationKey.RENTAL_COST, {"cost": Decimal("192000.00")}, "192000.00", "R35"),
        line(
            "rental_income",
            ExplanationKey.RENTAL_INCOME,
            {"seats": 10, "monthly_fee": Decimal("2500.00"), "months": 14, "income": Decimal("350000.00")},
            "350000.00",
            "R35",
        ),
        line(
            "rental_result",
            ExplanationKey.RENTAL_PAYS_BACK,
            {
                "months": 14,
                "cost": Decimal("219000.00"),
                "income": Decimal("350000.00"),
                "result": Decimal("131000.00"),
                "break_even_month": 8,
            },
            "131000.00",
            "R35",
        ),
    ]


def test_r40_the_plan_goes_month_by_month_and_a_new_year_renews_the_support() -> None:
    plan = quote(SOURCE, DEAL).rental
    assert plan is not None
    paid = [Decimal("192000.00")] * 12 + [Decimal("219000.00")] * 2
    assert plan == RentalPlan(
        module=Decimal("75000.00"),
        licences=Decimal("90000.00"),
        support=Decimal("27000.00"),
        support_base=Decimal("90000.00"),
        first_year_cost=Decimal("192000.00"),
        income=Decimal("350000.00"),
        result=Decimal("131000.00"),
        break_even_month=8,
        months=tuple(
            RentalMonth(month, cost, Decimal(25_000 * month), Decimal(25_000 * month) - cost)
            for month, cost in enumerate(paid, 1)
        ),
    )


def test_r40_support_is_renewed_every_twelve_months() -> None:
    plan = quote(SOURCE, with_rental(months=120)).rental
    assert plan is not None
    renewed = [
        after.month for before, after in zip(plan.months, plan.months[1:], strict=False) if after.cost > before.cost
    ]
    assert renewed == [13, 25, 37, 49, 61, 73, 85, 97, 109]


def test_a_rental_that_does_not_pay_back_says_how_far_it_was_looked() -> None:
    answer = quote(SOURCE, with_rental(monthly_fee=Decimal("200.00"), module_price=None, months=1))
    *_, result = rental_lines(answer)
    assert answer.rental is not None
    assert answer.rental.break_even_month is None
    assert result == line(
        "rental_result",
        ExplanationKey.RENTAL_DOES_NOT_PAY_BACK,
        {
            "months": 1,
            "cost": Decimal("117000.00"),
            "income": Decimal("2000.00"),
            "result": Decimal("-115000.00"),
            "limit": 120,
        },
        "-115000.00",
        "R35",
    )


@pytest.mark.parametrize(("fee", "month"), [("300.00", 120), ("299.99", None)])
def test_a_rental_pays_back_within_ten_years_or_not_at_all(fee: str, month: int | None) -> None:
    # Licences cost 90 000 and ten years of support 10 x 27 000: 360 000 is 120 months of 3 000.
    plan = quote(SOURCE, with_rental(monthly_fee=Decimal(fee), module_price=None)).rental
    assert plan is not None
    assert plan.break_even_month == month


def test_a_rental_that_pays_back_a_month_after_ten_years_does_not_count() -> None:
    # Without support 90 000 are 120.99 months of 743.90.
    request = with_rental(monthly_fee=Decimal("74.39"), module_price=None)
    plan = quote(source(extended_support_percent=Decimal(0)), request).rental
    assert plan is not None
    assert plan.break_even_month is None


def test_what_costs_nothing_has_paid_back_in_its_first_month() -> None:
    plan = quote(SOURCE, with_rental(unit_price=Decimal("0.00"), module_price=Decimal("0.00"))).rental
    assert plan is not None
    assert (plan.module, plan.first_year_cost, plan.break_even_month) == (Decimal("0.00"), Decimal("0.00"), 1)


def test_r38_a_module_without_a_price_is_by_agreement_and_left_out_of_the_cost() -> None:
    answer = quote(SOURCE, with_rental(module_price=None))
    module, *_ = rental_lines(answer)
    said = Explanation(ExplanationKey.RENTAL_MODULE_UNPRICED, {})
    assert module == Line("rental_module", QuoteSection.RENTAL, LineKind.BY_AGREEMENT, said, clause="R38")
    assert answer.rental is not None
    assert (answer.rental.module, answer.rental.first_year_cost) == (None, Decimal("117000.00"))


@pytest.mark.parametrize("level", ["retail", "competency"])
def test_r35_a_level_that_may_not_rent_out_cites_the_clause_of_the_one_that_may(level: str) -> None:
    answer = quote(SOURCE, replace(DEAL, level=level))
    said = Explanation(ExplanationKey.NO_RENTAL, {})
    assert rental_lines(answer) == [Line("rental", QuoteSection.RENTAL, LineKind.NOT_AVAILABLE, said, clause="R35")]
    assert answer.rental is None


def test_without_a_rental_nothing_is_said_of_it() -> None:
    answer = quote(SOURCE, replace(DEAL, rental=None))
    assert (rental_lines(answer), answer.rental) == ([], None)


def test_r46_rented_licences_have_the_agreed_discount_under_the_ceiling_and_no_clients_one() -> None:
    plan = quote(SOURCE, replace(DEAL, agreed_discount=Decimal(45), credit=Decimal(10))).rental
    assert plan is not None
    assert (plan.module, plan.licences) == (Decimal("60000.00"), Decimal("72000.00"))  # 40 % off, no credit


def test_where_a_level_asks_for_no_module_its_lines_cite_renting_and_the_discount() -> None:
    level = replace(SOURCE.level("saas"), requirements=())
    module, licences, *_ = rental_lines(quote(source(levels=(level,)), DEAL))
    assert (module.clause, licences.clause) == ("R35", "R46")
