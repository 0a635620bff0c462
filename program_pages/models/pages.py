"""The pages that publish the programme, in both languages, from the edition in force on the day.

Every page has an introduction and a body of blocks for its own words; numbers come from ``terms``.
Pages are translated as trees (wagtail-localize). May not import the partners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from program_pages.blocks import RICH_TEXT, BodyBlock, QuestionBlock, StepBlock
from program_pages.calculator.first_quote import first_quote
from program_pages.changes import CHANGES
from program_pages.changes.feed import feed
from program_pages.changes.page import ChooseEditionsForm, changes_context, sent_form
from program_pages.changes.pairs import Listed, Pair, current_pair, pair_of, published_editions
from program_pages.forms import priced_products
from program_pages.history import Missing, Recalled, recalled
from program_pages.kept import keep
from program_pages.models.edition import TermsEdition, programme_day_of
from program_pages.models.event import Event
from program_pages.paper import pdf_available, pdf_response
from program_pages.register import entries
from program_pages.rules.money import discounted
from program_pages.rules.quote import split_of_a_rouble
from program_pages.rules.terms import Benefit, BenefitCell, Bonus, Clause, ClauseKind, Level, Terms, UnknownLevel
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


class ProgrammePage(SinglePage):
    """What the programme is (R1-R4), its bonuses and its term."""

    needs_terms = True
    template = "program_pages/programme_page.html"

    class Meta:
        verbose_name = _("страница о программе")


class LevelsPage(RoutedPage):
    """All levels, and one page a level at ``<slug>/``: a level an editor adds has its page at once (R13)."""

    needs_terms = True
    template = "program_pages/levels_page.html"

    class Meta:
        verbose_name = _("страница уровней")

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """All levels side by side."""
        return self.render(request)

    @path("<slug:slug>/", name="level")
    def level(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One level under the edition shown; 404 where that edition has no such level."""
        terms = shown_terms(request).terms
        if terms is None:
            raise Http404
        try:
            level = terms.level(slug)
        except UnknownLevel as error:
            raise Http404(slug) from error
        quoted = first_quote(request, terms, level, shown_terms(request).shown_day)
        context = {
            "level": level,
            "other_levels": [other for other in terms.levels if other.slug != slug],
            "notes": list(_notes_on(terms, level)),
            "benefits": list(_benefits_of(terms, slug)),
            "bonuses": list(_bonuses_of(terms, slug)),
            **quoted,
        }
        return self.render(request, template="program_pages/level_page.html", context_overrides=context)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The index and one address a level of today's edition."""
        entries = super().get_sitemap_urls(request)
        terms = shown_terms(request).terms if request is not None else None
        for level in terms.levels if terms else ():
            ending = f"{level.slug}/"
            entries.append(
                {
                    "location": self.get_full_url(request) + ending,
                    "lastmod": self.last_published_at or self.latest_revision_created_at,
                    "alternates": self._alternates(request, ending),
                }
            )
        return entries


def _notes_on(terms: Terms, level: Level) -> Iterator[Clause]:
    """What the text says of this level beside what it offers, asks, allows and forbids (R23, R42, R51)."""
    asked = {requirement.clause for requirement in level.requirements}
    of_level = (clause for clause in terms.clauses if clause.level == level.slug and clause.kind is ClauseKind.TEXT)
    return (clause for clause in of_level if clause.code not in asked)


def _benefits_of(terms: Terms, level: str) -> Iterator[tuple[Benefit, BenefitCell]]:
    return ((benefit, benefit.cell(level)) for benefit in terms.benefits)


def _bonuses_of(terms: Terms, level: str) -> Iterator[tuple[Bonus, Any]]:
    return ((bonus, bonus.points.get(level)) for bonus in terms.bonuses)


class BenefitsPage(SinglePage):
    """The benefits table (R55-R67)."""

    needs_terms = True
    template = "program_pages/benefits_page.html"

    class Meta:
        verbose_name = _("страница преимуществ")


