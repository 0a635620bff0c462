"""A membership begins, is renewed, changes its level, is suspended, resumed and ended (R12, R44, R45, A7).

Each action is one transaction with its audit row; a decision that another has overtaken is refused (``Overtaken``), by
a guarded update and, at last, by the database itself. The partner is told in the same transaction (``messages``), and
its badge's credential is issued or closed in it (``actions.badges``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.actions import badges
from partner_directory.directory.upkeep import partners_changed
from partner_directory.guards import OVERLAP
from partner_directory.models.badge import Credential
from partner_directory.models.membership import Membership, Suspension
from partner_directory.models.partner import Partner
from partner_directory.notices import tell_of_membership
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.level import Level
from program_pages.rules.calendar import is_renewal_open, membership_ends
from program_pages.rules.terms import UnknownLevel
from program_pages.terms import NoEdition, terms_on

GRANTED = "partner_directory.membership.granted"
RENEWED = "partner_directory.membership.renewed"
LEVEL_CHANGED = "partner_directory.membership.level_changed"
SUSPENDED = "partner_directory.membership.suspended"
RESUMED = "partner_directory.membership.resumed"
ENDED = "partner_directory.membership.ended"

State, Ending, Closing = Membership.State, Membership.Ending, Credential.Closing
ONE_DAY = timedelta(days=1)


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, членство изменил кто-то другой. Откройте его заново."))


def grant(
    *,
    partner: Partner,
    level: Level,
    actor: User | None,
    starts: date | None = None,
    reason: str = "",
    tells: bool = True,
) -> Membership:
    """A new membership from a day (today) to 31 December of its year, whenever it begins (R44).

    ``tells`` is for whoever tells the partner of it in words of their own.
    Raises ValidationError, by field: where the edition of that day has no such level; where the partner holds a level
    of the same product line on one of these days (A7).
    """
    return _begin(partner, level, actor, starts or programme_day(), GRANTED, reason, tells=tells)


def renew(*, membership: Membership, actor: User | None, reason: str = "") -> Membership:
    """The same level for the next calendar year (R45).

    Raises ValidationError before the renewal opens, and for a membership that ended; otherwise as ``grant``.
    """
    current = _fresh(membership)
    today = programme_day()
    if current.state == State.ENDED:
        raise ValidationError(_("Прекращённое членство не продлевается: присвойте уровень заново."))
    if today.year < current.year or (
        today.year == current.year and not is_renewal_open(today, terms_on(today).readings)
    ):
        raise ValidationError(_("Продление на следующий год ещё не открыто."))
    starts = max(date(current.year + 1, 1, 1), date(today.year, 1, 1))
    return _begin(current.partner, current.level, actor, starts, RENEWED, reason, before=current)


@transaction.atomic
def change_level(
    *, membership: Membership, level: Level, actor: User | None, reason: str, on: date | None = None
) -> Membership:
    """Closes one membership and opens the next within the year (A7); history stays.

    Holds from a day on, today unless told; from tomorrow where the old level began only today.
    Raises ValidationError where the day is outside the membership, the level is the same or of another product line.
    """
    current = _fresh(membership)
    day = max(on or programme_day(), current.starts + ONE_DAY)
    if level.pk == current.level_id:
        raise ValidationError({"level": _("Этот уровень у партнёра уже есть.")})
    if level.product_line_id != current.product_line_id:
        raise ValidationError({"level": _("Это уровень другой линейки продуктов: его присваивают отдельно.")})
    if day > current.until:
        raise ValidationError({"on": _("К этому дню членство уже закончится.")})
    _close(current, Ending.LEVEL_CHANGED, day - ONE_DAY, reason, actor)
    return _begin(current.partner, level, actor, day, LEVEL_CHANGED, reason, before=current)


@transaction.atomic
def suspend(*, membership: Membership, actor: User | None, reason: str) -> Membership:
    """Takes the partner out of the directory until it is resumed; raises Overtaken where it is not in force."""
    today = programme_day()
    _update(membership, [State.GRANTED], state=State.SUSPENDED, suspended_since=today, reason=reason)
    return _recorded(membership, SUSPENDED, actor, reason)


@transaction.atomic
def resume(*, membership: Membership, actor: User | None, reason: str = "") -> Membership:
    """Puts a suspended membership back in force; raises Overtaken where it is not suspended."""
    current = _fresh(membership)
    _update(membership, [State.SUSPENDED], state=State.GRANTED, suspended_since=None, reason=reason)
    _remember_suspension(current, programme_day())
    return _recorded(membership, RESUMED, actor, reason)


@transaction.atomic
def end(
    *,
    membership: Membership,
    how: Membership.Ending,
    actor: User | None,
    reason: str,
    on: date | None = None,
) -> Membership:
    """Ends a membership before its year is over; ``on`` is its last day, today unless told.

    Raises ValidationError for a day outside the membership, Overtaken where it has ended already.
    """
    current = _fresh(membership)
    if current.state == State.ENDED:
        raise Overtaken
    last = max(on or programme_day(), current.starts)
    if last > current.until:
        raise ValidationError({"on": _("К этому дню членство уже закончится само.")})
    _close(current, how, last, reason, actor)
    return _recorded(current, ENDED, actor, reason)


def _begin(
    partner: Partner,
    level: Level,
    actor: User | None,
    starts: date,
    action: str,
    reason: str,
    before: Membership | None = None,
    tells: bool = True,
) -> Membership:
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                partner=partner,
                level=level,
                product_line_id=level.product_line_id,
                year=starts.year,
                starts=starts,
                until=membership_ends(starts),
                edition=_edition_with(level, starts),
                reason=reason,
                granted_by=actor,
            )
            recorded = _recorded(membership, action, actor, reason, before=before, tells=tells)
            badges.issue_for(membership=recorded, actor=actor)
            return recorded
    except IntegrityError as error:
        if OVERLAP not in str(error):
            raise
        taken = _("В эти дни у партнёра уже есть уровень этой линейки продуктов.")
        raise ValidationError({"level": taken}) from error


def _edition_with(level: Level, day: date) -> TermsEdition:
    try:
        terms = terms_on(day)
        terms.level(level.slug)
    except NoEdition as error:
        raise ValidationError({"starts": _("На этот день нет ни одной редакции условий.")}) from error
    except UnknownLevel as error:
        raise ValidationError({"level": _("В редакции условий этого дня такого уровня нет.")}) from error
    edition: TermsEdition = TermsEdition.objects.get(pk=terms.edition)
    return edition


def _fresh(membership: Membership) -> Membership:
    return Membership.objects.select_related("partner", "level").get(pk=membership.pk)


def _update(membership: Membership, states: list[str], **values: Any) -> None:
    if not Membership.objects.filter(pk=membership.pk, state__in=states).update(**values):
        raise Overtaken


def _close(current: Membership, how: str, last: date, reason: str, actor: User | None) -> None:
    """Guarded by all that the decision was made from."""
    open_still = Membership.objects.filter(pk=current.pk, state=current.state, until=current.until)
    values = {"state": State.ENDED, "ended_how": how, "until": last, "suspended_since": None, "reason": reason}
    if not open_still.update(**values):
        raise Overtaken
    _remember_suspension(current, last + ONE_DAY)
    closing = Closing.LEVEL_CHANGED if how == Ending.LEVEL_CHANGED else Closing.ENDED
    badges.close_for(membership=_fresh(current), how=closing, actor=actor)


def _remember_suspension(current: Membership, over: date) -> None:
    """Keeps the days on which it was suspended, if it was as it was found."""
    if current.suspended_since:
        since = current.suspended_since
        Suspension.objects.create(membership=current, since=since, resumed_on=max(since, over), reason=current.reason)


def _recorded(
    membership: Membership,
    action: str,
    actor: User | None,
    reason: str,
    before: Membership | None = None,
    tells: bool = True,
) -> Membership:
    """The row as it is now, its audit row written, the directory and the partner told."""
    current = _fresh(membership)
    data = {
        "partner": str(current.partner),
        "level": current.level.slug,
        "starts": current.starts.isoformat(),
        "until": current.until.isoformat(),
        "reason": reason,
        **({"before": before.level.slug} if before else {}),
    }
    entry = log(instance=current, action=action, user=actor, data=data)
    partners_changed([current.partner_id])
    if tells:
        tell_of_membership(current, action, entry.pk)
    return current
