"""The company's certified people: who they are, whom it claims, and what changes if somebody leaves (R29, R68, R69)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import specialists as actions
from partner_directory.leaving import Change, if_leaves
from partner_directory.models.facts import FactState
from partner_directory.models.specialist import Specialist
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.checklist import measure_of
from partner_directory.portal.records.facts import claimed, page_of, posted
from partner_directory.portal.records.forms import LeaveForm, SpecialistForm
from partner_directory.portal.records.level import Ground, ground_of
from partner_directory.portal.records.rows import Button, Row, file_of, tone_of
from partner_directory.refusals import say_refusal
from program_pages import formats
from program_pages.bilingual import said
from program_pages.models.edition import programme_day

LIST = "partner_directory/portal/records/list.html"
FORM = "partner_directory/portal/records/form.html"
LEAVE = "partner_directory/portal/records/leave.html"


@member
def listing(request: SeatRequest) -> HttpResponse:
    """Everybody, those who work there first."""
    rows = Specialist.objects.filter(partner=request.seat.partner).select_related("scan")
    page = page_of(request, rows.order_by("left_on", "name_ru", "pk"))
    context = {
        "part": "specialists",
        "title": _("Специалисты"),
        "lead": _(
            "Сотрудники, сертифицированные по курсу «Администратор ASoft CRM». Считаются подтверждённые и работающие."
        ),
        "headings": [_("Сертификат"), _("Выдан"), _("Не работает с"), _("Имя в каталоге")],
        "page_obj": page,
        "rows": [_row(row) for row in page],
        "add_url": reverse("portal:specialists_new"),
        "add_text": _("Добавить специалиста"),
        "empty": _("Специалистов пока нет"),
    }
    return TemplateResponse(request, LIST, context)


def _row(specialist: Specialist) -> Row:
    language = get_language() or "ru"
    return Row(
        title=str(specialist),
        cells=[
            specialist.certificate,
            formats.day(specialist.certified_on, language),
            formats.day(specialist.left_on, language) if specialist.left_on else "",
            _("открыто") if specialist.name_is_public else _("скрыто"),
        ],
        status=specialist.get_state_display(),
        tone=tone_of(specialist.state),
        remark=specialist.decision_reason,
        **file_of(specialist.scan),
        buttons=_buttons(specialist),
    )


def _buttons(specialist: Specialist) -> list[Button]:
    found = []
    if specialist.state == FactState.CLAIMED:
        withdraw_url = reverse("portal:specialists_withdraw", args=[specialist.pk])
        found.append(Button(_("Отозвать"), withdraw_url, posts=True))
    if specialist.state == FactState.CONFIRMED and specialist.left_on is None:
        found.append(Button(_("Уходит из компании"), reverse("portal:specialists_leave", args=[specialist.pk])))
        text = _("Скрыть имя") if specialist.name_is_public else _("Публиковать имя: специалист согласен")
        shown = "" if specialist.name_is_public else "1"
        found.append(Button(text, reverse("portal:specialists_name", args=[specialist.pk]), posts=True, value=shown))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: SeatRequest) -> HttpResponse:
    """A form that claims a specialist, with the scan of the certificate."""
    partner, user = request.seat.partner, request.seat.user
    form = SpecialistForm(*posted(request), partner=partner)
    if claimed(
        request, form, lambda scan: actions.claim(partner=partner, **form.facts(), scan=scan, actor=user), "scan"
    ):
        messages.success(request, _("Записано. Считаться будет, когда менеджер проверит сертификат."))
        return redirect("portal:specialists")
    context = {
        "part": "specialists",
        "title": _("Новый специалист"),
        "form": form,
        "submit_text": _("Отправить на проверку"),
        "back_url": reverse("portal:specialists"),
    }
    return TemplateResponse(request, FORM, context)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def leave(request: SeatRequest, key: int) -> HttpResponse:
    """What would change if the person left, and only then the button that writes it."""
    specialist = _own(request, key)
    if specialist.state != FactState.CONFIRMED or specialist.left_on is not None:
        messages.warning(request, _("Этот специалист у вас уже не работает или ещё не подтверждён."))
        return redirect("portal:specialists")
    form = LeaveForm(*posted(request), partner=request.seat.partner, initial={"left_on": programme_day()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.depart(specialist=specialist, left_on=form.cleaned_data["left_on"], actor=request.seat.user)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("Записано: %(name)s больше не работает у вас.") % {"name": specialist})
            return redirect("portal:specialists")
    day = programme_day()
    ground = ground_of(request.seat.partner, day)
    context: dict[str, Any] = {"part": "specialists", "specialist": specialist, "form": form, "ground": ground}
    if ground is not None:
        change = if_leaves(request.seat.partner, specialist, ground.level.slug, ground.terms, ground.starts, day)
        context |= {"change": change, "effects": effects_of(change, ground)}
    return TemplateResponse(request, LEAVE, context)


def effects_of(change: Change, ground: Ground) -> list[str]:
    """What would change, in words: the requirements, the renewal, the bonus points."""
    found = [
        _("%(title)s: сейчас %(before)s, станет %(after)s.")
        % {"title": said(old.requirement.title), "before": measure_of(old), "after": measure_of(new)}
        for old, new in change.items
    ]
    if change.blocks_renewal and ground.is_held:
        found.append(_("Пока требование не выполнено, нельзя скачивать логотипы и продлить членство."))
    elif change.blocks_renewal:
        found.append(_("Требования уровня перестанут выполняться."))
    if change.points_lost:
        found.append(_("Бонусы этого года: %(lost)s (сейчас %(before)s, станет %(after)s).") % _points(change))
    return found


def _points(change: Change) -> dict[str, str]:
    def said_points(value: Decimal) -> str:
        return formats.percent(value, get_language() or "ru")

    return {
        "lost": f"{formats.MINUS}{said_points(change.points_lost)}",
        "before": said_points(change.points_before),
        "after": said_points(change.points_after),
    }


@require_POST
@member
def name(request: SeatRequest, key: int) -> HttpResponse:
    """Whether the directory may name the person."""
    is_public = bool(request.POST.get("value"))
    actions.set_name_public(specialist=_own(request, key), is_public=is_public, actor=request.seat.user)
    messages.success(request, _("Имя публикуется в каталоге.") if is_public else _("Имя больше не публикуется."))
    return redirect("portal:specialists")


@require_POST
@member
def withdraw(request: SeatRequest, key: int) -> HttpResponse:
    """Takes back a claim that nobody has decided."""
    try:
        actions.withdraw(specialist=_own(request, key), actor=request.seat.user)
    except ValidationError:
        messages.error(request, _("Эту запись уже проверили: отозвать её нельзя."))
    else:
        messages.success(request, _("Запись отозвана."))
    return redirect("portal:specialists")


def _own(request: SeatRequest, key: int) -> Specialist:
    return get_object_or_404(Specialist.objects.select_related("partner"), pk=key, partner=request.seat.partner)
