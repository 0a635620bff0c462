"""A company applies for a level, a manager decides, both sign, and the company has joined (R12, R80, R81, A8).

    draft ─submit─▶ submitted ─accept─▶ accepted ─both contracts marked─▶ joined
      ▲                │  ├─reject─▶ rejected          (withdraw: from any of the first four)
      └─── save ── returned ◀─send_back

Each action is one transaction with its audit row and its messages; a decision that another has overtaken is refused
(``Overtaken``) by a guarded update. ``ball`` and ``ball_since`` say who acts next from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import contracts, messages
from partner_directory.actions import memberships, partners
from partner_directory.addresses import address
from partner_directory.applying import gaps_of, holding_of, level_of
from partner_directory.models.application import Application, JoiningStep
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from partner_directory.uploads import PDF, keep_generated
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.paper import pdf_available
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_on

STARTED = "partner_directory.application.started"
SAVED = "partner_directory.application.saved"
SUBMITTED = "partner_directory.application.submitted"
WITHDRAWN = "partner_directory.application.withdrawn"
ACCEPTED = "partner_directory.application.accepted"
RETURNED = "partner_directory.application.returned"
REJECTED = "partner_directory.application.rejected"
SIGNED = "partner_directory.application.signed"
SIGNATURE_RETURNED = "partner_directory.application.signature_returned"
MARKED = "partner_directory.application.marked"
JOINED = "partner_directory.application.joined"

State, Ball, Kind = Application.State, Application.Ball, JoiningStep.Kind
EDITABLE = (State.DRAFT, State.RETURNED)
ANSWERS = ("technical_base", "training", "saas_scheme", "talk_wanted")
SCHEME = ("saas_scheme", "talk_wanted")  # for levels that may rent out alone (R42)
CONTRACTS = (Kind.ACCESSION, Kind.LICENCE)


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, заявку изменил кто-то другой. Откройте её заново."))


class Incomplete(ValidationError):
    """The application lacks something (``applying.gaps_of``): nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Заявку рано подавать: заполнено ещё не всё."))


# --- The company ---


@transaction.atomic
def start(*, partner: Partner, level: Level, actor: User) -> Application:
    """A draft for a level of the company's choice (R12).

    Raises ValidationError, by field: where the terms in force have no such level; where the company holds a level of
    the same product line, which is changed another way (A7); where it has an open application for it.
    """
    _refuse_level(partner, level, _terms())
    try:
        with transaction.atomic():
            application = Application.objects.create(
                partner=partner, level=level, product_line_id=level.product_line_id, created_by=actor
            )
    except IntegrityError as error:
        raise ValidationError({"level": _one_open_application()}) from error
    return _recorded(application, STARTED, actor)


@transaction.atomic
def save(*, application: Application, answers: Mapping[str, Any], actor: User, level: Level | None = None) -> None:
    """Stores some answers (``ANSWERS``), or another level, of an application that the company may still change.

    Raises ValidationError, by field, as ``start``; Overtaken where it is no longer the company's to change.
    """
    values = {name: value for name, value in answers.items() if name in ANSWERS}
    if level is not None and level.pk != application.level_id:
        terms = _terms()
        _refuse_level(application.partner, level, terms)
        values |= {"level": level, "product_line_id": level.product_line_id}
        if not terms.level(level.slug).may_rent_out:
            values |= {"saas_scheme": "", "talk_wanted": False}
    elif any(values.get(name) for name in SCHEME):
        _refuse_scheme(application)
    try:
        with transaction.atomic():
            _move(application, EDITABLE, **values)
    except IntegrityError as error:
        raise ValidationError({"level": _one_open_application()}) from error
    _recorded(application, SAVED, actor, fields=sorted(set(values) - {"product_line_id"}))


@transaction.atomic
def submit(*, application: Application, actor: User) -> Application:
    """Hands the application to the vendor, under the edition in force (R80, R81).

    Raises Incomplete where something is missing, Overtaken where it is no longer the company's to submit, and
    ValidationError as ``start``.
    """
    terms, current = _terms(), _fresh(application)
    _refuse_level(current.partner, current.level, terms)
    if gaps_of(current, terms):
        raise Incomplete
    now = timezone.now()
    _move(
        application,
        EDITABLE,
        state=State.SUBMITTED,
        submitted_at=now,
        submitted_by=actor,
        edition_id=terms.edition,
        reason="",
        **_ball(Ball.VENDOR),
    )
    return _recorded(application, SUBMITTED, actor, managers="application-submitted")


