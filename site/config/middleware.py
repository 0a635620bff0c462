"""The content policies of the site: strict for everything public, looser where Wagtail's admin needs it."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

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


class ContentPolicyMiddleware(CSPMiddleware):
    """Sends the public policy, and the admin's under the admin's addresses."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy for this address; there is none that only reports."""
        if report_only:
            return PolicyParts()
        in_admin = request.path.startswith(reverse("wagtailadmin_home"))
        return PolicyParts(config=ADMIN_POLICY if in_admin else PUBLIC_POLICY)
