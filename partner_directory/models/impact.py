"""A rehearsal of what a draft edition would do to the partners: dated, kept as it was, and reproducible (R83).

What it was made from stands in the row itself: the draft and the edition before it as they were, the day up to which
records count, and a checksum of the records read. Written by ``actions.impacts`` alone; a finished one never changes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from partner_directory.models.bonus import POINTS
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level

SILENT_FOR = timedelta(minutes=2)  # a runner that has said nothing for so long was killed
SUM: Any = {"max_digits": 18, "decimal_places": 2}


class ImpactQuerySet(models.QuerySet["Impact"]):
    """Rehearsals by how far they have come."""

    def unfinished(self) -> Self:
        """Those to be gone on with."""
        return self.filter(finished_at__isnull=True, replaced_at__isnull=True)

    def finished(self) -> Self:
        """Those that can be read, the newest first."""
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")

    def of_draft(self, edition: TermsEdition, checksum: str) -> Self:
        """Those of exactly this draft."""
        return self.filter(edition=edition, content_sha256=checksum)


class Impact(models.Model):
    """One rehearsal. ``cursor`` is the last partner looked at, ``tallies`` and ``groups`` what is known up to it."""

    edition = models.ForeignKey(
        TermsEdition, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("редакция")
    )
    edition_name = models.CharField(max_length=150)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    base_name = models.CharField(max_length=150)
    base_content = models.JSONField()
    day = models.DateField(_("записи по"))
    effect_day = models.DateField(_("сравнение на"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто начал")
    )
    started_at = models.DateTimeField(_("начата"), default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    heard_at = models.DateTimeField(null=True, editable=False)
    cursor = models.PositiveBigIntegerField(default=0)
    done = models.PositiveIntegerField(_("просмотрено"), default=0)
    total = models.PositiveIntegerField(_("всего партнёров"), default=0)
    tallies = models.JSONField(default=dict)
    groups = models.JSONField(default=dict)
    records_sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(_("закончена"), null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = ImpactQuerySet.as_manager()

    class Meta:
        verbose_name = _("репетиция редакции")
        verbose_name_plural = _("репетиции редакций")
        ordering = ["-started_at", "-pk"]
        permissions = [("export_impact", "Может выгружать репетиции редакций")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(finished_at__isnull=True, replaced_at__isnull=True),
                name="one_rehearsal_of_an_edition_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True, heard_at__isnull=True)
                | Q(claim__isnull=False, heard_at__isnull=False, finished_at__isnull=True),
                name="rehearsal_that_runs_is_not_finished",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(replaced_at__isnull=True),
                name="rehearsal_that_finished_is_not_replaced",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Репетиция: %(name)s") % {"name": self.edition_name})

    @property
    def is_finished(self) -> bool:
        """Whether everybody was looked at."""
        return self.finished_at is not None

    @property
    def is_running(self) -> bool:
        """Whether somebody is at it, as far as one can know."""
        return self.heard_at is not None and timezone.now() - self.heard_at < SILENT_FOR

    @property
    def percent(self) -> int:
        """How much of it is done, in hundredths."""
        return 100 if self.is_finished else min(100 * self.done // self.total, 99) if self.total else 0


class ImpactRow(models.Model):
    """A partner for whom something changes; sums are its gains in roubles on the twelve months before (``impact``)."""

    impact = models.ForeignKey(Impact, on_delete=models.CASCADE, related_name="rows")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+", verbose_name=_("партнёр"))
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    missed = models.JSONField(default=list)
    met = models.JSONField(default=list)
    discount_before = models.DecimalField(**POINTS, null=True)
    discount_after = models.DecimalField(**POINTS, null=True)
    bonus_before = models.DecimalField(**POINTS, null=True)
    bonus_after = models.DecimalField(**POINTS, null=True)
    support_before = models.DecimalField(**POINTS, null=True)
    support_after = models.DecimalField(**POINTS, null=True)
    sold = models.DecimalField(**SUM)
    licences = models.DecimalField(**SUM)
    bonus_value = models.DecimalField(**SUM)
    own_use = models.DecimalField(**SUM)
    support_cost = models.DecimalField(**SUM)
    clients = models.DecimalField(**SUM)
    total = models.DecimalField(_("итого, ₽"), **SUM)
    is_gone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("последствие для партнёра")
        verbose_name_plural = _("последствия для партнёров")
        ordering = ["total", "pk"]
        indexes = [models.Index(fields=["impact", "total"])]
        constraints = [
            models.UniqueConstraint(fields=["impact", "membership"], name="one_row_per_rehearsal_and_membership")
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.total}"
