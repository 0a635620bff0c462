"""What a verification says: a badge on a day, why, what the partner held before, and what was signed under the code.

One reading for the page and the API, in a number of queries that does not grow. What was written in private, such as
why a code was taken back, is not in it. May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.badges.links import verify_url
from partner_directory.badges.verdict import VERDICT_LABELS, Shown, Verdict, last_day, shown_on, with_history
from partner_directory.memberships_then import recorded
from partner_directory.models.badge import Badge, Credential
from partner_directory.models.membership import Membership
from program_pages import formats
from program_pages.as_of import on_day
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.models.level import Level


@dataclass(frozen=True, slots=True)
class Period:
    """A membership of the badge's product line, and how it stands by what is recorded now."""

    level: Level
    year: int
    starts: date
    until: date
    note: str


@dataclass(frozen=True, slots=True)
class Verification:
    """A badge on a day; ``replacement`` is the code that was issued instead of this one, where that is in use.

    Of a day that is over ``shown`` is what had been recorded by then, ``recorded_later`` what is recorded of that day
    now, where that is something else.
    """

    badge: Badge
    shown: Shown
    recorded_later: Shown | None
    today: date
    replacement: str
    periods: tuple[Period, ...]
    credentials: tuple[Credential, ...]

    @property
    def is_today(self) -> bool:
        """Whether it speaks of today."""
        return self.shown.day == self.today

    @property
    def is_future(self) -> bool:
        """Whether its day is still to come: it says what follows from what is recorded now."""
        return self.shown.day > self.today

    @property
    def label(self) -> str:
        """The verdict in a word or two."""
        return str(VERDICT_LABELS[self.shown.verdict])

    @property
    def why(self) -> str:
        """Why it is valid or not, in a sentence of the reader's language."""
        return _why(self).replace("..", ".")  # a Russian day ends with a full stop of its own

    @property
    def later_label(self) -> str:
        """What is recorded of the day now, in a word or two; "" where it is the same."""
        return str(VERDICT_LABELS[self.recorded_later.verdict]) if self.recorded_later else ""

    @property
    def later_why(self) -> str:
        """The same in a sentence."""
        return replace(self, shown=self.recorded_later, recorded_later=None).why if self.recorded_later else ""

    @property
    def url(self) -> str:
        """The lasting address of this verification."""
        return verify_url(self.badge.code)


def find(code: str, day: date | None = None) -> Verification | None:
    """The verification of a code, as ``codes.read_code`` gives it, on a day, today unless told; None if unknown."""
    badges = with_history(Badge.objects.filter(code=code)).select_related("partner", "product_line", "replaced_by")
    badge = badges.first()
    if badge is None:
        return None
    today = programme_day()
    now = shown_on(badge, day or today)
    then = _as_recorded(badge, now)
    replacement = getattr(badge, "replaced_by", None)
    return Verification(
        badge=badge,
        shown=then,
        recorded_later=None if _same(then, now) else now,
        today=today,
        replacement=replacement.code if replacement and replacement.revoked_at is None else "",
        periods=tuple(_periods(badge, today)),
        credentials=tuple(_credentials(badge)),
    )


def _as_recorded(badge: Badge, now: Shown) -> Shown:
    """What the badge said by what had been recorded by the end of its day."""
    moment = on_day(now.day).recorded_by
    if moment is None:
        return now
    every: list[Membership] = badge.partner.every_membership  # type: ignore[attr-defined]
    return shown_on(badge, now.day, recorded(every, moment))


def _same(then: Shown, now: Shown) -> bool:
    """Whether both say the same; that an end was decided later changes no day before it."""
    return (then.verdict, then.level, then.since) == (now.verdict, now.level, now.since)


def by_codes(codes: list[str]) -> dict[str, Badge]:
    """Badges with all that a verdict is read from, by their codes; unknown codes are left out."""
    return {badge.code: badge for badge in with_history(Badge.objects.filter(code__in=codes))}


def _credentials(badge: Badge) -> list[Credential]:
    """What was signed under the code, the latest year first; of memberships and levels that are loaded already."""
    memberships: dict[int, Membership] = {row.pk: row for row in badge.partner.every_membership}  # type: ignore[attr-defined]
    levels = {row.level_id: row.level for row in memberships.values()}
    found = list(badge.credentials.order_by("-issued_at", "-pk"))
    for credential in found:
        credential.membership = memberships[credential.membership_id]
        credential.level = levels.get(credential.level_id) or credential.level
    return sorted(found, key=lambda credential: credential.membership.year, reverse=True)


def _periods(badge: Badge, today: date) -> Iterator[Period]:
    """The memberships that the badge speaks of, the latest first."""
    memberships: list[Membership] = badge.partner.every_membership  # type: ignore[attr-defined]
    for row in reversed(memberships):
        if row.product_line_id == badge.product_line_id:
            yield Period(row.level, row.year, row.starts, last_day(row), _standing(row, today))


def _standing(row: Membership, today: date) -> str:
    if row.starts > today:
        return _("начнётся")
    if row.ended_how == Membership.Ending.LEVEL_CHANGED:
        return _("сменён уровень")
    if row.ended_how and last_day(row) < today:
        return _("прекращено раньше срока")
    if last_day(row) < today:
        return _("год окончен")
    return _("приостановлено") if row.was_suspended_on(today) else _("действует")


def _why(found: Verification) -> str:
    shown = found.shown
    words = {
        "partner": said(found.badge.partner.name),
        "level": said(shown.level.name) if shown.level else "",
        "day": _day(shown.day),
        "since": _day(shown.since),
        "until": _day(shown.until),
    }
    if shown.verdict is Verdict.REVOKED:
        revoked = found.badge.revoked_at
        return _("Код отозван: %(day)s.") % {"day": _day(timezone.localdate(revoked) if revoked else None)}
    if shown.verdict is Verdict.SUSPENDED:
        return _("Участие приостановлено с %(day)s.") % {"day": _day(_suspended_since(found))}
    return {
        Verdict.VALID: _("%(partner)s — %(level)s: с %(since)s по %(until)s."),
        Verdict.LAPSED: _("Срок истёк %(until)s и не был продлён."),
        Verdict.ENDED: _("Участие прекращено раньше срока: последний день — %(until)s."),
        Verdict.UPCOMING: _("Участие ещё не началось."),
    }[shown.verdict] % words


def _suspended_since(found: Verification) -> date | None:
    """The first day of the suspension that the day falls into."""
    row, day = found.shown.membership, found.shown.day
    if row is None or (row.suspended_since and row.suspended_since <= day):
        return row.suspended_since if row else None
    return next((each.since for each in row.suspensions.all() if each.since <= day < each.resumed_on), None)


def _day(value: date | None) -> str:
    return formats.day(value, get_language() or "ru") if value else ""
