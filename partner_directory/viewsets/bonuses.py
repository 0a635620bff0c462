"""Bonuses in the admin: the queue of requests with their evidence, and the ledger to read (R70–R77)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin import display
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy

from partner_directory.actions import bonuses as actions
from partner_directory.models.bonus import BonusRequest, LedgerEntry, LedgerTransaction, Unit
from partner_directory.portal.bonuses.shown import shown_lines
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, ReasonForm
from program_pages import formats
from program_pages.viewsets.register import RelatedFilter

State = BonusRequest.State


class CorrectForm(ReasonForm):
    """Other points than were computed, and why."""

    points = forms.DecimalField(label=gettext_lazy("Пунктов"), max_digits=6, decimal_places=2, min_value=Decimal(0))
    field_order = ["points", "reason"]

    def __init__(self, *args: Any, row: BonusRequest, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["points"].initial = row.computed


def _waits(row: BonusRequest) -> bool:
    return row.state == State.ASKED


class BonusRequestRegister(DecidedRegister):
    """Who asks for bonuses of which term, and what became of it."""

    model = BonusRequest
    argument = "request"
    menu_label = gettext_lazy("Запросы бонусов")
    menu_item_name = "bonus-requests"
    menu_icon = "plus-inverse"
    list_display = ("title", "partner", "level", "starts", "until", "shown_computed", "shown_credited", "shown_state")
    list_filter = ("state", ("membership__level", RelatedFilter), "asked_at")
    list_select_related = ("membership__partner", "membership__level", "edition", "asked_by", "decided_by")
    search_fields = ("membership__partner__name_ru", "membership__partner__name_en", "membership__partner__inn")
    inspect_view_fields = [
        "partner", "level", "starts", "until", "edition", "state", "reckoning", "shown_computed", "shown_credited",
        "reason", "asked_by", "asked_at", "decided_by", "decided_at",
    ]  # fmt: skip
    export_fields = (
        "partner", "level", "starts", "until", "state", "computed", "credited", "reason", "asked_at", "decided_at",
    )  # fmt: skip
    export_filename = "bonus-requests"
    permission_helper_class = NeverMadeHere
    decisions = {
        "confirm": Decision(
            label=gettext_lazy("Начислить"),
            done=gettext_lazy("Бонус начислен."),
            act=actions.confirm,
            makes_sense=_waits,
        ),
        "correct": Decision(
            label=gettext_lazy("Исправить и начислить"),
            done=gettext_lazy("Бонус начислен с исправлением."),
            act=actions.correct,
            makes_sense=_waits,
            form_class=CorrectForm,
        ),
        "refuse": Decision(
            label=gettext_lazy("Отклонить"),
            done=gettext_lazy("Запрос отклонён."),
            act=actions.refuse,
            makes_sense=_waits,
            form_class=ReasonForm,
            is_serious=True,
        ),
    }

    @display(description=gettext_lazy("запрос"), ordering="pk")
    def title(self, row: BonusRequest) -> str:
        """Its number."""
        return str(row)

    @display(description=gettext_lazy("партнёр"), ordering="membership__partner__name_ru")
    def partner(self, row: BonusRequest) -> str:
        """Who asks."""
        return str(row.membership.partner)

    @display(description=gettext_lazy("уровень"), ordering="membership__level")
    def level(self, row: BonusRequest) -> str:
        """At which level."""
        return str(row.membership.level)

    @display(description=gettext_lazy("рассчитано"), ordering="computed")
    def shown_computed(self, row: BonusRequest) -> str:
        """The points computed."""
        return formats.points(row.computed, get_language() or "ru")

    @display(description=gettext_lazy("начислено"), ordering="credited")
    def shown_credited(self, row: BonusRequest) -> str | None:
        """The points credited."""
        return None if row.credited is None else formats.points(row.credited, get_language() or "ru")

    @display(description=gettext_lazy("состояние"), ordering="state")
    def shown_state(self, row: BonusRequest) -> str:
        """Its state, standing out while it waits."""
        return state_mark(row.get_state_display(), is_primary=_waits(row))

    @display(description=gettext_lazy("расчёт"))
    def reckoning(self, row: BonusRequest) -> str:
        """Each line with its points, its sentence and its records, which lead to their registers."""
        lines = [
            (line, [(record["text"], _record_url(record)) for record in line.evidence])
            for line in shown_lines(row.lines)
        ]
        return render_to_string("partner_directory/admin/reckoning.html", {"lines": lines})


def _record_url(record: Mapping[str, Any]) -> str:
    """Where a record can be read; nothing where it has no register."""
    try:
        return reverse(f"partner_directory_{record['model']}_modeladmin_inspect", args=[record["pk"]])
    except NoReverseMatch:
        return ""


class ReadOnly(NeverMadeHere):
    """To be read by those who may see it."""

    def user_can_decide(self, user: Any) -> bool:
        return False


class LedgerRegister(DecidedRegister):
    """The ledger: every happening, never changed."""

    model = LedgerTransaction
    menu_label = gettext_lazy("Бонусный счёт")
    menu_item_name = "ledger"
    menu_icon = "list-ul"
    list_display = ("at", "partner", "kind", "points", "roubles", "licences")
    list_filter = ("kind", "at")
    list_select_related = ("partner", "sale", "request", "actor")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn", "note", "sale__client")
    inspect_view_fields = ["at", "partner", "kind", "points", "roubles", "licences", "entries", "about", "actor", "key"]
    export_fields = ("at", "partner", "kind", "points", "roubles", "licences", "about", "note", "actor")
    export_filename = "ledger"
    permission_helper_class = ReadOnly

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("entries")

    @display(description=gettext_lazy("пунктов партнёру"))
    def points(self, row: LedgerTransaction) -> Decimal | None:
        """What the partner's account got, or gave."""
        return _moved(row, LedgerEntry.Account.PARTNER, Unit.POINTS)

    @display(description=gettext_lazy("рублей скидки"))
    def roubles(self, row: LedgerTransaction) -> Decimal | None:
        """What came off a price."""
        return _moved(row, LedgerEntry.Account.USED, Unit.ROUBLES)

    @display(description=gettext_lazy("лицензий без оплаты"))
    def licences(self, row: LedgerTransaction) -> Decimal | None:
        """How many licences went without payment."""
        return _moved(row, LedgerEntry.Account.USED, Unit.LICENCES)

    @display(description=gettext_lazy("к чему"))
    def about(self, row: LedgerTransaction) -> str:
        """The sale or the request."""
        return str(row.sale or row.request or "")

    @display(description=gettext_lazy("записи"))
    def entries(self, row: LedgerTransaction) -> str:
        """Both sides of each unit."""
        said = ((entry.get_account_display(), entry.amount, entry.get_unit_display()) for entry in row.entries.all())
        return "; ".join(f"{account} {amount:+} ({unit})" for account, amount, unit in said)


def _moved(row: LedgerTransaction, account: str, unit: str) -> Decimal | None:
    found = (entry.amount for entry in row.entries.all() if (entry.account, entry.unit) == (account, unit))
    return next(found, None)


bonus_request_register = BonusRequestRegister()
ledger_register = LedgerRegister()
