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
        answer = super().process_response(request, response)
        if f"report-to {REPORTS_TO}" in answer.headers.get(HEADER, ""):
            answer.headers.setdefault("Reporting-Endpoints", f'{REPORTS_TO}="{_address_of_reports(request)}"')
        return answer

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy for this address, with what a view has replaced of it; there is none that only reports."""
        if report_only:
            return PolicyParts()
        policy = MEDIA_POLICY if request.path.startswith(settings.MEDIA_URL) else _reporting(request)
        return PolicyParts(config=policy, replace=getattr(response, "_csp_replace", None))


def _reporting(request: HttpRequest) -> dict[str, Any]:
    """A page's policy; what it names is asked for by TLS where the page is."""
    policy = ADMIN_POLICY if _is_admin(request) else PUBLIC_POLICY
    return {
        **policy,
        "upgrade-insecure-requests": request.is_secure(),
        "report-uri": [_address_of_reports(request)],
        "report-to": [REPORTS_TO],
    }


def _is_admin(request: HttpRequest) -> bool:
    return request.path.startswith(_address("wagtailadmin_home"))


def _address_of_reports(request: HttpRequest) -> str:
    return _address("csp_reports", "admin" if _is_admin(request) else "public")


@cache
def _address(name: str, *args: str) -> str:
    """Where something is that has one address in all languages: asked for by every answer, and never another."""
    return reverse(name, args=args)
