"""A partner's sales: what was recorded, what was said of it, and a new one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partner_directory.actions import sales as actions
from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.bonuses.forms import SaleForm
from partner_directory.refusals import say_refusal
from partner_directory.sales import final_price, progress
from program_pages.models.edition import programme_day

PART = "sales"
MOST_SHOWN = 300
TONES = {"claimed": "warn", "confirmed": "good", "refused": "bad"}


@require_safe
@member
def sales(request: SeatRequest) -> HttpResponse:
    """The sales, the latest first, and how far the plans have come."""
    partner = request.seat.partner
    rows = list(Sale.objects.filter(partner=partner).select_related("product")[:MOST_SHOWN])
    plans = SalesPlan.objects.filter(partner=partner, cancelled_at__isnull=True, until__gte=programme_day())
    return TemplateResponse(
        request,
        "partner_directory/portal/bonuses/sales.html",
        {
            "part": PART,
            "rows": [(sale, final_price(sale), TONES[sale.state]) for sale in rows],
            "plans": progress(partner, plans.order_by("starts")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new_sale(request: SeatRequest) -> HttpResponse:
    """A sale is recorded; it counts once a manager has confirmed it."""
    form = SaleForm(request.POST, request.FILES) if request.method == "POST" else SaleForm()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        upload = said.pop("evidence")
        draft = actions.Draft(
            **said | {"client_discount": said["client_discount"] or 0},
            evidence=upload,
            evidence_name=upload.name if upload else "",
        )
        try:
            actions.claim(partner=request.seat.partner, draft=draft, actor=request.seat.user)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("Продажа записана и ждёт проверки менеджером."))
            return redirect("portal:sales")
    return TemplateResponse(
        request, "partner_directory/portal/bonuses/new_sale.html", {"part": PART, "form": form}, status=_status(form)
    )


def _status(form: SaleForm) -> int:
    return 422 if form.is_bound else 200
