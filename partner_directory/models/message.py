"""What partners and managers are told: an outbox written in the transaction it tells of, sent once it is committed.

Written by ``partner_directory.messages``, sent by ``partner_directory.outbox``, read, sent anew and forgotten by
``actions.messages``, and by nothing else. ``key`` is the happening: whoever tells of it twice writes one row. The
wording of each kind is a managers' text where they have written one (``LetterText``), and the project's own otherwise.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin

from partner_directory.letterhead import letter_of, plain_page
from partner_directory.models.partner import Partner
from partner_directory.models.people import TeamMember
from partner_directory.wording import Words, kind_label, own_words, sample_of

LONGEST_ATTEMPT = timedelta(minutes=10)  # after which a sender that took a message and said no more must have died


class Delivery(models.TextChoices):
    """Where a letter is; told by the row's moments, stored nowhere."""

    WAITING = "waiting", _("ждёт отправки")
    SENDING = "sending", _("отправляется")
    SENT = "sent", _("отправлено")
    UNKNOWN = "unknown", _("неизвестно, ушло ли")
    GIVEN_UP = "given_up", _("не удалось отправить")
    NO_LETTER = "no_letter", _("без письма")


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by whether they have left."""

    def due(self, moment: datetime) -> Self:
        """Those still to be sent whose next attempt has come, and that no sender has taken."""
        return self.in_delivery(Delivery.WAITING, moment).filter(next_attempt_at__lte=moment)

    def in_delivery(self, delivery: str, moment: datetime) -> Self:
        """Those whose letter is there at a moment: the database is asked what ``Message.delivery`` tells of a row."""
        addressed = self.exclude(email="")
        under_way = addressed.filter(sent_at__isnull=True, given_up_at__isnull=True)
        died = Q(claimed_at__lte=moment - LONGEST_ATTEMPT)
        return {
            Delivery.WAITING: under_way.filter(claimed_at__isnull=True),
            Delivery.SENDING: under_way.filter(claimed_at__isnull=False).exclude(died),
            Delivery.SENT: addressed.filter(sent_at__isnull=False),
            Delivery.UNKNOWN: under_way.filter(died),
            Delivery.GIVEN_UP: addressed.filter(given_up_at__isnull=False),
            Delivery.NO_LETTER: self.filter(email=""),
        }[Delivery(delivery)]

    def of_seat(self, seat: TeamMember) -> Self:
        """What a person was told as one of a company's people."""
        return self.filter(user=seat.user_id, partner=seat.partner_id)

    def troubled(self, moment: datetime) -> Self:
        """Those that only a manager can send: given up, or nobody knows whether they have left."""
        return self.in_delivery(Delivery.UNKNOWN, moment) | self.in_delivery(Delivery.GIVEN_UP, moment)


class Message(models.Model):
    """One message to one person, in that person's language; without ``email`` it only shows in the section's feed.

    One to an address (a company without people, a client, somebody invited) has no ``user`` and shows in no feed.
    """

    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.CASCADE, related_name="messages", verbose_name=_("партнёр")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,  # what a person was told goes with the person
        related_name="messages",
        verbose_name=_("человек"),
    )
    kind = models.CharField(_("вид"), max_length=60)
    key = models.CharField(_("событие"), max_length=160)
    email = models.EmailField(_("кому"), blank=True)
    language = models.CharField(_("язык"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("тема"), max_length=200)
    text = models.TextField(_("текст"))
    url = models.CharField(_("где продолжить"), max_length=300, blank=True)
    # What its sealed link is about: the text keeps {link} as it is, and the link is made when the letter is built.
    about = models.CharField(_("о чём ссылка"), max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("написано"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("следующая попытка"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("попыток"), default=0)
    claimed_at = models.DateTimeField(_("взято на отправку"), null=True, blank=True)
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
            models.Index(fields=["key"]),
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
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True) | Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="message_being_sent_is_neither_sent_nor_given_up",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def delivery(self) -> Delivery:
        """Where the letter is now."""
        if not self.email:
            return Delivery.NO_LETTER
        if self.sent_at is not None:
            return Delivery.SENT
        if self.given_up_at is not None:
            return Delivery.GIVEN_UP
        if self.claimed_at is None:
            return Delivery.WAITING
        return Delivery.UNKNOWN if self.claimed_at <= timezone.now() - LONGEST_ATTEMPT else Delivery.SENDING

    @property
    def kind_label(self) -> str:
        """When messages of its kind are sent."""
        return kind_label(self.kind)


class LetterText(PreviewableMixin, models.Model):
    """A managers' own wording of one kind of message, with {placeholders}; an empty field keeps the project's own."""

    kind = models.CharField(_("вид"), max_length=60, unique=True)
    subject_ru = models.CharField(_("тема"), max_length=200, blank=True)
    subject_en = models.CharField(_("тема на английском"), max_length=200, blank=True)
    text_ru = models.TextField(_("текст"), blank=True)
    text_en = models.TextField(_("текст на английском"), blank=True)

    class Meta:
        verbose_name = _("текст письма")
        verbose_name_plural = _("тексты писем")
        ordering = ["kind"]

    def __str__(self) -> str:
        return kind_label(self.kind)

    def words(self, language: str) -> Words:
        """The words in a language: managers' own, the project's for what they have left empty."""
        own = own_words(self.kind, language)
        return Words(getattr(self, f"subject_{language}") or own.subject, getattr(self, f"text_{language}") or own.text)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The letter as each reader gets it."""
        return [
            ("ru", _("Письмо")),
            ("ru-text", _("Письмо без оформления")),
            ("en", _("Письмо на английском")),
            ("en-text", _("Письмо на английском без оформления")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """The letter with sample facts; a placeholder that the kind does not know stays as it is."""
        language, _dash, is_plain = mode_name.partition("-")
        words, link = sample_of(self.kind, self.words(language), language)
        letter = letter_of(words, link=link, language=language)
        page = plain_page(letter) if is_plain else letter.html
        with_its_style_sheet = csp_replace({"style-src": [UNSAFE_INLINE]})
        return with_its_style_sheet(lambda _request: HttpResponse(page))(request)
