"""The people of a company: who they are, whom an owner invites, what each may do, who leaves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import people as actions
from partner_directory.models.people import Invitation, TeamMember
from partner_directory.portal.access import SeatRequest, member, owner
from partner_directory.portal.people.forms import InviteForm, RoleForm

TEAM = "partner_directory/portal/people/team.html"
CONFIRM = "partner_directory/portal/people/confirm.html"
REFUSED = 422


@require_http_methods(["GET", "HEAD"])
@member
def team(request: SeatRequest) -> HttpResponse:
    """Who works in the section for this company."""
    return _team(request, InviteForm())


@require_POST
@owner
def invite(request: SeatRequest) -> HttpResponse:
    """Invites the holder of an address."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _team(request, form, REFUSED)
    try:
        actions.invite(
            partner=request.seat.partner,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            actor=request.seat.user,
            language=get_language() or "ru",
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _team(request, form, REFUSED)
    messages.success(request, _("Приглашение отправлено на %(email)s.") % {"email": form.cleaned_data["email"]})
    return _back()


@require_POST
@owner
def revoke(request: SeatRequest, pk: int) -> HttpResponse:
    """Takes an invitation back."""
    invitation = get_object_or_404(Invitation, pk=pk, partner=request.seat.partner)
    return _done(request, _("Приглашение отозвано."), actions.revoke, invitation=invitation, actor=request.seat.user)


@require_POST
@owner
def change_role(request: SeatRequest, pk: int) -> HttpResponse:
    """Gives somebody another role."""
    person = _colleague(request, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Такой роли нет."))
        return _back()
    role = form.cleaned_data["role"]
    return _done(request, _("Роль изменена."), actions.change_role, member=person, role=role, actor=request.seat.user)


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def remove(request: SeatRequest, pk: int) -> HttpResponse:
    """Asks, then takes somebody out of the company."""
    person = _colleague(request, pk)
    if request.method == "POST":
        return _done(request, _("Сотрудник убран."), actions.remove, member=person, actor=request.seat.user)
    title = _("Убрать из команды: %(person)s?") % {"person": person.user}
    text = _("Человек больше не войдёт в кабинет компании. Всё, что он сделал, останется.")
    return _ask(request, title, text, _("Убрать"))


@require_http_methods(["GET", "HEAD", "POST"])
@member
def leave(request: SeatRequest) -> HttpResponse:
    """Asks, then lets the person go."""
    if request.method == "POST":
        return _done(request, _("Вы больше не в команде этой компании."), actions.leave, member=request.seat)
    title = _("Уйти из команды компании %(company)s?") % {"company": request.seat.partner}
    text = _("Вернуться можно будет только по новому приглашению владельца.")
    return _ask(request, title, text, _("Уйти"))


def _team(request: SeatRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    partner = request.seat.partner
    context = {
        "part": "people",
        "form": form,
        "people": TeamMember.objects.filter(partner=partner).select_related("user"),
        "invitations": Invitation.objects.open().filter(partner=partner).select_related("invited_by"),
        "now": timezone.now(),
    }
    return TemplateResponse(request, TEAM, context, status=status)


def _colleague(request: SeatRequest, pk: int) -> TeamMember:
    people = TeamMember.objects.select_related("user", "partner")
    person: TeamMember = get_object_or_404(people, pk=pk, partner=request.seat.partner)
    return person


def _done(request: SeatRequest, said: str, act: Any, **facts: Any) -> HttpResponse:
    """Calls an action and says what came of it; a refusal leaves everything as it was."""
    try:
        act(**facts)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return _back()


def _ask(request: SeatRequest, title: str, text: str, action: str) -> HttpResponse:
    context = {"part": "people", "title": title, "text": text, "action": action, "back_url": reverse("portal:people")}
    return TemplateResponse(request, CONFIRM, context)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:people"))
