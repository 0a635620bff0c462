"""A partner's sales: what was recorded, what was said of it, and a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partner_directory.actions import sales as actions
from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.bonuses.forms import SaleForm
from partner_directory.portal.records.facts import claimed, posted
from partner_directory.portal.records.rows import tone_of
from partner_directory.sales import final_price, progress, rounding_on
from program_pages.models.edition import programme_day

PART = "sales"
MOST_SHOWN = 300


@require_safe
@member
def sales(request: SeatRequest) -> HttpResponse:
    """The sales, the latest first, and how far the plans have come."""
    partner = request.seat.partner
    rows = list(Sale.objects.filter(partner=partner).select_related("product")[:MOST_SHOWN])
    rounding = rounding_on(programme_day())
    plans = SalesPlan.objects.filter(partner=partner, cancelled_at__isnull=True, until__gte=programme_day())
    return TemplateResponse(
        request,
        "partner_directory/portal/bonuses/sales.html",
        {
            "part": PART,
            "rows": [(sale, final_price(sale, rounding), tone_of(sale.state)) for sale in rows],
            "plans": progress(partner, plans.order_by("starts")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new_sale(request: SeatRequest) -> HttpResponse:
    """A sale is recorded; it counts once a manager has confirmed it."""
    form = SaleForm(*posted(request), partner=request.seat.partner)
    if claimed(request, form, lambda file: actions.claim(sale=form.fact(file), actor=request.seat.user)):
        messages.success(request, _("Продажа записана и ждёт проверки менеджером."))
        return redirect("portal:sales")
    status = 422 if form.is_bound else 200
    context = {"part": PART, "form": form}
    return TemplateResponse(request, "partner_directory/portal/bonuses/new_sale.html", context, status=status)
