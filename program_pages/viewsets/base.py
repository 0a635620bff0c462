"""What all snippets of this admin share. May not import models."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.snippets.views.snippets import SnippetViewSet

from program_pages.viewsets.choosers import RightfulChooserViewSet


class ProgrammeViewSet(SnippetViewSet):
    """A snippet's views; their first breadcrumb speaks the reader's language.

    Wagtail translates it once, in the language of whatever request first loads the addresses.
    """

    chooser_viewset_class = RightfulChooserViewSet

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way from the dashboard to the listing."""
        _home, *further = super().breadcrumbs_items
        return [*WagtailAdminTemplateMixin.breadcrumbs_items, *further]
