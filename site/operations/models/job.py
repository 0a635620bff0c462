"""One run of a job: when it began, whether it lives, how it ended. Written by ``operations.jobs`` alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """A run of a job of the site, by whichever process and host."""

    job = models.CharField(_("задание"), max_length=40)
    host = models.CharField(_("где"), max_length=100)
    started_at = models.DateTimeField(_("начато"))
    alive_at = models.DateTimeField(_("последний признак жизни"))
    finished_at = models.DateTimeField(_("окончено"), null=True, blank=True)
    failed = models.BooleanField(_("не удалось"), default=False)
    said = models.TextField(_("чем кончилось"), blank=True)

    class Meta:
        verbose_name = _("запуск задания")
        verbose_name_plural = _("запуски заданий")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["job", "-started_at"], name="job_run_by_start")]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(finished_at__isnull=True),
                name="job_runs_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.job} · {self.started_at:%d.%m.%Y %H:%M}"
