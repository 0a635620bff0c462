"""What a partner holds: a level of a product line in a calendar year (R12, R44, A7).

Rows are written by ``actions.memberships`` alone and never edited away: a membership ends, and the next one begins.
That two do not overlap, and that none leaves its year, the database itself holds (``partner_directory.guards``).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level, ProductLine
from program_pages.rules.calendar import is_renewal_open
from program_pages.rules.terms import Readings


class Status(StrEnum):
    """Where a membership is on a day: derived, never stored (A11)."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    ENDS_SOON = "ends_soon"  # the renewal is open and the next year is not granted
    SUSPENDED = "suspended"
    LAPSED = "lapsed"  # its year is over
    ENDED = "ended"  # before its year was over


STATUS_LABELS = {
    Status.UPCOMING: _("начнётся"),
    Status.ACTIVE: _("действует"),
    Status.ENDS_SOON: _("истекает"),
    Status.SUSPENDED: _("приостановлено"),
    Status.LAPSED: _("истекло"),
    Status.ENDED: _("прекращено"),
}


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by day and state."""

    def begun(self, day: date) -> Self:
        """Those whose first day has come."""
        return self.filter(starts__lte=day)

    def running(self, day: date) -> Self:
        """Those whose days include this one, with the days of grace of their edition (A11), suspended ones too."""
        lasting = Q(until__gte=day)
        for edition, grace in TermsEdition.objects.filter(grace_days__gt=0).values_list("pk", "grace_days"):
            lasting |= Q(ended_how="", edition=edition, until__gte=day - timedelta(days=grace))
        return self.begun(day).filter(lasting)

    def in_force(self, day: date) -> Self:
        """Those by which a partner is listed on a day: running and not suspended."""
        return self.running(day).exclude(state=Membership.State.SUSPENDED)

    def with_renewal(self) -> Self:
        """Each knows whether the next year is granted (``is_renewed``)."""
        return self.annotate(is_renewed=self._following())

    def unrenewed(self) -> Self:
        """Those whose next year is not granted."""
        return self.filter(~self._following())

    @staticmethod
    def _following() -> Exists:
        of_next_year = Membership.objects.filter(
            partner=OuterRef("partner"), product_line=OuterRef("product_line"), year=OuterRef("year") + 1
        )
        return Exists(of_next_year)


class Membership(models.Model):
    """One partner at one level, from a day to a day of the same calendar year, both included (R44)."""

    class State(models.TextChoices):
        """What was decided; whether the year is over, the calendar says."""

        GRANTED = "granted", _("присвоено")
        SUSPENDED = "suspended", _("приостановлено")
        ENDED = "ended", _("прекращено")

    class Ending(models.TextChoices):
        """How it ended before its year was over."""

        LEVEL_CHANGED = "level_changed", _("сменён уровень")
        WITHDRAWN = "withdrawn", _("партнёр вышел сам")
        TERMINATED = "terminated", _("прекращено вендором")

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("партнёр")
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("уровень"))
    product_line = models.ForeignKey(
        ProductLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("линейка продуктов")
    )
    year = models.PositiveSmallIntegerField(_("год"))
    starts = models.DateField(_("с"))
    until = models.DateField(_("по"), help_text=_("Последний день; 31 декабря, если не прекращено раньше (R44)."))
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.GRANTED)
    edition = models.ForeignKey(
        TermsEdition,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("редакция условий"),
        help_text=_("Редакция, по которой присвоен уровень (R80, R81)."),
    )
    ended_how = models.CharField(_("как прекращено"), max_length=15, choices=Ending, blank=True)
    reason = models.TextField(_("причина"), blank=True, help_text=_("Последнего решения; партнёр узнаёт её из письма."))
    suspended_since = models.DateField(_("приостановлено с"), null=True, blank=True)
    granted_at = models.DateTimeField(_("записано"), auto_now_add=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто присвоил")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("членство")
        verbose_name_plural = _("членства")
        ordering = ["-starts", "pk"]
        permissions = [("export_membership", "Может выгружать членства")]
        indexes = [models.Index(fields=["starts", "until"]), models.Index(fields=["partner", "until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lte=F("until")),
                name="membership_starts_before_it_ends",
                violation_error_message=_("Членство не может кончиться раньше, чем начнётся."),
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_how__gt="") | (~Q(state="ended") & Q(ended_how="")),
                name="membership_that_ended_says_how",
                violation_error_message=_("Прекращённое членство говорит, как оно прекращено, и только оно."),
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_since__isnull=False)
                | (~Q(state="suspended") & Q(suspended_since__isnull=True)),
                name="membership_that_is_suspended_says_since_when",
                violation_error_message=_("Приостановленное членство говорит, с какого дня, и только оно."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.level} · {self.year}"

    @property
    def last_day(self) -> date:
        """The last day on which it runs: with its edition's grace (A11), unless it ended before its year was over."""
        return self.until if self.ended_how else self.until + timedelta(days=self.edition.grace_days)

    def lasts_on(self, day: date) -> bool:
        """Whether a day is one of its days, suspended or not."""
        return self.starts <= day <= self.last_day

    def was_suspended_on(self, day: date) -> bool:
        """Whether it was suspended on a day, or is since then."""
        if self.suspended_since and self.suspended_since <= day:
            return True
        return any(row.since <= day < row.resumed_on for row in self.suspensions.all())

    def status_on(self, day: date, readings: Readings, *, renewed: bool = False) -> Status:
        """Where it is on a day (A11); ``renewed`` says that the next year is granted already."""
        return self._status(day, readings, renewed=renewed, suspended=self.state == self.State.SUSPENDED)

    def status_then(self, day: date, readings: Readings, *, renewed: bool = False) -> Status:
        """Where it was on a day that is over: suspended if it was on that day, whatever it is now."""
        return self._status(day, readings, renewed=renewed, suspended=self.was_suspended_on(day))

    def _status(self, day: date, readings: Readings, *, renewed: bool, suspended: bool) -> Status:
        if day < self.starts:
            return Status.UPCOMING
        if self.state == self.State.ENDED and day > self.until:
            return Status.ENDED
        if day > self.until + timedelta(days=readings.grace_days):
            return Status.LAPSED
        if suspended:
            return Status.SUSPENDED
        closing = self.state != self.State.ENDED and not renewed
        soon = closing and (day.year > self.year or is_renewal_open(day, readings))
        return Status.ENDS_SOON if soon else Status.ACTIVE


class Suspension(models.Model):
    """Days on which a membership was suspended, once they are over: from the first to the one before it was resumed.

    Kept for good: what a verification says of a past day is read from here. One that lasts still is in the
    membership itself (``suspended_since``).
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="suspensions", verbose_name=_("членство")
    )
    since = models.DateField(_("с"))
    resumed_on = models.DateField(_("снова действует с"))
    reason = models.TextField(_("причина"), blank=True)

    class Meta:
        verbose_name = _("приостановка членства")
        verbose_name_plural = _("приостановки членств")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(resumed_on__gte=F("since")), name="suspension_starts_before_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.since}"
