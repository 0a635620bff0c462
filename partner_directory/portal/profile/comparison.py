"""What differs between two versions of a profile, field by field, as people read it. May not import views."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.languages import language_name
from partner_directory.models.geography import City
from partner_directory.models.partner import Partner
from partner_directory.portal.profile.prose import to_plain
from partner_directory.services import Service
from program_pages.models.catalogue import Product

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, each side as lines of text; no lines where it is empty."""

    label: str
    before: Lines
    after: Lines


def _text(name: str) -> Callable[[Partner], Lines]:
    return lambda partner: tuple(line for line in str(getattr(partner, name) or "").splitlines() if line.strip())


def _prose(name: str) -> Callable[[Partner], Lines]:
    return lambda partner: tuple(line for line in to_plain(getattr(partner, name)).splitlines() if line.strip())


def _rows(name: str) -> Callable[[Partner], Lines]:
    return lambda partner: tuple(sorted(map(str, getattr(partner, name).all())))


def _services(partner: Partner) -> Lines:
    return tuple(str(Service(code).label) for code in partner.services if code in Service.values)


def _languages(partner: Partner) -> Lines:
    return tuple(map(language_name, partner.languages))


def _accepts(partner: Partner) -> Lines:
    return (_("да") if partner.accepts_clients else _("нет"),)


def _offices(partner: Partner) -> Lines:
    offices = list(partner.offices.all())
    cities = City.objects.select_related("region").in_bulk({office.city_id for office in offices})
    return tuple(
        _joined(cities.get(office.city_id), office.address_ru, office.address_en, office.phone) for office in offices
    )


def _references(partner: Partner) -> Lines:
    references = list(partner.references.all())
    products = Product.objects.in_bulk({row.product_id for row in references if row.product_id})
    return tuple(
        _joined(
            row.client_ru,
            row.client_en,
            products.get(row.product_id),  # type: ignore[arg-type]
            row.year,
            row.text_ru,
            row.text_en,
            row.consent_on and _("согласие от %(day)s") % {"day": row.consent_on.isoformat()},
        )
        for row in references
    )


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


SHOWN: tuple[tuple[str | Promise, Callable[[Partner], Lines]], ...] = (
    (gettext_lazy("Название"), _text("name_ru")),
    (gettext_lazy("Название на английском"), _text("name_en")),
    (gettext_lazy("Логотип"), _text("logo")),
    (gettext_lazy("Кратко"), _text("summary_ru")),
    (gettext_lazy("Кратко на английском"), _text("summary_en")),
    (gettext_lazy("О компании"), _prose("description_ru")),
    (gettext_lazy("О компании на английском"), _prose("description_en")),
    (gettext_lazy("Сайт"), _text("site_url")),
    (gettext_lazy("Почта"), _text("email")),
    (gettext_lazy("Телефоны"), _text("phones")),
    (gettext_lazy("Берёт новых клиентов"), _accepts),
    (gettext_lazy("Услуги"), _services),
    (gettext_lazy("Продукты"), _rows("products")),
    (gettext_lazy("Отрасли"), _rows("industries")),
    (gettext_lazy("Языки"), _languages),
    (gettext_lazy("Регионы присутствия"), _rows("regions")),
    (gettext_lazy("Офисы"), _offices),
    (gettext_lazy("Проекты"), _references),
)


def differences(before: Partner | None, after: Partner) -> list[Difference]:
    """The fields in which two versions differ; against nothing, every field that is filled in."""
    found: Iterable[Difference] = (
        Difference(str(label), shown(before) if before else (), shown(after)) for label, shown in SHOWN
    )
    return [each for each in found if each.before != each.after]
