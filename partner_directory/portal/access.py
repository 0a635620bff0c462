"""Who may see a page of the partners' section, and for which company they act.

Every view of the section is one of these: whoever is signed in; a person, who has also agreed to the processing of
their data; a person of a company; an owner of one. A view gets ``request.seat``, and reaches rows through its partner
alone, so that another company's rows answer 404. May not import the section's views.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from partner_directory.models.people import AccountConsent, TeamMember

View = Callable[..., HttpResponseBase]
COMPANY = "company"  # the session's choice of a person who acts for several


class SeatRequest(HttpRequest):
    """A request of a person who acts for a company."""

    seat: TeamMember


def seats_of(request: HttpRequest) -> list[TeamMember]:
    """The companies that the person acts for."""
    seats = TeamMember.objects.filter(user=request.user.pk).select_related("partner__listing", "user")
    return list(seats.order_by("since", "pk"))


def seat_of(request: HttpRequest) -> TeamMember | None:
    """The company that the person has chosen, the first where none was; None for a person of no company."""
    seats = seats_of(request)
    chosen = request.session.get(COMPANY)
    return next((seat for seat in seats if seat.partner_id == chosen), seats[0] if seats else None)


def signed_in(view: View) -> View:
    """A view for whoever has signed in: their own account alone, which stays theirs without a consent."""
    return login_required(never_cache(view))  # type: ignore[arg-type, return-value]


def person(view: View) -> View:
    """A view for whoever has signed in and agreed to the processing of their data; others are asked for it first."""

    @wraps(view)
    def agreed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not AccountConsent.objects.filter(user=request.user.pk, withdrawn_at=None).exists():
            wanted = {} if request.method == "POST" else {REDIRECT_FIELD_NAME: request.get_full_path()}
            return redirect(f"{reverse('portal:consent')}?{urlencode(wanted)}".rstrip("?"))
        return view(request, *args, **kwargs)

    return signed_in(agreed)


def member(view: View) -> View:
    """A view for the people of a company; whoever has none is led to register one."""

    @wraps(view)
    def seated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seat = seat_of(request)
        if seat is None:
            return redirect("portal:register")
        request.seat = seat  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return person(seated)


def owner(view: View) -> View:
    """A view for the owners of a company; 403 for its staff."""

    @wraps(view)
    def owned(request: SeatRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.seat.is_owner:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return member(owned)
