"""How a partner stands, today or on a day that is over, for managers: beside its form in the admin (R5, R45, R83)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from partner_directory.ledger import balance_of, balance_then
from partner_directory.models.partner import Partner
from partner_directory.portal.records.level import PARAMETER as LEVEL
from partner_directory.portal.records.shown import standing_then
from program_pages.as_of import PageDay, asked_of_page

VIEW = "partner_directory.change_membership"  # of whoever decides on levels


class PartnerStandingView(WagtailAdminTemplateMixin, TemplateView):
    """The checklist that the partner sees, its bonuses left, and the edition that both are of."""

    page_title = gettext_lazy("Положение партнёра")
    header_icon = "tasks"
    template_name = "partner_directory/admin/standing.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Says with its status, too, that a day could not be asked about."""
        return super().render_to_response(context, status=self.asked.status, **kwargs)

    @cached_property
    def partner(self) -> Partner:
        """Whose standing it is."""
        found: Partner = get_object_or_404(Partner, pk=self.kwargs["pk"])
        return found

    @cached_property
    def asked(self) -> PageDay:
        """The day it is of."""
        return asked_of_page(self.request)

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = self.asked.as_of.recorded_by
        balance = balance_of(self.partner) if moment is None else balance_then(self.partner, moment)
        found = standing_then(self.partner, self.asked.as_of, self.request.GET.get(LEVEL, ""))
        return super().get_context_data(**kwargs) | found | {"asked": self.asked, "balance": balance}
