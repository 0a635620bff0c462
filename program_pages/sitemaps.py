"""The sitemap: every published page in every language. Wagtail's own knows only the default language's tree."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page


class EveryLanguageSitemap(Sitemap):  # type: ignore[misc]
    """The pages under the site's root page and under its translations."""

    def items(self) -> Any:
        """Public pages in the order of the tree."""
        roots = self.get_wagtail_site().root_page.get_translations(inclusive=True).live()
        under_a_root = reduce(or_, (Q(path__startswith=root.path) for root in roots), Q(pk__in=[]))
        pages = Page.objects.live().public().filter(under_a_root)
        return pages.order_by("path").defer_streamfields().specific()
