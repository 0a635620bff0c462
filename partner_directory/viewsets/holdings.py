"""What partners hold, for listings: each partner's memberships of the day, their status in words, filters by it.

Status is derived by ``Membership.status_on``; the queries here ask the database the same. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from partner_directory.models.membership import STATUS_LABELS, Membership, MembershipQuerySet, Status
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day
from program_pages.rules.calendar import is_renewal_open
from program_pages.rules.terms import Readings
from program_pages.terms import NoEdition, terms_on

CALENDAR = ("grace_days", "renewal_opens_month", "renewal_opens_day")
EYE_CATCHING = frozenset({Status.ACTIVE, Status.ENDS_SOON})


def readings_on(day: date) -> Readings:
    """The readings of the edition of a day, by which memberships renew and lapse; the defaults before the first."""
    try:
        return terms_on(day).readings
    except NoEdition:
        return Readings()


@dataclass(frozen=True)
class Held:
    """A membership with where it is today."""

    membership: Membership
    status: Status

    @property
    def label(self) -> str:
        """The status in words."""
        return str(STATUS_LABELS[self.status])

    @property
    def is_primary(self) -> bool:
        """Whether it deserves the eye."""
        return self.status in EYE_CATCHING


def with_renewed(memberships: MembershipQuerySet) -> QuerySet[Membership]:
    """Memberships that know what their status hangs on: whether the next year is granted, when renewal opens, grace.

    Read once a query, so that a row costs none.
    """
    readings = readings_on(programme_day())
    return memberships.with_renewal().annotate(
        **{name: Value(getattr(readings, name), output_field=IntegerField()) for name in CALENDAR}
    )


def held(membership: Membership) -> Held:
    """Where a membership that ``with_renewed`` brought is today."""
    readings = Readings(**{name: getattr(membership, name) for name in CALENDAR})
    renewed: bool = membership.is_renewed  # type: ignore[attr-defined]
    return Held(membership, membership.status_on(programme_day(), readings, renewed=renewed))


def of_status(status: str) -> QuerySet[Membership]:
    """The memberships that are in this status today."""
    day = programme_day()
    running, all_rows = Membership.objects.running(day), with_renewed(Membership.objects.all())
    in_force = all_rows.filter(pk__in=running.values("pk")).exclude(state=Membership.State.SUSPENDED)
    closing = Q(state=Membership.State.GRANTED, is_renewed=False)
    if not is_renewal_open(day, readings_on(day)):
        closing &= Q(year__lt=day.year)
    over = all_rows.filter(starts__lte=day).exclude(pk__in=running.values("pk"))
    return {
        Status.UPCOMING: all_rows.filter(starts__gt=day),
        Status.ACTIVE: in_force.exclude(closing),
        Status.ENDS_SOON: in_force.filter(closing),
        Status.SUSPENDED: all_rows.filter(pk__in=running.values("pk"), state=Membership.State.SUSPENDED),
        Status.LAPSED: over.exclude(state=Membership.State.ENDED),
        Status.ENDED: over.filter(state=Membership.State.ENDED),
    }[Status(status)]


def with_holdings(partners: QuerySet[Any]) -> QuerySet[Any]:
    """Partners that know their memberships (``holdings_of``), which of them counts, and when it expires."""
    day = programme_day()
    rank = Case(
        When(pk__in=Membership.objects.running(day).values("pk"), then=Value(0)),
        When(starts__gt=day, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    counting = Membership.objects.filter(partner=OuterRef("pk")).annotate(rank=rank).order_by("rank", "-starts", "-pk")
    rows = with_renewed(Membership.objects.select_related("level", "edition")).order_by("-starts", "-pk")
    return partners.annotate(
        counting_pk=Subquery(counting.values("pk")[:1]), expires=Subquery(counting.values("until")[:1])
    ).prefetch_related(Prefetch("memberships", rows, to_attr="all_memberships"))


def holdings_of(partner: Partner) -> list[Held]:
    """What a partner that ``with_holdings`` brought holds today; where nothing runs, the next or the last."""
    known = [held(row) for row in partner.all_memberships]  # type: ignore[attr-defined]
    running = {Status.ACTIVE, Status.ENDS_SOON, Status.SUSPENDED}
    counting = partner.counting_pk  # type: ignore[attr-defined]
    return [row for row in known if row.status in running] or [row for row in known if row.membership.pk == counting]


def partners_in(partners: QuerySet[Partner], statuses: Iterable[str]) -> QuerySet[Partner]:
    """Of the partners that ``with_holdings`` brought, those whose counting membership is in one of the statuses."""
    matches = Q(pk__in=[])
    for status in statuses:
        matches |= Q(counting_pk__in=of_status(status).values("pk"))
    return partners.filter(matches)
