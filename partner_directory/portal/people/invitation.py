"""An invitation's link: who is invited where, and, for the holder of the invited address, the way in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partner_directory import sealed_links
from partner_directory.actions import people as actions
from partner_directory.models.people import Invitation
from partner_directory.portal.access import COMPANY
from tracing.events import security

PAGE = "partner_directory/portal/people/invitation.html"
GONE, REFUSED = 410, 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """A stranger is led to sign in or up; the invited person accepts; anybody else is told why not."""
    secret_hash = sealed_links.hashed(secret)
    found = Invitation.objects.open().select_related("partner").filter(secret_hash=secret_hash).first()
    if found is None:
        if not Invitation.objects.filter(secret_hash=secret_hash).exists():
            security("link.forged", what=sealed_links.INVITATION)
        return _page(request, state="gone", status=GONE)
    if not request.user.is_authenticated:
        return _page(request, state="stranger", invitation=found, **_ways_in(request, found))
    if found.email.lower() not in actions.addresses_of(request.user):
        return _page(request, state="other", invitation=found)
    if request.method == "POST":
        return _accept(request, found)
    return _page(request, state="invited", invitation=found)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    try:
        actions.accept(invitation=found, actor=request.user)  # type: ignore[arg-type]
    except ValidationError as error:
        return _page(request, state="gone", problem=" ".join(error.messages), status=REFUSED)
    request.session[COMPANY] = found.partner_id
    return redirect("portal:home")


def _ways_in(request: HttpRequest, found: Invitation) -> dict[str, Any]:
    back = {REDIRECT_FIELD_NAME: request.path}
    return {
        "login_url": f"{reverse('account_login')}?{urlencode(back)}",
        "signup_url": f"{reverse('account_signup')}?{urlencode(back | {'email': found.email})}",
    }


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return TemplateResponse(request, PAGE, {**context, "noindex": True}, status=status)
