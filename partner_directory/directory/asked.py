"""What a visitor, a program or an export asks of the directory: read once, from GET parameters, by django-filter.

Filters narrow a ``Selection``, a question to the snapshot, as they would a queryset. Whatever cannot be read is left
out and said (``notices``): an address that somebody has kept never fails.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from partner_directory.directory.snapshot import Snapshot
from partner_directory.directory.taxonomy import Town
from partner_directory.directory.words import Hits, search
from partner_directory.models.partner import Partner
from program_pages.words import LONGEST_QUERY, search_words

KINDS = ("level", "region", "city", "product", "service", "industry", "language")
MOST_VALUES = 100  # of one parameter that are read
LONGEST_PAGE = 9  # digits
SORTS = {
    "": gettext_lazy("по соответствию"),
    "name": gettext_lazy("по названию"),
    "new": gettext_lazy("сначала новые"),
    "distance": gettext_lazy("по расстоянию"),
}
VIEWS = {"list": gettext_lazy("списком"), "map": gettext_lazy("на карте")}


@dataclass(frozen=True)
class Selection:
    """The listed partners narrowed by words and by groups of tokens: any of a group, and something of every group."""

    snapshot: Snapshot
    hits: Hits | None = None
    groups: Mapping[str, BitMap] = field(default_factory=dict)
    model = Partner  # django-filter asks

    def all(self) -> Selection:
        """Itself: django-filter asks."""
        return self

    def worded(self, query: str) -> Selection:
        """Only those that match the words."""
        return replace(self, hits=search(query, self.snapshot))

    def narrowed(self, group: str, codes: Iterable[str]) -> Selection:
        """Only those with one of the codes."""
        members = BitMap.union(BitMap(), *(self.snapshot.having(f"{group}:{code}") for code in codes))
        return replace(self, groups={**self.groups, group: members})

    @cached_property
    def matched(self) -> BitMap:
        """The keys of all that was asked for."""
        return self.without(None)

    def without(self, group: str | None) -> BitMap:
        """What would match were this group not asked for: what the group's own counts are counted in."""
        found = self.hits.partners if self.hits else self.snapshot.listed
        for name, members in self.groups.items():
            if name != group:
                found = found & members
        return found


