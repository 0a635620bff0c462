"""The columns of a partner's row: how each is written into a spreadsheet, and how a text of it is read back.

Lists are names between semicolons; a name may be written in either language, or as its code. May not import views.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from stdnum.ru import inn
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from partner_directory.languages import language_options
from partner_directory.models.geography import City, Region
from partner_directory.models.industry import Industry
from partner_directory.models.partner import Office, Partner
from partner_directory.services import Service
from program_pages.blocks import RICH_TEXT
from program_pages.models.catalogue import Product

SEPARATOR = "; "
YES, NO = gettext_lazy("да"), gettext_lazy("нет")
LANGUAGES = ("ru", "en")
LENGTHS_OF_INN = (10, 12)
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')

Labelled = Callable[[], list[tuple[str, Any]]]


def fold(text: object) -> str:
    """A name as it is compared: any case, ё as е, one space."""
    return " ".join(str(text).casefold().replace("ё", "е").split())


class Lookup:
    """Things by their codes and their names in both languages."""

    def __init__(self, entries: Iterable[tuple[Any, Iterable[object]]]) -> None:
        self.found: dict[str, list[Any]] = {}
        for thing, names in entries:
            for name in dict.fromkeys(map(fold, names)):
                if name:
                    self.found.setdefault(name, []).append(thing)

    def get(self, text: str) -> Any:
        """The one thing of this name; raises ValidationError where there is none, or several."""
        things = self.found.get(fold(text), [])
        if len(things) == 1:
            return things[0]
        if things:
            named = SEPARATOR.join(sorted(map(city_name, things)))
            raise ValidationError(_("«%(text)s» — это что из них: %(named)s?") % {"text": text, "named": named})
        raise ValidationError(_("«%(text)s»: такого в справочнике нет.") % {"text": text[:60]})

    def all(self, text: str) -> list[Any]:
        """The things named between semicolons or on lines, each once, in their order."""
        parts = (part.strip() for part in text.replace("\n", ";").split(";"))
        return list(dict.fromkeys(self.get(part) for part in parts if part))


def city_name(city: Any) -> str:
    """A city with its region: the name alone may be of several."""
    return f"{city}, {city.region}" if isinstance(city, City) else str(city)


class Lookups:
    """Everything that a file's rows may name, read once."""

    def __init__(self) -> None:
        self.regions = Lookup((row, (row.code, row.name_ru, row.name_en)) for row in Region.objects.all())
        self.industries = Lookup((row, (row.slug, row.name_ru, row.name_en)) for row in Industry.objects.all())
        self.products = Lookup((row, (row.slug, row.name_ru, row.name_en)) for row in Product.objects.all())
        self.cities = Lookup((row, _names_of_city(row)) for row in City.objects.select_related("region"))
        self.services = Lookup(_labelled(lambda: list(Service.choices)))
        self.languages = Lookup(_labelled(language_options))


def _names_of_city(city: City) -> tuple[str, ...]:
    region = city.region
    return (
        city.slug,
        city.name_ru,
        city.name_en,
        f"{city.name_ru}, {region.name_ru}",
        f"{city.name_en or city.name_ru}, {region.name_en or region.name_ru}",
    )


def _labelled(options: Labelled) -> list[tuple[str, list[object]]]:
    names: dict[str, list[object]] = {code: [code] for code, _label in options()}
    for language in LANGUAGES:
        with override(language):
            for code, label in options():
                names[code].append(str(label))
    return list(names.items())


@dataclass(frozen=True)
class Column:
    """A column: ``shown`` makes the cell, ``read`` sets the partner's field from the cell's text.

    One without ``read`` is for people to look at, and is not imported.
    """

    key: str
    label: Any
    shown: Callable[[Partner], str]
    read: Callable[[Partner, str, Lookups], None] | None = None

    def labels(self) -> set[str]:
        """Every heading by which the column is known: its key, and its label in both languages."""
        known = {fold(self.key)}
        for language in LANGUAGES:
            with override(language):
                known.add(fold(self.label))
        return known


def _plain(name: str) -> Column:
    def read(partner: Partner, text: str, _lookups: Lookups) -> None:
        setattr(partner, name, text)

    return Column(name, Partner._meta.get_field(name).verbose_name, lambda partner: getattr(partner, name), read)


