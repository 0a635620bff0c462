"""The only way to a private file: for the people of its company and for managers; to anybody else there is none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import FileSystemStorage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from django_sendfile import sendfile

from partner_directory.models.people import TeamMember
from partner_directory.models.private_file import PrivateFile
from partner_directory.portal.access import signed_in

ENTER = "wagtailadmin.access_admin"
MANAGERS = ("partner_directory.view_application", "partner_directory.view_specialist")  # either of them
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


@require_safe
@signed_in
def private_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file as an attachment under the name its sender gave it; 404 for whoever it does not concern."""
    file = get_object_or_404(PrivateFile, pk=key)
    if not _may_read(request.user, file):
        raise Http404
    response = _sent(request, file)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _may_read(user: Any, file: PrivateFile) -> bool:
    if TeamMember.objects.filter(partner=file.partner_id, user=user.pk).exists():
        return True
    return bool(user.has_perm(ENTER) and any(map(user.has_perm, MANAGERS)))


def _sent(request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
    """By the web server where it is told to (``SENDFILE_THROUGH``); by the site where the storage is elsewhere."""
    if isinstance(file.file.storage, FileSystemStorage):
        sent: HttpResponseBase = sendfile(
            request, file.file.path, attachment=True, attachment_filename=file.name, mimetype=file.content_type
        )
        return sent
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)
