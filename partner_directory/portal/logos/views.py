"""The page of logos, and the one door by which a kit leaves."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, NamedTuple

from django.core.files.storage import FileSystemStorage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from django_sendfile import sendfile

from partner_directory.actions.kits import Closed, record_download
from partner_directory.badges import kept
from partner_directory.badges.embed import Snippet, snippets_for
from partner_directory.badges.files import FilesDiffer
from partner_directory.badges.gate import Access, access_to
from partner_directory.badges.kits import Asked, file_name, kept_kit, rules_of
from partner_directory.badges.marks import approved_versions
from partner_directory.models.badge import Badge
from partner_directory.models.mark import MarkVersion
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_for
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.files import HEADERS
from partner_directory.portal.logos.links import SALT, to_ticket
from partner_directory.portal.logos.shown import shown
from program_pages.models.edition import programme_day
from program_pages.paper import prepare_pdf
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition
from tracing.events import security

PART = "logos"
PAGE = "partner_directory/portal/logos/logos.html"
REFUSED = "partner_directory/portal/logos/refused.html"
ARCHIVE = "application/zip"


class Embed(NamedTuple):
    """A live badge of the company, and the ways to put it on a page."""

    badge: Badge
    snippets: list[Snippet]


@require_safe
@member
def logos(request: SeatRequest) -> HttpResponse:
    """Every mark: what the company may take now, why not the rest, and where to mend it (R5)."""
    partner = request.seat.partner
    accesses = access_to(partner, approved_versions(), programme_day())
    terms = _terms(partner)
    context = {
        "marks": [shown(access, request.seat) for access in accesses],
        "embeds": [Embed(badge, snippets_for(badge)) for badge in _badges(accesses)],
        "section": rules_of(terms),
        "terms": terms,
        "has_pdf": prepare_pdf(),
    }
    return TemplateResponse(request, PAGE, {"part": PART, **context})


@require_GET
@member
def kit(request: SeatRequest, token: str) -> HttpResponseBase:
    """The kit, to the person whose link it is, if the gate is open now; recorded before it leaves.

    404 for a link of somebody else, or for another company; a link after its time, and a gate that has shut, say so.
    """
    ticket, is_fresh = to_ticket(token)
    if ticket is None:
        raise Http404
    if not ticket.is_of(request.seat):
        security("link.of_another", what=SALT, user=request.user.pk)
        raise Http404
    version = get_object_or_404(MarkVersion.objects.select_related("mark"), pk=ticket.version)
    access = access_to(request.seat.partner, [version], programme_day())[0]
    if not access.is_open:
        return _refused(request, access, _("Сейчас этот знак взять нельзя"), HTTPStatus.FORBIDDEN)
    if not is_fresh or not _is_newest(version):
        return _refused(request, _newest(request, access), _("Ссылка устарела: возьмите новую"), HTTPStatus.GONE)
    return _taken(request, access)


def _badges(accesses: Iterable[Access]) -> list[Badge]:
    """The badges under which marks may be taken, each once."""
    return list({access.badge.pk: access.badge for access in accesses if access.badge and access.is_open}.values())


def _taken(request: SeatRequest, access: Access) -> HttpResponseBase:
    asked = _asked(request.seat.partner, access)
    try:
        archive = kept_kit(asked)
        record_download(
            partner=request.seat.partner,
            version=access.version,
            sha256=archive.sha256,
            actor=request.user,  # type: ignore[arg-type]
        )
    except FilesDiffer:
        title = _("Файлы этого знака утверждают заново: комплект появится позже")
        return _refused(request, None, title, HTTPStatus.SERVICE_UNAVAILABLE)
    except Closed as closed:  # while the kit was made
        return _refused(request, closed.access, _("Сейчас этот знак взять нельзя"), HTTPStatus.FORBIDDEN)
    response = _sent(request, archive, file_name(asked))
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _asked(partner: Partner, access: Access) -> Asked:
    assert access.badge is not None  # noqa: S101 - an open gate names both
    assert access.until is not None  # noqa: S101
    return Asked(access.version, access.badge, access.until, _terms(partner))


def _terms(partner: Partner) -> Terms | None:
    try:
        return terms_for(partner, programme_day())
    except NoEdition:
        return None


def _is_newest(version: MarkVersion) -> bool:
    return any(each.pk == version.pk for each in approved_versions())


def _newest(request: SeatRequest, access: Access) -> Access | None:
    """The same mark as it is approved now."""
    same = [each for each in approved_versions() if each.mark_id == access.version.mark_id]
    return access_to(request.seat.partner, same, programme_day())[0] if same else None


def _refused(request: SeatRequest, access: Access | None, title: str, status: HTTPStatus) -> HttpResponse:
    mark = shown(access, request.seat) if access else None
    return TemplateResponse(request, REFUSED, {"part": PART, "title": title, "mark": mark}, status=status)


def _sent(request: SeatRequest, archive: kept.Kept, name: str) -> HttpResponseBase:
    """By the web server where it is told to (``SENDFILE_THROUGH``); by the site where the storage is elsewhere."""
    storage: Any = kept.storage()
    if isinstance(storage, FileSystemStorage):
        sent: HttpResponseBase = sendfile(
            request, storage.path(archive.name), attachment=True, attachment_filename=name, mimetype=ARCHIVE
        )
        return sent
    return FileResponse(storage.open(archive.name), as_attachment=True, filename=name, content_type=ARCHIVE)
