"""The base of a page about one partner beside its form in the admin: whose it is, who may open it, the way back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from partner_directory.models.partner import Partner


class PartnerPage(WagtailAdminTemplateMixin):
    """Before a view of Django's in the bases; its address has the partner's key."""

    right = ""  # that whoever opens it must have

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.right):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    @cached_property
    def partner(self) -> Partner:
        """Whom it is about."""
        found: Partner = get_object_or_404(Partner, pk=self.kwargs["pk"])  # type: ignore[attr-defined]
        return found

    def get_page_subtitle(self) -> str:
        return str(self.partner)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        viewset = Partner.snippet_viewset  # type: ignore[attr-defined]
        return [
            *WagtailAdminTemplateMixin.breadcrumbs_items,
            {"url": reverse(viewset.get_url_name("list")), "label": _("Партнёры")},
            {"url": reverse(viewset.get_url_name("edit"), args=[self.partner.pk]), "label": str(self.partner)},
            {"url": "", "label": self.page_title},
        ]
