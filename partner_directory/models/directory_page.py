"""The directory's page: editors place it in the tree, and everything public about partners stands below it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django_htmx.http import push_url
from wagtail.contrib.routable_page.models import path

from partner_directory.directory import snapshot, view
from partner_directory.directory.asked import Asked, read
from partner_directory.directory.exports import as_csv, as_geojson
from partner_directory.directory.feed import feed
from partner_directory.directory.linked_data import list_data, partner_data, trail_data
from partner_directory.directory.profile import ShownOffice, latest_status, profile_context, profile_then
from partner_directory.enquiries.view import enquiry_view
from partner_directory.models.listing import Listing
from partner_directory.models.partner import OldAddress, Partner
from program_pages.bilingual import said
from program_pages.history import recalled
from program_pages.kept import keep_for_strangers
from program_pages.models.pages import RoutedPage
from program_pages.shown import shown_terms

MOST_COMPARED = 3


def framed_by_anybody(response: HttpResponse) -> HttpResponse:
    """The response with a framing policy of its own, as django-csp's and Django's decorators would mark it."""
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # for pages that embed nothing without being told
    return response


class DirectoryPage(RoutedPage):
    """Where the public finds partners (R1, R11, R19, R55)."""

    needs_terms = True
    template = "partner_directory/directory_page.html"

    class Meta:
        verbose_name = _("каталог партнёров")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds where the directory is."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        url = self.get_url(request)
        return context | {
            "directory_url": url,
            "any_enquiry_url": f"{url}enquiry/",
            "trail": [{"title": self.title, "url": url}],
            "asks_day": None,
        }

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """Who was asked for, as a list or on the map; to htmx the answer alone."""
        shown = view.index(request, self._asked(request))
        if request.htmx:  # type: ignore[attr-defined]
            context = self.get_context(request) | shown
            response: HttpResponse = TemplateResponse(request, "components/directory.html", context)
            push_url(response, f"?{shown['query']}" if shown["query"] else self.get_url(request))
        else:
            data = list_data(shown["cards"], self.get_full_url(request), shown["found"].page.start_index())
            response = self.render(request, context_overrides=shown | {"directory_ld": data})
        patch_vary_headers(response, ["HX-Request"])
        return response

    @path("compare/", name="compare")
    def compare(self, request: HttpRequest) -> HttpResponse:
        """Up to three partners side by side."""
        context = view.compare(request, request.GET.getlist("partner"), MOST_COMPARED)
        return self.render(request, template="partner_directory/compare_page.html", context_overrides=context)

    @path("frame/", name="frame")
    def frame(self, request: HttpRequest) -> HttpResponse:
        """A list to stand in a frame on other people's pages: the one page that anybody may frame."""
        context = self.get_context(request) | view.frame(request, self._asked(request))
        response = framed_by_anybody(TemplateResponse(request, "partner_directory/frame.html", context))
        patch_cache_control(response, public=True, max_age=300)
        return response

    @path("feed/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """New partners as RSS."""
        return feed(request, self._asked(request), self)

    @path("export/csv/", name="csv")
    def csv(self, request: HttpRequest) -> HttpResponse:
        """What is public of everybody found, as a table."""
        return as_csv(request, self._asked(request), self.get_full_url(request))

    @path("export/geojson/", name="geojson")
    def geojson(self, request: HttpRequest) -> HttpResponse:
        """The offices of everybody found, as points."""
        return as_geojson(request, self._asked(request), self.get_full_url(request))

    @path("enquiry/", name="enquiry")
    def enquiry(self, request: HttpRequest) -> HttpResponse:
        """A letter to any suitable partner."""
        return enquiry_view(request, None, self.get_context(request))

    @path("<slug:slug>/enquiry/", name="partner_enquiry")
    def partner_enquiry(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A letter to a partner; 404 where there has never been one."""
        partner = Partner.objects.filter(slug=slug).first()
        if partner is None:
            raise Http404
        return enquiry_view(request, partner, self.get_context(request))

    @path("<slug:slug>/", name="partner")
    def partner(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A partner's page; of a partner that is listed no more a page that says so, 410 to machines (A11)."""
        partner = Partner.objects.published().with_listing().filter(slug=slug).first()
        if partner is None:
            return self._not_there(request, slug)
        if shown_terms(request).as_of.is_past:
            return self._partner_then(request, partner)
        context = profile_context(request, partner, partner.listing)
        if not context["listed"]:
            return self._gone(request, partner, context)
        context |= self._partner_context(request, partner, context["offices"]) | {"asks_day": {"kept": ()}}
        return self.render(request, template="partner_directory/partner_page.html", context_overrides=context)

    def _partner_then(self, request: HttpRequest, partner: Partner) -> HttpResponse:
        """A partner's page as it was on a day that is over; 404 where it was not public then."""
        then = recalled(partner, shown_terms(request).as_of)
        context = profile_then(request, then.content) if then.content is not None else {"listed": []}
        if not context["listed"]:
            return self._not_then(request, then, said(partner.name))
        context |= {"partner_ld": [], "enquiry_url": "", "asks_day": {"kept": ()}}
        return self.render(request, template="partner_directory/partner_page.html", context_overrides=context)

    def _partner_context(self, request: HttpRequest, partner: Partner, offices: list[ShownOffice]) -> dict[str, Any]:
        """The ways to and from a partner's page, and what search engines read of it."""
        own = self.get_full_url(request)
        url = f"{own}{partner.slug}/"
        home = keep_for_strangers(request, ("home of", self.pk, request.get_host()), lambda: self._home(request))
        steps = [home, (self.title, own), (said(partner.name), url)]
        linked = [trail_data(steps), partner_data(request, partner, offices, url)]
        reachable = partner.accepts_clients and (partner.email or partner.is_sample)
        return {
            "partner_ld": [data for data in linked if data],
            "enquiry_url": f"{self.get_url(request)}{partner.slug}/enquiry/" if reachable else "",
        }

    def _home(self, request: HttpRequest) -> tuple[str, str]:
        home = self.get_parent()
        return home.title, home.get_full_url(request)

    def _not_there(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Leads from an old address to the present one; says that a profile was taken down."""
        old = OldAddress.objects.select_related("partner").filter(slug=slug).first()
        if old is not None:
            return HttpResponsePermanentRedirect(f"{self.get_url(request)}{old.partner.slug}/")
        taken_down = Listing.objects.filter(slug=slug).select_related("partner").first()
        if taken_down is None:
            raise Http404
        return self._gone(request, taken_down.partner, {})

    def _gone(self, request: HttpRequest, partner: Partner, context: dict[str, Any]) -> HttpResponse:
        response = self.render(
            request,
            template="partner_directory/gone_page.html",
            context_overrides={
                **context,
                "partner": partner,
                "status": latest_status(context.get("holdings", [])),
                "noindex": True,
                "asks_day": None,
                **view.instead_of(request, partner),
            },
        )
        response.status_code = 410
        response["X-Robots-Tag"] = "noindex"
        return response

    def _asked(self, request: HttpRequest) -> Asked:
        shown = shown_terms(request)
        if shown.as_of.is_past:
            return view.of_a_day(read(request.GET, snapshot.as_of(shown.as_of, shown.terms)), shown.as_of.day)
        return read(request.GET, snapshot.current(snapshot.terms_today() if shown.on else shown.terms))
