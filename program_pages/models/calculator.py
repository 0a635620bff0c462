"""The calculator's page: what an editor chooses of it, and the addresses of its papers (A12, R46-R77).

May not import the partners.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django_htmx.http import replace_url
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.fields import StreamField
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from program_pages.calculator.answer import Answer
from program_pages.calculator.papers import as_csv, as_text
from program_pages.calculator.view import Calculation, Defaults, calculation
from program_pages.calculator.wording import SECTIONS
from program_pages.models.catalogue import Product
from program_pages.models.level import Level
from program_pages.models.pages import BasePage, RoutedPage
from program_pages.paper import pdf_available, pdf_response, qr_code
from program_pages.rules.deal import MAX_QUANTITY, QuoteSection


def every_section() -> list[str]:
    """The names of all sections, in their order."""
    return [section.value for section in QuoteSection]


class SectionsField(models.JSONField):
    """The sections that a page shows, as a list of their names; chosen by boxes to tick."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Boxes to tick, one a section."""
        choices = [(section.value, title) for section, title in SECTIONS.items()]
        return forms.MultipleChoiceField(
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            label=self.verbose_name,
            help_text=self.help_text,
            required=not self.blank,
        )


def product_choices() -> list[tuple[str, str]]:
    """The products of the catalogue by their lasting code."""
    return [(product.slug, str(product)) for product in Product.objects.all()]


class DefaultLineBlock(blocks.StructBlock):
    """A product that stands in the calculator before anything is asked, and how many of it."""

    product = blocks.ChoiceBlock(choices=product_choices, label=_("Продукт"))
    quantity = blocks.IntegerBlock(min_value=1, max_value=MAX_QUANTITY, default=1, label=_("Лицензий"))

    class Meta:
        icon = "list-ul"
        label = _("Продукт")


class CalculatorPage(RoutedPage):
    """Every number of a deal, explained line by line; the whole deal stands in the address."""

    default_level = models.ForeignKey(
        Level,
        verbose_name=_("уровень в примере"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("С него начинается расчёт; пусто — первый уровень редакции."),
    )
    default_lines = StreamField(
        [("line", DefaultLineBlock())],
        blank=True,
        verbose_name=_("продукты в примере"),
        help_text=_("Что стоит в расчёте, пока посетитель ничего не ввёл."),
    )
    sections = SectionsField(
        _("разделы"),
        default=every_section,
        help_text=_("Чего здесь нет, не считается; в ссылке на готовый расчёт разделы её собственные."),
    )

    needs_terms = True
    speaks_of_today = True  # a link's day is the deal's, and a deal of an old day is computed with today's page
    template = "program_pages/calculator_page.html"
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        *BasePage.override_translatable_fields,
        SynchronizedField("default_level"),
        SynchronizedField("default_lines"),
        SynchronizedField("sections"),
    ]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("default_level", widget=forms.Select),
                FieldPanel("default_lines"),
                FieldPanel("sections"),
            ],
            heading=_("Расчёт"),
        ),
    ]

    class Meta:
        verbose_name = _("страница калькулятора")

    @property
    def defaults(self) -> Defaults:
        """What this page offers before anything is asked."""
        return Defaults(
            level=self.default_level.slug if self.default_level else "",
            lines=tuple((str(block.value["product"]), int(block.value["quantity"])) for block in self.default_lines),
            sections=frozenset(section for section in QuoteSection if section.value in self.sections),
        )

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """The form and its answer; what the form sends is redirected to the short address of the same deal."""
        found = self._calculation(request)
        response: HttpResponse
        if request.htmx:  # type: ignore[attr-defined]
            context = self.get_context(request) | {"calculation": found}
            response = TemplateResponse(request, "components/calculator.html", context)
            if found.answer:
                replace_url(response, f"?{found.answer.link}")
        elif found.from_form and found.answer:
            response = HttpResponseRedirect(f"?{found.answer.link}#answer")
        else:
            response = self.render(request, context_overrides={"calculation": found})
        patch_vary_headers(response, ["HX-Request"])
        return response

    @path("pdf/", name="pdf")
    def pdf(self, request: HttpRequest) -> HttpResponse:
        """The offer on paper; where PDF cannot be made here, the page that says so with status 503."""
        if pdf_available():
            return self._paper(request, self._pdf)
        context = {"calculation": self._calculation(request), "pdf_failed": True}
        response = self.render(request, context_overrides=context)
        response.status_code = 503
        return response

    @path("csv/", name="csv")
    def csv(self, request: HttpRequest) -> HttpResponse:
        """The lines as a table."""
        return self._paper(request, self._csv)

    @path("text/", name="text")
    def text(self, request: HttpRequest) -> HttpResponse:
        """The answer as plain text."""
        return self._paper(request, self._text)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds where the papers are, and keeps a calculation out of search engines."""
        context = super().get_context(request, *args, **kwargs)
        asked = bool(request.GET)
        return context | {
            "calculator_url": self.get_url(request),
            "pdf_available": pdf_available(),
            "noindex": context["noindex"] or asked,
        }

    def _calculation(self, request: HttpRequest) -> Calculation:
        found = calculation(request, self.defaults)
        if found is None:
            raise Http404
        return found

    def _paper(self, request: HttpRequest, draw: Callable[[HttpRequest, Answer], HttpResponse]) -> HttpResponse:
        """A paper of the answer; where there is none, the page that says what is wrong, with status 422."""
        found = self._calculation(request)
        if found.answer is not None:
            response = draw(request, found.answer)
            response["X-Robots-Tag"] = "noindex"
            return response
        response = self.render(request, context_overrides={"calculation": found})
        response.status_code = 422
        return response

    def _pdf(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        url = self._link(request, answer)
        context = self.get_context(request) | {"answer": answer, "url": url, "qr": qr_code(url)}
        return pdf_response(request, "program_pages/quote_pdf.html", context, f"{_name(answer)}.pdf")

    def _csv(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        response = HttpResponse(as_csv(answer, self._link(request, answer)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{_name(answer)}.csv"'
        return response

    def _text(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        return HttpResponse(as_text(answer, self._link(request, answer)), content_type="text/plain; charset=utf-8")

    def _link(self, request: HttpRequest, answer: Answer) -> str:
        return f"{self.get_full_url(request)}?{answer.link}"


def _name(answer: Answer) -> str:
    return f"asoft-quote-{answer.level.slug}-{answer.day.isoformat()}"
