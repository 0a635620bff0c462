"""The whole directory in the memory of a process: which partner has what, as sets of keys.

Counting facets by the database takes longer the more partners there are; the intersections of compressed bitmaps take
a millisecond at a hundred thousand (docs/adr/0011). A snapshot is never changed: when ``DirectoryVersion`` has moved
on, the next one is made from it and from the rows that changed. It holds keys and codes; what is shown is read anew.
"""

from __future__ import annotations

import threading
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, partial
from hashlib import blake2b
from typing import Any, TypeVar, cast

from pyroaring import BitMap

from partner_directory.directory.taxonomy import Taxonomy, taxonomy
from partner_directory.memberships_then import held_on
from partner_directory.models.listing import DirectoryVersion, Listing
from partner_directory.models.membership import Membership
from partner_directory.services import Service, allowed_by
from program_pages.as_of import AsOf
from program_pages.kept import keep
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Level, Terms
from program_pages.terms import NoEdition, terms_on

Sets = Mapping[str, BitMap]
T = TypeVar("T")
CHUNK = 5000  # rows read at once


@dataclass(frozen=True)
class Profiles:
    """What published profiles say, whoever of them is listed: ``tokens`` maps ``kind:value`` to partners' keys."""

    version: int
    whole: int
    names: Taxonomy
    published: BitMap
    tokens: Sets

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """The keys in the order of their names, by language; read when first asked for."""
        return {language: _keys(f"sort_{language}", "pk") for language in ("ru", "en")}

    @cached_property
    def newest(self) -> list[int]:
        """The keys, those published last first; read when first asked for."""
        return _keys("-listed_at", "-pk")


@dataclass(frozen=True)
class Snapshot:
    """The directory on a day under the levels' rights: whom it lists, with what, and in which order.

    ``tokens`` holds the listed alone, levels too, and only the services that a level of theirs allows (R22). ``order``
    is the order of the day among equals: drawn anew each day, the same for everybody, and nobody can buy it.
    """

    profiles: Profiles
    day: date
    rights: tuple[Level, ...]
    levels: Sets  # whoever holds one, published or not
    listed: BitMap
    tokens: Sets
    order: Sequence[int]
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def kept(self, key: Hashable, find: Callable[[], T]) -> T:
        """What follows from this snapshot and the key alone: found once, shared by all, and so never to be changed."""
        if key not in self._kept:
            self._kept[key] = find()
        return cast("T", self._kept[key])

    @property
    def names(self) -> Taxonomy:
        """The names of regions, cities, products and industries."""
        return self.profiles.names

    def lot(self, key: int) -> bytes:
        """A partner's lot of the day, which decides among equals."""
        return _drawn(self.day.isoformat().encode(), key)

    def having(self, token: str) -> BitMap:
        """The listed partners with a token."""
        return self.tokens.get(token, BitMap())


_current: Snapshot | None = None
_making = threading.Lock()


def terms_today() -> Terms | None:
    """The terms in force today, by which levels allow services; None before the first edition."""
    try:
        return terms_on(programme_day())
    except NoEdition:
        return None


def current(terms: Terms | None) -> Snapshot:
    """The directory as it is now, under today's terms: one query while nothing has changed."""
    global _current
    state = DirectoryVersion.objects.filter(pk=1).values_list("version", "whole").first() or (0, 0)
    asked = (state, programme_day(), terms.levels if terms else ())
    known = _current
    if known is None or not _is_fresh(known, *asked):
        with _making:
            known = _current
            if known is None or not _is_fresh(known, *asked):
                known = _current = _made(known, *asked)
    return known


def as_of(asked: AsOf, terms: Terms | None) -> Snapshot:
    """Whom the directory listed on a day that is over, under that day's terms: today's profiles, that day's levels.

    Levels as they had been recorded then; of the profiles of today those that had been published by then. Kept for a
    moment (``program_pages.kept``), since it reads every membership of the year.
    """
    now, moment = current(terms_today()), asked.recorded_by
    if moment is None:
        return now
    rights = terms.levels if terms else ()
    key = ("directory as of", asked.day, now.profiles.version, rights)
    return keep(key, lambda: _then(now.profiles, asked.day, moment, rights))


def _then(profiles: Profiles, day: date, moment: datetime, rights: tuple[Level, ...]) -> Snapshot:
    found: dict[str, list[int]] = defaultdict(list)
    for row in held_on(None, day, moment):
        found[f"level:{row.level.slug}"].append(row.partner_id)
    later = Listing.objects.filter(shown=True, listed_at__gte=moment).values_list("pk", flat=True)
    known = replace(profiles, published=profiles.published - BitMap(later))
    return _assembled(known, _sets(found), day, rights)


