"""The API: one NinjaAPI under /api/v1/ with local documentation, and problems as JSON in the reader's language."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from program_pages.api import router as programme
from program_pages.problems import Problem, ProblemError

api = NinjaAPI(
    title="ASoft Partners Community",
    version="1",
    description="The partner programme as data. Decimals are strings, percents are points, days are YYYY-MM-DD.",
    urls_namespace="api",
)
api.add_router("", programme)


def _problem(request: HttpRequest, status: int, detail: str, field: str | None = None) -> HttpResponse:
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, field=field)
    response = api.create_response(request, problem.model_dump(), status=status)
    response["Content-Type"] = "application/problem+json; charset=utf-8"
    return response


@api.exception_handler(ProblemError)
def on_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """A problem that a view has found."""
    return _problem(request, error.status, error.detail, error.field)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not fit the schema: names the first field."""
    place = [str(part) for part in error.errors[0]["loc"][1:]] if error.errors else []
    return _problem(request, 422, _("Значение не подходит."), ".".join(place) or None)


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing at this address."""
    return _problem(request, 404, _("Здесь ничего нет."))
