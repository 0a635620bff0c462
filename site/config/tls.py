"""Programs that ask without TLS are refused, where people are led over to it (SecurityMiddleware).

Whoever wrote such a program would never notice a redirect, nor that what it sends can be read on its way (ASVS 4.1.2).
May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from program_pages.problems import Problem

# The API, and what machines ask of badges; deploy/nginx/partners.conf says the same.
OF_PROGRAMS = r"^(?:api|\.well-known|badges/status|badges/[^/]+/credential\.\w+)(?:/|$)"


class ProgramsByTlsMiddleware:
    """Answers such a request with a problem, in the language that it asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SECURE_SSL_REDIRECT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.is_secure() and re.match(OF_PROGRAMS, request.path_info.lstrip("/")):
            return _refused(request)
        return self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse:
    status = HTTPStatus.FORBIDDEN
    with translation.override(translation.get_language_from_request(request)):
        detail = _("Без TLS этот адрес не отвечает: запросите его по https.")
    problem = Problem(title=status.phrase, status=status, detail=detail, field=None, errors=None)
    content_type = "application/problem+json; charset=utf-8"
    return JsonResponse(problem.model_dump(), status=status, content_type=content_type)
