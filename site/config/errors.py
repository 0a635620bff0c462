"""The answer to what nobody expected: an apology with the id of the request, which a person can quote.

A page, or a problem as JSON under the API. Needs no database. May not import models.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from config.middleware import API
from program_pages.problems import Problem
from tracing import ids


def server_error(request: HttpRequest) -> HttpResponse:
    """500; what has happened is in the log under the same id."""
    if request.path_info.startswith(API):
        return _problem()
    return HttpResponseServerError(loader.get_template("500.html").render({"request_id": ids.current()}))


def _problem() -> HttpResponse:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = _("Ошибка на нашей стороне, она записана. Попробуйте ещё раз через минуту.")
    problem = Problem(
        title=status.phrase, status=status, detail=detail, field=None, errors=None, request_id=ids.current() or None
    )
    answer = JsonResponse(problem.model_dump(), status=status)
    answer.headers["Content-Type"] = "application/problem+json; charset=utf-8"
    return answer
