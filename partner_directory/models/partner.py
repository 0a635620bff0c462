"""A partner as the public meets it: names, facts, offices, offers, references.

A snippet that is drafted, checked and published; what it holds of the programme is no field of it but its memberships
(``models.membership``), and what the directory shows of it is made from both (``directory.projection``).
"""

from __future__ import annotations

from datetime import date
from itertools import chain, count
from typing import Any, Self

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from partner_directory import preview
from partner_directory.distance import Point
from partner_directory.languages import language_options
from partner_directory.models.fields import CodesField
from partner_directory.models.geography import DATE_LINE, POLE, City, Region
from partner_directory.models.industry import Industry
from partner_directory.services import Service
from partner_directory.validators import validate_inn, validate_ogrn, validate_phone, validate_phones, written_phone
from program_pages.bilingual import paired, said
from program_pages.blocks import RICH_TEXT
from program_pages.models.catalogue import Product
from program_pages.rules.terms import Text

LONGEST_SLUG = 80
LONGEST_PLAIN_SLUG = 70  # leaves room for a number
FIRST_YEAR = 1990  # before it nobody sold a CRM here
READ_FOR_PAGE = (
    "slug", "name_ru", "name_en", "legal_name_ru", "legal_name_en", "inn", "ogrn", "summary_ru", "summary_en",
    "description_ru", "description_en", "site_url", "email", "phones", "languages", "accepts_clients", "is_sample",
    "listing__card", "listing__profile",
)  # fmt: skip
NOT_SLUGS = frozenset({"compare", "export", "feed", "frame", "enquiry", "map"})  # addresses beside the partners'


def partner_slug(name: str) -> str:
    """A name in Latin letters for an address; never empty, never an address of the directory itself."""
    slug = slugify(anyascii(name))[:LONGEST_PLAIN_SLUG].strip("-") or "partner"
    return f"{slug}-partner" if slug in NOT_SLUGS else slug


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners by what can be asked of their rows alone."""

    def published(self) -> Self:
        """Profiles that are published; whether the directory lists them is for their memberships to say."""
        return self.filter(live=True)

    def with_listing(self) -> Self:
        """With their listings, in the same query, and no more than what a profile's page says or asks."""
        return self.select_related("listing").only(*READ_FOR_PAGE)


