"""Every address of the site: machines first, then people in both languages, Wagtail's pages last."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import index as sitemap_index
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import admin_login
from config import health, robots
from config.api import api
from operations import metrics_view
from operations.csp_report_view import csp_reports
from partner_directory.portal.people.sessions import sessions
from partner_directory.sitemaps import PartnersSitemap
from program_pages.serving import serve
from program_pages.sitemaps import EveryLanguageSitemap
from program_pages.views import level_colours, search

handler500 = "config.away.server_error"

SITEMAPS = {"pages": EveryLanguageSitemap, "partners": PartnersSitemap}
SECTIONS = {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"}

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics_view.metrics, name="metrics"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap-index.xml", sitemap_index, SECTIONS, name="sitemaps"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path("csp-reports/<slug:policy>/", csp_reports, name="csp_reports"),
    path("levels.css", level_colours, name="level_colours"),
    path("", include("partner_directory.badges.urls_credentials")),
    path("logos/preview/", include("partner_directory.badges.urls_marks")),
    path("api/v1/", api.urls),
    path("badges/", include("partner_directory.badges.urls_live")),
    path("admin/login/", admin_login, name="admin_login"),
    # Wagtail's own history of the site is open to anybody in the admin; ours asks for a right.
    path("admin/reports/site-history/", RedirectView.as_view(pattern_name="trail:list")),
    path("admin/reports/site-history/results/", RedirectView.as_view(pattern_name="trail:list")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.SERVES_MEDIA:
    from config.media import media

    urlpatterns.append(path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media))

if settings.DEBUG:
    from config.gallery import gallery

    urlpatterns += i18n_patterns(path("gallery/", gallery, name="gallery"), prefix_default_language=False)

urlpatterns += i18n_patterns(
    path("search/", search, name="search"),
    path("enquiry/", include("partner_directory.enquiries.urls")),
    path("client/", include("partner_directory.reviews.urls")),
    path("verify/", include("partner_directory.badges.urls_verify")),
    path("account/sessions/", sessions, name="usersessions_list"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("portal/", include("partner_directory.portal.urls")),
    re_path(wagtail_urls.serve_pattern, serve, name="page"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
