"""Ends sessions in time, has browsers forget them, keeps the admin behind a second factor and sign-ins behind limits.

May not import any other app.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import lives, second_factor, tries

PINGS = "/editing-sessions/"  # of a tab that is open, which is no sign of a person
SECONDS_TO_WAIT = 30  # while tries cannot be counted
# At a sign-out. Not "cookies": it would take the form's token along, with which the next one signs in.
FORGET = '"cache", "storage"'


@receiver(user_logged_out)
def _signed_out(sender: Any, request: HttpRequest, user: Any = None, **kwargs: Any) -> None:
    request.has_signed_out = user is not None  # type: ignore[attr-defined]


class ForgottenByTheBrowserMiddleware:
    """Has the browser forget the pages and the storage of whoever was signed out by this request, in whatever way.

    Stands outside the sessions: their end by time is noticed within.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "has_signed_out", False):
            response["Clear-Site-Data"] = FORGET
        return response


class SessionLifeMiddleware:
    """Ends a session that was idle or has lasted for too long, and notes now and then that one is in use.

    Looks at nothing where no session's cookie came: anonymous pages cost no query and stay the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if lives.is_over(request.session):
                logout(request)
            elif lives.is_due(request.session) and not _is_ping(request):
                lives.note(request)
        return self.get_response(request)


def _is_ping(request: HttpRequest) -> bool:
    return PINGS in request.path


class SecondFactorMiddleware:
    """Leads whoever must have a second factor to set one up, or to show it, before admin and partners' section."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._led_aside(request) or self.get_response(request)

    def _led_aside(self, request: HttpRequest) -> HttpResponse | None:
        if not self._is_guarded(request) or not second_factor.is_required(request.user):
            return None
        if not second_factor.is_set_up(request.user):
            messages.warning(request, _said(request))
            return HttpResponseRedirect(reverse("mfa_index"))
        if second_factor.is_shown(request):
            return None
        return HttpResponseRedirect(f"{_where_to_show(request)}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")

    def _is_guarded(self, request: HttpRequest) -> bool:
        if not request.path.startswith(_guarded()):
            return False
        leaving = {reverse("wagtailadmin_logout"), reverse("admin_login")}
        return request.path not in leaving and request.user.is_authenticated


def _guarded() -> tuple[str, ...]:
    """Where a second factor may be asked for."""
    admin = _admin()
    return (admin, reverse(settings.LOGIN_REDIRECT_URL)) if settings.SECOND_FACTOR_OF_PARTNERS else (admin,)


@cache
def _admin() -> str:
    """Where the admin is, in every language: every request is asked whether it goes there."""
    return reverse("wagtailadmin_home")


def _said(request: HttpRequest) -> str:
    if request.path.startswith(_admin()):
        return _("Для входа в администрирование нужен второй фактор. Настройте один из способов.")
    return _("Для входа в раздел партнёра нужен второй фактор. Настройте один из способов.")


def _where_to_show(request: HttpRequest) -> str:
    has_codes = second_factor.has_codes(request.user)
    return reverse("mfa_reauthenticate" if has_codes else "mfa_reauthenticate_webauthn")


class CountedTriesMiddleware:
    """Attempts nothing about accounts while tries cannot be counted: signing in or up, new passwords, second factors.

    Reading goes on, and whoever is signed in may sign out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuses a try before it is made."""
        if request.method == "POST" and _is_a_try(request) and not tries.can_be_counted():
            return _later(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Says the same where the cache has gone in the middle of it."""
        return _later(request) if _is_a_try(request) and not tries.can_be_counted() else None


def _is_a_try(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.view_name if match else None) or ""
    return name.startswith(("account_", "mfa_")) and name != "account_logout"


def _later(request: HttpRequest) -> HttpResponse:
    response = TemplateResponse(request, "account/later.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response.render()
