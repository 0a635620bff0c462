"""What active partners take: materials, licences, seats, help (R2, R18, R20, R27, R48, R49, R56, R60, R61, R63)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string

from partner_directory.models.facts import LONGEST_TEXT, LONGEST_TITLE
from partner_directory.models.partner import Partner
from program_pages.bilingual import paired, said
from program_pages.models.catalogue import Product
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level
from program_pages.rules.terms import Text

ROUBLES: Any = {"max_digits": 20, "decimal_places": 2}


class Material(models.Model):
    """A document for partners of some levels; without levels, for every active partner."""

    class Kind(models.TextChoices):
        """The kinds of support (R2) and the knowledge base (R27)."""

        ADVERTISING = "advertising", _("рекламные материалы")
        INFORMATIONAL = "informational", _("информационные материалы")
        METHODICAL = "methodical", _("методические материалы")
        KNOWLEDGE = "knowledge", _("база знаний")

    kind = models.CharField(_("вид"), max_length=15, choices=Kind)
    title_ru = models.CharField(_("название"), max_length=LONGEST_TITLE)
    title_en = models.CharField(_("название на английском"), max_length=LONGEST_TITLE, blank=True)
    text_ru = models.TextField(_("о чём"), max_length=LONGEST_TEXT, blank=True)
    text_en = models.TextField(_("о чём, на английском"), max_length=LONGEST_TEXT, blank=True)
    document = models.ForeignKey(
        get_document_model_string(), on_delete=models.PROTECT, related_name="+", verbose_name=_("документ")
    )
    levels = models.ManyToManyField(Level, blank=True, related_name="+", verbose_name=_("уровни"))
    edition = models.ForeignKey(
        TermsEdition,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("редакция условий"),
        help_text=_("Пусто — при любой редакции."),
    )
    published = models.BooleanField(_("опубликован"), default=True)
    is_sample = models.BooleanField(_("образец"), default=False)
    added_at = models.DateTimeField(_("добавлен"), auto_now_add=True)

    class Meta:
        verbose_name = _("материал для партнёров")
        verbose_name_plural = _("материалы для партнёров")
        ordering = ["kind", "-added_at", "-pk"]

    def __str__(self) -> str:
        return said(self.title)

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return paired(self, "title")

    @property
    def text(self) -> Text:
        """What it is about, in both languages."""
        return paired(self, "text")


class RequestState(models.TextChoices):
    """What became of a request."""

    ASKED = "asked", _("на рассмотрении")
    GRANTED = "granted", _("одобрено")
    REFUSED = "refused", _("отказано")
    CANCELLED = "cancelled", _("отозвано")


class PartnerRequest(models.Model):
    """The common part: whose, who asked, and what was decided."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("партнёр"))
    state = models.CharField(_("состояние"), max_length=10, choices=RequestState, default=RequestState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(_("запрошено"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=500, blank=True)
    note = models.TextField(_("пояснение"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="%(class)s_that_was_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="%(class)s_that_was_refused_says_why"
            ),
        ]


class LicenceRequest(PartnerRequest):
    """Licences for demonstration, free up to the terms' limit (R49), or for the partner's own use (R48).

    Of the latter the row keeps what the partner was shown: ``price`` in roubles for all of them, or from it up to
    ``price_most`` where there is only a range (A3), by the terms of ``edition``; nothing where there was no price.
    """

    class Kind(models.TextChoices):
        """What for."""

        DEMO = "demo", _("для демонстрации")
        OWN_USE = "own_use", _("для собственного использования")

    kind = models.CharField(_("для чего"), max_length=10, choices=Kind)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("продукт"))
    quantity = models.PositiveIntegerField(_("сколько"), default=1, validators=[MinValueValidator(1)])
    price = models.DecimalField(_("цена при запросе"), **ROUBLES, null=True, blank=True)
    price_most = models.DecimalField(_("цена при запросе, до"), **ROUBLES, null=True, blank=True)
    edition = models.ForeignKey(
        TermsEdition,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("редакция условий"),
    )

    class Meta(PartnerRequest.Meta):
        verbose_name = _("запрос лицензий")
        verbose_name_plural = _("запросы лицензий")
        permissions = [("export_licencerequest", "Может выгружать запросы лицензий")]
        constraints = [
            *PartnerRequest.Meta.constraints,
            models.CheckConstraint(
                condition=Q(price__isnull=True, price_most__isnull=True)
                | Q(kind="own_use", price__isnull=False, edition__isnull=False),
                name="own_use_price_names_its_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.product} × {self.quantity}"


class HelpRequest(PartnerRequest):
    """Something that ASoft and the partner do together: a project, a visit, a seminar (R60, R61, R63).

    A kind's value is the key of the benefit, by which the terms say which levels have it.
    """

    class Kind(models.TextChoices):
        """What is done together."""

        PROJECT = "joint-projects", _("совместный проект по внедрению")
        VISIT = "reference-visits", _("референс-визит к клиенту ASoft")
        SEMINAR = "joint-seminars", _("совместный семинар у партнёра")

    kind = models.CharField(_("что"), max_length=20, choices=Kind)
    wished_on = models.DateField(_("желаемый день"), null=True, blank=True)

    class Meta(PartnerRequest.Meta):
        verbose_name = _("совместная работа")
        verbose_name_plural = _("совместная работа")
        permissions = [("export_helprequest", "Может выгружать совместную работу")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.wished_on}" if self.wished_on else self.get_kind_display()


class TrainingSeat(PartnerRequest):
    """A seat at a training of a partner's specialist (R56, R68)."""

    person = models.CharField(_("специалист"), max_length=150)
    course = models.CharField(_("курс"), max_length=LONGEST_TITLE, blank=True)
    year = models.PositiveSmallIntegerField(_("год"))

    class Meta(PartnerRequest.Meta):
        verbose_name = _("место на обучении")
        verbose_name_plural = _("места на обучении")
        permissions = [("export_trainingseat", "Может выгружать места на обучении")]

    def __str__(self) -> str:
        return f"{self.person} · {self.year}"
