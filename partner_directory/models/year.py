"""What the turning of the days has done: what was told of a membership, and how each of its steps went last.

Written by ``actions.year`` and ``year.turn`` alone.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.membership import Membership

KILLED_AFTER = timedelta(hours=1)  # a step that has run for so long is not running any more: whoever ran it was killed


class YearNotice(models.Model):
    """That a partner was told something of its membership's year. ``key`` is what was told: it is told once."""

    class What(models.TextChoices):
        """What was told."""

        OPENED = "opened", _("открыто продление")
        REMINDER = "reminder", _("напоминание")
        LAPSED = "lapsed", _("членство истекло")

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="notices", verbose_name=_("членство")
    )
    what = models.CharField(_("о чём"), max_length=10, choices=What)
    days = models.PositiveSmallIntegerField(_("за сколько дней"), null=True, blank=True)
    key = models.CharField(_("событие"), max_length=80, unique=True, editable=False)
    at = models.DateTimeField(_("когда"), default=timezone.now)

    class Meta:
        verbose_name = _("извещение о годе")
        verbose_name_plural = _("извещения о годе")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="reminder", days__isnull=False) | (~Q(what="reminder") & Q(days__isnull=True)),
                name="a_reminder_alone_says_how_many_days_before",
            )
        ]

    def __str__(self) -> str:
        return self.key


class StepRun(models.Model):
    """How a step of the turn of the day went last; ``running_since`` is held by the one run that is at it."""

    step = models.SlugField(_("шаг"), max_length=40, unique=True)
    day = models.DateField(_("день"), null=True, blank=True)
    running_since = models.DateTimeField(_("идёт с"), null=True, blank=True)
    finished_at = models.DateTimeField(_("закончен"), null=True, blank=True)
    done = models.PositiveIntegerField(_("сделано"), default=0)
    trouble = models.CharField(_("что не так"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("шаг смены дня")
        verbose_name_plural = _("шаги смены дня")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, day__isnull=True)
                | Q(finished_at__isnull=False, day__isnull=False),
                name="a_step_that_finished_says_on_which_day",
            )
        ]

    def __str__(self) -> str:
        return self.step
