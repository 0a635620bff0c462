"""Keeps companies from losing their last owner where administrators delete accounts or put them out of use.

Says why before anything is done; what deletes an account in any other way meets the same rule as a signal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.models import User
from partner_directory.actions.people import refuse_to_lose_owners


@receiver(pre_delete, sender=User)
def _deleted(instance: User, **_kwargs: Any) -> None:
    """In the transaction that deletes: raises WouldLoseOwner."""
    refuse_to_lose_owners([instance.pk])


@hooks.register("before_delete_user")
def before_delete(request: HttpRequest, user: User) -> HttpResponse | None:
    """One account, asked about or deleted."""
    return _refused(request, [user], reverse("wagtailusers_users:edit", args=[user.pk]))


@hooks.register("before_edit_user")
def before_edit(request: HttpRequest, user: User) -> HttpResponse | None:
    """One account that is no longer to be active; nobody can do that to their own."""
    if request.method != "POST" or "is_active" in request.POST or request.user.pk == user.pk:
        return None
    return _refused(request, [user], reverse("wagtailusers_users:edit", args=[user.pk]))


@hooks.register("before_bulk_action")
def before_bulk(request: HttpRequest, kind: str, rows: Iterable[Any], action: Any) -> HttpResponse | None:
    """Many accounts at once."""
    users = [row for row in rows if isinstance(row, User)]
    if kind == "delete" or (kind == "set_active_state" and not action.cleaned_form.cleaned_data["mark_as_active"]):
        return _refused(request, users, reverse("wagtailusers_users:index"))
    return None


def _refused(request: HttpRequest, users: list[User], back: str) -> HttpResponse | None:
    try:
        refuse_to_lose_owners([user.pk for user in users])
    except ValidationError as error:
        messages.error(request, " ".join([_("Ничего не записано."), *error.messages]))
        return redirect(back)
    return None
