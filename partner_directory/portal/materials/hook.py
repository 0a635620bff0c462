"""Keeps materials from leaving by Wagtail's own view of documents: the section's checked link is their only door.

A document that is nobody's material is served as before.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.permissions import policy_registry

from partner_directory.models.material import Material
from partner_directory.portal.access import seats_of
from partner_directory.portal.materials.shelf import takeable_by
from program_pages.models.edition import programme_day

KEEPS = ("add", "change", "delete", "choose")


def guard_materials(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Lets those who keep documents through, leads entitled partners to the checked link; raises Http404 for others."""
    materials = list(Material.objects.filter(document=document.pk).prefetch_related("levels"))
    if not materials or _keeps(request.user, document):
        return None
    seats = seats_of(request) if request.user.is_authenticated else []
    material = takeable_by(seats, materials, programme_day())
    if material is None:
        raise Http404
    return redirect("portal:material", material.pk)


def _keeps(user: Any, document: Any) -> bool:
    policy = policy_registry.get_by_type(type(document))
    return bool(user.is_authenticated and policy.user_has_any_permission_for_instance(user, KEEPS, document))
