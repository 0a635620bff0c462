"""A company asks for another level within the year (A7).

Written by ``actions.level_changes`` alone; the change itself is a decision on the membership
(``actions.memberships.change_level``).
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.membership import Membership
from program_pages.models.level import Level

LONGEST_WISH = 2000
LONGEST_REASON = 500


class LevelChangeQuerySet(models.QuerySet["LevelChange"]):
    """Requests by where they are."""

    def asked(self) -> Self:
        """Those a manager has still to decide."""
        return self.filter(state=LevelChange.State.ASKED)


class LevelChange(models.Model):
    """One request: from the level of a membership to another level of its product line."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked", _("на рассмотрении")
        GRANTED = "granted", _("уровень сменён")
        REFUSED = "refused", _("отклонено")
        CANCELLED = "cancelled", _("отозвано")

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="level_changes", verbose_name=_("членство")
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("новый уровень"))
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.ASKED)
    wish = models.TextField(_("почему"), max_length=LONGEST_WISH)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто просит")
    )
    asked_at = models.DateTimeField(_("запрошено"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто решил"),
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=LONGEST_REASON, blank=True)

    objects = LevelChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос смены уровня")
        verbose_name_plural = _("запросы смены уровня")
        ordering = ["-asked_at", "-pk"]
        permissions = [("export_levelchange", "Может выгружать запросы смены уровня")]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state="asked"),
                name="one_level_change_is_asked_at_a_time",
                violation_error_message=_("О смене уровня уже попросили: дождитесь решения."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="level_change_that_was_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(reason__gt=""), name="level_change_that_was_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.level}"
