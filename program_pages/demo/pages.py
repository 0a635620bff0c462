"""Loads the site's pages from ``pages.json``: the Russian tree, then English as its translation.

Idempotent: a page that exists, by its type or its address, is never touched; a page is translated
only in the run that made it. Both languages come in one transaction, and a string without its
English stops it, so that nothing untranslated goes live.

In the file a pair ``{"ru": ..., "en": ...}`` stands for a text in both languages, a slug for the row it
names, and ``<a page="terms">`` for a link to the page with that key. Numbers of the programme are placeholders
(``program_pages.placeholders``). The two texts of a pair must have the same markup, because
wagtail-localize translates rich text sentence by sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import ForeignKey
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from program_pages.models.pages import BasePage, HomePage, SinglePage

FILE = Path(__file__).with_name("pages.json")
HOME = "home"
RUSSIAN, ENGLISH = "ru", "en"
ABOUT_THE_PAGE = frozenset({"key", "model", "in_menu"})  # what an entry says beside the page's own fields
TREE = "Все страницы"  # what the admin calls the root of the tree
STOCK_HOST = ("localhost", 80)  # what Wagtail's first migration calls the site

LINK = re.compile(r'<a page="([a-z-]+)">')

Data = dict[str, Any]
Report = Callable[[str], None]
Made = list[tuple[Data, BasePage]]


class MissingEnglish(Exception):
    """A page cannot go live in English: these Russian strings have no English of the same markup."""

    def __init__(self, key: str, strings: Iterable[str]) -> None:
        self.strings = list(strings)
        super().__init__("\n".join([f"The page “{key}” is not translated whole:", *self.strings]))


def pages_data() -> list[Data]:
    """The file as it stands: one entry a page, the home page first."""
    data: list[Data] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


@transaction.atomic
def load(report: Report, actor: AbstractBaseUser) -> int:
    """Create the pages that are missing, publish them in both languages, and return how many were made.

    ``report`` is called with one line for each kind of work. Raises MissingEnglish; nothing is stored then.
    """
    data = pages_data()
    russian = Locale.objects.get_or_create(language_code=RUSSIAN)[0]
    english = Locale.objects.get_or_create(language_code=ENGLISH)[0]
    pages, made = _tree(data, russian, actor)
    _publish(made, pages, actor)
    report(f"Pages: {len(made)} added, {len(data) - len(made)} kept")
    strings = sum(_translate(entry, page, pages, english, actor) for entry, page in made)
    report(f"English: {len(made)} pages translated, {strings} strings")
    return len(made)


def untranslated(entry: Data) -> list[str]:
    """The Russian strings of an entry of the file that have no English of the same markup."""
    russian, english = (_strings(_draft(entry, language)) for language in (RUSSIAN, ENGLISH))
    if [path for path, _text in russian] == [path for path, _text in english]:
        return []
    places = [path for path, _text in english]
    return [text for path, text in russian if places.count(path) != sum(path == other for other, _text in russian)]


def _tree(data: list[Data], russian: Locale, actor: AbstractBaseUser) -> tuple[dict[str, Page], Made]:
    """Every page of the file by its key, and those made just now: drafts without content, so that all can be linked."""
    home_entry, *entries = data
    made: Made = []
    home = HomePage.objects.filter(locale=russian).first()
    if home is None:
        home = _replace_welcome_page(_blank(home_entry, russian, actor))
        made.append((home_entry, home))
    pages: dict[str, Page] = {HOME: home}
    for entry in entries:
        page = _found(entry, home)
        if page is None:
            page = home.add_child(instance=_blank(entry, russian, actor))
            made.append((entry, page))
        pages[entry["key"]] = page
    return pages, made


def _found(entry: Data, home: HomePage) -> Page | None:
    """The page of this entry, wherever an editor has moved its address; or whatever stands at its address."""
    model = _model(entry)
    same = model.objects.child_of(home).first() if issubclass(model, SinglePage) else None
    return same or Page.objects.child_of(home).filter(slug=entry["key"]).first()


def _blank(entry: Data, locale: Locale, actor: AbstractBaseUser) -> BasePage:
    return _model(entry)(
        title=entry["title"][RUSSIAN],
        slug=entry["key"],
        show_in_menus=entry.get("in_menu", False),
        locale=locale,
        owner=actor,
        live=False,
    )


def _replace_welcome_page(home: BasePage) -> BasePage:
    """Put the home page where Wagtail's own first page is, as the root of the default site."""
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    welcome = site.root_page if site and site.root_page.specific_class is Page else None
    if welcome:
        Page.objects.filter(pk=welcome.pk).update(slug=f"{welcome.slug}-replaced")  # frees its address
    root.add_child(instance=home)
    if welcome:
        Page.objects.filter(pk=root.pk, title="Root").update(title=TREE, draft_title=TREE)
        _name_site(site, home)
        welcome.delete()  # only now: a site goes with its root page
    elif site is None:
        _name_site(Site(is_default_site=True, hostname=STOCK_HOST[0], port=STOCK_HOST[1]), home)
    return home


