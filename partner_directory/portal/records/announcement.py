"""Where the company announces its participation, and what was found there (R34, R41)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import announcements as actions
from partner_directory.announcements import TROUBLES
from partner_directory.badges.codes import written
from partner_directory.badges.links import badge_code, own_hosts
from partner_directory.models.facts import Announcement, AnnouncementCheck
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.facts import posted
from partner_directory.portal.records.forms import AnnouncementForm
from partner_directory.refusals import say_refusal

PAGE = "partner_directory/portal/records/announcement.html"
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One check in words."""

    check: AnnouncementCheck
    status: str
    tone: str
    remark: str


@require_http_methods(["GET", "HEAD", "POST"])
@member
def announcement(request: SeatRequest) -> HttpResponse:
    """The page's address, and the dated evidence; a new address is looked at straight away."""
    partner, now = request.seat.partner, timezone.now()
    current = Announcement.objects.filter(partner=partner).first()
    data, _files = posted(request)
    form = AnnouncementForm(data, partner=partner, initial={"url": current.url if current else ""})
    if request.method == "POST" and form.is_valid():
        try:
            current = actions.set_page(partner=partner, url=form.cleaned_data["url"], actor=request.seat.user)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            return _checked(request, current)
    checks = list(AnnouncementCheck.objects.filter(partner=partner)[:MOST_SHOWN])
    context = {
        "part": "records",
        "tab": "announcement",
        "form": form,
        "announcement": current,
        "checks": [_shown(check) for check in checks],
        "word_stands": current is not None and actions.word_stands(next(iter(checks), None), current, now),
    }
    return TemplateResponse(request, PAGE, context)


@require_POST
@member
def check(request: SeatRequest) -> HttpResponse:
    """Looks at the page now."""
    return _checked(request, get_object_or_404(Announcement, partner=request.seat.partner))


def _checked(request: SeatRequest, current: Announcement) -> HttpResponse:
    try:
        found = actions.check(announcement=current, actor=request.seat.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        if found.found:
            messages.success(request, _("Объявление найдено."))
        else:
            messages.error(request, _("Объявление не найдено: %(why)s.") % {"why": TROUBLES.get(found.trouble, "")})
    return redirect("portal:announcement")


def _shown(check: AnnouncementCheck) -> Shown:
    by_manager = bool(check.reason)
    if check.found:
        status = _("принято менеджером") if by_manager else _("найдено")
        return Shown(check, status, "good", check.reason or _found(check.evidence))
    status = _("не принято менеджером") if by_manager else _("не найдено")
    return Shown(check, status, "bad", check.reason or str(TROUBLES.get(check.trouble, "")))


def _found(evidence: str) -> str:
    """What was read on the page; of the company's own badge it says so."""
    code = badge_code(evidence, own_hosts())
    return _("ваш значок %(code)s") % {"code": written(code)} if code else evidence
