"""The API: one NinjaAPI under /api/v1/ with local documentation, and problems as JSON in the reader's language."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.throttling import BaseThrottle

from partner_directory import limits
from partner_directory.api.badges import router as badges
from partner_directory.api.partners import router as partners
from program_pages.api.cases import router as cases
from program_pages.api.programme import router as programme
from program_pages.api.quotes import router as quotes
from program_pages.problems import Problem, ProblemError
from tracing import ids

JSON, PROBLEM_JSON = "application/json", "application/problem+json"
PROBLEM = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
TOO_OFTEN = {
    "description": HTTPStatus.TOO_MANY_REQUESTS.phrase,
    "headers": {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
    "content": PROBLEM,
}
UNREADABLE = {"description": HTTPStatus.BAD_REQUEST.phrase, "content": PROBLEM}


class VisitorThrottle(BaseThrottle):
    """Of one visitor so many requests a minute, whichever process answers; while they cannot be counted, all pass."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Counts a request, and says whether it is answered."""
        try:
            limits.count(request, "api", settings.API_LIMIT)
        except limits.TooOften:
            return False
        return True

    def wait(self) -> float:
        """Seconds, which the answer names in ``Retry-After``."""
        return limits.seconds_to_wait()


class ProgrammeAPI(NinjaAPI):
    """The API, whose documentation says what all operations have in common."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The schema: problems by their own type, the limit, and a body that is no JSON."""
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _complete(operation)
        return schema


def _complete(operation: dict[str, Any]) -> None:
    responses: dict[int, Any] = operation["responses"]
    for status, response in responses.items():
        if status >= HTTPStatus.BAD_REQUEST and JSON in response.get("content", {}):
            response["content"] = {PROBLEM_JSON: response["content"][JSON]}
    responses[HTTPStatus.TOO_MANY_REQUESTS.value] = TOO_OFTEN
    if "requestBody" in operation:
        responses[HTTPStatus.BAD_REQUEST.value] = UNREADABLE


api = ProgrammeAPI(
    title="ASoft Partners Community",
    version="1",
    description="The partner programme as data. Decimals are strings, percents are points, days are YYYY-MM-DD.",
    urls_namespace="api",
    throttle=VisitorThrottle(),
)
api.add_router("", programme)
api.add_router("", cases)
api.add_router("", quotes)
api.add_router("", partners)
api.add_router("", badges)


def _problem(
    request: HttpRequest,
    status: int,
    detail: str,
    field: str | None = None,
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        field=field,
        errors=errors,
        request_id=(ids.current() or None) if is_ours else None,
    )
    response = api.create_response(request, problem.model_dump(), status=status)
    response["Content-Type"] = f"{PROBLEM_JSON}; charset=utf-8"
    return response


@api.exception_handler(ProblemError)
def on_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """A problem that a view has found."""
    response = _problem(request, error.status, error.detail, error.field, error.errors)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not fit the schema: names every field, by its place in what was sent."""
    found: dict[str, list[str]] = {}
    for item in error.errors:
        found.setdefault(_field(item["loc"]), [_sentence(item["type"])])
    field, sentences = next(iter(found.items()), ("", [_("Значение не подходит.")]))
    return _problem(request, 422, sentences[0], field or None, found if field else None)


def _field(place: tuple[str | int, ...]) -> str:
    """A field's name without where it was looked for ("query"), and without the name of the view's own argument."""
    return ".".join(map(str, place[2:] if place[0] == "body" else place[1:]))


def _sentence(kind: str) -> str:
    return {"missing": _("Это поле обязательно."), "extra_forbidden": _("Такого поля нет.")}.get(
        kind, _("Значение не подходит.")
    )


@api.exception_handler(Throttled)
def on_too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    """This visitor has asked as often as it may for now."""
    return _problem(request, error.status_code, _("Слишком много запросов подряд: подождите."))


@api.exception_handler(HttpError)
def on_refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that cannot be read at all."""
    unreadable = error.status_code == HTTPStatus.BAD_REQUEST
    return _problem(request, error.status_code, _("Запрос не прочитан: нужен JSON.") if unreadable else str(error))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing at this address."""
    return _problem(request, 404, _("Здесь ничего нет."))
