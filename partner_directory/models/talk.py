"""A talk about clauses that a partner does not agree with: it ends in an Additional Agreement or with an answer (R82).

Written by ``actions.talks`` alone. It holds up nothing: the terms take effect on their day (R83).
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.edition_notice import EditionNotice
from partner_directory.models.overlay import Overlay
from partner_directory.models.partner import Partner

LONGEST_TEXT = 4000
GOING_ON = ("open", "answered")


class TalkQuerySet(models.QuerySet["Talk"]):
    """Talks by where they are."""

    def going_on(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=GOING_ON)


class Talk(models.Model):
    """One disagreement: with which clauses of which notice, who acts next and since when, and how it ended."""

    class State(models.TextChoices):
        """How far it has come; while it goes on, also who acts next."""

        OPEN = "open", _("ждёт ответа ASoft")
        ANSWERED = "answered", _("ждёт партнёра")
        CLOSED = "closed", _("закрыт ответом")
        AGREED = "agreed", _("заключено соглашение")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="talks", verbose_name=_("партнёр"))
    notice = models.ForeignKey(
        EditionNotice, on_delete=models.RESTRICT, related_name="talks", verbose_name=_("извещение")
    )
    # A list of {"code", "number"}: the lasting code, and the number that partners know the clause by in that edition.
    clauses = models.JSONField(_("пункты"))
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто начал")
    )
    opened_at = models.DateTimeField(_("начат"), default=timezone.now)
    ball_since = models.DateTimeField(_("ход с"), default=timezone.now)
    overlay = models.ForeignKey(
        Overlay,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="talks",
        verbose_name=_("Дополнительное соглашение"),
    )
    answer = models.TextField(_("ответ"), max_length=LONGEST_TEXT, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто закончил"),
    )
    closed_at = models.DateTimeField(_("закончен"), null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("разговор об условиях")
        verbose_name_plural = _("разговоры об условиях")
        ordering = ["-opened_at", "-pk"]
        permissions = [("export_talk", "Может выгружать разговоры об условиях")]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"],
                condition=Q(state__in=GOING_ON),
                name="one_talk_of_a_notice_goes_on",
                violation_error_message=_("Разговор об этой редакции уже идёт."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=GOING_ON, closed_at__isnull=True)
                | (~Q(state__in=GOING_ON) & Q(closed_at__isnull=False)),
                name="talk_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", answer__gt="") | (~Q(state="closed") & Q(answer="")),
                name="talk_that_was_closed_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", overlay__isnull=False) | (~Q(state="agreed") & Q(overlay__isnull=True)),
                name="talk_that_was_agreed_has_its_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.numbers}"

    @property
    def numbers(self) -> str:
        """The clauses by their numbers in the edition, as its readers know them."""
        return ", ".join(clause["number"] for clause in self.clauses)

    @property
    def codes(self) -> list[str]:
        """The clauses by their lasting codes."""
        return [clause["code"] for clause in self.clauses]

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self.state in GOING_ON


class TalkEntry(models.Model):
    """What one side said."""

    class Side(models.TextChoices):
        """Who speaks."""

        PARTNER = "partner", _("партнёр")
        VENDOR = "vendor", _("ASoft")

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="entries", verbose_name=_("разговор"))
    side = models.CharField(_("сторона"), max_length=10, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("автор")
    )
    text = models.TextField(_("текст"), max_length=LONGEST_TEXT)
    at = models.DateTimeField(_("когда"), default=timezone.now)

    class Meta:
        verbose_name = _("реплика разговора")
        verbose_name_plural = _("реплики разговоров")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="talk_entry_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