@transaction.atomic
def withdraw(*, application: Application, actor: User) -> Application:
    """The company wants it no longer; raises Overtaken where it is over."""
    current = _fresh(application)
    _move(application, Application.OPEN, state=State.WITHDRAWN, **_ball(Ball.NOBODY))
    seen = current.state not in {State.DRAFT}
    return _recorded(application, WITHDRAWN, actor, managers="application-withdrawn" if seen else "")


@transaction.atomic
def upload_signed(*, step: JoiningStep, signed: PrivateFile, actor: User) -> Application:
    """The signed copy of a contract, in place of any that a manager has not marked yet.

    Once both are there it is the vendor's turn. Raises Overtaken where nothing is being signed, or it is marked.
    """
    application = _held(step.application_id, State.ACCEPTED)
    if signed.partner_id != application.partner_id:
        raise ValidationError(_("Это файл другой компании."))
    open_steps = application.steps.filter(kind__in=CONTRACTS, done_at__isnull=True)
    if not open_steps.filter(pk=step.pk).update(signed=signed):
        raise Overtaken
    is_whole = not open_steps.filter(signed__isnull=True).exists()
    if is_whole and application.ball != Ball.VENDOR:
        _move(application, [State.ACCEPTED], **_ball(Ball.VENDOR))
    return _recorded(
        application, SIGNED, actor, managers="application-signed" if is_whole else "", step=step.kind, file=signed.name
    )


# --- The vendor ---


def accept(*, application: Application, actor: User | None) -> Application:
    """Accepts the application and makes its contracts, filled and numbered (R80, R84).

    Raises ValidationError where no PDF can be made on this machine, where the terms in force no longer have the level,
    where the company holds one already (A7); Overtaken where there is nothing to accept.
    """
    current = _fresh(application)
    if current.state != State.SUBMITTED:
        raise Overtaken
    if not pdf_available():
        raise ValidationError(
            _("На этом сервере нельзя сделать PDF, а без договоров принять заявку нельзя: сообщите администратору.")
        )
    terms, day = _terms(), programme_day()
    _refuse_level(current.partner, current.level, terms)
    # Drawn before anything is locked: it takes a second, and what is drawn cannot change while it is submitted.
    papers = {kind: contracts.draw_contract(current, kind, terms, day) for kind in CONTRACTS}
    return _accept(current, terms, papers, actor)


@transaction.atomic
def _accept(
    application: Application, terms: Terms, papers: Mapping[JoiningStep.Kind, bytes], actor: User | None
) -> Application:
    _decide(application, State.ACCEPTED, "", actor, Ball.COMPANY)
    code = str(application.level.contract_code)
    JoiningStep.objects.create(
        application=application,
        kind=Kind.REGISTRATION,
        edition_id=application.edition_id or terms.edition,
        contract_code=code,
        done_by_id=application.submitted_by_id,
        done_at=application.submitted_at,
    )
    for kind, content in papers.items():
        document = keep_generated(
            partner=application.partner,
            name=contracts.contract_name(application, kind),
            content=content,
            content_type=PDF,
            actor=actor,
        )
        JoiningStep.objects.create(
            application=application, kind=kind, edition_id=terms.edition, contract_code=code, document=document
        )
    return _recorded(application, ACCEPTED, actor, partner="application-accepted")


@transaction.atomic
def send_back(*, application: Application, reason: str, actor: User | None) -> Application:
    """Returns it to the company with questions; raises Overtaken where there is nothing to return."""
    _decide(application, State.RETURNED, reason, actor, Ball.COMPANY)
    return _recorded(application, RETURNED, actor, partner="application-returned", reason=reason)


@transaction.atomic
def reject(*, application: Application, reason: str, actor: User | None) -> Application:
    """Says no, and why; raises Overtaken where there is nothing to reject."""
    _decide(application, State.REJECTED, reason, actor, Ball.NOBODY)
    return _recorded(application, REJECTED, actor, partner="application-rejected", reason=reason)


@transaction.atomic
def return_signed(*, step: JoiningStep, reason: str, actor: User | None) -> Application:
    """The signed copy that ``step`` knows is not right: the company sends another.

    Raises Overtaken where another copy is there by now, or it is marked.
    """
    application = _held(step.application_id, State.ACCEPTED)
    if not _signed_step(step).update(signed=None):
        raise Overtaken
    _move(application, [State.ACCEPTED], **_ball(Ball.COMPANY))
    return _recorded(
        application, SIGNATURE_RETURNED, actor, partner="application-signature-returned", reason=reason, step=step.kind
    )


