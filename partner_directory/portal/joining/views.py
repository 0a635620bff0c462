"""A company registers, applies for a level, and signs (R4, R12, R42, R80, A8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from partner_directory.actions import applications as actions
from partner_directory.actions import specialists
from partner_directory.actions.companies import correct_facts, register_company
from partner_directory.applying import Page, gaps_of, holding_of, level_of
from partner_directory.models.application import Application, JoiningStep
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Office, Partner
from partner_directory.models.specialist import Specialist
from partner_directory.portal.access import COMPANY, SeatRequest, member, owner, person
from partner_directory.portal.joining.forms import (
    BaseForm,
    CompanyForm,
    LevelForm,
    PlainForm,
    SchemeForm,
    SignedForm,
    SpecialistForm,
)
from partner_directory.portal.joining.pages import address, following, pages_shown
from partner_directory.portal.joining.story import TONES, next_of, story_of
from partner_directory.refusals import say_refusal
from partner_directory.standing import Standing, facts_of, judged
from partner_directory.uploads import keep_upload
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_on

PART = "joining"
FOLDER = "partner_directory/portal/joining"
REFUSED = 409

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
post = require_http_methods(["POST"])


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> TemplateResponse:
    return TemplateResponse(request, f"{FOLDER}/{name}.html", {"part": PART, **context}, status=status)


def _terms() -> Terms | None:
    try:
        return terms_on(programme_day())
    except NoEdition:
        return None


def _actor(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


# --- Registration ---


@get_or_post
@person
def register(request: HttpRequest) -> HttpResponse:
    """A company's first step: what it is; whoever registers it becomes its owner."""
    form = CompanyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = register_company(facts=form.facts(), actor=_actor(request))
        except ValidationError as error:
            say_refusal(form, error)
        else:
            request.session[COMPANY] = seat.partner_id
            messages.success(request, _("Компания зарегистрирована. Теперь выберите уровень."))
            return redirect("portal:joining")
    return _page(request, "register", {"form": form})


# --- Which level ---


@dataclass(frozen=True, slots=True)
class LevelOffered:
    """A level that may be asked for, where the company stands at it, or what it holds of the same product line."""

    standing: Standing
    held: Membership | None
    pending: bool

    @property
    def is_open(self) -> bool:
        """Whether an application may be started."""
        return self.held is None and not self.pending


def _offered(partner: Partner, terms: Terms, *, but: Application | None = None) -> list[LevelOffered]:
    """Every level of the terms, in a constant number of queries for each product line."""
    day = programme_day()
    facts = facts_of(partner, day)
    lines = dict(Level.objects.values_list("slug", "product_line_id"))
    held = {line: holding_of(partner, line) for line in set(lines.values())}
    waiting = Application.objects.open().filter(partner=partner).exclude(pk=but.pk if but else 0)
    pending = set(waiting.values_list("product_line_id", flat=True))
    return [
        LevelOffered(judged(facts, level.slug, terms, day), held[lines[level.slug]], lines[level.slug] in pending)
        for level in terms.levels
    ]


@get_or_post
@member
def joining(request: SeatRequest) -> HttpResponse:
    """The company's applications, and the levels that it may ask for (R12)."""
    partner, terms = request.seat.partner, _terms()
    if terms is None:
        return _page(request, "no_terms", {})
    offered = _offered(partner, terms)
    form = LevelForm(request.POST if request.method == "POST" else None, levels=terms.levels)
    if request.method == "POST" and form.is_valid():
        level = get_object_or_404(Level, slug=form.cleaned_data["level"])
        try:
            application = actions.start(partner=partner, level=level, actor=_actor(request))
        except ValidationError as error:
            say_refusal(form, error)
        else:
            return redirect(following(application, terms, Page.LEVEL))
    applications = partner.applications.select_related("level").order_by("-created_at", "-pk")
    context = {
        "form": form,
        "terms": terms,
        "offered": offered,
        "may_start": any(each.is_open for each in offered),
        "applications": [(row, TONES[Application.State(row.state)]) for row in applications],
    }
    return _page(request, "joining", context)


# --- The pages of an application ---


def _application(request: SeatRequest, key: int) -> Application:
    """The company's own application; 404 for any other."""
    rows = Application.objects.select_related("partner", "level", "edition", "membership")
    return get_object_or_404(rows, pk=key, partner=request.seat.partner)


