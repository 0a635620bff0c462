"""The language of a request, and the content policies of the site.

A page's language stands in its address; the API's is asked for in a header. Everything public has a
strict content policy, Wagtail's admin a looser one.
"""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

API = "/api/"

PUBLIC_POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
ADMIN_POLICY = {
    **PUBLIC_POLICY,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}


# What people have uploaded is shown by pages, and does nothing of its own where somebody opens it.
MEDIA_POLICY: dict[str, Any] = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True}


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
    """Sends the public policy, and the admin's under the admin's addresses."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy for this address, with what a view has replaced of it; there is none that only reports."""
        if report_only:
            return PolicyParts()
        policy: dict[str, Any] = PUBLIC_POLICY
        if request.path.startswith(reverse("wagtailadmin_home")):
            policy = ADMIN_POLICY
        elif request.path.startswith(settings.MEDIA_URL):
            policy = MEDIA_POLICY
        return PolicyParts(config=policy, replace=getattr(response, "_csp_replace", None))
