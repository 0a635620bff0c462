"""A spreadsheet of partners becomes drafts and revisions: planned row by row first, then written in one transaction.

``plan`` writes nothing: it says of each row whether it is new, changed, unchanged or wrong, and what looks like a
duplicate. ``carry_out`` writes what was planned, and nothing of a row with a mistake.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, log

from partner_directory.actions.partners import refuse_locked, refuse_services, save_change
from partner_directory.duplicates import plain_name, site_host
from partner_directory.exchange.columns import BY_KEY, COLUMNS, Column, Lookups, fold
from partner_directory.exchange.reading import Sheet
from partner_directory.models.partner import Office, Partner

IMPORTED = "partner_directory.partner.imported"
IDENTITY = ("inn", "slug", "name_ru")
BATCH = 500  # keys asked for at once


class Kind(StrEnum):
    """What a row comes to."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class Change:
    """A field before and after."""

    label: str
    old: str
    new: str


@dataclass
class Fate:
    """A row of the file: ``number`` as the spreadsheet counts, ``partner`` as it would be stored."""

    number: int
    partner: Partner
    changes: list[Change] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    published: bool = False

    @property
    def kind(self) -> Kind:
        """What it comes to."""
        if self.errors:
            return Kind.WRONG
        if self.partner.pk is None:
            return Kind.NEW
        return Kind.CHANGED if self.changes else Kind.UNCHANGED