def _frame(application: Application, terms: Terms) -> dict[str, Any]:
    """What every page of an application shows."""
    gaps = gaps_of(application, terms)
    named = application.partner.specialists.filter(left_on__isnull=True)
    people = list(named.exclude(state="refused").select_related("scan"))
    return {
        "application": application,
        "level": level_of(application, terms),
        "terms": terms,
        "gaps": gaps,
        "specialists": people,
        "pages": pages_shown(application, terms, gaps, specialists=len(people)),
        "tone": TONES[Application.State(application.state)],
    }


FillPage = Callable[[SeatRequest, Application, Terms], HttpResponse]


def fills(view: FillPage) -> Callable[..., Any]:
    """A page that fills an application in: only while the company may change it."""

    def page(request: SeatRequest, key: int) -> HttpResponse:
        application, terms = _application(request, key), _terms()
        if terms is None or not application.is_editable:
            messages.warning(request, _("Сейчас эту заявку менять нельзя."))
            return redirect("portal:application", key)
        return view(request, application, terms)

    return get_or_post(member(page))


def _fill(
    request: SeatRequest,
    application: Application,
    terms: Terms,
    page: Page,
    form: PlainForm,
    store: Callable[[], object],
    **context: Any,
) -> HttpResponse:
    """Shows a form, or stores what it says and goes on to the next page."""
    if request.method == "POST" and form.is_valid():
        try:
            store()
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("Сохранено."))
            return redirect(following(_application(request, application.pk), terms, page))
    name = "technical_base" if page is Page.BASE else str(page)
    return _page(request, name, {**_frame(application, terms), "form": form, "current": page, **context})


@fills
def level(request: SeatRequest, application: Application, terms: Terms) -> HttpResponse:
    """Another level than the one the application was started for."""
    data = request.POST if request.method == "POST" else None
    form = LevelForm(data, levels=terms.levels, initial={"level": application.level.slug})

    def store() -> None:
        chosen = get_object_or_404(Level, slug=form.cleaned_data["level"])
        actions.save(application=application, answers={}, level=chosen, actor=_actor(request))

    offered = _offered(application.partner, terms, but=application)
    return _fill(request, application, terms, Page.LEVEL, form, store, offered=offered)


@fills
def company(request: SeatRequest, application: Application, terms: Terms) -> HttpResponse:
    """The company's facts; a published profile is changed on its own page, with a check."""
    partner = application.partner
    form = CompanyForm(request.POST if request.method == "POST" else None, partner=partner)

    def store() -> None:
        correct_facts(partner=partner, facts=form.facts(), actor=_actor(request))

    context = {"office": _office(partner), "next_url": following(application, terms, Page.COMPANY)}
    return _fill(request, application, terms, Page.COMPANY, form, store, **context)


def _office(partner: Partner) -> Office | None:
    office: Office | None = partner.offices.select_related("city__region").first()
    return office


@fills
def base(request: SeatRequest, application: Application, terms: Terms) -> HttpResponse:
    """The technical base and the training (R4)."""
    initial = {"technical_base": application.technical_base, "training": application.training}
    form = BaseForm(request.POST if request.method == "POST" else None, initial=initial)

    def store() -> None:
        actions.save(application=application, answers=form.cleaned_data, actor=_actor(request))

    return _fill(request, application, terms, Page.BASE, form, store)


@fills
def scheme(request: SeatRequest, application: Application, terms: Terms) -> HttpResponse:
    """How licences would be rented out: let us talk (R42)."""
    asked = level_of(application, terms)
    if asked is None or not asked.may_rent_out:
        return redirect("portal:application", application.pk)
    initial = {"talk_wanted": application.talk_wanted, "saas_scheme": application.saas_scheme}
    form = SchemeForm(request.POST if request.method == "POST" else None, initial=initial)

    def store() -> None:
        actions.save(application=application, answers=form.cleaned_data, actor=_actor(request))

    return _fill(request, application, terms, Page.SCHEME, form, store)


