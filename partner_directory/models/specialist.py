"""The certified people who work at a partner (R29, R37, R68, R69): facts, recorded one row a person and certificate."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner
from program_pages.bilingual import paired, said
from program_pages.rules.terms import Text


class SpecialistQuerySet(models.QuerySet["Specialist"]):
    """Specialists by day."""

    def working(self, day: date) -> Self:
        """Those certified and employed on a day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), certified_on__lte=day)


class Specialist(models.Model):
    """A person with a certificate, employed at a partner until the day before ``left_on``."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="specialists", verbose_name=_("партнёр")
    )
    name_ru = models.CharField(_("имя и фамилия"), max_length=150)
    name_en = models.CharField(_("имя и фамилия на английском"), max_length=150, blank=True)
    certificate = models.CharField(_("номер сертификата"), max_length=60, unique=True)
    certified_on = models.DateField(_("сертифицирован"))
    left_on = models.DateField(_("больше не работает с"), null=True, blank=True)
    name_is_public = models.BooleanField(
        _("имя можно публиковать"),
        default=False,
        help_text=_("Только с согласия самого специалиста; иначе публикуется лишь их число."),
    )

    objects = SpecialistQuerySet.as_manager()

    class Meta:
        verbose_name = _("сертифицированный специалист")
        verbose_name_plural = _("сертифицированные специалисты")
        ordering = ["name_ru", "pk"]
        permissions = [("export_specialist", "Может выгружать специалистов")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("certified_on")),
                name="specialist_leaves_after_being_certified",
                violation_error_message=_("Уйти можно только после дня сертификации."),
            )
        ]

    def __str__(self) -> str:
        return said(self.name)

    @property
    def name(self) -> Text:
        """The person's name in both languages."""
        return paired(self, "name")
