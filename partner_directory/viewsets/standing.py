"""How a partner stands, today or on a day that is over, for managers: beside its form in the admin (R5, R45, R83)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from partner_directory.ledger import balance_of, balance_then
from partner_directory.portal.records.level import PARAMETER as LEVEL
from partner_directory.portal.records.shown import standing_then
from partner_directory.viewsets.partner_page import PartnerPage
from program_pages.as_of import PageDay, asked_of_page

VIEW = "partner_directory.change_membership"  # of whoever decides on levels


class PartnerStandingView(PartnerPage, TemplateView):
    """The checklist that the partner sees, its bonuses left, and the edition that both are of."""

    page_title = gettext_lazy("Положение партнёра")
    header_icon = "tasks"
    template_name = "partner_directory/admin/standing.html"
    right = VIEW

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Says with its status, too, that a day could not be asked about."""
        return super().render_to_response(context, status=self.asked.status, **kwargs)

    @cached_property
    def asked(self) -> PageDay:
        """The day it is of."""
        return asked_of_page(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = self.asked.as_of.recorded_by
        balance = balance_of(self.partner) if moment is None else balance_then(self.partner, moment)
        found = standing_then(self.partner, self.asked.as_of, self.request.GET.get(LEVEL, ""))
        return super().get_context_data(**kwargs) | found | {"asked": self.asked, "balance": balance}
