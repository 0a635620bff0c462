"""Whether partners' sites answered when they were last asked (``manage.py check_sites``)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner


class SiteCheck(models.Model):
    """The last answer of a partner's site; ``url`` is what was asked, since the profile may have changed."""

    class Trouble(models.TextChoices):
        """Why a site did not do."""

        NO_SUCH_HOST = "no_such_host", _("такого сайта нет")
        NOT_PUBLIC = "not_public", _("адрес не публичный")
        NO_ANSWER = "no_answer", _("сайт не отвечает")
        BAD_CERTIFICATE = "bad_certificate", _("неверный сертификат")
        ERROR = "error", _("сайт отвечает ошибкой")
        REDIRECTS = "redirects", _("слишком много переадресаций")

    partner = models.OneToOneField(
        Partner, primary_key=True, on_delete=models.CASCADE, related_name="site_check", verbose_name=_("партнёр")
    )
    url = models.URLField(_("адрес"))
    checked_at = models.DateTimeField(_("проверено"))
    ok = models.BooleanField(_("отвечает"))
    why = models.CharField(_("что не так"), max_length=20, choices=Trouble, blank=True)

    class Meta:
        verbose_name = _("проверка сайта")
        verbose_name_plural = _("проверки сайтов")

    def __str__(self) -> str:
        return f"{self.url}: {self.get_why_display() or _('отвечает')}"