@fills
def people(request: SeatRequest, application: Application, terms: Terms) -> HttpResponse:
    """Certified specialists with the scans of their certificates; as many as there are, one at a time."""
    form = SpecialistForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            _claim(request, application.partner, form)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("Специалист добавлен: сертификат проверит менеджер."))
            return redirect(address(application, Page.SPECIALISTS))
    asked = level_of(application, terms)
    context = {
        **_frame(application, terms),
        "form": form,
        "current": Page.SPECIALISTS,
        "standing": _standing(application, terms) if asked else None,
        "next_url": following(application, terms, Page.SPECIALISTS),
    }
    return _page(request, "specialists", context)


@transaction.atomic
def _claim(request: SeatRequest, partner: Partner, form: SpecialistForm) -> Specialist:
    facts = dict(form.cleaned_data)
    upload = facts.pop("scan")
    scan = keep_upload(partner=partner, upload=upload, name=upload.name, actor=_actor(request))
    return specialists.claim(partner=partner, **facts, scan=scan, actor=_actor(request))


def _standing(application: Application, terms: Terms) -> Standing:
    day = programme_day()
    return judged(facts_of(application.partner, day), application.level.slug, terms, day)


@fills
def review(request: SeatRequest, application: Application, terms: Terms) -> HttpResponse:
    """All of it on one page; its owner submits it, and what is missing leads to where it is filled in."""
    status = 200
    if request.method == "POST":
        if not request.seat.is_owner:
            raise PermissionDenied
        try:
            actions.submit(application=application, actor=_actor(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            status = REFUSED
        else:
            messages.success(request, _("Заявка подана: её рассмотрит менеджер ASoft."))
            return redirect("portal:application", application.pk)
    frame = _frame(application, terms)
    standing = _standing(application, terms) if frame["level"] else None
    office = _office(application.partner)
    context = {**frame, "standing": standing, "office": office, "current": "review", "tried": status == REFUSED}
    return _page(request, "review", context, status)


# --- The application itself ---


@require_http_methods(["GET", "HEAD"])
@member
def application(request: SeatRequest, key: int) -> HttpResponse:
    """Where the application is, what happens next, who has the ball and since when."""
    return _application_page(request, _application(request, key))


def _application_page(
    request: SeatRequest, row: Application, bad: tuple[int, SignedForm] | None = None
) -> HttpResponse:
    terms = _terms()
    steps = list(row.steps.select_related("document", "signed", "edition"))
    bound = dict([bad] if bad else [])
    context = {
        **(_frame(row, terms) if terms else {"application": row, "tone": TONES[Application.State(row.state)]}),
        "steps": [(step, bound.get(step.pk) or SignedForm(prefix=step.kind)) for step in steps],
        "next": next_of(row, steps),
        "story": story_of(row),
        "may_withdraw": request.seat.is_owner and row.state in Application.OPEN,
    }
    return _page(request, "application", context)


@post
@owner
def upload(request: SeatRequest, key: int, kind: str) -> HttpResponse:
    """The signed copy of a contract, by an owner of the company."""
    row = _application(request, key)
    step = get_object_or_404(JoiningStep, application=row, kind=kind, document__isnull=False)
    form = SignedForm(request.POST, request.FILES, prefix=step.kind)
    if not form.is_valid():
        return _application_page(request, row, (step.pk, form))
    try:
        _keep_signed(request, step, form.cleaned_data["signed"])
    except actions.Overtaken as error:
        messages.error(request, " ".join(error.messages))
        return redirect("portal:application", row.pk)
    except ValidationError as error:
        say_refusal(form, error)
        return _application_page(request, _application(request, key), (step.pk, form))
    messages.success(request, _("Подписанная копия загружена."))
    return redirect("portal:application", row.pk)


@transaction.atomic
def _keep_signed(request: SeatRequest, step: JoiningStep, sent: Any) -> None:
    signed = keep_upload(partner=request.seat.partner, upload=sent, name=sent.name, actor=_actor(request))
    actions.upload_signed(step=step, signed=signed, actor=_actor(request))


@get_or_post
@owner
def withdraw(request: SeatRequest, key: int) -> HttpResponse:
    """Asks whether the application is to be withdrawn, and withdraws it."""
    row = _application(request, key)
    if request.method == "POST" or row.state not in Application.OPEN:
        try:
            actions.withdraw(application=row, actor=_actor(request))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, _("Заявка отозвана."))
        return redirect("portal:application", row.pk)
    return _page(request, "withdraw", {"application": row})
