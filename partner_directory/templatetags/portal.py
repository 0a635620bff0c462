"""Template tags of the partners' section."""

from __future__ import annotations

from django import template

from partner_directory.portal.nav import ShownNav, nav_for

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_nav(context: template.Context) -> ShownNav:
    """The section's navigation on this page, which says in ``part`` where it is."""
    return nav_for(context["request"], str(context.get("part", "")))
