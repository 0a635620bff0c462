"""A fact is claimed by a partner, confirmed or refused by a manager, or recorded by a manager at once.

For every model of ``Fact``. Each action is one transaction with its audit row; a decision that another has overtaken is
refused (``Overtaken``) by a guarded update. What was decided is never edited: it is revoked, and claimed anew.
How facts of one kind are written down and told of is their ``Manner``; sales and participations, which have their own,
are decided by ``actions.sales`` and ``actions.events``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import messages
from partner_directory.addresses import address
from partner_directory.models.facts import Fact, FactState
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from program_pages.models.edition import programme_day

CLAIMED = "partner_directory.fact.claimed"
ATTACHED = "partner_directory.fact.attached"
RECORDED = "partner_directory.fact.recorded"
CONFIRMED = "partner_directory.fact.confirmed"
REFUSED = "partner_directory.fact.refused"
REVOKED = "partner_directory.fact.revoked"
WITHDRAWN = "partner_directory.fact.withdrawn"

SAME = timedelta(minutes=10)  # the same words of the same company within it are one claim, sent twice
NOT_SAID = frozenset(  # by the partner: written by actions alone
    {"id", "state", "evidence", "recorded_by", "recorded_at", "decided_by", "decided_at", "decision_reason", "asked_at"}
)

F = TypeVar("F", bound=Fact)


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, запись изменил кто-то другой. Откройте её заново."))


def tell_managers_that_facts_wait() -> None:
    """Once a day, however many are claimed."""
    key = f"facts:wait:{programme_day().isoformat()}"
    messages.tell_managers(kind="facts_wait", key=key, url=address("partner_facts:queue"))


def _tell_managers(fact: Fact) -> None:
    if fact.waits_for_manager:
        tell_managers_that_facts_wait()


def _kind_and_title(fact: Fact) -> dict[str, str]:
    return {"kind": str(fact._meta.verbose_name), "title": str(fact), "partner": str(fact.partner)}


def _title(fact: Fact) -> dict[str, str]:
    return {"title": str(fact)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner(Generic[F]):
    """How facts of one kind are written down and told of; as it stands, that of most.

    ``name`` is in the audit log's actions, ``letter`` begins the names of letters to the partner, ``page`` is where it
    reads of it. ``logged`` is what the audit log keeps and ``facts`` what letters say, the reason beside both.
    """

    name: str = "fact"
    letter: str = "fact_"
    page: str = "portal:standing"
    logged: Callable[[F], dict[str, str]] = _kind_and_title
    facts: Callable[[F], dict[str, str]] = _title
    tell_managers: Callable[[F], None] = _tell_managers

    def action(self, fact_action: str) -> str:
        """What the audit log calls an action of these."""
        return fact_action.replace(".fact.", f".{self.name}.")


MOST: Manner[Any] = Manner()


@transaction.atomic
def claim(*, fact: F, actor: User | None, manner: Manner[F] = MOST) -> F:
    """Stores what a partner says of itself; it counts once a manager has confirmed it.

    A button pressed twice claims once. Raises ValidationError, by field, for what the model refuses.
    """
    _in_line(fact.partner)
    if twin := _twin(fact):
        forget_file(fact.evidence)
        return twin
    _stored(fact, actor, state=FactState.CLAIMED, decided_by=None, decided_at=None)
    manner.tell_managers(fact)
    return _logged(fact, CLAIMED, actor, manner)


@transaction.atomic
def attach(*, fact: F, evidence: PrivateFile, actor: User | None, manner: Manner[F] = MOST) -> F:
    """Puts a file beside a claim, in the place of the one before; raises Overtaken where the claim was decided."""
    current = _waiting(fact)
    former, current.evidence = current.evidence, evidence
    _refuse_foreign_file(current)
    current.save(update_fields=["evidence"])
    forget_file(former)
    return _logged(current, ATTACHED, actor, manner)


@transaction.atomic
def record(*, fact: F, actor: User | None, manner: Manner[F] = MOST) -> F:
    """Stores a manager's own entry, which is confirmed at once; raises ValidationError as ``claim`` does."""
    _in_line(fact.partner)
    _stored(fact, actor, state=FactState.CONFIRMED, decided_by=actor, decided_at=timezone.now())
    return _told(fact, RECORDED, actor, manner)


@transaction.atomic
def confirm(*, fact: F, actor: User | None, manner: Manner[F] = MOST) -> F:
    """A claim counts from now on; raises Overtaken where it waits no longer."""
    _decide(fact, FactState.CLAIMED, state=FactState.CONFIRMED, decided_by=actor, decision_reason="")
    return _told(_fresh(fact), CONFIRMED, actor, manner)


