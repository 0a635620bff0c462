"""The pages of a company's public profile: where it is, what changed, the form, the preview, the check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partner_directory import preview
from partner_directory.actions import profiles as actions
from partner_directory.entitlements import Entitlement, entitlement_of
from partner_directory.models.partner import Partner
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.profile.cities import Cities
from partner_directory.portal.profile.comparison import Difference, differences
from partner_directory.portal.profile.form import (
    ProfileForm,
    Rows,
    merged,
    office_rows,
    put_rows,
    reference_rows,
)
from partner_directory.portal.profile.note import NoteForm
from partner_directory.portal.profile.story import conversation, story_of
from partner_directory.refusals import say_refusal
from partner_directory.services import Service, allowed_by_any
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.shown import terms_context

PART = "profile"
CONFLICT = 409


@require_safe
@member
def profile_view(request: SeatRequest) -> HttpResponse:
    """Where the profile is, what its draft changes, and what was said of it."""
    return _overview(request, NoteForm())


@require_http_methods(["GET", "HEAD", "POST"])
@member
def edit_view(request: SeatRequest) -> HttpResponse:
    """The form; what it holds becomes a draft, and nobody's later draft is lost by it."""
    partner = request.seat.partner
    story = story_of(partner, request.user)
    if not story.may_edit:
        messages.warning(request, _("Сейчас профиль править нельзя: %(why)s.") % {"why": story.label})
        return redirect("portal:profile")
    if request.method == "POST":
        return _save(request, partner)
    return _form(request, _Forms(request, partner.get_latest_revision_as_object(), None))


