"""The home of the partners' section: what the company has to do next, then how everything stands."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.template.response import TemplateResponse

from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.materials import panel as materials
from partner_directory.portal.panels import Panel
from partner_directory.portal.profile import panel as profile

# Each part's ``panel.panel``, in the order of the page. A part without anything to say gives None.
PANELS: tuple[Callable[[SeatRequest], Panel | None], ...] = (
    profile.panel,
    materials.panel,
    materials.events_panel,
)


@member
def home(request: SeatRequest) -> HttpResponse:
    """Every part's panel, those that wait for the company first."""
    found = [panel for panel in (panel_of(request) for panel_of in PANELS) if panel is not None]
    panels = sorted(found, key=lambda panel: not panel.needs_action)
    return TemplateResponse(request, "partner_directory/portal/home.html", {"panels": panels, "part": "home"})
