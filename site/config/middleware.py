"""The language of a request, and what every answer says to browsers.

A page's language stands in its address; the API's is asked for in a header. Everything public has a
strict content policy, Wagtail's admin a looser one. Decided in ADR 41.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

API = "/api/"
BADGES, PREVIEWS = "/badges/", "/logos/preview/"
EMBEDDABLE = "Cross-Origin-Resource-Policy"

PUBLIC_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
ADMIN_POLICY = {
    **PUBLIC_POLICY,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],  # previews
}
# What people have uploaded is shown by pages, and does nothing of its own where somebody opens it.
MEDIA_POLICY: dict[str, Any] = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True}
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"  # of our own static files, opened by themselves
ADMIN, PUBLIC, UPLOADS = "admin", "public", "uploads"
CHANGED = frozenset({"_csp_exempt", "_csp_replace", "_csp_update", "_csp_config"})  # by django-csp's decorators
REPORTS_TO = "csp"  # the name under which a policy finds the address for its reports


class HeadersMiddleware:
    """What every answer says, files and redirects among them, beside what Django's SecurityMiddleware does.

    Other sites may show badges, previews of logos and uploaded pictures, and what lets them read it; nothing else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with what it has not said itself."""
        response = self.get_response(request)
        response.headers.setdefault(EMBEDDABLE, self._readers(request, response))
        if request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault(HEADER, FILE_POLICY)
        return response

    def _readers(self, request: HttpRequest, response: HttpResponseBase) -> str:
        shown_elsewhere = request.path_info.startswith((BADGES, PREVIEWS, settings.MEDIA_URL))
        return (
            "cross-origin" if shown_elsewhere or response.has_header("Access-Control-Allow-Origin") else "same-origin"
        )


class LanguageMiddleware(LocaleMiddleware):
    """The address decides the language of pages, ``Accept-Language`` that of the API alone."""

    def process_request(self, request: HttpRequest) -> None:
        """Activates the language of the address, or the one an API client asks for."""
        super().process_request(request)
        if request.path_info.startswith(API):
            translation.activate(translation.get_language_from_request(request))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Names the language; only the API's answers vary by header, so pages can be cached for everybody."""
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if request.path_info.startswith(API):
            patch_vary_headers(response, ("Accept-Language",))
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """Sends the public policy, and the admin's under the admin's addresses; browsers report to this site alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Adds the policy, and where its reports go."""
        if settings.DEBUG or HEADER in response.headers or CHANGED & vars(response).keys():
            response = super().process_response(request, response)
        else:
            response.headers[HEADER] = _worded(_audience(request), request.is_secure())
        if f"report-to {REPORTS_TO}" in response.headers.get(HEADER, ""):
            endpoint = f'{REPORTS_TO}="{_address_of_reports(_audience(request))}"'
            response.headers.setdefault("Reporting-Endpoints", endpoint)
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy for this address, with what a view has replaced of it; there is none that only reports."""
        if report_only:
            return PolicyParts()
        policy = _policy(_audience(request), is_secure=request.is_secure())
        return PolicyParts(config=policy, replace=getattr(response, "_csp_replace", None))


@cache
def _worded(audience: str, is_secure: bool) -> str:
    """A policy that no view has changed, in words: every answer has one, and there are few."""
    return build_policy(config=_policy(audience, is_secure=is_secure))


def _policy(audience: str, *, is_secure: bool) -> dict[str, Any]:
    """What an audience's pages may do; what a page names is asked for by TLS where the page is."""
    if audience == UPLOADS:
        return MEDIA_POLICY
    return {
        **(ADMIN_POLICY if audience == ADMIN else PUBLIC_POLICY),
        "upgrade-insecure-requests": is_secure,
        "report-uri": [_address_of_reports(audience)],
        "report-to": [REPORTS_TO],
    }


def _audience(request: HttpRequest) -> str:
    """Whose policy an address has."""
    if request.path.startswith(settings.MEDIA_URL):
        return UPLOADS
    return ADMIN if request.path.startswith(_address("wagtailadmin_home")) else PUBLIC


def _address_of_reports(audience: str) -> str:
    return _address("csp_reports", audience)


@cache
def _address(name: str, *args: str) -> str:
    """Where something is that has one address in all languages: asked for by every answer, and never another."""
    return reverse(name, args=args)