@transaction.atomic
def mark_signed(*, step: JoiningStep, actor: User | None) -> Application:
    """Marks a contract as signed by the copy that ``step`` knows; with the last of them the company has joined (A8).

    Then the membership begins, until 31 December (R44), and the profile is published. Raises Overtaken where another
    copy is there by now, or it is marked; ValidationError where the membership or the profile is refused.
    """
    application = _held(step.application_id, State.ACCEPTED)
    if not _signed_step(step).update(done_by=actor, done_at=timezone.now()):
        raise Overtaken
    _recorded(application, MARKED, actor, step=step.kind)
    if application.steps.filter(done_at__isnull=True).exists():
        return _fresh(application)
    return _join(application, actor)


def _join(application: Application, actor: User | None) -> Application:
    partner = application.partner
    membership = memberships.grant(
        partner=partner,
        level=application.level,
        actor=actor,
        reason=_("%(application)s: договоры подписаны.") % {"application": application},
        tells=False,  # that it has joined tells of the level, too
    )
    _move(application, [State.ACCEPTED], state=State.JOINED, membership=membership, **_ball(Ball.NOBODY))
    if not partner.live:
        partners.publish(partner=partner, actor=actor, by_decision=True)
    return _recorded(
        application, JOINED, actor, partner="application-joined", until=_day(membership.until), membership=membership.pk
    )


# --- What all of them do ---


def _terms() -> Terms:
    try:
        return terms_on(programme_day())
    except NoEdition as error:
        raise ValidationError(_("Сейчас не действует ни одна редакция условий.")) from error


def _refuse_level(partner: Partner, level: Level, terms: Terms) -> None:
    if all(offered.slug != level.slug for offered in terms.levels):
        raise ValidationError({"level": _("В действующих условиях такого уровня нет.")})
    held = holding_of(partner, level.product_line_id)
    if held is not None:
        raise ValidationError(
            {
                "level": _(
                    "У компании уже есть уровень этой линейки продуктов — %(level)s. "
                    "Уровень меняют и продлевают без новой заявки."
                )
                % {"level": said(held.level.short_name)}
            }
        )


def _refuse_scheme(application: Application) -> None:
    level = level_of(application, _terms())
    if level is None or not level.may_rent_out:
        raise ValidationError(_("На этом уровне лицензии в аренду не сдают: обсуждать схему не нужно."))


def _one_open_application() -> str:
    return _("По этой линейке продуктов у компании уже есть незаконченная заявка.")


def _fresh(application: Application) -> Application:
    return Application.objects.select_related("partner", "level", "edition").get(pk=application.pk)


def _held(key: int, state: Application.State) -> Application:
    """The application, kept from everybody else until the end of the transaction."""
    application = Application.objects.select_for_update(of=("self",)).select_related("partner", "level").get(pk=key)
    if application.state != state:
        raise Overtaken
    return application


def _signed_step(step: JoiningStep) -> Any:
    """The step while its signed copy is the one that was looked at, and nobody has marked it."""
    return JoiningStep.objects.filter(
        pk=step.pk, kind__in=CONTRACTS, signed=step.signed_id, signed__isnull=False, done_at__isnull=True
    )


def _ball(ball: Application.Ball) -> dict[str, Any]:
    return {"ball": ball, "ball_since": timezone.now()}


def _move(application: Application, states: Any, **values: Any) -> None:
    rows = Application.objects.filter(pk=application.pk, state__in=states)
    if not (rows.update(**values) if values else rows.exists()):
        raise Overtaken


def _decide(
    application: Application, state: Application.State, reason: str, actor: User | None, ball: Application.Ball
) -> None:
    decided = {"decided_by": actor, "decided_at": timezone.now(), "reason": reason}
    _move(application, [State.SUBMITTED], state=state, **decided, **_ball(ball))


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _recorded(
    application: Application, action: str, actor: User | None, *, partner: str = "", managers: str = "", **data: Any
) -> Application:
    """The row as it is now, its audit row written, and those told whom it concerns (kinds of messages)."""
    current = _fresh(application)
    facts = {"level": current.level.slug, "company": str(current.partner), **data}
    entry = log(instance=current, action=action, user=actor, data=facts)
    told = {
        "number": str(current.pk),
        "level": said(current.level.short_name),
        "reason": str(data.get("reason", "")),
        "until": str(data.get("until", "")),
    }
    key = f"application:{current.pk}:{action.rsplit('.', 1)[-1]}:{entry.pk}"
    if partner:
        url = address("portal:application", current.pk)
        messages.tell_partner(partner=current.partner, kind=partner, key=key, facts=told, url=url)
    if managers:
        url = address("partner_directory_application_modeladmin_inspect", current.pk)
        told["company"] = str(current.partner)
        messages.tell_managers(kind=managers, key=key, facts=told, url=url)
    return current