@dataclass(frozen=True)
class Plan:
    """The fates of all rows."""

    fates: list[Fate]

    @property
    def counts(self) -> Counter[str]:
        """How many rows come to what."""
        return Counter(str(fate.kind) for fate in self.fates)

    @property
    def written(self) -> list[Fate]:
        """The rows that something is written of."""
        return [fate for fate in self.fates if fate.kind in {Kind.NEW, Kind.CHANGED}]

    @property
    def digest(self) -> str:
        """The same for the same plan: what was confirmed is what is written."""
        said = [
            (fate.number, fate.kind, fate.partner.pk, fate.errors, [(c.label, c.old, c.new) for c in fate.changes])
            for fate in self.fates
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def columns_of(header: Sequence[str]) -> list[Column | None]:
    """The column of each heading, None for an empty one; raises ValidationError where they are not a partner's."""
    known = {label: column for column in COLUMNS for label in column.labels()}
    unknown = [heading for heading in header if heading and fold(heading) not in known]
    columns = [known.get(fold(heading)) for heading in header]
    keys = [column.key for column in columns if column]
    if not set(IDENTITY) & set(keys):
        raise ValidationError(_("В первой строке нет названий колонок: нужна хотя бы «ИНН», «адрес страницы» или имя."))
    if unknown:
        named = ", ".join(f"«{heading[:40]}»" for heading in unknown[:5])
        raise ValidationError(_("Таких колонок у партнёра нет: %(named)s.") % {"named": named})
    if doubled := [key for key, times in Counter(keys).items() if times > 1]:
        named = ", ".join(f"«{BY_KEY[key].label}»" for key in doubled)
        raise ValidationError(_("Колонка встречается дважды: %(named)s.") % {"named": named})
    return columns


def plan(sheet: Sheet, actor: Any) -> Plan:
    """What the rows would come to; writes nothing. Raises ValidationError for a header that is not a partner's."""
    columns = columns_of(sheet.header)
    lookups = Lookups()
    rows = [(number, _cells(columns, texts)) for number, texts in sheet.rows]
    known = _known([cells for _number, cells in rows])
    fates = [_fate(number, cells, known, lookups, actor) for number, cells in rows]
    _refuse_repeated(fates)
    _flag_duplicates(fates)
    return Plan(fates)


@transaction.atomic
def carry_out(*, planned: Plan, actor: Any) -> Plan:
    """Writes the rows that are new or changed as revisions in the actor's name; all of them, or none."""
    for fate in planned.written:
        with LogContext(user=actor):  # of one context, histories show the last row alone
            fate.published = save_change(partner=fate.partner, actor=actor)
            log(instance=fate.partner, action=IMPORTED, user=actor, data={"row": fate.number})
    return planned


Cells = list[tuple[Column, str]]


def _cells(columns: Iterable[Column | None], texts: Iterable[str]) -> Cells:
    return [(column, text) for column, text in zip(columns, texts, strict=False) if column is not None]


class _Known:
    """The stored partners that rows may be about, by ИНН and by slug."""

    def __init__(self, partners: Iterable[Partner]) -> None:
        self.by_inn: dict[str, Partner] = {}
        self.by_slug: dict[str, Partner] = {}
        for partner in partners:
            self.by_slug[partner.slug] = partner
            if partner.inn:
                self.by_inn[partner.inn] = partner

    def find(self, inn: str, slug: str) -> Partner | None:
        """By ИНН, else by slug; a partner whose ИНН is another one is another partner."""
        if inn in self.by_inn:
            return self.by_inn[inn]
        found = self.by_slug.get(slug)
        return found if found and not (inn and found.inn) else None


def _known(rows: Sequence[Cells]) -> _Known:
    inns = {partner.inn for cells in rows if (partner := _identified(cells)).inn}
    slugs = {partner.slug for cells in rows if (partner := _identified(cells)).slug}
    related = (Prefetch("offices", Office.objects.select_related("city__region")), "regions", "products", "industries")
    found: dict[int, Partner] = {}
    for name, values in (("inn", sorted(inns)), ("slug", sorted(slugs))):
        for start in range(0, len(values), BATCH):
            batch = Partner.objects.filter(**{f"{name}__in": values[start : start + BATCH]})
            found |= {partner.pk: partner for partner in batch.prefetch_related(*related)}
    return _Known(found.values())


def _identified(cells: Cells) -> Partner:
    """A partner that has of the row only what it is known by."""
    partner = Partner()
    for column, text in cells:
        if column.key in {"inn", "slug"} and column.read:
            column.read(partner, text, None)  # type: ignore[arg-type]
    return partner


def _fate(number: int, cells: Cells, known: _Known, lookups: Lookups, actor: Any) -> Fate:
    identity = _identified(cells)
    stored = known.find(identity.inn, identity.slug)
    newer_draft = stored is not None and stored.live and stored.has_unpublished_changes
    partner = stored.get_latest_revision_as_object() if stored and newer_draft else stored or Partner()
    fate = Fate(number, partner)
    for column, text in cells:
        _read_cell(fate, column, text, lookups)
    if partner.pk is None or fate.changes:
        _check(fate, stored, actor)
    if newer_draft and fate.changes:
        fate.warnings.append(_("Есть неопубликованные правки: изменения лягут в черновик."))
    return fate


def _read_cell(fate: Fate, column: Column, text: str, lookups: Lookups) -> None:
    old = column.shown(fate.partner)
    if column.read is None or text == old.strip():
        return
    try:
        column.read(fate.partner, text, lookups)
    except ValidationError as error:
        fate.errors += [(str(column.label), message) for message in error.messages]
        return
    new = column.shown(fate.partner)
    if new != old:
        fate.changes.append(Change(str(column.label), old, new))


def _check(fate: Fate, stored: Partner | None, actor: Any) -> None:
    """The same checks as the form makes."""
    partner = fate.partner
    try:
        partner.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            label = "" if name == NON_FIELD_ERRORS else str(Partner._meta.get_field(name).verbose_name)
            fate.errors += [("" if message.startswith(label) else label, message) for message in messages]
    try:
        refuse_services(partner, partner.services)
    except ValidationError as error:
        fate.errors += [(str(BY_KEY["services"].label), message) for message in error.messages]
    if stored is not None:
        try:
            refuse_locked(stored, actor)
        except ValidationError as error:
            fate.errors += [("", message) for message in error.messages]


def _refuse_repeated(fates: Iterable[Fate]) -> None:
    """A company stands in a file once: by its key when stored, by its ИНН or slug when new."""
    seen: dict[object, int] = {}
    for fate in fates:
        partner = fate.partner
        keys = [partner.pk] if partner.pk else [key for key in (partner.inn, partner.slug) if key]
        earlier = next((seen[key] for key in keys if key in seen), None)
        if earlier is not None:
            fate.errors.append(("", _("Эта компания уже есть в строке %(number)s.") % {"number": earlier}))
        for key in keys:
            seen.setdefault(key, fate.number)


def _flag_duplicates(fates: Sequence[Fate]) -> None:
    """Says of new rows and changed ones which other company has the same site or the same name."""
    marks: dict[str, dict[object, str]] = defaultdict(dict)
    touched = {fate.partner.pk for fate in fates if fate.partner.pk}
    stored = Partner.objects.exclude(pk__in=touched) if len(touched) < BATCH else Partner.objects.all()
    for key, site_url, *names in stored.values_list("pk", "site_url", "name_ru", "name_en"):
        for mark in marks_of(site_url, *names):
            marks[mark][key] = names[0]
    own = [(fate, fate.partner.pk or -fate.number, _marks(fate.partner)) for fate in fates]
    for fate, key, its in own:
        for mark in its:
            marks[mark][key] = _("строка %(number)s") % {"number": fate.number}
    for fate, key, its in own:
        others = {name for mark in its for other, name in marks[mark].items() if other != key}
        if others and fate.kind in {Kind.NEW, Kind.CHANGED}:
            text = _("Похоже на уже известную компанию: %(named)s.")
            fate.warnings.append(text % {"named": ", ".join(sorted(others)[:5])})


def _marks(partner: Partner) -> set[str]:
    return marks_of(partner.site_url, partner.name_ru, partner.name_en)


def marks_of(site_url: str, *names: str) -> set[str]:
    """What a company is recognised by, beside its ИНН."""
    marks = {f"name:{plain}" for name in names if (plain := plain_name(name))}
    host = site_host(site_url)
    return marks | {f"site:{host}"} if host else marks