def _rich(name: str) -> Column:
    def read(partner: Partner, text: str, _lookups: Lookups) -> None:
        setattr(partner, name, _rich_text(text))

    return Column(name, Partner._meta.get_field(name).verbose_name, lambda partner: getattr(partner, name), read)


def _rich_text(text: str) -> str:
    """A text as the editor would have stored it: plain paragraphs, or HTML with no more than the editor's features."""
    if "<" not in text:
        return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
    page = BeautifulSoup(text, "html.parser")  # closes what is left open: the converter counts tags
    for tag in page.find_all(["script", "style"]):
        tag.decompose()
    converter = ContentstateConverter(features=RICH_TEXT)
    try:
        html: str = converter.to_database_format(converter.from_database_format(str(page)))
    except (AssertionError, ValueError) as error:
        raise ValidationError(_("Текст с разметкой не читается: уберите теги.")) from error
    return BLOCK_KEY.sub("", html)


def _read_inn(partner: Partner, text: str, _lookups: Lookups) -> None:
    """Excel takes the first zero off a number: it is put back where the check digits then hold."""
    whole = f"0{text}"
    partner.inn = whole if len(whole) in LENGTHS_OF_INN and inn.is_valid(whole) else text


def _read_slug(partner: Partner, text: str, _lookups: Lookups) -> None:
    partner.slug = text or partner.slug


def _read_accepts(partner: Partner, text: str, _lookups: Lookups) -> None:
    known = {"да": True, "yes": True, "1": True, "true": True, "нет": False, "no": False, "0": False, "false": False}
    if fold(text) not in {*known, ""}:
        raise ValidationError(_("Здесь «да» или «нет»."))
    partner.accepts_clients = known.get(fold(text), partner.accepts_clients)


def _codes(name: str, options: Labelled) -> Column:
    def shown(partner: Partner) -> str:
        labels = dict(options())
        return SEPARATOR.join(str(labels.get(code, code)) for code in getattr(partner, name))

    def read(partner: Partner, text: str, lookups: Lookups) -> None:
        chosen = getattr(lookups, name).all(text)
        setattr(partner, name, [code for code, _label in options() if code in chosen])

    return Column(name, Partner._meta.get_field(name).verbose_name, shown, read)


def _related(name: str) -> Column:
    def shown(partner: Partner) -> str:
        return SEPARATOR.join(sorted(map(str, getattr(partner, name).all())))

    def read(partner: Partner, text: str, lookups: Lookups) -> None:
        getattr(partner, name).set(getattr(lookups, name).all(text))

    return Column(name, Partner._meta.get_field(name).verbose_name, shown, read)


def _main_city(partner: Partner) -> str:
    offices = list(partner.offices.all())
    return city_name(offices[0].city) if offices else ""


def _read_main_city(partner: Partner, text: str, lookups: Lookups) -> None:
    """An empty cell leaves the offices alone: a spreadsheet is no place to close one by accident."""
    if not text:
        return
    city, offices = lookups.cities.get(text), list(partner.offices.all())
    if not offices:
        partner.offices.add(Office(city=city))
    elif offices[0].city_id != city.pk:
        offices[0].city = city
        partner.offices.add(offices[0])


def _accepts(partner: Partner) -> str:
    return str(YES if partner.accepts_clients else NO)


COLUMNS = (
    *map(_plain, ("name_ru", "name_en", "legal_name_ru", "legal_name_en")),
    Column("inn", gettext_lazy("ИНН"), lambda partner: partner.inn, _read_inn),
    _plain("ogrn"),
    Column("slug", gettext_lazy("адрес страницы"), lambda partner: partner.slug, _read_slug),
    *map(_plain, ("summary_ru", "summary_en")),
    *map(_rich, ("description_ru", "description_en")),
    *map(_plain, ("site_url", "email", "phones")),
    _codes("languages", language_options),
    _codes("services", lambda: list(Service.choices)),
    *map(_related, ("industries", "products", "regions")),
    Column("main_city", gettext_lazy("город главного офиса"), _main_city, _read_main_city),
    Column("accepts_clients", gettext_lazy("берёт новых клиентов"), _accepts, _read_accepts),
)
BY_KEY = {column.key: column for column in COLUMNS}