class TermsPage(RoutedPage):
    """The terms: every clause with its anchor, the readings used, the editions and what they change, and the PDF."""

    needs_terms = True
    is_older_than_itself = True  # an edition from before there was this site stays readable
    template = "program_pages/terms_page.html"

    class Meta:
        verbose_name = _("страница условий")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the readings, the published editions and the way to the PDF."""
        context = super().get_context(request, *args, **kwargs)
        terms: Terms | None = context["terms"]
        query = f"?on={context['on'].isoformat()}" if context["on"] else ""
        return context | {
            "readings": entries(terms, shown_terms(request).shown_day) if terms else [],
            "editions": list(self._editions(request, terms)),
            "benefits_section": _section_of(terms, terms.benefits) if terms else None,
            "bonuses_section": _section_of(terms, terms.bonuses) if terms else None,
            "changes_url": self._changes_url(request),
            "pdf_available": pdf_available(),
            "pdf_url": f"{self.get_url(request)}pdf/{query}",
        }

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """The terms as a page."""
        return self.render(request)

    @path("pdf/", name="pdf")
    def pdf(self, request: HttpRequest) -> HttpResponse:
        """The terms on paper; where PDF cannot be made here, a page that says so with status 503."""
        context = self.get_context(request)
        if context["terms"] is None:
            raise Http404
        if not pdf_available():
            response = self.render(request, context_overrides={"pdf_failed": True})
            response.status_code = 503
            return response
        return pdf_response(request, "program_pages/terms_pdf.html", context, _pdf_name(context["terms"]))

    @path("changes/", name="changes")
    def changes(self, request: HttpRequest) -> HttpResponse:
        """What the next edition changes, or what the last one has (R83); leads to any other two that are chosen."""
        asked = shown_terms(request).as_of
        editions = published_editions(asked.recorded_by)
        form = sent_form(request, editions)
        if form is not None and form.is_valid():
            return redirect(f"{self._changes_url(request)}{form.address()}")
        return self._show_changes(request, editions, current_pair(editions, asked.day), form)

    @path("changes/<str:old>/<str:new>/", name="changes_between")
    def changes_between(self, request: HttpRequest, old: str, new: str) -> HttpResponse:
        """What one published edition changes in another, each named by its day; 404 for any other days."""
        editions = published_editions()
        pair = pair_of(editions, old, new)
        if pair is None:
            raise Http404
        return self._show_changes(request, editions, pair, asks_day=None)

    @path("changes/feed/", name="changes_feed")
    def changes_feed(self, request: HttpRequest) -> HttpResponse:
        """The published editions and what they change, as RSS."""
        return feed(request, self.title, f"{self.get_full_url(request)}{CHANGES}")

    def _show_changes(
        self,
        request: HttpRequest,
        editions: list[Listed],
        pair: Pair | None,
        form: ChooseEditionsForm | None = None,
        **context: Any,
    ) -> HttpResponse:
        context |= changes_context(request, self.get_url(request), editions, pair, form)
        template = "program_pages/terms_changes_page.html"
        return self.render(request, template=template, context_overrides=context)

    def _changes_url(self, request: HttpRequest) -> str:
        return f"{self.get_url(request)}{CHANGES}"

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The terms, and what changes in them."""
        [entry, *others] = super().get_sitemap_urls(request)
        changes = {"location": f"{entry['location']}{CHANGES}", "alternates": self._alternates(request, CHANGES)}
        return [entry, {**entry, **changes}, *others]

    def _editions(self, request: HttpRequest, terms: Terms | None) -> Iterator[dict[str, Any]]:
        following = None
        editions = list(TermsEdition.objects.published().order_by("-effective_from"))
        first_days = _first_days(editions)
        for edition in editions:
            yield {
                "edition": edition,
                "effective_from": edition.effective_from,
                "effective_until": following,
                "url": f"{self.get_url(request)}?on={first_days[edition.pk].isoformat()}",
                "current": terms is not None and terms.edition == edition.pk,
            }
            following = edition.effective_from


def _first_days(editions: Iterable[TermsEdition]) -> dict[int, date]:
    """The first day that shows each edition (key): its own; or that of its approval, where another was known before."""
    approved = {edition.pk: programme_day_of(edition.approved_at) for edition in editions if edition.approved_at}
    first = min(approved.values(), default=date.max)

    def day(edition: TermsEdition) -> date:
        own = edition.effective_from
        return own if own < first else max(own, approved.get(edition.pk, own))

    return {edition.pk: day(edition) for edition in editions}


def _section_of(terms: Terms, rows: Iterable[Benefit | Bonus]) -> int | None:
    """The number of the section whose clauses most of these rows cite: it is where their table belongs."""
    cited = {row.clause for row in rows}
    counts = {section.number: sum(clause.code in cited for clause in section.clauses) for section in terms.sections}
    number = max(counts, key=counts.__getitem__, default=None)
    return number if number is not None and counts[number] else None


def _pdf_name(terms: Terms) -> str:
    return f"asoft-partners-terms-{terms.effective_from.isoformat()}.pdf"


class ProductsPage(SinglePage):
    """The products and what each level pays for them, with the sample prices marked (R10, R46, A12)."""

    needs_terms = True
    template = "program_pages/products_page.html"

    class Meta:
        verbose_name = _("страница продуктов и цен")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the priced products of the day shown."""
        context = super().get_context(request, *args, **kwargs)
        shown = shown_terms(request)
        if shown.terms is None:
            return context
        products = [_offer(product, price, shown.terms) for product, price in priced_products(shown.shown_day)]
        samples = shown.terms.readings.mark_sample_prices and any(item["is_sample"] for item in products)
        return context | {"products": products, "sample_prices": samples}


def _offer(product: Any, price: Any, terms: Terms) -> dict[str, Any]:
    return {
        "slug": product.slug,
        "name": product.name,
        "summary": product.summary,
        "is_module": product.is_module,
        "list_price": price.list_price,
        "minimum_price": price.minimum_price,
        "is_sample": price.is_sample,
        "valid_from": price.valid_from,
        "level_prices": [
            (level, discounted(price.list_price, level.discount, terms.readings.rounding)) for level in terms.levels
        ],
    }


class JoinPage(SinglePage):
    """How to join: who may (R4), the three steps (R80), and until when (R44)."""

    needs_terms = True
    template = "program_pages/join_page.html"

    class Meta:
        verbose_name = _("страница «Как присоединиться»")


class EventsPage(SinglePage):
    """The editors' list of events, taken part in or held by partners (R21, R74)."""

    needs_terms = True
    template = "program_pages/events_page.html"

    class Meta:
        verbose_name = _("страница мероприятий")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the events to come and gone, each with the bonus it counts for."""
        context = super().get_context(request, *args, **kwargs)
        today = shown_terms(request).shown_day
        bonuses = {bonus.measure: bonus for bonus in context["terms"].bonuses} if context["terms"] else {}
        return context | {
            "upcoming": [(event, bonuses.get(event.measure)) for event in Event.objects.upcoming(today)],
            "past": [(event, bonuses.get(event.measure)) for event in Event.objects.past(today)],
        }


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
