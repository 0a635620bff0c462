"""How a draft of a partner is shown to its editor: as the public will see it. May not import views of the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from program_pages.shell import Shell

if TYPE_CHECKING:
    from django.http import HttpRequest

    from partner_directory.models.partner import Partner

TEMPLATE = "partner_directory/partner_page.html"


def preview_context(request: HttpRequest, partner: Partner) -> dict[str, Any]:
    """What the template of a profile shows of a draft."""
    from partner_directory.directory.profile import profile_context  # it knows the models, which know this module

    return profile_context(request, partner) | {"directory_url": Shell(request).addresses.get("directorypage", "")}
