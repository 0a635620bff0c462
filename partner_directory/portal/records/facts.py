"""The lists of activities, implementations and purchases: seen, added to, withdrawn from while undecided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import facts as actions
from partner_directory.models.facts import FactState
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.kinds import KINDS, FactKind
from partner_directory.portal.records.rows import Button, Row, file_of, tone_of
from partner_directory.refusals import say_refusal
from partner_directory.uploads import keep_evidence

ON_A_PAGE = 50
LIST = "partner_directory/portal/records/list.html"
FORM = "partner_directory/portal/records/form.html"


@member
def listing(request: SeatRequest, kind: str) -> HttpResponse:
    """Every record of a kind, the latest first."""
    shown = KINDS[kind]
    rows = shown.model._default_manager.filter(partner=request.seat.partner)
    page = page_of(request, rows.select_related("evidence", *shown.related))
    context = {
        "part": "records",
        "tab": kind,
        "title": shown.title,
        "lead": shown.lead,
        "headings": [heading for heading, _cell in shown.columns],
        "page_obj": page,
        "rows": [_row(row, shown) for row in page],
        "add_url": reverse(f"portal:{kind}_new"),
        "add_text": shown.add,
        "empty": shown.empty,
    }
    return TemplateResponse(request, LIST, context)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: SeatRequest, kind: str) -> HttpResponse:
    """A form that claims a fact."""
    shown, partner = KINDS[kind], request.seat.partner
    form = shown.form_class(*posted(request), partner=partner)
    if claimed(request, form, lambda file: actions.claim(fact=form.fact(file), actor=request.seat.user)):
        messages.success(request, _("Записано. Считаться будет, когда подтвердит менеджер программы."))
        return redirect(f"portal:{kind}")
    context = {
        "part": "records",
        "tab": kind,
        "title": shown.add,
        "form": form,
        "submit_text": _("Отправить на проверку"),
        "back_url": reverse(f"portal:{kind}"),
    }
    return TemplateResponse(request, FORM, context)


@require_POST
@member
def withdraw(request: SeatRequest, kind: str, key: int) -> HttpResponse:
    """Takes back a claim that nobody has decided."""
    fact = get_object_or_404(KINDS[kind].model, pk=key, partner=request.seat.partner)
    return withdrawn(request, kind, lambda: actions.withdraw(fact=fact, actor=request.seat.user))


def claimed(request: SeatRequest, form: forms.Form, claim: Callable[[Any], object], field: str = "evidence") -> bool:
    """Whether a form was sent, and ``claim`` took the file of its field (None without one); it says what is refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            upload, seat = form.cleaned_data[field], request.seat
            claim(keep_evidence(field=field, partner=seat.partner, upload=upload, actor=seat.user))
    except ValidationError as error:
        say_refusal(form, error)
        return False
    return True


def withdrawn(request: SeatRequest, name: str, withdraw: Callable[[], None]) -> HttpResponse:
    """Takes back a claim, and says what came of it on the list of that name."""
    try:
        withdraw()
    except ValidationError:
        messages.error(request, _("Эту запись уже проверили: отозвать её нельзя."))
    else:
        messages.success(request, _("Запись отозвана."))
    return redirect(f"portal:{name}")


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: an empty form that was sent is bound too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Any:
    """The page of a list that is asked for, the nearest one for a page that does not exist."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))


def _row(fact: Any, shown: FactKind) -> Row:
    buttons = []
    if fact.state == FactState.CLAIMED:
        url = reverse(f"portal:{shown.key}_withdraw", args=[fact.pk])
        buttons.append(Button(_("Отозвать"), url, posts=True))
    return Row(
        title=str(fact),
        cells=[cell(fact) for _heading, cell in shown.columns],
        status=fact.get_state_display(),
        tone=tone_of(fact.state),
        remark=fact.decision_reason,
        link=getattr(fact, "url", ""),
        **file_of(fact.evidence),
        buttons=buttons,
    )
