"""The home page, and how one rouble of a sale splits at each level. May not import the partners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from program_pages.blocks import StepBlock
from program_pages.models.pages.base import BasePage
from program_pages.rules.quote import split_of_a_rouble
from program_pages.rules.terms import Level, Terms


class HomePage(BasePage):
    """The programme in one sentence, its levels side by side, and how to join in three steps."""

    lead = RichTextField(_("главное предложение"), blank=True, features=["bold", "italic"])
    steps = StreamField([("step", StepBlock())], blank=True, verbose_name=_("как присоединиться"))

    needs_terms = True
    template = "program_pages/home_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("introduction"),
        FieldPanel("steps"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("главная страница")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds how one rouble of a sale splits at each level."""
        context = super().get_context(request, *args, **kwargs)
        terms: Terms | None = context["terms"]
        return context | {"splits": list(_splits(terms)) if terms else []}


@dataclass(frozen=True, slots=True)
class Split:
    """How the client's price divides at a level, in points that make a hundred."""

    level: Level
    partner_points: Any
    vendor_points: Any


def _splits(terms: Terms) -> Iterator[Split]:
    for level in terms.levels:
        split = split_of_a_rouble(terms, level.slug)
        yield Split(level, split.partner, split.vendor)
