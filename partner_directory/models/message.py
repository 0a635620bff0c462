"""What partners and managers are told: an outbox written in the transaction it tells of, sent once it is committed.

Written by ``partner_directory.messages`` alone. ``key`` is the happening: whoever tells of it twice writes one row. The
wording of each kind is a managers' text where they have written one (``LetterText``), and the project's own otherwise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner
from program_pages.bilingual import paired
from program_pages.rules.terms import Text


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by whether they have left."""

    def due(self, moment: datetime) -> Self:
        """Those still to be sent whose next attempt has come."""
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True, next_attempt_at__lte=moment).exclude(
            email=""
        )


class Message(models.Model):
    """One message to one person, in that person's language; without ``email`` it only shows in the section's feed."""

    partner = models.ForeignKey(Partner, null=True, on_delete=models.CASCADE, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages")
    kind = models.SlugField(_("вид"), max_length=60)
    key = models.CharField(_("событие"), max_length=160)
    email = models.EmailField(_("кому"), blank=True)
    language = models.CharField(_("язык"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("тема"), max_length=200)
    text = models.TextField(_("текст"))
    url = models.CharField(_("где продолжить"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("написано"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("следующая попытка"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("попыток"), default=0)
    sent_at = models.DateTimeField(_("отправлено"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("больше не отправляем"), null=True, blank=True)
    trouble = models.CharField(_("что не так"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("прочитано"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("сообщение")
        verbose_name_plural = _("сообщения")
        ordering = ["-created_at", "-pk"]
        permissions = [("export_message", "Может выгружать сообщения")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="messages_to_be_sent",
            ),
            models.Index(fields=["partner", "-created_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "user"], condition=Q(user__isnull=False), name="every_person_is_told_once"
            ),
            models.UniqueConstraint(
                fields=["key", "email"], condition=Q(user__isnull=True), name="every_address_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True), name="message_is_sent_or_given_up"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class LetterText(models.Model):
    """A managers' own wording of one kind of message, with {placeholders}; an empty field keeps the project's own."""

    kind = models.SlugField(_("вид"), max_length=60, unique=True)
    subject_ru = models.CharField(_("тема"), max_length=200, blank=True)
    subject_en = models.CharField(_("тема на английском"), max_length=200, blank=True)
    text_ru = models.TextField(_("текст"), blank=True)
    text_en = models.TextField(_("текст на английском"), blank=True)

    class Meta:
        verbose_name = _("текст письма")
        verbose_name_plural = _("тексты писем")
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.kind

    @property
    def subject(self) -> Text:
        """The subject in both languages."""
        return paired(self, "subject")

    @property
    def text(self) -> Text:
        """The text in both languages."""
        return paired(self, "text")
