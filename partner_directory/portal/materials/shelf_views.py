"""The pages of materials: the shelf, and the one door by which a file leaves it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from partner_directory.entitlements import entitlement_of
from partner_directory.models.material import Material
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.materials.shelf import may_take, shelves
from program_pages.bilingual import said
from program_pages.models.edition import programme_day

PART = "materials"


@require_safe
@member
def shelf_view(request: SeatRequest) -> HttpResponse:
    """Everything there is, by kind, with what the partner may take of it and why not the rest."""
    entitlement = entitlement_of(request.seat.partner, programme_day())
    context = {"shelves": shelves(entitlement), "entitlement": entitlement, "part": PART}
    return TemplateResponse(request, "partner_directory/portal/materials/shelf.html", context)


@require_safe
@member
def material_view(request: SeatRequest, pk: int) -> HttpResponseBase:
    """A material's file, to whoever may take it at this moment; nothing is recorded of it. 404 for everybody else."""
    rows = Material.objects.select_related("document").prefetch_related("levels")
    material = get_object_or_404(rows, pk=pk)
    if not may_take(request.seat.partner, material, programme_day()):
        raise Http404
    return attachment(material)


def attachment(material: Material) -> HttpResponseBase:
    """The file as a download that nothing keeps and no browser runs; raises Http404 where storage has lost it."""
    document = material.document
    try:
        file = document.file.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=_file_name(material))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _file_name(material: Material) -> str:
    """The title as people read it, with the ending of the stored file."""
    title = " ".join(said(material.title).replace("/", " ").replace("\\", " ").split())
    ending = material.document.file_extension
    return f"{title}.{ending}" if ending else title
