"""Ends sessions in time, and keeps the admin behind a second factor. May not import any other app."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import lives, second_factor

PINGS = "/editing-sessions/"  # of a tab that is open, which is no sign of a person


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
    """Leads whoever must have a second factor to set one up, or to show it, before any page of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._led_aside(request) or self.get_response(request)

    def _led_aside(self, request: HttpRequest) -> HttpResponse | None:
        if not self._is_guarded(request) or not second_factor.is_required(request.user):
            return None
        if not second_factor.is_set_up(request.user):
            messages.warning(
                request, _("Для входа в администрирование нужен второй фактор. Настройте один из способов.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        if second_factor.is_shown(request):
            return None
        return HttpResponseRedirect(f"{_where_to_show(request)}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")

    def _is_guarded(self, request: HttpRequest) -> bool:
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return False
        leaving = {reverse("wagtailadmin_logout"), reverse("admin_login")}
        return request.path not in leaving and request.user.is_authenticated


def _where_to_show(request: HttpRequest) -> str:
    has_codes = second_factor.has_codes(request.user)
    return reverse("mfa_reauthenticate" if has_codes else "mfa_reauthenticate_webauthn")
