"""Pictures of the marks for the public page. May not write anything."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from partner_directory.badges.previews import LABELS, picture
from partner_directory.models.mark import MarkVersion

A_YEAR = 365 * 24 * 60 * 60


def _etag(request: HttpRequest, version: int, variant: str) -> str:
    """A version never changes, so its number says all."""
    return f'"{version}-{variant}"'


@cache_control(public=True, max_age=A_YEAR, immutable=True)
@require_safe
@condition(etag_func=_etag)
def preview(request: HttpRequest, version: int, variant: str) -> HttpResponse:
    """A small picture of one variant of an approved version; 404 for any other."""
    if variant not in LABELS:
        raise Http404
    kept = get_object_or_404(MarkVersion.objects.only("drawings"), pk=version)
    return HttpResponse(picture(kept, variant), content_type="image/webp")
