"""The site's addresses, and among them views that fail, refuse, and log as views do."""

from __future__ import annotations

import logging

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler500 as handler500
from config.urls import urlpatterns as of_the_site
from partner_directory.errand import Errand

logger = logging.getLogger("tests.views")
errand = Errand("an errand of the tests", lambda: logger.warning("done beside"))


@csrf_exempt
def fails(request: HttpRequest, secret: str = "") -> HttpResponse:
    raise RuntimeError("nobody expected this")


def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def logs(request: HttpRequest) -> HttpResponse:
    logger.warning("looked at")
    errand.wake()
    return HttpResponse("ok")


urlpatterns = [
    path("fails/", fails, name="fails"),
    path("sealed/<str:secret>/", fails, name="sealed"),
    path("api/fails/", fails, name="api_fails"),
    path("refuses/", refuses, name="refuses"),
    path("logs/", logs, name="logs"),
    *i18n_patterns(path("fails-in-words/", fails, name="fails_in_words"), prefix_default_language=False),
    *of_the_site,
]