@require_safe
@member
def preview_view(request: SeatRequest) -> HttpResponse:
    """The draft as the public would see it."""
    draft = request.seat.partner.get_latest_revision_as_object()
    context = {
        **terms_context(request),
        **preview.preview_context(request, draft),
        "back_url": reverse("portal:profile"),
        "noindex": True,
    }
    return TemplateResponse(request, preview.TEMPLATE, context)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def discard_view(request: SeatRequest) -> HttpResponse:
    """Asks, with what would be given up, and returns to the published profile."""
    partner = request.seat.partner
    story = story_of(partner, request.user)
    if request.method == "POST":
        try:
            actions.discard_draft(partner=partner, version=_version(request), actor=_person(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Правки отброшены: последним снова стал опубликованный профиль."))
        return redirect("portal:profile")
    if not story.may_discard:
        messages.warning(request, _("Сейчас отбрасывать нечего: %(why)s.") % {"why": story.label})
        return redirect("portal:profile")
    given_up = differences(partner.get_latest_revision_as_object(), partner)
    context = {"differences": given_up, "version": partner.latest_revision_id or "", "part": PART}
    return TemplateResponse(request, "partner_directory/portal/profile/discard.html", context)


@require_POST
@member
def submit_view(request: SeatRequest) -> HttpResponse:
    """Sends the draft to be checked."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    try:
        actions.submit(partner=request.seat.partner, actor=_person(request), note=form.cleaned_data["note"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Профиль отправлен на проверку. Мы ответим письмом и здесь."))
    return redirect("portal:profile")


@require_POST
@member
def take_back_view(request: SeatRequest) -> HttpResponse:
    """Stops the check to go on editing."""
    try:
        actions.take_back(partner=request.seat.partner, actor=_person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Профиль снова ваш: правьте и отправляйте, когда будете готовы."))
    return redirect("portal:profile")


class _Forms:
    """The form of the profile with its rows, on one version of it."""

    def __init__(self, request: SeatRequest, draft: Partner, data: Any) -> None:
        self.held = entitlement_of(request.seat.partner, programme_day())
        files = request.FILES if data is not None else None
        self.cities = Cities.read()
        self.main = ProfileForm(data, files, instance=draft, allowed=_allowed(self.held))
        self.offices: Rows = office_rows(data, draft, self.cities)
        self.references: Rows = reference_rows(data, draft)

    def is_valid(self) -> bool:
        """Whether every part is; all are asked, so that every mistake is said at once."""
        return all([self.main.is_valid(), self.offices.is_valid(), self.references.is_valid()])

    def draft(self) -> Partner:
        """The draft that they make."""
        draft = self.main.apply()
        put_rows(draft, self.offices, self.references)
        return draft


def _save(request: SeatRequest, partner: Partner) -> HttpResponse:
    version = _version(request)
    if version != partner.latest_revision_id:
        return _conflict(request, partner, version)
    forms = _Forms(request, partner.get_latest_revision_as_object(), request.POST)
    if not forms.is_valid():
        return _form(request, forms)
    try:
        draft, logo = forms.draft(), forms.main.cleaned_data["logo_file"]
        actions.save_draft(draft=draft, version=version, actor=_person(request), logo=logo)
    except actions.ChangedMeanwhile:
        return _conflict(request, Partner.objects.get(pk=partner.pk), version)
    except ValidationError as error:
        say_refusal(forms.main, error)
        return _form(request, forms)
    messages.success(request, _("Черновик сохранён. Публика увидит его после проверки."))
    return redirect("portal:edit_profile" if "stay" in request.POST else "portal:profile")


def _conflict(request: SeatRequest, partner: Partner, version: int | None) -> HttpResponse:
    """The form again, with what was typed, what the other has changed, and the later version to save upon."""
    latest: Partner = partner.get_latest_revision_as_object()
    data: QueryDict = request.POST
    base: Any = partner.revisions.filter(pk=version).first() if version else None
    theirs: list[Difference] = []
    if base is not None:
        theirs = differences(base.as_object(), latest)
        data = merged(request.POST, base.as_object(), latest)
    forms = _Forms(request, latest, data)
    forms.is_valid()
    return _form(request, forms, CONFLICT, theirs=theirs, conflict=True, revision=partner.latest_revision)


def _version(request: SeatRequest) -> int | None:
    """The revision that the form was filled in upon; -1, which there never is, for what is none."""
    text = request.POST.get("version", "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _allowed(held: Entitlement) -> frozenset[str] | None:
    """The services that may be ticked; without a level all of them wait for one."""
    return allowed_by_any(held.levels) if held.is_active else None


def _form(request: SeatRequest, forms: _Forms, status: int = 200, **context: Any) -> HttpResponse:
    allowed = _allowed(forms.held)
    barred = [str(Service(code).label) for code in Service.values if allowed is not None and code not in allowed]
    rows = [*forms.offices.forms, *forms.references.forms]
    forms.main.rows = rows  # type: ignore[attr-defined] # the summary of mistakes names them too
    forms.main.rows_have_errors = any(row.errors for row in rows)  # type: ignore[attr-defined]
    context = {
        "form": forms.main,
        "offices": forms.offices,
        "references": forms.references,
        "cities": forms.cities.labels,
        "barred": ", ".join(barred),
        "levels": ", ".join(said(level.short_name) for level in forms.held.levels),
        "version": request.seat.partner.latest_revision_id or "",
        "part": PART,
    } | context
    if revision := context.get("revision"):
        context["version"] = revision.pk
    return TemplateResponse(request, "partner_directory/portal/profile/edit.html", context, status=status)


def _overview(request: SeatRequest, form: NoteForm) -> HttpResponse:
    partner = request.seat.partner
    story = story_of(partner, request.user)
    context = {
        "story": story,
        "form": form,
        "differences": _unpublished(partner),
        "conversation": conversation(partner, list(partner.team.values_list("user_id", flat=True))),
        "part": PART,
    }
    return TemplateResponse(request, "partner_directory/portal/profile/profile.html", context)


def _unpublished(partner: Partner) -> list[Difference]:
    if not partner.has_unpublished_changes:
        return []
    return differences(partner if partner.live else None, partner.get_latest_revision_as_object())


def _person(request: SeatRequest) -> Any:
    return request.user
