"""A partner's badge: the code by which anyone checks it, and the credentials that were signed under it (R5, R9, A11).

A badge belongs to a partner and a product line, so that what a partner has put on its site outlives a renewal and a
change of level; a credential belongs to one membership. Both are issued, closed and issued anew by ``actions.badges``
alone, and never edited: whether a badge is valid on a day is derived (``badges.verdict``), not stored.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partner_directory.models.mark import MarkVersion
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from program_pages.models.level import Level, ProductLine

CODE_LENGTH = 10  # with its check symbol


class BadgeQuerySet(models.QuerySet["Badge"]):
    """Badges by what became of their codes."""

    def current(self) -> Self:
        """Those whose codes are not revoked, one at most of a partner and a product line."""
        return self.filter(revoked_at__isnull=True)


class Badge(models.Model):
    """A code, given to a partner for a product line."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="badges", verbose_name=_("партнёр"))
    product_line = models.ForeignKey(
        ProductLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("линейка продуктов")
    )
    code = models.CharField(_("код"), max_length=CODE_LENGTH, unique=True)
    issued_at = models.DateTimeField(_("выдан"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто выдал")
    )
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", verbose_name=_("вместо")
    )
    revoked_at = models.DateTimeField(_("отозван"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто отозвал")
    )
    reason = models.TextField(_("почему отозван"), blank=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("значок партнёра")
        verbose_name_plural = _("значки партнёров")
        ordering = ["-issued_at", "pk"]
        permissions = [("export_badge", "Может выгружать значки")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "product_line"],
                condition=Q(revoked_at__isnull=True),
                name="one_current_badge_of_a_partner_and_line",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, reason="") | Q(revoked_at__isnull=False, reason__gt=""),
                name="badge_that_is_revoked_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.partner}"


class Credential(models.Model):
    """A signed statement that a partner held a level from a day to a day (Open Badges 3.0).

    ``token`` is what was signed, kept as it was. ``index`` is its place in the lists of status, given at random.
    """

    class Closing(models.TextChoices):
        """Why it says nothing any more before its term is over."""

        ENDED = "ended", _("членство прекращено")
        LEVEL_CHANGED = "level_changed", _("сменён уровень")
        REISSUED = "reissued", _("выдано заново")
        REVOKED = "revoked", _("отозвано")

    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("значок"))
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("членство")
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    index = models.PositiveIntegerField(_("место в списке состояний"), unique=True)
    key_id = models.CharField(_("ключ"), max_length=64)
    token = models.TextField(_("подписанное свидетельство"))
    issued_at = models.DateTimeField(_("выдано"))
    closed_at = models.DateTimeField(_("закрыто"), null=True)
    closed_how = models.CharField(_("как закрыто"), max_length=15, choices=Closing, blank=True)

    class Meta:
        verbose_name = _("свидетельство")
        verbose_name_plural = _("свидетельства")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(closed_at__isnull=True),
                name="one_open_credential_of_a_membership",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_how="") | Q(closed_at__isnull=False, closed_how__gt=""),
                name="credential_that_is_closed_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.badge.code} · {self.level}"


class KitDownload(models.Model):
    """A kit that was taken: who, of which partner, which mark in which version, when (R5)."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="kit_downloads", verbose_name=_("партнёр")
    )
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="+", verbose_name=_("значок"))
    version = models.ForeignKey(
        MarkVersion, on_delete=models.PROTECT, related_name="downloads", verbose_name=_("версия знака")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто взял")
    )
    taken_at = models.DateTimeField(_("когда"), auto_now_add=True)
    sha256 = models.CharField(_("контрольная сумма"), max_length=64)

    class Meta:
        verbose_name = _("взятый комплект")
        verbose_name_plural = _("взятые комплекты")
        ordering = ["-taken_at", "-pk"]
        permissions = [("export_kitdownload", "Может выгружать взятые комплекты")]
        indexes = [models.Index(fields=["partner", "taken_at"])]

    def __str__(self) -> str:
        return f"{self.partner} · {self.version}"
