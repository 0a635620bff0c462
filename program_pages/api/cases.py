"""Golden cases by JSON: the worked examples of an edition, so that a partner's own system can be tested by them.

May not import pages or the partners.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from program_pages.api.programme import EditionOut
from program_pages.as_of import asked_of_api
from program_pages.bilingual import paired, said
from program_pages.calculator.case_json import CaseIn, Expected
from program_pages.calculator.ground import terms_for
from program_pages.cases import complete
from program_pages.kept import keep
from program_pages.models.edition_rows import GoldenCase
from program_pages.problems import Problem, ProblemError
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition

router = Router(tags=["programme"])

SCHEMA_TYPE = "application/schema+json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SECONDS_KEPT = 300


class CaseRequest(CaseIn):
    """A deal that needs nothing outside of it: send it to ``/api/v1/quotes/`` as it is."""

    on: str = Field(description="The day of the deal, YYYY-MM-DD")


class CaseOut(Schema):
    """One worked example: a deal, and what must come out of it under this edition."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(description="Lasting: the same example has the same key in a later edition")
    title: str
    explanation: str = Field(description="The arithmetic, worked by hand")
    clauses: list[str] = Field(description="The clauses (R…) and readings (A…) that it works out")
    request: CaseRequest
    expected: Expected


class CasesOut(Schema):
    """The golden cases of an edition."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"title": "Golden cases of an edition"})

    schema_url: str = Field(alias="$schema", description="Where the schema of this document is")
    edition: EditionOut
    on: str = Field(description="The day the edition was asked for by, YYYY-MM-DD")
    currency: str
    prices_include_vat: bool
    cases: list[CaseOut]


@router.get(
    "/programme/cases/",
    response={200: CasesOut, 404: Problem, 422: Problem},
    by_alias=True,
    summary="The worked examples of an edition, to test one's own system by",
)
def cases(
    request: HttpRequest,
    on: str = Query("", description="A day as YYYY-MM-DD; today in Moscow when left out"),  # type: ignore[type-arg]
    edition: str = Query("", description="The number of a published edition, instead of a day"),  # type: ignore[type-arg]
) -> HttpResponse:
    """Deals with every price in them, and the lines and totals that must come out (R15-R77, A1-A10).

    Texts are in the language of ``Accept-Language`` (ru or en). The answer has an ETag.
    """
    day = asked_of_api(on).day
    if edition and not edition.isdecimal():
        raise ProblemError(422, _("Номер редакции — целое число."), field="edition")
    try:
        terms = terms_for(day, edition)
    except NoEdition as error:
        if edition:
            raise ProblemError(404, _("Такой редакции нет."), field="edition") from error
        raise ProblemError(404, _("На этот день не было ни одной редакции условий."), field="on") from error
    key = ("cases", terms.edition, terms.effective_until, get_language())
    found = keep(key, lambda: _cases(terms))
    head = {"$schema": request.build_absolute_uri(reverse("api:cases_schema"))}
    return _answered(request, head | found | {"on": day.isoformat()}, "application/json; charset=utf-8")


@router.get(
    "/programme/cases/schema/",
    response={200: None},
    openapi_extra={"responses": {200: {"content": {SCHEMA_TYPE: {"schema": {"type": "object"}}}}}},
    summary="The JSON Schema of the worked examples",
    url_name="cases_schema",
)
def schema(request: HttpRequest) -> HttpResponse:
    """The schema (draft 2020-12) that the answer of ``/api/v1/programme/cases/`` keeps to."""
    where = {"$schema": DIALECT, "$id": request.build_absolute_uri(reverse("api:cases_schema"))}
    return _answered(request, where | CasesOut.model_json_schema(), f"{SCHEMA_TYPE}; charset=utf-8")


def _cases(terms: Terms) -> dict[str, Any]:
    rows = GoldenCase.objects.filter(edition=terms.edition)
    return {
        "edition": {
            "id": terms.edition,
            "name": said(terms.name),
            "effective_from": terms.effective_from.isoformat(),
            "effective_until": terms.effective_until.isoformat() if terms.effective_until else None,
        },
        "currency": terms.currency,
        "prices_include_vat": terms.readings.prices_include_vat,
        "cases": [
            {
                "key": row.key,
                "title": said(paired(row, "title")),
                "explanation": said(paired(row, "explanation")),
                "clauses": row.codes,
                "request": complete(row.request, terms),
                "expected": row.expected,
            }
            for row in rows
        ],
    }


def _answered(request: HttpRequest, body: dict[str, Any], content_type: str) -> HttpResponse:
    content = json.dumps(body, ensure_ascii=False).encode()
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    patch_vary_headers(response, ["Accept-Language"])
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