@transaction.atomic
def refuse(*, fact: F, actor: User | None, reason: str, manner: Manner[F] = MOST) -> F:
    """A claim does not count, and the partner learns why; raises Overtaken where it waits no longer."""
    _decide(fact, FactState.CLAIMED, state=FactState.REFUSED, decided_by=actor, decision_reason=_needed(reason))
    return _told(_fresh(fact), REFUSED, actor, manner)


@transaction.atomic
def revoke(*, fact: F, actor: User | None, reason: str, manner: Manner[F] = MOST) -> F:
    """What was confirmed counts no more, and the partner learns why; raises Overtaken where it does not count."""
    _decide(fact, FactState.CONFIRMED, state=FactState.REFUSED, decided_by=actor, decision_reason=_needed(reason))
    return _told(_fresh(fact), REVOKED, actor, manner)


@transaction.atomic
def withdraw(*, fact: F, actor: User | None, manner: Manner[F] = MOST) -> None:
    """Takes back a claim that nobody has decided, with its file; raises Overtaken where somebody has."""
    current = _waiting(fact)
    _logged(current, WITHDRAWN, actor, manner)
    file = current.evidence
    current.delete()
    forget_file(file)


def forget_file(file: PrivateFile | None) -> None:
    """Deletes a file that nothing shows any more, and its content once that is committed."""
    if file is None:
        return
    storage, name = file.file.storage, file.file.name
    try:
        with transaction.atomic():
            file.delete()
    except ProtectedError:  # something else shows it
        return
    if name:
        transaction.on_commit(partial(storage.delete, name), robust=True)


def _in_line(partner: Partner) -> None:
    """The claims of one company wait for each other here, so that each sees its twin."""
    Partner.objects.select_for_update().get(pk=partner.pk)


def _twin(fact: F) -> F | None:
    fields = [field for field in fact._meta.concrete_fields if field.name not in NOT_SAID]
    said = {field.attname: getattr(fact, field.attname) for field in fields}
    since = timezone.now() - SAME
    return _rows(fact).filter(**said, state=FactState.CLAIMED, recorded_at__gt=since).first()


def _rows(fact: F) -> QuerySet[F]:
    """The rows of the fact's own model."""
    return cast("QuerySet[F]", type(fact)._default_manager.all())


def _stored(fact: Fact, actor: User | None, **decided: Any) -> None:
    values = {"recorded_by": actor, "recorded_at": timezone.now(), "decision_reason": "", **decided}
    for name, value in values.items():
        setattr(fact, name, value)
    _refuse_foreign_file(fact)
    fact.full_clean()
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError as error:  # somebody has recorded it a moment ago
        raise Overtaken from error


def _refuse_foreign_file(fact: Fact) -> None:
    if fact.evidence is not None and fact.evidence.partner_id != fact.partner_id:
        raise ValidationError({"evidence": _("Этот файл другой компании.")})


def _waiting(fact: F) -> F:
    """The fact as it stands, which nobody decides meanwhile; raises Overtaken where it was decided."""
    current = _rows(fact).select_for_update().filter(pk=fact.pk, state=FactState.CLAIMED).first()
    if current is None:
        raise Overtaken
    return current


def _decide(fact: Fact, was: FactState, **values: Any) -> None:
    """Guarded by the state that the decision was made from."""
    rows = _rows(fact).filter(pk=fact.pk, state=was)
    try:
        with transaction.atomic():
            decided = rows.update(**values, decided_at=timezone.now())
    except IntegrityError as error:  # a review whose client has not confirmed it
        raise ValidationError(_("Так решить нельзя: записи не хватает того, без чего она не считается.")) from error
    if not decided:
        raise Overtaken


def _needed(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Напишите причину: партнёр прочтёт её.")})
    return reason.strip()


def _fresh(fact: F) -> F:
    return _rows(fact).select_related("partner").get(pk=fact.pk)


def _logged(fact: F, action: str, actor: User | None, manner: Manner[F]) -> F:
    data = manner.logged(fact) | {"reason": fact.decision_reason}
    log(instance=fact, action=manner.action(action), user=actor, data=data)
    return fact


def _told(fact: F, action: str, actor: User | None, manner: Manner[F]) -> F:
    """The partner learns of it, too; the key names what was decided, once."""
    _logged(fact, action, actor, manner)
    messages.tell_partner(
        partner=fact.partner,
        kind=f"{manner.letter}{FactState(fact.state).value}",
        key=f"{fact._meta.model_name}:{fact.pk}:{fact.state}:{fact.decided_at:%Y%m%d%H%M%S%f}",
        facts=manner.facts(fact) | {"reason": fact.decision_reason},
        url=address(manner.page),
    )
    return fact
