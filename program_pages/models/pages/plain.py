"""Pages that add nothing to their own words and the terms shown: their templates do the rest.

May not import the partners.
"""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from program_pages.blocks import QuestionBlock
from program_pages.models.pages.base import ChildPage, SinglePage


class ProgrammePage(SinglePage):
    """What the programme is (R1-R4), its bonuses and its term."""

    needs_terms = True
    template = "program_pages/programme_page.html"

    class Meta:
        verbose_name = _("страница о программе")


class BenefitsPage(SinglePage):
    """The benefits table (R55-R67)."""

    needs_terms = True
    template = "program_pages/benefits_page.html"

    class Meta:
        verbose_name = _("страница преимуществ")


class JoinPage(SinglePage):
    """How to join: who may (R4), the three steps (R80), and until when (R44)."""

    needs_terms = True
    template = "program_pages/join_page.html"

    class Meta:
        verbose_name = _("страница «Как присоединиться»")


class FaqPage(SinglePage):
    """Questions and answers."""

    questions = StreamField([("question", QuestionBlock())], blank=True, verbose_name=_("вопросы"))

    template = "program_pages/faq_page.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("questions"), FieldPanel("body")]

    class Meta:
        verbose_name = _("страница вопросов и ответов")


class ContactsPage(SinglePage):
    """Whom to write to (R42, R78)."""

    template = "program_pages/contacts_page.html"

    class Meta:
        verbose_name = _("страница контактов")


class ContentPage(ChildPage):
    """A page of an editor's own making."""

    template = "program_pages/content_page.html"
    subpage_types: ClassVar[list[str]] = ["program_pages.ContentPage"]

    class Meta:
        verbose_name = _("обычная страница")
