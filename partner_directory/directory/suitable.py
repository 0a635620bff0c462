"""Who may be handed an enquiry, and whose turn it is: fair among equals, and nobody can buy a place.

Whoever is listed, takes new clients, can be reached and fits what the visitor wants; first the one that has waited
longest. Fictional companies come only where no true one fits. May not import actions.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models import Q, QuerySet
from pyroaring import BitMap

from partner_directory.directory.snapshot import Snapshot, current, terms_today
from partner_directory.models.enquiry import Turn
from partner_directory.models.partner import Partner

KINDS = ("region", "product", "service")
BATCH = 200  # partners read at once


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor wants of a partner, in the codes of the directory's filters; empty where it does not matter."""

    region: str = ""
    product: str = ""
    service: str = ""

    @property
    def kinds(self) -> list[str]:
        """The conditions that were set."""
        return [kind for kind in KINDS if getattr(self, kind)]


def directory_now() -> Snapshot:
    """The directory under today's terms."""
    return current(terms_today())


def takes_enquiries(partner: Partner) -> bool:
    """Whether a partner may be written to now: listed, taking new clients, and within reach."""
    accepting = directory_now().having("accepting:yes")
    return partner.pk in accepting and _reachable().filter(pk=partner.pk).exists()


def whose_turn(wish: Wish, *, without: Container[int | None] = ()) -> Partner | None:
    """The partner to hand an enquiry to; None where nobody fits."""
    sample = None
    for partner in in_turn(wish, without=without):
        if not partner.is_sample:
            return partner
        sample = sample or partner
    return sample


def in_turn(wish: Wish, *, without: Container[int | None] = ()) -> Iterator[Partner]:
    """Everybody who fits, the one that has waited longest first; equals in the order of the day."""
    snapshot = directory_now()
    fitting = _fitting(wish, snapshot)
    numbers = dict(Turn.objects.values_list("partner_id", "number"))
    keys = sorted(
        (key for key in snapshot.order if key in fitting and key not in without), key=lambda key: numbers.get(key, 0)
    )
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        found = _reachable().in_bulk(batch)
        yield from (found[key] for key in batch if key in found)


def to_drop(wish: Wish) -> list[str]:
    """The conditions each of which alone keeps everybody out: without it somebody fits."""
    return [kind for kind in wish.kinds if whose_turn(replace(wish, **{kind: ""}))]


def _fitting(wish: Wish, snapshot: Snapshot) -> BitMap:
    sets = [snapshot.having(f"{kind}:{getattr(wish, kind)}") for kind in wish.kinds]
    return BitMap.intersection(snapshot.having("accepting:yes"), *sets)


def _reachable() -> QuerySet[Partner]:
    """Those with an address; fictional companies need none, since nobody writes to them."""
    return Partner.objects.filter(~Q(email="") | Q(is_sample=True))
