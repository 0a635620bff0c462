"""What an edition gives: benefits, and the cell of each at each level."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from program_pages.bilingual import paired, said
from program_pages.models.fields import ClauseCodeField
from program_pages.models.level import Level
from program_pages.rules.terms import CellKind


class BenefitSource(models.TextChoices):
    """Where the cells of a benefit come from: entered by hand, or read from the level's own terms."""

    ENTERED = "", _("вписано в таблице")
    DISCOUNT = "discount", _("скидка уровня (R64)")
    OWN_IMPLEMENTATION = "own_implementation_share", _("доля от своего внедрения (R65)")
    ASOFT_IMPLEMENTATION = "asoft_implementation_share", _("доля от внедрения силами ASoft (R66)")
    MAY_IMPLEMENT = "may_implement", _("может внедрять сам (R62)")
    DEMO_LICENCES = "demo_licences", _("лицензии для показа (R59)")


class Benefit(ClusterableModel, Orderable):
    """A row of the benefits table (R55-R67)."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="benefits")
    key = models.SlugField(_("код"), max_length=50)
    title_ru = models.CharField(_("преимущество"), max_length=200)
    title_en = models.CharField(_("преимущество на английском"), max_length=200, blank=True)
    clause = ClauseCodeField(_("пункт"))
    source = models.CharField(
        _("откуда значения"),
        max_length=30,
        choices=BenefitSource,
        blank=True,
        default=BenefitSource.ENTERED,
        help_text=_("Одно число живёт в одном месте: скидка и доли берутся из условий уровня."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("преимущество")
        verbose_name_plural = _("преимущества")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_benefit_per_edition_and_key")]

    def __str__(self) -> str:
        return said(paired(self, "title"))


class BenefitCell(models.Model):
    """One benefit at one level: yes, no, or a value."""

    benefit = ParentalKey(Benefit, on_delete=models.CASCADE, related_name="cells")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    kind = models.CharField(
        _("есть ли"),
        max_length=5,
        choices=[(CellKind.YES.value, _("есть")), (CellKind.NO.value, _("нет")), (CellKind.VALUE.value, _("значение"))],
        default=CellKind.NO.value,
    )
    value_ru = models.CharField(_("значение"), max_length=100, blank=True)
    value_en = models.CharField(_("значение на английском"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("ячейка преимущества")
        verbose_name_plural = _("ячейки преимуществ")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["benefit", "level"], name="one_cell_per_benefit_and_level"),
            models.CheckConstraint(
                condition=~Q(kind=CellKind.VALUE.value) | ~Q(value_ru=""), name="benefit_value_is_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} · {self.level}"