def _name_site(site: Site, home: BasePage) -> None:
    """Give the site its home page and name, and the public address where it still has the stock one."""
    site.root_page = home
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    if (site.hostname, site.port) == STOCK_HOST:
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        site.hostname = address.hostname or site.hostname
        site.port = address.port or (443 if address.scheme == "https" else 80)
    site.save()


def _publish(made: Made, pages: Mapping[str, Page], actor: AbstractBaseUser) -> None:
    for entry, page in made:
        for name, value in _values(entry, RUSSIAN, pages).items():
            setattr(page, name, value)
        # Whoever runs the loader holds the database itself; the actor is who the pages are recorded for.
        page.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)


def _translate(entry: Data, page: BasePage, pages: Mapping[str, Page], english: Locale, actor: AbstractBaseUser) -> int:
    """Publish the page's English translation and return the number of its strings; raises MissingEnglish."""
    if missing := untranslated(entry):
        raise MissingEnglish(entry["key"], missing)
    source, _created = TranslationSource.update_or_create_from_instance(type(page).objects.get(pk=page.pk))
    segments = StringSegment.objects.filter(source=source).select_related("context").order_by("order")
    strings = _strings(_draft(entry, ENGLISH, pages))
    for segment, (path, text) in zip(segments, strings, strict=True):
        if segment.context.path != path:
            raise MissingEnglish(entry["key"], [path])
        StringTranslation.objects.create(
            translation_of_id=segment.string_id,
            context=segment.context,
            locale=english,
            data=text,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            last_translated_by=actor,
        )
    translation = Translation.objects.create(source=source, target_locale=english)
    # Published here, since save_target would publish only after the transaction, unseen by who checks it.
    translation.save_target(user=actor, publish=False)
    target = translation.get_target_instance()
    target.get_latest_revision().publish(user=actor, skip_permission_checks=True)
    return len(strings)


def _draft(entry: Data, language: str, pages: Mapping[str, Page] | None = None) -> BasePage:
    """The entry as a page in memory, in one language."""
    return _model(entry)(slug=entry["key"], **_values(entry, language, pages))


def _strings(page: BasePage) -> list[tuple[str, str]]:
    """The page's translatable strings in order: the path of each and its text as wagtail-localize keeps it."""
    segments = (segment for segment in extract_segments(page) if isinstance(segment, StringSegmentValue))
    return [(segment.path, segment.string.data) for segment in segments]


def _model(entry: Data) -> type[BasePage]:
    app, _dot, name = entry["model"].rpartition(".")
    return apps.get_model(app or "program_pages", name)  # type: ignore[no-any-return]


def _values(entry: Data, language: str, pages: Mapping[str, Page] | None) -> Data:
    """The entry as fields of its page; without pages, links stay as the file has them."""
    model = _model(entry)

    def value(name: str, data: Any) -> Any:
        text, field = _said(data, language, pages), model._meta.get_field(name)
        if isinstance(field, StreamField):
            return json.dumps(list(_blocks(text, f"{entry['key']}/{name}")))
        if isinstance(field, ForeignKey):
            return field.related_model._default_manager.get(slug=text)
        return text

    return {name: value(name, data) for name, data in entry.items() if name not in ABOUT_THE_PAGE}


def _said(data: Any, language: str, pages: Mapping[str, Page] | None) -> Any:
    """The data with every pair said in one language and every link pointing at its page."""
    if isinstance(data, list):
        return [_said(item, language, pages) for item in data]
    if isinstance(data, dict) and data.keys() <= {RUSSIAN, ENGLISH}:
        return _linked(data.get(language, ""), pages)
    if isinstance(data, dict):
        return {name: _said(item, language, pages) for name, item in data.items()}
    return data


def _linked(text: str, pages: Mapping[str, Page] | None) -> str:
    if pages is None:
        return text
    return LINK.sub(lambda match: f'<a linktype="page" id="{pages[match[1]].pk}">', text)


def _blocks(stream: list[Data], place: str) -> Iterator[Data]:
    """Blocks as StreamField stores them; their ids come from their place, the same in both languages."""
    for number, block in enumerate(stream):
        [(kind, value)] = block.items()
        spot = f"{place}/{number}"
        if isinstance(value, list):
            value = [
                {"type": "item", "value": item, "id": _id(f"{spot}/{position}")} for position, item in enumerate(value)
            ]
        yield {"type": kind, "value": value, "id": _id(spot)}


def _id(place: str) -> str:
    return str(uuid5(NAMESPACE_URL, place))
