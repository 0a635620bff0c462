"""What a badge says on a day: valid or not, and why; derived from memberships, never stored (A11, R9).

One function for everything that shows it: pages, live badges, the API, kits, credentials' status. Takes rows that were
loaded before (``with_history``), so a list of badges costs as many queries as one. May not import views or actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.models.badge import Badge
from partner_directory.models.membership import Membership
from program_pages.models.edition import programme_day
from program_pages.models.level import Level

ONE_DAY = timedelta(days=1)
READ_OF_MEMBERSHIPS = (
    *(field.name for field in Membership._meta.concrete_fields),
    *(f"level__{field.name}" for field in Level._meta.concrete_fields),
    "edition__grace_days",  # its texts are long, and a badge is asked for often
)


class Verdict(StrEnum):
    """What a badge says on a day; a day to come is judged by what is recorded now."""

    VALID = "valid"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"  # its year is over and was not renewed
    ENDED = "ended"  # before its year was over
    UPCOMING = "upcoming"  # the first membership has not begun
    REVOKED = "revoked"  # the code itself was taken back


VERDICT_LABELS: dict[Verdict, str | Promise] = {
    Verdict.VALID: _("действует"),
    Verdict.SUSPENDED: _("приостановлен"),
    Verdict.LAPSED: _("срок истёк"),
    Verdict.ENDED: _("прекращён"),
    Verdict.UPCOMING: _("ещё не начался"),
    Verdict.REVOKED: _("отозван"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A badge on a day. ``level``, ``since`` and ``until`` are of the membership that it speaks of.

    ``since`` is the first day of the unbroken row of memberships at that level; ``until`` its last day, with grace.
    All three are None before the first membership.
    """

    verdict: Verdict
    day: date
    level: Level | None
    membership: Membership | None
    since: date | None
    until: date | None

    @property
    def is_valid(self) -> bool:
        """Whether the partner holds the level on that day."""
        return self.verdict is Verdict.VALID


def with_history(badges: QuerySet[Badge]) -> QuerySet[Badge]:
    """Badges with all that ``shown_on`` reads, in a number of queries that does not grow."""
    memberships = Membership.objects.select_related("level", "edition").only(*READ_OF_MEMBERSHIPS)
    memberships = memberships.prefetch_related("suspensions")
    return badges.select_related("partner", "product_line").prefetch_related(
        Prefetch("partner__memberships", queryset=memberships.order_by("starts", "pk"), to_attr="every_membership")
    )


def shown_on(badge: Badge, day: date | None = None, memberships: list[Membership] | None = None) -> Shown:
    """What a badge says on a day, today unless told; ``badge`` was loaded by ``with_history``.

    By ``memberships`` of the partner, in their order, those that are recorded now unless told.
    """
    day = day or programme_day()
    every = badge.partner.every_membership if memberships is None else memberships
    row = [found for found in every if found.product_line_id == badge.product_line_id]
    begun = [found for found in row if found.starts <= day]
    if not begun:
        return Shown(Verdict.UPCOMING, day, None, None, None, None)
    current = begun[-1]
    verdict = Verdict.REVOKED if _is_revoked(badge, day) else _of(current, day)
    return Shown(verdict, day, current.level, current, _since(begun, current), last_day(current))


def last_day(membership: Membership) -> date:
    """The last day on which a membership is in force: with days of grace, unless it ended before its year was over."""
    return membership.last_day


def _is_revoked(badge: Badge, day: date) -> bool:
    return badge.revoked_at is not None and timezone.localdate(badge.revoked_at) <= day


def _of(membership: Membership, day: date) -> Verdict:
    if day > last_day(membership):
        return Verdict.ENDED if membership.ended_how else Verdict.LAPSED
    return Verdict.SUSPENDED if membership.was_suspended_on(day) else Verdict.VALID


def _since(row: list[Membership], current: Membership) -> date:
    """The first day of the memberships at the same level that lead to this one without a gap."""
    since = current.starts
    for before in reversed(row[: row.index(current)]):
        if before.level_id != current.level_id or last_day(before) + ONE_DAY < since:
            break
        since = before.starts
    return since
