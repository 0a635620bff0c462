"""One's own account: name and language, sign-in, companies, consent, one's data.

All but the consent of others: what stands here stays open to whoever has withdrawn theirs.
"""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import people as actions
from partner_directory.portal.access import COMPANY, person, seat_of, seats_of, signed_in
from partner_directory.portal.people.export import everything_about
from partner_directory.portal.people.forms import EraseForm, PersonForm
from partner_directory.portal.people.signup import ConsentForm, text_in_force

FOLDER = "partner_directory/portal/people"
REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """All of it on one page; a POST changes name and language."""
    form = PersonForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Сохранено."))
        return redirect("portal:account")
    seats = seats_of(request)
    request.seat = seat_of(request)  # type: ignore[attr-defined] # whose name stands above the navigation
    consent = actions.consent_of(request.user)
    current = text_in_force()
    context = {
        "part": "account",
        "form": form,
        "seats": seats,
        "consent": consent,
        "has_newer_text": bool(consent and current and current.pk != consent.text_id),
        "has_second_factor": is_mfa_enabled(request.user),
    }
    status = REFUSED if form.errors else 200
    return TemplateResponse(request, f"{FOLDER}/account.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consent(request: HttpRequest) -> HttpResponse:
    """Asks for the consent that the section needs, then leads on to where the person was going."""
    form = ConsentForm(request.POST if request.method == "POST" else None)
    wanted = _wanted(request)
    if request.method == "POST" and form.is_valid() and form.current_consent:
        actions.give_consent(user=request.user, text=form.current_consent)  # type: ignore[arg-type]
        return HttpResponseRedirect(wanted)
    context = {"part": "account", "form": form, "consent": form.current_consent, "wanted": wanted}
    return TemplateResponse(request, f"{FOLDER}/consent.html", context, status=REFUSED if form.errors else 200)


def _wanted(request: HttpRequest) -> str:
    url = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else reverse("portal:home")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HttpRequest) -> HttpResponse:
    """Asks, then withdraws the consent."""
    if request.method == "POST":
        try:
            actions.withdraw_consent(user=request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Согласие отозвано. Раздел закрыт, пока вы не дадите его снова."))
        return redirect("portal:account")
    request.seat = seat_of(request)  # type: ignore[attr-defined] # whose name stands above the navigation
    context = {
        "part": "account",
        "title": _("Отозвать согласие?"),
        "text": _(
            "Раздел партнёров будет для вас закрыт, пока вы не дадите согласие снова. Ваша учётная запись останется: "
            "её можно удалить отдельно."
        ),
        "action": _("Отозвать согласие"),
        "back_url": reverse("portal:account"),
    }
    return TemplateResponse(request, f"{FOLDER}/confirm.html", context)


@require_http_methods(["GET", "HEAD"])
@signed_in
def export(request: HttpRequest) -> HttpResponse:
    """Everything stored about the person, as a file."""
    data = everything_about(request.user)  # type: ignore[arg-type]
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def erase(request: HttpRequest) -> HttpResponse:
    """Asks for the password and a second time, then forgets the person."""
    user = request.user
    form = EraseForm(request.POST if request.method == "POST" else None, user=user)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase(user=user, actor=user)  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error(None, error)
        else:
            logout(request)
            return redirect("portal:erased")
    context = {"part": "account", "form": form}
    return TemplateResponse(request, f"{FOLDER}/erase.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
def erased(request: HttpRequest) -> HttpResponse:
    """What whoever has erased their account sees last."""
    return TemplateResponse(request, f"{FOLDER}/erased.html", {"noindex": True})


@require_POST
@person
def switch(request: HttpRequest) -> HttpResponse:
    """Which of their companies a person acts for from now on; 404 for one that is not theirs."""
    chosen = request.POST.get("company", "")
    seat = next((seat for seat in seats_of(request) if str(seat.partner_id) == chosen), None)
    if seat is None:
        raise Http404
    request.session[COMPANY] = seat.partner_id
    return redirect("portal:home")
