"""The site's addresses with the form of an enquiry among them, as a page of the directory would mount it."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as of_the_site
from partner_directory.enquiries.view import enquiry_view
from partner_directory.models import Partner
from program_pages.shown import terms_context


def mounted(request: HttpRequest, slug: str = "") -> HttpResponse:
    partner = Partner.objects.filter(slug=slug).first() if slug else None
    return enquiry_view(request, partner, terms_context(request))


urlpatterns = [
    *i18n_patterns(
        path("form/", mounted, name="form"),
        path("form/<slug:slug>/", mounted, name="form_to"),
        prefix_default_language=False,
    ),
    *of_the_site,
]
