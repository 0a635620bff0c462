"""Who is found, in which order and why, and how many there would be with each further condition.

The order in words (``ORDER``): whoever answers the question better stands first; among equals the lot of the day
decides, drawn anew each day and the same for everybody. Nothing of it can be bought.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pyroaring import BitMap

from partner_directory.directory.asked import KINDS, Asked
from partner_directory.directory.snapshot import Snapshot
from partner_directory.directory.taxonomy import Town
from partner_directory.distance import Point, kilometres
from program_pages.formats import number

PAGE_SIZE = 10
FEW = 256  # a tier smaller than one in so many is sorted by itself, a larger one picked out of the whole order


@dataclass(frozen=True, slots=True)
class Option:
    """A further condition: how many partners there would be with it in place of the others of its kind."""

    kind: str
    code: str
    label: str
    count: int
    chosen: bool
    shape: str = ""
    count_text: str = ""


@dataclass(frozen=True)
class Found:
    """A page of the answer: ``keys`` in their order; ``page`` is the one shown, which may not be the one asked for."""

    asked: Asked
    count: int
    page: Page[int]
    keys: tuple[int, ...]

    @property
    def misspelt(self) -> dict[str, tuple[str, ...]]:
        """The words that found nothing as they were written, with those that were looked for instead."""
        hits = self.asked.selection.hits
        return hits.meant if hits else {}


def find(asked: Asked, *, size: int = PAGE_SIZE) -> Found:
    """The page asked for, or the last one where there are fewer."""
    count = len(asked.selection.matched)
    paginator = Paginator(range(count), size)
    if asked.page > paginator.num_pages:
        notice = _("Страниц всего %(pages)s: показана последняя.") % {"pages": paginator.num_pages}
        asked = replace(asked, remarks=(*asked.remarks, notice))
    page = paginator.get_page(asked.page)
    keys = tuple(islice(ordered(asked, skip=(page.number - 1) * size), size))
    return Found(asked, count, page, keys)


def ordered(asked: Asked, skip: int = 0) -> Iterator[int]:
    """The keys of everybody found from a place on, in the order asked for."""
    snapshot = asked.selection.snapshot
    for tier, order in _tiers(asked):
        if skip >= len(tier):
            skip -= len(tier)
            continue
        yield from islice(_in_order(tier, order, snapshot), skip, None)
        skip = 0


def _in_order(tier: BitMap, order: Sequence[int] | None, snapshot: Snapshot) -> Iterator[int]:
    if order is None and len(tier) * FEW < len(snapshot.order):
        return iter(sorted(tier, key=snapshot.lot))
    return (key for key in order or snapshot.order if key in tier)


def _tiers(asked: Asked) -> Iterator[tuple[BitMap, Sequence[int] | None]]:
    """The found, those who stand first first, each tier with its order; without one, the order of the day."""
    snapshot, matched = asked.selection.snapshot, asked.selection.matched
    if asked.sort == "name":
        yield matched, snapshot.profiles.by_name[get_language() or "ru"]
    elif asked.sort == "new":
        yield matched, snapshot.profiles.newest
    else:
        tiers = [matched] if asked.sort == "distance" else _better_first(asked, matched)
        for tier in tiers:
            yield from ((part, None) for part in (_by_distance(tier, asked.near, snapshot) if asked.near else [tier]))


def _better_first(asked: Asked, matched: BitMap) -> list[BitMap]:
    """Named as asked first, then with an office in a region asked for, then those who take new clients."""
    snapshot, hits = asked.selection.snapshot, asked.selection.hits
    offices = BitMap.union(BitMap(), *(snapshot.having(f"office:{code}") for code in asked.codes.get("region", ())))
    tiers = [matched]
    for better in (hits.named if hits else None, offices or None, snapshot.having("accepting:yes")):
        if better is not None:
            tiers = [part for tier in tiers for part in (tier & better, tier - better)]
    return [tier for tier in tiers if tier]


def _by_distance(tier: BitMap, near: Town, snapshot: Snapshot) -> Iterator[BitMap]:
    """By the nearest office; whoever has none comes last."""
    left = BitMap(tier)
    for slug in _nearest_first(near.point, tuple((town.slug, town.point) for town in snapshot.names.cities.values())):
        here = left & snapshot.having(f"city:{slug}")
        if here:
            yield here
            left -= here
        if not left:
            return
    yield left


@lru_cache(maxsize=64)
def _nearest_first(point: Point, cities: tuple[tuple[str, Point], ...]) -> list[str]:
    return [slug for slug, place in sorted(cities, key=lambda city: kilometres(point, city[1]))]


def facets(asked: Asked, kinds: Iterable[str] = KINDS) -> dict[str, tuple[Option, ...]]:
    """Every condition of each kind with its count under all conditions of the other kinds (in no query at all).

    Those that would find nobody are left out, unless they are chosen; the counts of one kind need not add up.
    """
    return {kind: _options_of(asked, kind) for kind in kinds}


def _options_of(asked: Asked, kind: str) -> tuple[Option, ...]:
    if asked.is_narrowed:
        return tuple(_options(asked, kind))
    key = ("facet of everybody", kind, get_language())
    return asked.selection.snapshot.kept(key, lambda: tuple(_options(asked, kind)))


def _options(asked: Asked, kind: str) -> Iterator[Option]:
    snapshot = asked.selection.snapshot
    base = asked.selection.without(kind)
    everybody = len(base) == len(snapshot.listed)  # then a count is the size of the set itself
    chosen = asked.codes.get(kind, ())
    language = get_language() or "ru"
    for code, label in snapshot.names.labels(kind).items():
        members = snapshot.tokens.get(f"{kind}:{code}")
        count = _counted(members, base, everybody=everybody)
        if count or code in chosen:
            shape = snapshot.names.levels[code].shape if kind == "level" else ""
            yield Option(kind, code, label, count, code in chosen, shape, number(count, language))


def _counted(members: BitMap | None, base: BitMap, *, everybody: bool) -> int:
    if members is None:
        return 0
    return len(members) if everybody else base.intersection_cardinality(members)


def accepting_count(asked: Asked) -> int:
    """How many of those found would take new clients."""
    members = asked.selection.snapshot.having("accepting:yes")
    return asked.selection.without("accepting").intersection_cardinality(members)


@dataclass(frozen=True, slots=True)
class WayOut:
    """What finds somebody where nobody was found: a condition to drop, or a neighbouring region to ask for."""

    label: str
    query: str
    count: int


def ways_out(asked: Asked) -> list[WayOut]:
    """The nearest ways out of finding nobody, those that change least first; empty where there is none."""
    ways = [*_without_one_group(asked), *_neighbours(asked)] or list(_one_group_alone(asked))
    return sorted(ways, key=lambda way: -way.count)


def _without_one_group(asked: Asked) -> Iterator[WayOut]:
    snapshot = asked.selection.snapshot
    for kind in asked.selection.groups:
        count = len(asked.selection.without(kind))
        codes = asked.codes.get(kind, ("yes",))
        if count:
            pairs = [(kind, code) for code in codes]
            labels = ", ".join(condition_label(snapshot, kind, code) for code in codes)
            yield WayOut(_("без условия «%(label)s»") % {"label": labels}, asked.query(without=pairs), count)
    if asked.q:
        unworded = replace(asked.selection, hits=None)
        if unworded.groups and (count := len(unworded.without(None))):
            yield WayOut(_("без слов «%(q)s»") % {"q": asked.q}, asked.query(q=""), count)


def _one_group_alone(asked: Asked) -> Iterator[WayOut]:
    """Where no single condition is to blame: what each finds without the others."""
    snapshot = asked.selection.snapshot
    kinds = list(asked.selection.groups)
    for kind in kinds if len(kinds) > 1 or asked.q else []:
        count = len(asked.selection.groups[kind])
        codes = asked.codes.get(kind, ("yes",))
        others = [(other, code) for other in kinds if other != kind for code in asked.codes.get(other, ("yes",))]
        if count:
            labels = ", ".join(condition_label(snapshot, kind, code) for code in codes)
            yield WayOut(_("только «%(label)s»") % {"label": labels}, asked.query(without=others, q=""), count)


def _neighbours(asked: Asked) -> Iterator[WayOut]:
    snapshot = asked.selection.snapshot
    regions = asked.codes.get("region", ())
    base = asked.selection.without("region")
    near = dict.fromkeys(code for region in regions for code in snapshot.names.neighbours(region))
    for code in near:
        count = len(base & snapshot.having(f"region:{code}"))
        if count and code not in regions:
            pairs = [("region", region) for region in regions]
            query = "&".join(filter(None, [asked.query(without=pairs), f"region={code}"]))
            yield WayOut(_("рядом: %(region)s") % {"region": snapshot.names.label("region", code)}, query, count)


def condition_label(snapshot: Snapshot, kind: str, code: str) -> str:
    """A condition in words, as chips say it."""
    return _("берут новых клиентов") if kind == "accepting" else snapshot.names.label(kind, code)