def forget() -> None:
    """Forgets what is known, as a new process would."""
    global _current
    _current = None


def _is_fresh(known: Snapshot, state: tuple[int, int], day: date, rights: tuple[Level, ...]) -> bool:
    return known.profiles.version == state[0] and known.day == day and known.rights == rights


def _made(known: Snapshot | None, state: tuple[int, int], day: date, rights: tuple[Level, ...]) -> Snapshot:
    version, whole = state
    if known is None or known.profiles.whole != whole or known.profiles.version > version:
        return _assembled(_read(version, whole), _levels(day), day, rights)
    if known.day != day:
        known = _assembled(known.profiles, _levels(day), day, rights)
    changed = _changed_since(known.profiles.version)
    keys = BitMap([row.pk for row in changed])
    levels = _replaced(known.levels, keys, _levels(day, keys))
    return _assembled(_brought_up(known.profiles, version, changed, keys), levels, day, rights, known.order)


def _changed_since(version: int) -> list[Listing]:
    return list(Listing.objects.filter(version__gt=version).only("pk", "tokens", "shown"))


def _read(version: int, whole: int) -> Profiles:
    """Everything from the database."""
    rows = Listing.objects.filter(shown=True).order_by("pk").values_list("pk", "tokens")
    published: list[int] = []
    found: dict[str, list[int]] = defaultdict(list)
    for key, tokens in rows.iterator(chunk_size=CHUNK):
        published.append(key)
        for token in tokens.split():
            found[token].append(key)
    return Profiles(version, whole, taxonomy(), BitMap(published), _sets(found))


def _brought_up(known: Profiles, version: int, changed: Iterable[Listing], keys: BitMap) -> Profiles:
    """The same with the changed rows in place of what they were."""
    shown = [row for row in changed if row.shown]
    found: dict[str, list[int]] = defaultdict(list)
    for row in shown:
        for token in row.tokens.split():
            found[token].append(row.pk)
    published = (known.published - keys) | BitMap([row.pk for row in shown])
    return Profiles(version, known.whole, known.names, published, _replaced(known.tokens, keys, _sets(found)))


def _levels(day: date, partners: Iterable[int] | None = None) -> Sets:
    """Who holds which level on a day (A7, A11), of all partners or of some."""
    rows = Membership.objects.in_force(day).order_by()
    if partners is not None:
        rows = rows.filter(partner__in=list(partners))
    found: dict[str, list[int]] = defaultdict(list)
    for partner, level in rows.values_list("partner_id", "level__slug").iterator(chunk_size=CHUNK):
        found[f"level:{level}"].append(partner)
    return _sets(found)


def _sets(found: Mapping[str, list[int]]) -> Sets:
    return {token: BitMap(keys) for token, keys in found.items()}


def _replaced(sets: Sets, keys: BitMap, found: Sets) -> Sets:
    """Sets in which the keys are where they were found, and nowhere else."""
    stayed = {token: members - keys for token, members in sets.items()}
    return stayed | {token: stayed.get(token, BitMap()) | members for token, members in found.items()}


def _assembled(
    profiles: Profiles, levels: Sets, day: date, rights: tuple[Level, ...], order: Sequence[int] = ()
) -> Snapshot:
    listed = BitMap.union(BitMap(), *levels.values()) & profiles.published
    tokens = {token: members & listed for token, members in {**profiles.tokens, **levels}.items()}
    for service in Service.values:
        allowing = [levels.get(f"level:{level.slug}", BitMap()) for level in rights if service in allowed_by(level)]
        token = f"service:{service}"
        tokens[token] = tokens.get(token, BitMap()) & BitMap.union(BitMap(), *allowing)
    return Snapshot(profiles, day, rights, levels, listed, tokens, _order(listed, day, order))


def _order(listed: BitMap, day: date, before: Sequence[int]) -> Sequence[int]:
    """The keys in the order of the day; the earlier order of the same day is brought up and not drawn again."""
    draw = partial(_drawn, day.isoformat().encode())
    if not before:
        return sorted(listed, key=draw)
    order = [key for key in before if key in listed]
    for key in listed - BitMap(before):
        insort(order, key, key=draw)
    return order


def _drawn(day: bytes, key: int) -> bytes:
    """The lot of a key on a day: nobody can foresee it from yesterday's, everybody can compute it again."""
    return blake2b(b"%d" % key, digest_size=8, key=day).digest()


def _keys(*order: str) -> list[int]:
    return list(Listing.objects.filter(shown=True).order_by(*order).values_list("pk", flat=True))
