"""The trail of what was done: both logs of Wagtail as one list, and what a row of it says.

A row is chosen by who, about what, which action, when, and by the address at which its object stands. Somebody sees the
rows about what they have some right over, as everywhere in Wagtail. May not import views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, Site

from accounts.models import User
from partner_directory.models.partner import Partner

LOGS: tuple[Any, ...] = (ModelLogEntry, PageLogEntry)
OF_MODEL = re.compile(r"^(?:wagtailsnippets_)?([a-z_]+?)_([a-z]+)(?:_modeladmin_[a-z]+|:[a-z_]+)$")
KEYS = ("pk", "page_id", "instance_pk", "object_id", "user_id", "image_id", "document_id")
PAIRS = (("old", "new"), ("before", "level"), ("source", "destination"))  # as what was before and after is kept


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: everything that is given has to fit. Days are moments, the end is not included."""

    person: str = ""
    words: str = ""
    action: str = ""
    since: Any = None
    until: Any = None
    about: tuple[type[Model], str] | None = None


def entries(viewer: User, asked: Asked) -> QuerySet[Any]:
    """The rows of both logs, the newest first, each as its key, its moment and which log it is of."""
    parts = [
        _chosen(log, log.objects.viewable_by_user(viewer), asked)
        .order_by()
        .annotate(log=Value(place, output_field=IntegerField()))
        .values("pk", "timestamp", "log")
        for place, log in enumerate(LOGS)
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-timestamp", "-pk")


def _chosen(log: Any, found: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    for word in _words(asked.words):
        found = found.filter(label__iregex=word)
    if asked.person:
        found = found.filter(_by(asked.person))
    if asked.action:
        found = found.filter(action=asked.action)
    if asked.since:
        found = found.filter(timestamp__gte=asked.since)
    if asked.until:
        found = found.filter(timestamp__lt=asked.until)
    if asked.about:
        found = found.filter(_about(log, *asked.about))
    return found


def _by(person: str) -> Q:
    """Every word in name or address; «система» is what nobody in particular did."""
    if person.casefold() == _("система").casefold():
        return Q(user__isnull=True)
    people = User.objects.all()
    for word in _words(person):
        people = people.filter(Q(first_name__iregex=word) | Q(last_name__iregex=word) | Q(email__iregex=word))
    return Q(user__in=people)


def _words(text: str) -> list[str]:
    """Patterns that find letters of any case, ё as е, on every database."""
    words = text.replace("\x00", "").split()
    return [re.sub("[её]", "[её]", re.escape(word), flags=re.IGNORECASE) for word in words]


def _about(log: Any, model: type[Model], key: str) -> Q:
    if log is PageLogEntry:
        return Q(page_id=key) if issubclass(model, Page) else Q(pk__in=())
    return Q(content_type=ContentType.objects.get_for_model(model, for_concrete_model=False), object_id=key)


# --- By the address of the object ---


def object_at(address: str, site: Site | None) -> tuple[type[Model], str] | None:
    """What stands at an address of the admin or of the site: its model and key; None where nothing does."""
    path = urlsplit(address.strip()).path
    try:
        found = resolve(path)
    except Resolver404:
        return None
    key = next((str(found.kwargs[name]) for name in KEYS if name in found.kwargs), "") or next(map(str, found.args), "")
    model = _model_of(found.view_name)
    if model and key:
        return model, key
    return _published_at(path, site) if site and model is None else None


def _model_of(name: str) -> type[Model] | None:
    spaces = {"wagtailadmin_pages": Page, "wagtailusers_users": User, "partners": Partner}
    if (space := name.partition(":")[0]) in spaces:
        return spaces[space]
    match = OF_MODEL.match(name)
    try:
        return apps.get_model(match[1], match[2]) if match else None
    except LookupError:
        return None


def _published_at(path: str, site: Site) -> tuple[type[Model], str] | None:
    """The page, in whichever language, that a public address leads to; otherwise the partner of that name."""
    parts = [part for part in path.split("/") if part]
    for root in site.root_page.get_translations(inclusive=True).select_related("locale"):
        own = parts[1:] if parts[:1] == [root.locale.language_code] else parts
        page = Page.objects.filter(url_path=root.url_path + "".join(f"{part}/" for part in own)).first()
        if page:
            return Page, str(page.pk)
    partner = Partner.objects.filter(slug=parts[-1]).first() if parts else None
    return (Partner, str(partner.pk)) if partner else None


# --- What a row says ---


def with_instances(rows: Iterable[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """The entries of these rows, in their order, each with what it is about, or None where that is gone.

    Takes as many queries as there are kinds of things in them, however many rows.
    """
    listed = list(rows)
    found: dict[tuple[int, int], tuple[Any, Any]] = {}
    for place, log in enumerate(LOGS):
        keys = [row["pk"] for row in listed if row["log"] == place]
        chosen = log.objects.filter(pk__in=keys).prefetch_related("user__wagtail_userprofile", "content_type")
        found |= {(place, entry.pk): (entry, instance) for entry, instance in chosen.with_instances()}
    return [found[row["log"], row["pk"]] for row in listed]


def said(entry: Any) -> str:
    """What was done, in words; an action that nobody words any more by its name."""
    return str(entry.message) if registry.action_exists(entry.action) else str(entry.action)


def changes(entry: Any) -> str:
    """What was before and what is after, as far as the row keeps it: «title: Старое → Новое»."""
    return "; ".join(_changes(entry.data))


def _changes(data: dict[str, Any]) -> Iterator[str]:
    for old, new in PAIRS:
        if old in data and new in data:
            yield f"{_text(data[old])} → {_text(data[new])}"
    for name, value in data.items():
        if isinstance(value, dict):
            yield from (f"{name}: {change}" for change in _changes(value))


def _text(value: Any) -> str:
    return str(value.get("title", value)) if isinstance(value, dict) else str(value)


def revisions_before(entries: Iterable[Any]) -> dict[int, int]:
    """The revision before each one that these entries name, where there is one: one query."""
    keys = {entry.revision_id for entry in entries if entry.revision_id}
    same = Revision.objects.filter(
        base_content_type=OuterRef("base_content_type"), object_id=OuterRef("object_id"), pk__lt=OuterRef("pk")
    )
    before = Subquery(same.order_by("-pk").values("pk")[:1])
    found = Revision.objects.filter(pk__in=keys).annotate(before=before).values_list("pk", "before")
    return {pk: earlier for pk, earlier in found if earlier}
