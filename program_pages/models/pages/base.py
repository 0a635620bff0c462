"""What pages of the site are made of: their words, the edition shown, the day asked about, addresses of their own.

Numbers come from ``terms``. Pages are translated as trees (wagtail-localize). May not import the partners.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from program_pages.blocks import RICH_TEXT, BodyBlock
from program_pages.history import Missing, Recalled, recalled
from program_pages.kept import keep
from program_pages.shown import say_words_are_todays, shown_terms, terms_context
from program_pages.words import search_words


class BasePage(Page):
    """What every page of the site has: an introduction, a body of blocks, and the terms shown."""

    introduction = RichTextField(
        _("вступление"),
        blank=True,
        features=RICH_TEXT,
        help_text=_("Числа условий вписываются подстановками, например {retail.discount}."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("содержание"))

    needs_terms: ClassVar[bool] = False  # whether the page is empty without an edition in force
    speaks_of_today: ClassVar[bool] = False  # whether its own words are today's, whatever day its numbers are of
    is_older_than_itself: ClassVar[bool] = False  # whether it shows days from before it was published, too
    # A page has the same address in every language, but for the prefix.
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [SynchronizedField("slug", overridable=False)]

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    search_fields = [
        *Page.search_fields,
        index.SearchField("words"),
    ]

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> Any:
        """Who may see the page; that anybody may is kept for a moment."""
        find = super().get_view_restrictions
        return find() if keep(("restricted", self.pk), lambda: find().exists()) else PageViewRestriction.objects.none()

    def words(self) -> str:
        """The page's text normalised for search in any form of its words."""
        streams = [field.name for field in self._meta.get_fields() if isinstance(field, StreamField)]
        said = [text for name in streams for text in self._stream_texts(name)]
        return search_words(self.title, self.search_description, self.introduction, *said)

    def _stream_texts(self, name: str) -> list[str]:
        stream = getattr(self, name)
        return list(stream.stream_block.get_searchable_content(stream))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page under the edition shown, as it was published at the end of a past day (R83)."""
        return self._as_of(request, lambda page: Page.serve(page, request, *args, **kwargs))

    def _as_of(self, request: HttpRequest, serve: Callable[[Any], HttpResponse]) -> HttpResponse:
        """Serves the page, or what it was on the day asked about; another day's is not indexed.

        A page that was not published then says so with status 404; without any edition in force, one that needs one
        says so with status 503.
        """
        shown = shown_terms(request)
        if self.needs_terms and shown.terms is None:
            return TemplateResponse(request, "program_pages/no_edition.html", self.get_context(request), status=503)
        then = self._recalled(request)
        response = self._not_then(request, then, self.title) if then.content is None else serve(then.content)
        if not shown.indexed:
            response["X-Robots-Tag"] = "noindex"
        return response

    def _recalled(self, request: HttpRequest) -> Recalled[BasePage]:
        """What the page was on the day asked about; itself, and the banner says so, where its words are today's."""
        asked = shown_terms(request).as_of
        if not self.speaks_of_today:
            then: Recalled[BasePage] = recalled(self, asked)
            if then.missing is not Missing.NOT_YET or not self.is_older_than_itself:
                return then
        if asked.is_past:
            say_words_are_todays(request)
        return Recalled(self)

    def _not_then(self, request: HttpRequest, then: Recalled[Any], title: str) -> HttpResponse:
        """That there is nothing to show of the day, and why."""
        shown = shown_terms(request)
        context = {
            **terms_context(request),
            "page": self,
            "self": self,
            "title": title,
            "missing": then.missing,
            "asked_day": shown.as_of.day,
            "since": then.since,
            "edition_notice": None,
        }
        return TemplateResponse(request, "program_pages/not_then.html", context, status=404)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the terms shown, what to tell about them, and that the page can be asked about another day."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        asks_day = None if self.speaks_of_today else {"kept": ()}
        return context | terms_context(request) | {"asks_day": asks_day}

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The page's address with its addresses in the other languages (hreflang)."""
        return [{**entry, "alternates": self._alternates(request)} for entry in super().get_sitemap_urls(request)]

    def _alternates(self, request: HttpRequest | None, ending: str = "") -> list[dict[str, str]]:
        translations = self.get_translations(inclusive=True).live().select_related("locale")
        return [
            {"lang_code": page.locale.language_code, "location": page.get_full_url(request) + ending}
            for page in translations
        ]


class ChildPage(BasePage):
    """A page under the home page."""

    parent_page_types: ClassVar[list[str]] = ["program_pages.HomePage", "program_pages.ContentPage"]

    class Meta:
        abstract = True


class SinglePage(ChildPage):
    """A page the site has once a language."""

    parent_page_types: ClassVar[list[str]] = ["program_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Only where this parent has none yet."""
        return bool(super().can_create_at(parent)) and not cls.objects.child_of(parent).exists()


class RoutedPage(RoutablePageMixin, SinglePage):
    """A single page with addresses of its own below it."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, view: Any = None, args: Any = None, kwargs: Any = None) -> HttpResponse:
        """The route asked for, under the edition shown, on the page as it was published at the end of a past day."""

        def serve(page: RoutedPage) -> HttpResponse:
            bound = view.__func__.__get__(page, type(page)) if view is not None else None
            return RoutablePageMixin.serve(page, request, bound, args, kwargs)

        return self._as_of(request, serve)
