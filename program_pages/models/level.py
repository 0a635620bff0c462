"""What outlives an edition: product lines and the levels of participation (R12, R13, R84).

A level's numbers are not here: each edition sets them (``LevelTerms``).
"""

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from program_pages.bilingual import paired, paired_panel, said
from program_pages.rules.terms import Text

validate_colour = RegexValidator(
    r"^#[0-9a-f]{6}\Z", _("Цвет пишется как #rrggbb: решётка и шесть шестнадцатеричных цифр в нижнем регистре.")
)


class ProductLine(models.Model):
    """A family of products; a partner holds at most one level of it at a time (R12, A7)."""

    slug = models.SlugField(_("код"), unique=True)
    name_ru = models.CharField(_("название"), max_length=100)
    name_en = models.CharField(_("название на английском"), max_length=100, blank=True)

    panels = [FieldPanel("slug"), paired_panel("name", _("Название"))]

    class Meta:
        verbose_name = _("линейка продуктов")
        verbose_name_plural = _("линейки продуктов")
        ordering = ["pk"]

    def __str__(self) -> str:
        return said(paired(self, "name"))


class Shape(models.TextChoices):
    """The shapes a level may have; each level has its own beside its colour."""

    SQUARE = "square", _("квадрат")
    HEXAGON = "hexagon", _("шестиугольник")
    CIRCLE = "circle", _("круг")
    DIAMOND = "diamond", _("ромб")
    TRIANGLE = "triangle", _("треугольник")
    OCTAGON = "octagon", _("восьмиугольник")


class Level(models.Model):
    """A level of participation: chosen by a company, not climbed (R12).

    ``contract_code`` is the designation in licence contracts (R84), not a rank.
    """

    slug = models.SlugField(_("код в адресах"), unique=True, help_text=_("Не меняется: на нём держатся ссылки и API."))
    contract_code = models.PositiveSmallIntegerField(
        _("обозначение в договоре"), unique=True, help_text=_("Обозначение уровня в лицензионных договорах (R84).")
    )
    product_line = models.ForeignKey(
        ProductLine,
        on_delete=models.PROTECT,
        related_name="levels",
        verbose_name=_("линейка продуктов"),
        help_text=_("С новыми продуктами появляются и новые уровни (R13)."),
    )
    name_ru = models.CharField(_("полное название"), max_length=100)
    name_en = models.CharField(_("полное название на английском"), max_length=100, blank=True)
    short_name_ru = models.CharField(_("краткое название"), max_length=40)
    short_name_en = models.CharField(_("краткое название на английском"), max_length=40, blank=True)
    mark_name = models.CharField(_("название знака"), max_length=100, help_text=_("Надпись на логотипе уровня (R9)."))
    colour = models.CharField(_("цвет"), max_length=7, validators=[validate_colour], help_text="#b45309")
    shape = models.CharField(_("форма"), max_length=10, choices=Shape)
    order = models.PositiveSmallIntegerField(_("порядок показа"), default=0)

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("slug"), FieldPanel("contract_code")]),
                FieldPanel("product_line", widget=forms.Select),
            ],
            heading=_("Обозначения"),
        ),
        MultiFieldPanel(
            [paired_panel("name"), paired_panel("short_name"), FieldPanel("mark_name")], heading=_("Названия")
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("colour"), FieldPanel("shape"), FieldPanel("order")])],
            heading=_("Облик"),
            help_text=_("Цвет никогда не говорит один: рядом всегда форма и название."),
        ),
    ]

    class Meta:
        verbose_name = _("уровень участия")
        verbose_name_plural = _("уровни участия")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return said(self.short_name)

    @property
    def name(self) -> Text:
        """The full name in both languages."""
        return paired(self, "name")

    @property
    def short_name(self) -> Text:
        """The short name in both languages."""
        return paired(self, "short_name")
