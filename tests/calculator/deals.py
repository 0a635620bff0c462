"""Deals for the tests of the calculator: as JSON, as the form sends them, and random ones."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import Client
from hypothesis import strategies as st

from program_pages.rules.deal import Events, Plan

URL = "/api/v1/quotes/"
FULL: dict[str, Any] = {
    "level": "competency",
    "lines": [{"product": "asoft-crm", "quantity": 10, "unit_price": "12000.00"}],
    "client_discount": "15",
    "bonus": {"reviews_share": "80", "plan": "met", "extra_specialists": 1, "events": "hosted"},
    "updates_share": "50",
    "own_implementation": "500000",
    "asoft_implementation": "200000",
    "rental": {"seats": 30, "monthly_fee": "900", "months": 12},
}


def deal(*lines: tuple[str, Any] | tuple[str, Any, Any], level: str = "competency", **more: Any) -> dict[str, Any]:
    """A deal as JSON; ten licences of ASoft CRM where no line is given."""
    names = ("product", "quantity", "unit_price")
    asked = [dict(zip(names, line, strict=False)) for line in lines or (("asoft-crm", 10),)]
    return {"level": level, "lines": asked, **more}


def post(client: Client, asked: Any, language: str = "ru", status: int = 200) -> dict[str, Any]:
    """The API's answer to a deal; asserts its status."""
    body = asked if isinstance(asked, str) else json.dumps(asked)
    response = client.post(URL, body, content_type="application/json", headers={"accept-language": language})
    assert response.status_code == status, response.content.decode()
    answer: dict[str, Any] = response.json()
    return answer


def link_of(answer: dict[str, Any]) -> str:
    """The permalink of an answer as a path of this site."""
    parts = urlsplit(answer["permalink"])
    return f"{parts.path}?{parts.query}"


def as_form(asked: dict[str, Any]) -> str:
    """The query that the page's form sends for a deal."""
    bonus, rental = asked.get("bonus", {}), asked.get("rental") or {}
    pairs: list[tuple[str, Any]] = [("level", asked["level"])]
    for line in [*asked["lines"], {"product": "", "quantity": "", "unit_price": ""}]:  # the blank row comes last
        pairs += [("product", line["product"]), ("quantity", line["quantity"]), ("price", line.get("unit_price", ""))]
    pairs += [
        ("discount", asked.get("client_discount", "")),
        ("agreed", asked.get("agreed_discount", "")),
        ("updates", asked.get("updates_share", "")),
        ("own", asked.get("own_implementation", "")),
        ("asoft", asked.get("asoft_implementation", "")),
        ("reviews", bonus.get("reviews_share", "")),
        ("plan", bonus.get("plan", "")),
        ("specialists", bonus.get("extra_specialists", "")),
        ("events", bonus.get("events", "")),
        ("credit", bonus.get("credit", "")),
        ("rent_seats", rental.get("seats", "")),
        ("rent_fee", rental.get("monthly_fee", "")),
        ("rent_months", rental.get("months", "")),
        ("rent_product", rental.get("product", "")),
    ]
    return urlencode(pairs)


_percents = st.integers(0, 10_000).map(lambda count: str(Decimal(count) / 100))
_money = st.integers(0, 10**10).map(lambda kopecks: str(Decimal(kopecks) / 100))
_products = st.sampled_from(["asoft-crm", "asoft-crm-lite", "asoft-crm-logistic", "isolation"])
_lines = st.fixed_dictionaries(
    {"product": _products, "quantity": st.integers(1, 1000)}, optional={"unit_price": _money}
)
deals = st.fixed_dictionaries(
    {"level": st.sampled_from(["retail", "competency", "saas"]), "lines": st.lists(_lines, min_size=1, max_size=3)},
    optional={
        "client_discount": _percents,
        "agreed_discount": _percents,
        "own_implementation": _money,
        "asoft_implementation": _money,
        "bonus": st.fixed_dictionaries(
            {},
            optional={
                "reviews_share": _percents,
                "plan": st.sampled_from([*Plan]).map(str),
                "extra_specialists": st.integers(0, 9),
                "events": st.sampled_from([*Events]).map(str),
                "credit": _percents,
            },
        ),
        "rental": st.fixed_dictionaries(
            {"seats": st.integers(1, 500), "monthly_fee": _money}, optional={"months": st.integers(1, 36)}
        ),
    },
)
