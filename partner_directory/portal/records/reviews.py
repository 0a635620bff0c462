"""Clients' reviews: whom the company has asked, what became of it, and asking (R31, R71)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import facts
from partner_directory.actions import reviews as actions
from partner_directory.models.facts import ClientReview, FactState
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.facts import FORM, LIST, page_of, posted, withdrawn
from partner_directory.portal.records.forms import ReviewForm
from partner_directory.portal.records.rows import Button, Row, tone_of
from partner_directory.refusals import say_refusal
from program_pages import formats


@member
def listing(request: SeatRequest) -> HttpResponse:
    """Every review that a client was asked for."""
    rows = ClientReview.objects.filter(partner=request.seat.partner).select_related("implementation")
    page = page_of(request, rows)
    context = {
        "part": "records",
        "tab": "reviews",
        "title": _("Отзывы клиентов"),
        "lead": _("Клиент получает ссылку, ставит оценку и подтверждает отзыв сам. С этого момента он считается."),
        "headings": [_("Кто ответит"), _("Почта"), _("Письмо ушло"), _("Оценка")],
        "page_obj": page,
        "rows": [_row(row) for row in page],
        "add_url": reverse("portal:reviews_new"),
        "add_text": _("Попросить отзыв"),
        "empty": _("Отзывов пока нет"),
    }
    return TemplateResponse(request, LIST, context)


def _row(review: ClientReview) -> Row:
    asked = formats.day(timezone.localdate(review.asked_at), get_language() or "ru") if review.asked_at else ""
    buttons = []
    if review.state == FactState.CLAIMED:
        buttons.append(Button(_("Напомнить клиенту"), reverse("portal:reviews_ask", args=[review.pk]), posts=True))
        buttons.append(Button(_("Отозвать"), reverse("portal:reviews_withdraw", args=[review.pk]), posts=True))
    return Row(
        title=str(review.implementation),
        cells=[review.contact, review.email, asked, str(review.rating or "")],
        status=_("ждёт клиента") if review.state == FactState.CLAIMED else review.get_state_display(),
        tone=tone_of(review.state),
        remark=review.decision_reason or review.text,
        buttons=buttons,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: SeatRequest) -> HttpResponse:
    """A form that asks a client; ``?implementation=`` names one of the company's."""
    data, _files = posted(request)
    asked = request.GET.get("implementation", "")
    initial = {"implementation": asked} if asked.isdecimal() and len(asked) < len(str(2**62)) else {}
    form = ReviewForm(data, partner=request.seat.partner, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(**form.cleaned_data, actor=request.seat.user)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("Письмо клиенту отправлено."))
            return redirect("portal:reviews")
    context = {
        "part": "records",
        "tab": "reviews",
        "title": _("Попросить отзыв"),
        "form": form,
        "submit_text": _("Отправить письмо клиенту"),
        "back_url": reverse("portal:reviews"),
        "has_nothing": not form.fields["implementation"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, FORM, context)


@require_POST
@member
def ask_again(request: SeatRequest, key: int) -> HttpResponse:
    """Sends the letter once more."""
    try:
        actions.ask_again(review=_own(request, key), language=get_language() or "ru", actor=request.seat.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Письмо клиенту отправлено ещё раз."))
    return redirect("portal:reviews")


@require_POST
@member
def withdraw(request: SeatRequest, key: int) -> HttpResponse:
    """Takes back the request: the client's link no longer leads anywhere."""
    review = _own(request, key)
    return withdrawn(request, "reviews", lambda: facts.withdraw(fact=review, actor=request.seat.user))


def _own(request: SeatRequest, key: int) -> ClientReview:
    return get_object_or_404(ClientReview, pk=key, partner=request.seat.partner)
