"""Template tags of the partners' section."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from partner_directory.portal.nav import ShownEntry, entries_for

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_entries(context: template.Context) -> Sequence[ShownEntry]:
    """The entries of the section's navigation."""
    return entries_for(context["request"])
