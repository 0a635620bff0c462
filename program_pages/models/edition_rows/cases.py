"""Worked examples that an edition carries: what its calculator has to answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from program_pages.bilingual import paired, said
from program_pages.calculator.case_json import validate_expected, validate_request
from program_pages.models.fields import split_codes, validate_codes


class GoldenCase(Orderable):
    """A worked example of an edition: a deal with every price in it, and what must come out of it."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="cases")
    key = models.SlugField(_("код"), max_length=60, help_text=_("По нему пример находят от редакции к редакции."))
    title_ru = models.CharField(_("пример"), max_length=200)
    title_en = models.CharField(_("пример на английском"), max_length=200, blank=True)
    explanation_ru = models.TextField(
        _("как посчитано"), help_text=_("Арифметика от руки: по ней пример проверяет человек.")
    )
    explanation_en = models.TextField(_("как посчитано, на английском"), blank=True)
    clauses = models.CharField(
        _("пункты и прочтения"),
        max_length=200,
        blank=True,
        validators=[validate_codes],
        help_text=_("Через запятую: R50, A9."),
    )
    request = models.JSONField(
        _("запрос"),
        default=dict,
        validators=[validate_request],
        help_text=_("Сделка в том же виде, в каком её принимает API расчёта, с ценой прайс-листа в каждой строке."),
    )
    expected = models.JSONField(
        _("ожидается"),
        default=dict,
        validators=[validate_expected],
        help_text=_("Строки по ключу и итоги, как в ответе API; чего здесь нет, то не проверяется."),
    )
    confirmed = models.BooleanField(
        _("проверено человеком"),
        default=False,
        help_text=_("Числа сверены с правилами. Без этой отметки редакция не утверждается."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("пример расчёта")
        verbose_name_plural = _("примеры расчёта")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_case_per_edition_and_key")]

    def __str__(self) -> str:
        return said(paired(self, "title"))

    @property
    def codes(self) -> list[str]:
        """The codes of the clauses and readings it works out."""
        return split_codes(self.clauses)
