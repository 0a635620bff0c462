"""Sales, agreed plans, requests for bonuses, and the ledger of what was credited and spent (R47, R70–R79).

Sales and plans are evidence, decided as other facts are. The ledger is double-entry and append-only: a transaction's
entries add up to nothing, and triggers refuse to change or delete them (``partner_directory.guards``). ``Balance`` is
what a partner has left; its guarded update decides who spends. Written by ``actions.bonuses`` alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.facts import LONGEST_TITLE, Fact
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from program_pages.models.catalogue import Product
from program_pages.models.edition import TermsEdition

MONEY: Any = {"max_digits": 14, "decimal_places": 2}
POINTS: Any = {"max_digits": 6, "decimal_places": 2}
ONE_KOPECK = Decimal("0.01")


class Sale(Fact):
    """Licences sold to an end client: what a plan counts, and what a bonus is spent on. Money is roubles."""

    client = models.CharField(_("клиент"), max_length=LONGEST_TITLE)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("продукт")
    )
    sold_on = models.DateField(_("когда"))
    licences = models.PositiveIntegerField(_("лицензий"), validators=[MinValueValidator(1)])
    list_total = models.DecimalField(
        _("по прайс-листу"), **MONEY, validators=[MinValueValidator(ONE_KOPECK)], help_text=_("Рублей.")
    )
    client_discount = models.DecimalField(
        _("скидка клиенту"), max_digits=5, decimal_places=2, default=Decimal(0), help_text=_("Пунктов (R50).")
    )
    document_number = models.CharField(_("номер документа"), max_length=60, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("продажа")
        verbose_name_plural = _("продажи")
        ordering = ["-sold_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.client} · {self.sold_on}"


class SalesPlan(models.Model):
    """How much a partner and ASoft agreed to sell from a day to a day; it counts once both have (R47, R72)."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="sales_plans", verbose_name=_("партнёр")
    )
    starts = models.DateField(_("с"))
    until = models.DateField(_("по"))
    target = models.DecimalField(
        _("сумма продаж"),
        **MONEY,
        validators=[MinValueValidator(ONE_KOPECK)],
        help_text=_("Рублей, по окончательной цене для клиентов."),
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(_("предложен"), default=timezone.now)
    partner_agreed_at = models.DateTimeField(_("партнёр согласен"), null=True, blank=True)
    vendor_agreed_at = models.DateTimeField(_("ASoft согласен"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("отменён"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("план продаж")
        verbose_name_plural = _("планы продаж")
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lte=F("until")),
                name="plan_starts_before_it_ends",
                violation_error_message=_("План не может кончиться раньше, чем начнётся."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(reason=""), name="plan_that_was_cancelled_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.starts}–{self.until}"

    @property
    def is_agreed(self) -> bool:
        """Whether both sides have agreed and neither has cancelled."""
        return bool(self.partner_agreed_at and self.vendor_agreed_at and not self.cancelled_at)


class BonusRequest(models.Model):
    """A partner's request to reckon its bonuses for a term (R76), what was computed, and what a manager made of it.

    ``lines`` are what was computed when it was asked for, as the page shows them: key, status, points, words, clause
    and evidence of each kind; never recomputed. ``facts`` are what it was computed from (``bonus_facts.kept_facts``),
    so that other terms can be tried on them; None in requests older than that. Points are percentage points.
    """

    class State(models.TextChoices):
        """How far it has come."""

        ASKED = "asked", _("на проверке")
        CREDITED = "credited", _("начислено")
        REFUSED = "refused", _("отклонено")

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="bonus_requests", verbose_name=_("членство")
    )
    edition = models.ForeignKey(TermsEdition, on_delete=models.PROTECT, related_name="+", verbose_name=_("редакция"))
    starts = models.DateField(_("с"))
    until = models.DateField(_("по"))
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(_("запрошено"), default=timezone.now)
    lines = models.JSONField(_("расчёт"), default=list)
    facts = models.JSONField(_("из чего рассчитано"), null=True, blank=True, editable=False)
    computed = models.DecimalField(_("рассчитано, пунктов"), **POINTS)
    credited = models.DecimalField(_("начислено, пунктов"), **POINTS, null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("запрос бонуса")
        verbose_name_plural = _("запросы бонусов")
        ordering = ["-asked_at", "-pk"]
        permissions = [("export_bonusrequest", "Может выгружать запросы бонусов")]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=~Q(state="refused"),
                name="bonuses_of_a_term_are_credited_once",
                violation_error_message=_("Бонусы за этот срок уже запрошены."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="bonus_request_that_was_decided_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="credited", credited__isnull=False)
                | (~Q(state="credited") & Q(credited__isnull=True)),
                name="bonus_request_that_was_credited_says_how_much",
            ),
            models.CheckConstraint(
                condition=Q(state="asked")
                | Q(state="refused", reason__gt="")
                | Q(state="credited", credited=F("computed"))
                | Q(state="credited", reason__gt=""),
                name="bonus_that_was_refused_or_corrected_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Запрос бонуса № %(number)s") % {"number": self.pk})


class Unit(models.TextChoices):
    """What the ledger counts; in each unit a transaction's entries add up to nothing."""

    POINTS = "points", _("пункты")
    ROUBLES = "roubles", _("рубли")
    LICENCES = "licences", _("лицензии")


class LedgerTransaction(models.Model):
    """One happening in the ledger; its entries add up to nothing. ``key`` makes it happen once, whoever repeats it."""

    class Kind(models.TextChoices):
        """What happened."""

        CREDIT = "credit", _("начисление")
        SPENT_ON_SALE = "spent_on_sale", _("скидка на продажу")
        SPENT_AS_LICENCES = "spent_as_licences", _("лицензии без оплаты")
        EXPIRED = "expired", _("срок вышел")
        CORRECTION = "correction", _("исправление")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="ledger", verbose_name=_("партнёр"))
    kind = models.CharField(_("что"), max_length=20, choices=Kind)
    key = models.CharField(max_length=80, unique=True, editable=False)
    at = models.DateTimeField(_("когда"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        BonusRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="transactions"
    )
    sale = models.ForeignKey(Sale, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("пояснение"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("проводка")
        verbose_name_plural = _("проводки")
        ordering = ["-at", "-pk"]
        permissions = [("export_ledgertransaction", "Может выгружать проводки")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.partner}"


class LedgerEntry(models.Model):
    """One side of a transaction: so much into an account, or out of it (negative)."""

    class Account(models.TextChoices):
        """Whose."""

        VENDOR = "vendor", _("акция ASoft")
        PARTNER = "partner", _("партнёр")
        USED = "used", _("использовано")
        EXPIRED = "expired", _("сгорело")

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(_("счёт"), max_length=10, choices=Account)
    unit = models.CharField(_("единица"), max_length=10, choices=Unit)
    amount = models.DecimalField(_("сколько"), **MONEY)

    class Meta:
        verbose_name = _("запись проводки")
        verbose_name_plural = _("записи проводок")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["transaction", "account", "unit"], name="one_entry_per_transaction_account_and_unit"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount} {self.unit}"


class Balance(models.Model):
    """What a partner has to spend, in one unit: always the sum of its entries, and never below nothing."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="balances")
    unit = models.CharField(_("единица"), max_length=10, choices=Unit)
    amount = models.DecimalField(_("остаток"), **MONEY, default=Decimal(0))

    class Meta:
        verbose_name = _("остаток")
        verbose_name_plural = _("остатки")
        constraints = [
            models.UniqueConstraint(fields=["partner", "unit"], name="one_balance_per_partner_and_unit"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="nothing_is_spent_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.amount} {self.unit}"