class Partner(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A company of the programme (R1, R4, R11)."""

    name_ru = models.CharField(_("название"), max_length=150, help_text=_("Как компанию знают клиенты."))
    name_en = models.CharField(_("название на английском"), max_length=150, blank=True)
    legal_name_ru = models.CharField(_("юридическое название"), max_length=200, blank=True)
    legal_name_en = models.CharField(_("юридическое название на английском"), max_length=200, blank=True)
    inn = models.CharField(
        _("ИНН"), max_length=12, blank=True, validators=[validate_inn], help_text=_("Пусто у компаний других стран.")
    )
    ogrn = models.CharField(_("ОГРН"), max_length=15, blank=True, validators=[validate_ogrn])
    slug = models.SlugField(
        _("адрес страницы"),
        max_length=LONGEST_SLUG,
        unique=True,
        blank=True,
        help_text=_("Пусто — составится из названия. Прежний адрес продолжит работать."),
    )
    summary_ru = models.CharField(
        _("кратко"), max_length=200, blank=True, help_text=_("Одно предложение для карточки.")
    )
    summary_en = models.CharField(_("кратко на английском"), max_length=200, blank=True)
    description_ru = RichTextField(_("о компании"), blank=True, features=RICH_TEXT)
    description_en = RichTextField(_("о компании на английском"), blank=True, features=RICH_TEXT)
    logo = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("логотип"),
        help_text=_("Логотип самой компании: PNG, WebP, JPEG или SVG."),
    )
    site_url = models.URLField(_("сайт"), blank=True)
    email = models.EmailField(_("почта"), blank=True, help_text=_("Сюда приходят обращения клиентов."))
    phones = models.TextField(
        _("телефоны"), blank=True, validators=[validate_phones], help_text=_("По одному в строке.")
    )
    languages = CodesField(_("языки"), options=language_options)
    services = CodesField(
        _("услуги"),
        options=lambda: list(Service.choices),
        help_text=_("Публикуются только те, что разрешает уровень: Retail — поставка без внедрения и поддержки (R22)."),
    )
    industries = ParentalManyToManyField(Industry, verbose_name=_("отрасли"), blank=True, related_name="partners")
    products = ParentalManyToManyField(Product, verbose_name=_("продукты"), blank=True, related_name="partners")
    regions = ParentalManyToManyField(
        Region,
        verbose_name=_("регионы присутствия"),
        blank=True,
        related_name="partners",
        help_text=_("Где компания работает с клиентами (R1); регионы офисов добавляются сами."),
    )
    accepts_clients = models.BooleanField(_("берёт новых клиентов"), default=True)
    is_sample = models.BooleanField(
        _("образец"), default=False, help_text=_("Вымышленная компания: об этом говорит её страница.")
    )
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    objects = PartnerQuerySet.as_manager()

    search_fields = [index.AutocompleteField("name_ru"), index.AutocompleteField("name_en")]

    class Meta:
        verbose_name = _("партнёр")
        verbose_name_plural = _("партнёры")
        ordering = ["name_ru", "pk"]
        permissions = [("export_partner", "Может выгружать партнёров"), ("import_partner", "Может загружать партнёров")]
        constraints = [
            models.UniqueConstraint(
                fields=["inn"],
                condition=~Q(inn=""),
                name="one_partner_per_inn",
                violation_error_message=_("Партнёр с таким ИНН уже есть."),
            ),
        ]

    def __str__(self) -> str:
        return said(self.name)

    @property
    def name(self) -> Text:
        """The public name in both languages."""
        return paired(self, "name")

    @property
    def legal_name(self) -> Text:
        """The name of the legal person in both languages."""
        return paired(self, "legal_name")

    @property
    def summary(self) -> Text:
        """One sentence in both languages."""
        return paired(self, "summary")

    @property
    def description(self) -> Text:
        """About the company in both languages, as rich text."""
        return paired(self, "description")

    @property
    def phone_list(self) -> list[str]:
        """The telephone numbers as people write them."""
        return [written_phone(line) for line in filter(None, map(str.strip, self.phones.splitlines()))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """As the public sees it."""
        return preview.TEMPLATE

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the public sees."""
        return super().get_preview_context(request, mode_name) | preview.preview_context(request, self)

    def clean(self) -> None:
        """Gives an empty address its slug; refuses one that stands for something else or has stood for another."""
        super().clean()
        if not self.slug:
            self.slug = self.free_slug()
        if self.slug in NOT_SLUGS:
            raise ValidationError({"slug": _("Этот адрес занят самим каталогом.")})
        if OldAddress.objects.filter(slug=self.slug).exclude(partner=self.pk).exists():
            raise ValidationError({"slug": _("По этому адресу раньше был другой партнёр.")})

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Wagtail's check of a draft, which skips ``clean``, needs the slug too."""
        if not self.slug and self.name_ru:
            self.slug = self.free_slug()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never stores a row without an address."""
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def free_slug(self) -> str:
        """The slug of the name; with a number behind it where another partner has, or has had, the same."""
        plain = partner_slug(self.name_ru or self.name_en)
        same = Q(slug=plain) | Q(slug__startswith=f"{plain}-")
        taken = set(Partner.objects.filter(same).exclude(pk=self.pk).values_list("slug", flat=True))
        taken.update(OldAddress.objects.filter(same).exclude(partner=self.pk).values_list("slug", flat=True))
        return next(slug for slug in chain([plain], (f"{plain}-{n}" for n in count(2))) if slug not in taken)


class Office(Orderable):
    """Where a partner is; the first one is the main one."""

    partner = ParentalKey(Partner, on_delete=models.CASCADE, related_name="offices")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="offices", verbose_name=_("город"))
    address_ru = models.CharField(_("адрес"), max_length=200, blank=True)
    address_en = models.CharField(_("адрес на английском"), max_length=200, blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True, validators=[validate_phone])
    latitude = models.DecimalField(
        _("широта"),
        max_digits=7,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-POLE), MaxValueValidator(POLE)],
        help_text=_("Пусто — место города."),
    )
    longitude = models.DecimalField(
        _("долгота"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-DATE_LINE), MaxValueValidator(DATE_LINE)],
    )

    class Meta(Orderable.Meta):
        verbose_name = _("офис")
        verbose_name_plural = _("офисы")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="office_has_both_coordinates_or_none",
                violation_error_message=_("Координаты — это и широта, и долгота."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}, {said(self.address)}" if said(self.address) else str(self.city)

    @property
    def address(self) -> Text:
        """Street and house in both languages."""
        return paired(self, "address")

    @property
    def point(self) -> Point:
        """Its place, or its city's."""
        if self.latitude is None or self.longitude is None:
            return self.city.point
        return Point(float(self.latitude), float(self.longitude))


class Reference(Orderable):
    """A client that may be named; published only with the client's consent."""

    partner = ParentalKey(Partner, on_delete=models.CASCADE, related_name="references")
    client_ru = models.CharField(_("клиент"), max_length=150)
    client_en = models.CharField(_("клиент на английском"), max_length=150, blank=True)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("продукт")
    )
    year = models.PositiveSmallIntegerField(_("год"), null=True, blank=True, validators=[MinValueValidator(FIRST_YEAR)])
    text_ru = models.TextField(_("что сделано"), max_length=1000, blank=True)
    text_en = models.TextField(_("что сделано, на английском"), max_length=1000, blank=True)
    consent_on = models.DateField(
        _("согласие клиента от"),
        null=True,
        blank=True,
        help_text=_("День, когда клиент согласился, чтобы его назвали. Без согласия не публикуется."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("проект")
        verbose_name_plural = _("проекты")

    def __str__(self) -> str:
        return said(self.client)

    @property
    def client(self) -> Text:
        """The client's name in both languages."""
        return paired(self, "client")

    @property
    def text(self) -> Text:
        """What was done, in both languages."""
        return paired(self, "text")

    def is_public(self, day: date) -> bool:
        """Whether the client has agreed to be named by this day."""
        return self.consent_on is not None and self.consent_on <= day


class OldAddress(models.Model):
    """A slug that a partner has had: it leads to the present one, and is nobody else's."""

    slug = models.SlugField(_("прежний адрес"), max_length=LONGEST_SLUG, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name = _("прежний адрес")
        verbose_name_plural = _("прежние адреса")

    def __str__(self) -> str:
        return self.slug
