"""What partners were told of an edition of the terms, and whether they have read it (R83).

Written by ``actions.edition_notices`` alone. Reading is recorded and gates nothing. Whether the letter has left, its
messages say: they have the notice's ``key``.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from partner_directory.models.message import Message
from partner_directory.models.partner import Partner
from partner_directory.news.content import Content, read
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level

KINDS_OF_NEWS = frozenset({"edition_announced", "edition_announced_same"})  # letters of an edition still to come


class ReleaseQuerySet(models.QuerySet["EditionRelease"]):
    """Releases by what is still to be told of them."""

    def current(self) -> Self:
        """Those that hold: neither withdrawn nor published anew."""
        return self.filter(withdrawn_at__isnull=True, replaced_at__isnull=True)

    def untold(self, day: date) -> Self:
        """Those of which somebody may have to be told on a day: whoever joins before the first day is told too."""
        return self.current().filter(Q(told_at__isnull=True) | Q(effective_from__gt=day))

    def withdrawn_untold(self) -> Self:
        """Those whose withdrawal some have still to be told."""
        return self.filter(withdrawn_at__isnull=False, withdrawal_told_at__isnull=True)


class EditionRelease(models.Model):
    """One publication of an edition, and how far the telling of it has come."""

    edition = models.ForeignKey(
        TermsEdition, on_delete=models.CASCADE, related_name="releases", verbose_name=_("редакция")
    )
    revision = models.PositiveBigIntegerField(_("версия"), help_text=_("Номер утверждённой версии."))
    effective_from = models.DateField(_("действует с"))
    released_at = models.DateTimeField(_("опубликована"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто опубликовал"),
    )
    told_at = models.DateTimeField(_("оповещены все"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("опубликована заново"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("отозвана"), null=True, blank=True)
    withdrawal_told_at = models.DateTimeField(_("об отзыве сказано всем"), null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("оповещение о редакции")
        verbose_name_plural = _("оповещения о редакциях")
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(withdrawn_at__isnull=True, replaced_at__isnull=True),
                name="one_release_of_an_edition_holds",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(replaced_at__isnull=True),
                name="release_is_withdrawn_or_replaced",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_told_at__isnull=True) | Q(withdrawn_at__isnull=False),
                name="only_a_withdrawal_is_told_of_as_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.edition)


class NoticeQuerySet(models.QuerySet["EditionNotice"]):
    """Notices by what their partner makes of them."""

    def shown(self) -> Self:
        """Those that a partner is shown: not those of an edition that was published anew since."""
        return self.filter(release__replaced_at__isnull=True)

    def unread(self) -> Self:
        """Those of an edition that holds and that nobody of the company has opened."""
        return self.filter(release__replaced_at__isnull=True, release__withdrawn_at__isnull=True, read_at__isnull=True)

    def with_letter(self, messages: models.QuerySet[Message]) -> Self:
        """Those of which one of these messages is."""
        return self.filter(Exists(messages.filter(key=OuterRef("key"))))


class EditionNotice(models.Model):
    """What one edition changes for one partner at one level, as it was told; never reckoned anew.

    ``content`` is ``news.content.Content`` as JSON; ``touches`` says whether anything changes for the partner.
    """

    release = models.ForeignKey(
        EditionRelease, on_delete=models.PROTECT, related_name="notices", verbose_name=_("оповещение")
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="edition_notices", verbose_name=_("партнёр")
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    key = models.CharField(_("событие"), max_length=80, unique=True, editable=False)
    content = models.JSONField(_("что меняется"))
    touches = models.BooleanField(_("касается партнёра"))
    created_at = models.DateTimeField(_("написано"), default=timezone.now)
    read_at = models.DateTimeField(_("прочитано"), null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто прочитал"),
    )
    taken_back_at = models.DateTimeField(_("отозвано"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("извещение о редакции")
        verbose_name_plural = _("извещения о редакциях")
        ordering = ["-created_at", "-pk"]
        permissions = [("export_editionnotice", "Может выгружать извещения о редакциях")]
        indexes = [models.Index(fields=["partner", "read_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "partner", "level"], name="one_notice_per_release_partner_and_level"
            ),
            models.CheckConstraint(
                condition=Q(read_by__isnull=True) | Q(read_at__isnull=False), name="notice_that_was_read_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release.edition} · {self.partner}"

    @cached_property
    def news(self) -> Content:
        """What it says."""
        return read(self.content)

    @property
    def is_withdrawn(self) -> bool:
        """Whether its edition was withdrawn before it took effect."""
        return self.release.withdrawn_at is not None
