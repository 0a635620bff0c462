"""What holds for one partner instead of the programme's terms (R47, R82).

An Additional Agreement, or a discount agreed with a sales plan: a dated diff over the edition in force, which changes
that partner's numbers alone, wherever they are shown (``partner_directory.partner_terms``). Written by
``actions.overlays`` alone; one that has begun is ended, never edited.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.bonus import SalesPlan
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from program_pages.models.level import Level


class OverlayQuerySet(models.QuerySet["Overlay"]):
    """Overlays by day."""

    def in_force(self, day: date, recorded_by: datetime | None = None) -> Self:
        """Those that hold on a day, the earliest first: a later one says the last word.

        Of those recorded before a moment, where one is given. An end is never recorded for a day before its own, so
        what is recorded of it now was true on the day.
        """
        lasting = Q(until__isnull=True) | Q(until__gte=day)
        known = Q() if recorded_by is None else Q(made_at__lt=recorded_by)
        return self.filter(lasting, known, starts__lte=day).order_by("starts", "pk")


class Overlay(models.Model):
    """A dated set of changes to one partner's terms, both days included."""

    class Kind(models.TextChoices):
        """Why it holds."""

        AGREEMENT = "agreement", _("Дополнительное соглашение")
        PLAN_DISCOUNT = "plan_discount", _("скидка по плану продаж")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="overlays", verbose_name=_("партнёр"))
    kind = models.CharField(_("вид"), max_length=15, choices=Kind)
    number = models.CharField(_("номер"), max_length=60, blank=True)
    signed_on = models.DateField(_("подписано"), null=True, blank=True)
    starts = models.DateField(_("с"))
    until = models.DateField(_("по"), null=True, blank=True, help_text=_("Пусто — без срока."))
    reason = models.CharField(_("причина"), max_length=500)
    plan = models.ForeignKey(
        SalesPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="overlays", verbose_name=_("план")
    )
    document = models.ForeignKey(
        PrivateFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("документ")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("записано"), default=timezone.now)

    objects = OverlayQuerySet.as_manager()

    class Meta:
        verbose_name = _("особое условие")
        verbose_name_plural = _("особые условия")
        ordering = ["-starts", "-pk"]
        permissions = [("export_overlay", "Может выгружать особые условия")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")), name="overlay_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=~Q(kind="agreement") | (Q(signed_on__isnull=False) & ~Q(number="")),
                name="additional_agreement_has_its_number_and_day",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="overlay_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class OverlayChange(models.Model):
    """One number of the terms that is another one for this partner; ``name`` is a field of ``rules.terms``.

    With a level it is a field of ``Level``, without one a field of ``Terms``. ``value`` is a number as text.
    """

    overlay = models.ForeignKey(Overlay, on_delete=models.CASCADE, related_name="changes")
    level = models.ForeignKey(
        Level, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень")
    )
    name = models.CharField(_("что меняется"), max_length=40)
    value = models.CharField(_("значение"), max_length=40)

    class Meta:
        verbose_name = _("изменение условий")
        verbose_name_plural = _("изменения условий")
        constraints = [
            models.UniqueConstraint(
                fields=["overlay", "level", "name"],
                condition=Q(level__isnull=False),
                name="one_value_per_overlay_level_and_number",
            ),
            models.UniqueConstraint(
                fields=["overlay", "name"], condition=Q(level__isnull=True), name="one_value_per_overlay_and_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
