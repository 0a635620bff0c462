"""What visitors write to partners, the text they agree to, and whose turn it is.

Enquiries and turns are written by ``actions.enquiries`` alone. The address of a sender is never stored, only a salted
hash of it; what says who wrote is emptied when ``manage.py forget_enquiries`` finds it old enough.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from partner_directory.models.geography import Region
from partner_directory.models.partner import Partner
from partner_directory.services import Service
from program_pages.bilingual import paired, paired_panel
from program_pages.formats import day
from program_pages.models.catalogue import Product
from program_pages.rules.terms import Text

LONGEST_NAME = 120
LONGEST_TEXT = 4000
HOUR = timedelta(hours=1)


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    """Texts by day."""

    def in_force(self, day: date, purpose: str = "enquiry") -> ConsentText | None:
        """The text that people agree to on a day, by what it is for; None before the first."""
        return self.filter(purpose=purpose, effective_from__lte=day).order_by("-effective_from").first()


class ConsentText(models.Model):
    """A text by which a person agrees to the processing of personal data; once anybody has, it never changes."""

    class Purpose(models.TextChoices):
        """What the data are processed for: each has a text of its own."""

        ENQUIRY = "enquiry", _("обращение через каталог")
        ACCOUNT = "account", _("учётная запись в разделе партнёров")

    purpose = models.CharField(_("для чего"), max_length=10, choices=Purpose, default=Purpose.ENQUIRY)
    effective_from = models.DateField(_("действует с"), help_text=_("С этого дня люди соглашаются с этим текстом."))
    text_ru = models.TextField(_("текст"))
    text_en = models.TextField(_("текст на английском"), blank=True)
    is_sample = models.BooleanField(
        _("образец"), default=False, help_text=_("Образец: замените его текстом, который утвердил юрист.")
    )

    objects = ConsentTextQuerySet.as_manager()

    panels = [FieldPanel("purpose"), FieldPanel("effective_from"), paired_panel("text"), FieldPanel("is_sample")]

    class Meta:
        verbose_name = _("текст согласия")
        verbose_name_plural = _("тексты согласия")
        ordering = ["-effective_from", "purpose"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "effective_from"],
                name="one_consent_text_per_purpose_and_day",
                violation_error_message=_("С этого дня уже действует другой текст."),
            )
        ]

    def __str__(self) -> str:
        return day(self.effective_from, "ru") if self.effective_from else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses to change what somebody has agreed to."""
        self.refuse_when_used()
        super().save(*args, **kwargs)

    @property
    def text(self) -> Text:
        """The text in both languages."""
        return paired(self, "text")

    @property
    def is_used(self) -> bool:
        """Whether anybody has agreed to it."""
        return self.pk is not None and (self.enquiries.exists() or self.account_consents.exists())

    def refuse_when_used(self) -> None:
        """Raises ValidationError where somebody has agreed to it."""
        if self.is_used:
            raise ValidationError(_("С этим текстом уже соглашались: он не меняется. Новый текст — новая запись."))

    def clean(self) -> None:
        """Refuses to change what somebody has agreed to."""
        super().clean()
        self.refuse_when_used()


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Enquiries by where they are."""

    def expired(self, moment: Any) -> Self:
        """Those never confirmed, sent before a moment."""
        return self.filter(state=Enquiry.State.WAITING, created_at__lt=moment)

    def forgettable(self, moment: Any) -> Self:
        """Those over with before a moment that still say who wrote."""
        over = [Enquiry.State.CLOSED, Enquiry.State.SPAM]
        return self.filter(state__in=over, closed_at__lt=moment, forgotten_at__isnull=True)


class Enquiry(models.Model):
    """One visitor's words to a partner they chose, or to whichever suits (``partner`` is then empty).

    ``recipient`` is the partner it was handed to, and ``sent_at`` when; both change where a manager hands it on.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("ждёт подтверждения")
        SENT = "sent", _("у партнёра")
        ANSWERED = "answered", _("отвечено")
        CLOSED = "closed", _("закрыто")
        SPAM = "spam", _("спам")

    created_at = models.DateTimeField(_("получено"), default=timezone.now, db_index=True)
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("выбранный партнёр")
    )
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("регион"))
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("продукт")
    )
    service = models.CharField(_("услуга"), max_length=20, choices=Service, blank=True)
    name = models.CharField(_("имя"), max_length=LONGEST_NAME, blank=True)
    company = models.CharField(_("компания"), max_length=LONGEST_NAME, blank=True)
    email = models.EmailField(_("почта"), blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    text = models.TextField(_("обращение"), max_length=LONGEST_TEXT, blank=True)
    language = models.CharField(_("язык"), max_length=5, choices=settings.LANGUAGES)
    consent = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="enquiries", verbose_name=_("согласие с текстом")
    )
    consent_at = models.DateTimeField(_("согласие дано"), default=timezone.now)
    sender = models.CharField(_("отпечаток отправителя"), max_length=64, blank=True)
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.WAITING)
    recipient = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="enquiries", verbose_name=_("получатель")
    )
    sent_at = models.DateTimeField(_("передано"), null=True)
    answered_at = models.DateTimeField(_("отвечено"), null=True)
    closed_at = models.DateTimeField(_("закрыто"), null=True)
    forgotten_at = models.DateTimeField(_("обезличено"), null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("обращение")
        verbose_name_plural = _("обращения")
        ordering = ["-created_at", "-pk"]
        permissions = [("export_enquiry", "Может выгружать обращения")]
        indexes = [
            models.Index(fields=["sender", "created_at"]),
            models.Index(fields=["email", "created_at"]),
            models.Index(fields=["state", "closed_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, sent_at__isnull=True)
                | Q(recipient__isnull=False, sent_at__isnull=False),
                name="enquiry_has_recipient_and_sent_at_or_neither",
                violation_error_message=_("У переданного обращения есть и получатель, и время передачи."),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", sent_at__isnull=True)
                | Q(state="spam")
                | Q(state__in=["sent", "answered", "closed"], sent_at__isnull=False),
                name="enquiry_is_sent_once_it_no_longer_waits",
                violation_error_message=_("Ждущее подтверждения обращение не передано, остальные переданы."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent"], answered_at__isnull=True)
                | Q(state="answered", answered_at__isnull=False)
                | Q(state__in=["closed", "spam"]),
                name="enquiry_that_is_answered_says_when",
                violation_error_message=_("Отвеченное обращение говорит, когда ответили, и только оно."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("sent_at")),
                name="enquiry_is_answered_after_it_was_sent",
                violation_error_message=_("Ответ не может быть раньше передачи."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "spam"], closed_at__isnull=False)
                | Q(state__in=["waiting", "sent", "answered"], closed_at__isnull=True),
                name="enquiry_that_is_over_says_since_when",
                violation_error_message=_("Закрытое обращение говорит, когда закрыто, и только оно."),
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, email__gt="", name__gt="", text__gt="")
                | Q(
                    forgotten_at__isnull=False,
                    closed_at__isnull=False,
                    name="",
                    company="",
                    email="",
                    phone="",
                    text="",
                    sender="",
                ),
                name="enquiry_says_who_wrote_until_it_is_forgotten",
                violation_error_message=_("Обезличенное обращение не хранит ничего о том, кто писал."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Обращение № %(number)s") % {"number": self.pk})

    @property
    def answer_hours(self) -> float | None:
        """Hours from being handed to the partner to the answer."""
        if self.sent_at is None or self.answered_at is None:
            return None
        return round((self.answered_at - self.sent_at) / HOUR, 1)


class Turn(models.Model):
    """Which partner was handed an enquiry «to any suitable partner» when: the smallest number has waited longest.

    Numbers, not times: clocks of two servers differ.
    """

    partner = models.OneToOneField(Partner, primary_key=True, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("очередь партнёра")
        verbose_name_plural = _("очередь партнёров")

    def __str__(self) -> str:
        return f"{self.partner}: {self.number}"
