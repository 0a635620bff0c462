"""What a reader gets where the site cannot answer: "back soon" while database or files are away, else an apology.

Django asks here for the answer to whatever a view or a middleware has raised (``handler500``), so there is one place
for all of it. Needs no database. May not import models.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from config.errors import server_error as apology
from config.middleware import API
from program_pages.problems import Problem
from tracing import ids

RETRY_SECONDS = 5  # within which the site works again once its database does
# SQLSTATE: connection exceptions, no resources (connections, memory, disk), and a server that goes or comes.
AWAY_CLASSES, AWAY_STATES = ("08", "53"), frozenset({"57P01", "57P02", "57P03"})
AWAY_IN_SQLITE = ("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")
# Of a disk: full, or of another than it should be.
AWAY_ON_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR, errno.ESTALE}
)
OF_S3 = "botocore"  # installed only where files lie there


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to what has just been raised: 503 where database or files cannot be reached or written, else 500."""
    return back_soon(request) if any(map(is_away, _chain(sys.exc_info()[1]))) else apology(request)


def is_away(error: BaseException) -> bool:
    """Whether an error says that database or files cannot be reached or written now; a mistake of our own does not."""
    if isinstance(error, DatabaseError | InterfaceError):
        return _database_is_away(error)
    return _files_are_away(error)


def _database_is_away(error: DatabaseError | InterfaceError) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "").startswith(AWAY_IN_SQLITE)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state.startswith(AWAY_CLASSES) or state in AWAY_STATES
    # Without a state no server was there to give one; of what the driver refuses by itself, only a lost connection.
    return isinstance(error, OperationalError) or "connection" in str(error)


def _files_are_away(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in AWAY_ON_DISK
    return type(error).__module__.startswith(OF_S3)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def back_soon(request: HttpRequest) -> HttpResponse:
    """Says in the reader's language when to come back; a problem as JSON under the API. Nothing may keep it."""
    with translation.override(_language_of(request)):
        answer = _problem() if request.path_info.startswith(API) else _page(request)
        answer.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(answer)
    return answer


def _page(request: HttpRequest) -> HttpResponse:
    posted = request.method not in ("GET", "HEAD")
    return HttpResponse(render_to_string("503.html", {"posted": posted, "url": request.get_full_path()}))


def _problem() -> HttpResponse:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = _("Сайт на минуту остался без своих данных: повторите запрос через несколько секунд.")
    problem = Problem(
        title=status.phrase, status=status, detail=detail, field=None, errors=None, request_id=ids.current() or None
    )
    return JsonResponse(problem.model_dump(), content_type="application/problem+json; charset=utf-8")


def _language_of(request: HttpRequest) -> str:
    """As ``LanguageMiddleware`` would choose: what was raised may have been raised before it."""
    if request.path_info.startswith(API):
        return translation.get_language_from_request(request)
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
