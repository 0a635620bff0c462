"""What an application for a level is about: its pages, what it still lacks, and which levels may be asked for.

A level's requirements are no gap of an application: a company may join first and meet them afterwards (R4, R5). May not
import actions or views.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from partner_directory.models.application import Application
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Level, Terms

HOME_COUNTRY = "RU"  # whose companies have an ИНН and an ОГРН


class Page(StrEnum):
    """A page of the application that the company fills in."""

    LEVEL = "level"
    COMPANY = "company"
    BASE = "base"
    SPECIALISTS = "specialists"
    SCHEME = "scheme"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that an application still lacks, and the page where it is filled in."""

    page: Page
    text: str


def level_of(application: Application, terms: Terms) -> Level | None:
    """The level asked for as the terms have it; None where they have no such level."""
    return next((level for level in terms.levels if level.slug == application.level.slug), None)


def pages_of(level: Level | None) -> tuple[Page, ...]:
    """The pages of an application for a level; the scheme of renting out is settled for those that may (R42)."""
    pages = (Page.LEVEL, Page.COMPANY, Page.BASE, Page.SPECIALISTS)
    return (*pages, Page.SCHEME) if level and level.may_rent_out else pages


def gaps_of(application: Application, terms: Terms) -> tuple[Gap, ...]:
    """All that keeps an application from being submitted, in the order of its pages."""
    return tuple(_gaps(application, terms))


def _gaps(application: Application, terms: Terms) -> Iterator[Gap]:
    if level_of(application, terms) is None:
        yield Gap(Page.LEVEL, _("В действующих условиях такого уровня нет: выберите другой."))
    for text in company_gaps(application.partner):
        yield Gap(Page.COMPANY, text)
    if not application.technical_base.strip():
        yield Gap(Page.BASE, _("Опишите техническую базу."))
    if not application.training.strip():
        yield Gap(Page.BASE, _("Расскажите об обучении специалистов."))


def company_gaps(partner: Partner) -> list[str]:
    """The facts that contracts need and the company has not given."""
    office = partner.offices.select_related("city__region").first()
    is_domestic = office is None or office.city.region.country_id == HOME_COUNTRY
    needed = (
        (partner.legal_name_ru, _("Укажите юридическое название.")),
        (partner.inn or not is_domestic, _("Укажите ИНН.")),
        (partner.ogrn or not is_domestic, _("Укажите ОГРН.")),
        (partner.phones, _("Укажите телефон.")),
        (partner.email, _("Укажите почту.")),
        (office, _("Укажите город.")),
    )
    return [text for value, text in needed if not value]


def holding_of(partner: Partner, product_line: int) -> Membership | None:
    """The level of a product line (its key) that a partner holds, or will: another one is a change of level (A7)."""
    day = programme_day()
    to_come = Q(starts__gt=day) & ~Q(state=Membership.State.ENDED)
    held = Membership.objects.filter(partner=partner, product_line=product_line).select_related("level")
    return held.filter(Q(pk__in=Membership.objects.running(day).values("pk")) | to_come).order_by("starts").first()
