"""The home of the partners' section: what the company has to do next, then how everything stands."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.template.response import TemplateResponse

from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.bonuses import panel as bonuses
from partner_directory.portal.feed import panel as feed
from partner_directory.portal.joining import panel as joining
from partner_directory.portal.materials import panel as materials
from partner_directory.portal.panels import Panel
from partner_directory.portal.people import panel as people
from partner_directory.portal.profile import panel as profile
from partner_directory.portal.records import panel as records
from partner_directory.portal.terms import panel as terms
from partner_directory.portal.year import panel as year

# Each part's ``panel.panel``, in the order of the page. A part without anything to say gives None.
PANELS: tuple[Callable[[SeatRequest], Panel | None], ...] = (
    joining.panel,
    year.panel,
    terms.panel,
    records.panel,
    profile.panel,
    bonuses.sales_panel,
    bonuses.bonuses_panel,
    materials.panel,
    materials.events_panel,
    feed.panel,
    people.panel,
)


@member
def home(request: SeatRequest) -> HttpResponse:
    """Every part's panel, those that wait for the company first."""
    found = [panel for panel in (panel_of(request) for panel_of in PANELS) if panel is not None]
    panels = sorted(found, key=lambda panel: not panel.needs_action)
    return TemplateResponse(request, "partner_directory/portal/home.html", {"panels": panels, "part": "home"})