class LenientCodes(forms.Field):
    """Some of the known codes; those unknown are left out and kept in ``refused``."""

    widget = forms.SelectMultiple

    def __init__(self, *args: Any, known: Container[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.refused: list[str] = []

    def clean(self, value: Any) -> list[str]:
        """The known codes, each once, as many as are read."""
        asked = list(dict.fromkeys(item for item in value or () if item))[:MOST_VALUES]
        self.refused = [code for code in asked if code not in self.known]
        return [code for code in asked if code in self.known]


class LenientText(forms.CharField):
    """A text of whatever length, without what a database refuses; what is too long is cut."""

    def clean(self, value: Any) -> str:
        return " ".join(str(value or "").replace("\x00", " ").split())[:LONGEST_QUERY]


class CodesFilter(django_filters.Filter):
    """Partners with one of the codes of a kind."""

    field_class = LenientCodes

    def filter(self, qs: Selection, value: list[str]) -> Selection:
        return qs.narrowed(self.field_name, value) if value else qs


class WordsFilter(django_filters.Filter):
    """Partners that match words."""

    field_class = LenientText

    def filter(self, qs: Selection, value: str) -> Selection:
        return qs.worded(value) if value else qs


class AcceptingFilter(django_filters.Filter):
    """Partners that take new clients."""

    field_class = forms.BooleanField

    def filter(self, qs: Selection, value: bool) -> Selection:
        return qs.narrowed(self.field_name, ["yes"]) if value else qs


class DirectoryFilter(django_filters.FilterSet):
    """The parameters by which the directory narrows; each filter is a group of facets."""

    q = WordsFilter()
    level = CodesFilter(field_name="level")
    region = CodesFilter(field_name="region")
    city = CodesFilter(field_name="city")
    product = CodesFilter(field_name="product")
    service = CodesFilter(field_name="service")
    industry = CodesFilter(field_name="industry")
    language = CodesFilter(field_name="language")
    accepting = AcceptingFilter(field_name="accepting")

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, data: QueryDict, snapshot: Snapshot) -> None:
        super().__init__(data, queryset=Selection(snapshot))
        for kind in KINDS:
            self.filters[kind].extra["known"] = frozenset(snapshot.names.codes(kind))

    def filter_queryset(self, queryset: Selection) -> Selection:
        """The selection narrowed by every filter."""
        for name, value in self.form.cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset


@dataclass(frozen=True)
class Asked:
    """A question to the directory, with what could not be read of it.

    ``codes`` maps a kind to the codes asked for; ``near`` is the city that distances are measured from. ``problems``
    says by parameter what was left out, ``remarks`` what else the reader must be told; ``on`` is the day of the past
    that the list is of.
    """

    selection: Selection
    q: str = ""
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accepting: bool = False
    near: Town | None = None
    sort: str = ""
    view: str = "list"
    page: int = 1
    on: date | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def notices(self) -> list[str]:
        """Everything the reader must be told, each sentence once."""
        return list(dict.fromkeys([*self.problems.values(), *self.remarks]))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked that leaves somebody out."""
        return bool(self.q or self.accepting or any(self.codes.values()))

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The question as GET parameters in a lasting order, without the page."""
        pairs = [("q", self.q)]
        pairs += [(kind, code) for kind in KINDS for code in self.codes.get(kind, ())]
        pairs += [("accepting", "yes" if self.accepting else ""), ("near", self.near.slug if self.near else "")]
        pairs += [("sort", self.sort), ("view", "" if self.view == "list" else self.view)]
        pairs += [("on", self.on.isoformat() if self.on else "")]
        return [(name, value) for name, value in pairs if value]

    def query(self, *, without: Iterable[tuple[str, str]] = (), **changes: str) -> str:
        """The address's query of this question with some parameters changed and some pairs left out."""
        left_out = set(without)
        pairs = [pair for pair in self.parameters if pair not in left_out and pair[0] not in changes]
        return urlencode([*pairs, *((name, value) for name, value in changes.items() if value)])


def read(data: QueryDict, snapshot: Snapshot) -> Asked:
    """What was asked; raises nothing, whatever the parameters are."""
    if not data:  # as most visits begin: everybody, without a form of nine fields
        return Asked(Selection(snapshot), codes=dict.fromkeys(KINDS, ()))
    filters = DirectoryFilter(data, snapshot)
    selection: Selection = filters.qs
    values = filters.form.cleaned_data
    problems = {kind: _unknown(refused) for kind in KINDS if (refused := filters.form.fields[kind].refused)}
    near, problems["near"] = _near(data.get("near", ""), snapshot)
    sort, problems["sort"] = _choice(data, "sort", SORTS)
    view, problems["view"] = _choice(data, "view", VIEWS)
    page, problems["page"] = _page(data.get("page", ""))
    if sort == "distance" and near is None:
        sort, problems["sort"] = "", _("Чтобы упорядочить по расстоянию, выберите город.")
    return Asked(
        selection=selection,
        q=values["q"],
        codes={kind: tuple(values[kind]) for kind in KINDS},
        accepting=values["accepting"],
        near=near,
        sort=sort,
        view=view or "list",
        page=page,
        problems={name: sentence for name, sentence in problems.items() if sentence},
    )


def _unknown(refused: list[str]) -> str:
    shown = ", ".join(f"«{code[:30]}»" for code in refused[:3])
    return _("Таких условий в каталоге нет: %(codes)s.") % {"codes": shown}


def _near(asked: str, snapshot: Snapshot) -> tuple[Town | None, str]:
    """A city by its slug, or by its name in either alphabet: the largest of that name."""
    asked = " ".join(asked.replace("\x00", " ").split())[:LONGEST_QUERY]
    if not asked:
        return None, ""
    cities = snapshot.names.cities
    if asked in cities:
        return cities[asked], ""
    words = search_words(asked)
    named = [town for town in cities.values() if words in (search_words(town.name.ru), search_words(town.name.en))]
    if words and named:
        return max(named, key=lambda town: town.population), ""
    return None, _("Города «%(city)s» в каталоге нет.") % {"city": asked[:60]}


def _page(asked: str) -> tuple[int, str]:
    if not asked:
        return 1, ""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_PAGE else 0
    return (number, "") if number else (1, _("Такой страницы нет: показана первая."))


def _choice(data: QueryDict, name: str, choices: Mapping[str, object]) -> tuple[str, str]:
    asked = data.get(name, "")
    if asked in choices or not asked:
        return asked, ""
    return "", _unknown([asked])
