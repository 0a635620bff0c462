"""Template tags of the partners' section."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from partner_directory.portal.nav import ENTRIES, NavEntry

register = template.Library()


@register.simple_tag
def portal_entries() -> Sequence[NavEntry]:
    """The entries of the section's navigation."""
    return ENTRIES
