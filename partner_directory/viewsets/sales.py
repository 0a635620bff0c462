"""Sales and plans in the admin: what partners claim and propose, and a manager's word on it (R47, R72)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateInput

from partner_directory.actions import plans as plan_actions
from partner_directory.actions import sales as sale_actions
from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.models.partner import Partner
from partner_directory.sales import final_price, progress, rounding_on
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.choosers import PartnerChooser
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, NewRowView, ReasonForm
from partner_directory.viewsets.facts import CONFIRM, REFUSE, FactRegister
from program_pages import formats
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Rounding
from program_pages.viewsets.register import RelatedFilter

ONE_KOPECK = Decimal("0.01")


def roubles(amount: Decimal) -> str:
    """Money in the manager's typography."""
    return formats.money(amount, get_language() or "ru")


class SaleRegister(FactRegister):
    """What partners say they have sold."""

    model = Sale
    argument = "sale"
    menu_label = gettext_lazy("Продажи")
    menu_item_name = "sales"
    menu_icon = "history"
    named = "client"
    own = ("product", "sold_on", "licences", "list_total", "client_discount", "shown_price", "document_number")
    listed = ("sold_on", "licences", "shown_price")
    list_filter = ("state", ("product", RelatedFilter), "sold_on")
    list_select_related = (*FactRegister.list_select_related, "product")
    search_fields = ("client", "document_number", "partner__name_ru", "partner__name_en", "partner__inn")
    permission_helper_class = NeverMadeHere
    decisions = {
        "confirm": replace(CONFIRM, question="", done=gettext_lazy("Продажа подтверждена."), act=sale_actions.confirm),
        "refuse": replace(
            REFUSE,
            label=gettext_lazy("Не подтверждать"),
            question="",
            done=gettext_lazy("Продажа не подтверждена."),
            act=sale_actions.refuse,
        ),
    }

    def get_queryset(self, request: HttpRequest | None) -> Any:
        """With the rounding of today's edition (A10), found once."""
        return super().get_queryset(request).annotate(rounding=Value(rounding_on(programme_day()).value))

    @display(description=gettext_lazy("клиент платит"))
    def shown_price(self, sale: Sale) -> str:
        """The final price."""
        return roubles(final_price(sale, Rounding(sale.rounding)))  # type: ignore[attr-defined] # annotated


class PlanForm(forms.Form):
    """A plan that ASoft proposes."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Партнёр"), queryset=Partner.objects.all(), widget=PartnerChooser
    )
    starts = forms.DateField(label=gettext_lazy("С"), widget=AdminDateInput)
    until = forms.DateField(label=gettext_lazy("По"), widget=AdminDateInput)
    target = forms.DecimalField(
        label=gettext_lazy("Сумма продаж"),
        max_digits=14,
        decimal_places=2,
        min_value=ONE_KOPECK,
        help_text=gettext_lazy("Рублей, по окончательной цене для клиентов."),
    )


PROPOSE = Decision(
    label=gettext_lazy("Предложить план"),
    done=gettext_lazy("План предложен партнёру."),
    act=partial(plan_actions.propose, side=plan_actions.Side.VENDOR),
    form_class=PlanForm,
)


class ProposePlanView(NewRowView):
    """A manager proposes a plan, and so agrees to it."""

    decision = PROPOSE

    def get_initial(self) -> dict[str, Any]:
        today = programme_day()
        return super().get_initial() | {"starts": today, "until": date(today.year, 12, 31)}


class PlanStateFilter(SimpleListFilter):
    """By whose word a plan waits for."""

    title = gettext_lazy("состояние")
    parameter_name = "agreed"
    _CANCELLED = Q(cancelled_at__isnull=False)
    _AGREED = Q(partner_agreed_at__isnull=False, vendor_agreed_at__isnull=False, cancelled_at__isnull=True)
    STATES = {
        "vendor": (gettext_lazy("ждёт ASoft"), Q(vendor_agreed_at__isnull=True, cancelled_at__isnull=True)),
        "partner": (gettext_lazy("ждёт партнёра"), Q(partner_agreed_at__isnull=True, cancelled_at__isnull=True)),
        "agreed": (gettext_lazy("согласован"), _AGREED),
        "cancelled": (gettext_lazy("отменён"), _CANCELLED),
    }

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _condition) in self.STATES.items()]

    def queryset(self, request: Any, queryset: QuerySet[SalesPlan]) -> QuerySet[SalesPlan]:
        """The plans in that state; all for one that does not exist."""
        value = self.value()
        return queryset.filter(self.STATES[value][1]) if value in self.STATES else queryset


class PlanRegister(DecidedRegister):
    """What partners and ASoft agreed to sell."""

    model = SalesPlan
    argument = "plan"
    menu_label = gettext_lazy("Планы продаж")
    menu_item_name = "sales-plans"
    menu_icon = "date"
    add_label = gettext_lazy("Предложить план")
    list_display = ("partner", "starts", "until", "shown_target", "shown_state")
    list_filter = (PlanStateFilter, "starts")
    list_select_related = ("partner", "proposed_by")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn")
    inspect_view_fields = [
        "partner", "starts", "until", "shown_target", "shown_progress", "shown_state", "proposed_by", "proposed_at",
        "partner_agreed_at", "vendor_agreed_at", "cancelled_at", "reason",
    ]  # fmt: skip
    create_view_class = ProposePlanView
    decisions = {
        "agree": Decision(
            label=gettext_lazy("Согласиться"),
            done=gettext_lazy("План согласован."),
            act=plan_actions.agree_as_vendor,
            makes_sense=lambda row: not row.vendor_agreed_at and not row.cancelled_at and row.until >= programme_day(),
        ),
        "cancel": Decision(
            label=gettext_lazy("Отменить план"),
            done=gettext_lazy("План отменён."),
            act=partial(plan_actions.cancel, side=plan_actions.Side.VENDOR),
            makes_sense=lambda row: not row.cancelled_at,
            form_class=ReasonForm,
            is_serious=True,
        ),
    }

    @display(description=gettext_lazy("сумма продаж"), ordering="target")
    def shown_target(self, plan: SalesPlan) -> str:
        """How much."""
        return roubles(plan.target)

    @display(description=gettext_lazy("продано"))
    def shown_progress(self, plan: SalesPlan) -> str:
        """How much of it was sold."""
        [found] = progress(plan.partner, [plan])
        return _("%(sold)s подтверждено, %(waiting)s на проверке") % {
            "sold": roubles(found.sold),
            "waiting": roubles(found.waiting),
        }

    @display(description=gettext_lazy("состояние"))
    def shown_state(self, plan: SalesPlan) -> str:
        """Whose word it waits for, standing out where it is ours."""
        if plan.cancelled_at:
            return _("отменён")
        if plan.is_agreed:
            return _("согласован")
        if plan.vendor_agreed_at:
            return _("ждёт партнёра")
        return state_mark(_("ждёт ASoft"), is_primary=True)


sale_register = SaleRegister()
plan_register = PlanRegister()
