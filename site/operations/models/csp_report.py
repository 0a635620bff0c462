"""What browsers have reported of the content policies, added up by day. Written by ``operations.csp_reports`` alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CspReport(models.Model):
    """How often, on a day, a policy has kept something from a page; nothing of who was reading it."""

    class Policy(models.TextChoices):
        """Which policy it was."""

        PUBLIC = "public", _("сайт")
        ADMIN = "admin", _("администрирование")

    day = models.DateField(_("день"))
    policy = models.CharField(_("политика"), max_length=10, choices=Policy.choices)
    directive = models.CharField(_("директива"), max_length=40)
    blocked = models.CharField(
        _("что не пропущено"), max_length=120, blank=True
    )  # an origin, or a word of the standard
    page = models.CharField(_("страница"), max_length=160, blank=True)  # the pattern of its address, without values
    count = models.PositiveIntegerField(_("сколько раз"), default=0)

    class Meta:
        verbose_name = _("отчёт о политике содержимого")
        verbose_name_plural = _("отчёты о политике содержимого")
        ordering = ["-day", "-count", "pk"]
        default_permissions = ("view",)
        permissions = [("export_cspreport", "Может выгружать отчёты о политике содержимого")]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "policy", "directive", "blocked", "page"], name="csp_reports_are_added_up_by_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} · {self.directive} · {self.blocked}"
