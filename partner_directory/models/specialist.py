"""The certified people who work at a partner (R29, R37, R68, R69): facts, recorded one row a person and certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partner_directory.models.facts import FactState
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from program_pages.bilingual import paired, said
from program_pages.recorded import logged_since
from program_pages.rules.terms import Text

# What the audit log calls a manager's entry, and somebody's leaving.
ENTERED, LEFT = "wagtail.create", "partner_directory.specialist.left"


class SpecialistQuerySet(models.QuerySet["Specialist"]):
    """Specialists by day."""

    def working(self, day: date, recorded_by: datetime | None = None) -> Self:
        """Those certified and employed on a day, whose certificate no manager has still to see.

        Before a moment, where one is given: without those confirmed or entered since, with those whose leaving was
        told of since. When a manager entered a row, and when somebody left, the audit log alone knows: a row that it
        does not know of (loaded with the site) counts from its certificate's day.
        """
        if recorded_by is None:
            return self.certified(day).filter(certified_on__lte=day)
        certified = self.filter(state=FactState.CONFIRMED, certified_on__lte=day)
        told_since = Q(logged_since(self.model, [LEFT], recorded_by))
        entered_since = Q(decided_at__isnull=True) & Q(logged_since(self.model, [ENTERED], recorded_by))
        confirmed_since = Q(decided_at__isnull=False, decided_at__gte=recorded_by)
        known = certified.filter(_employed(day) | told_since).exclude(confirmed_since | entered_since)
        return known.annotate(leaving_was_told_since=logged_since(self.model, [LEFT], recorded_by))

    def certified(self, day: date) -> Self:
        """Those of a confirmed certificate, of this day or a later one, who are employed on the day."""
        return self.filter(_employed(day), state=FactState.CONFIRMED)

    def waiting(self) -> Self:
        """Those whose certificate a manager has to look at."""
        return self.filter(state=FactState.CLAIMED)


def _employed(day: date) -> Q:
    return Q(left_on__isnull=True) | Q(left_on__gt=day)


class Specialist(models.Model):
    """A person with a certificate, employed at a partner until the day before ``left_on``."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="specialists", verbose_name=_("партнёр")
    )
    name_ru = models.CharField(_("имя и фамилия"), max_length=150)
    name_en = models.CharField(_("имя и фамилия на английском"), max_length=150, blank=True)
    certificate = models.CharField(_("номер сертификата"), max_length=60)
    certified_on = models.DateField(_("сертифицирован"))
    employed_since = models.DateField(_("работает с"), null=True, blank=True)
    left_on = models.DateField(_("больше не работает с"), null=True, blank=True)
    name_is_public = models.BooleanField(
        _("имя можно публиковать"),
        default=False,
        help_text=_("Только с согласия самого специалиста; иначе публикуется лишь их число."),
    )

    # A manager's own entry counts at once; what a partner claims, once a manager has seen the certificate.
    state = models.CharField(_("состояние"), max_length=10, choices=FactState, default=FactState.CONFIRMED)
    scan = models.ForeignKey(
        PrivateFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("скан сертификата"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    decision_reason = models.CharField(_("причина"), max_length=500, blank=True)

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
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(state="confirmed", left_on__isnull=True),
                name="one_holder_works_with_a_certificate",
                violation_error_code="unique",  # said beside the certificate
                violation_error_message=_("Специалист с таким сертификатом уже работает у партнёра программы."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_reason=""),
                name="specialist_who_was_refused_learns_why",
            ),
        ]

    def __str__(self) -> str:
        return said(self.name)

    def clean(self) -> None:
        """Holds the constraints whichever fields a form shows: it cannot show what a decision alone writes."""
        super().clean()
        self.validate_constraints()

    @property
    def name(self) -> Text:
        """The person's name in both languages."""
        return paired(self, "name")
