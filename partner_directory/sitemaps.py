"""The sitemap of partners: each listed one in every language of the directory, however many there are."""

from __future__ import annotations

from typing import Any

from wagtail.contrib.sitemaps import Sitemap

from partner_directory.directory import snapshot
from partner_directory.models.directory_page import DirectoryPage
from partner_directory.models.listing import Listing


class PartnersSitemap(Sitemap):  # type: ignore[misc]
    """The addresses of partners' pages; three queries a page of the sitemap."""

    limit = 2_000  # partners of a file: it is made in memory, 6 kB for each; 50 000 addresses are allowed

    def items(self) -> list[int]:
        """The keys of the listed partners."""
        return list(snapshot.current(snapshot.terms_today()).listed)

    def get_latest_lastmod(self) -> None:
        """Not said of the whole: finding it would read every partner."""

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        keys = self.paginator.page(page).object_list
        rows = Listing.objects.filter(pk__in=keys).order_by("pk").values_list("slug", "partner__last_published_at")
        pages = DirectoryPage.objects.live().public().select_related("locale").order_by("locale_id")
        places = [(page.locale.language_code, page.get_full_url(self.request)) for page in pages]
        return [
            {
                "location": f"{place}{slug}/",
                "lastmod": changed,
                "alternates": [{"lang_code": code, "location": f"{other}{slug}/"} for code, other in places],
            }
            for slug, changed in rows.iterator()
            for _code, place in places
        ]
