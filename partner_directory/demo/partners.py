"""Loads the sample partners of ``partners.json``: invented companies in every state that a partner can be in.

Idempotent: a sample is missing when neither its slug nor its ИНН is there, and what exists is never touched. Days are
reckoned from today, so that the samples are right in any year: whoever holds a level today holds this year's.

In the file a pair ``{"ru": ..., "en": ...}`` stands for two fields and a slug or code for the row it names. ``state``
says what has become of the membership (``STATES``), ``since`` how many years ago the first one began, ``was`` the level
before, ``renewed`` that the next year is granted as soon as it can be. Logos stand in ``logos/``, one a slug.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from wagtail.images import get_image_model

from accounts.models import User
from partner_directory.actions import memberships
from partner_directory.models.geography import City, Region
from partner_directory.models.industry import Industry
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Office, OldAddress, Partner, Reference
from partner_directory.models.specialist import Specialist
from program_pages.as_of import moment_after
from program_pages.models.catalogue import Product
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.level import Level
from program_pages.rules.calendar import is_renewal_open, membership_ends
from program_pages.terms import NoEdition, terms_on

FILE = Path(__file__).with_name("partners.json")
LOGOS = Path(__file__).with_name("logos")
LOGO_SIZE = (240, 120)  # the view box of every logo there
ACTOR = "admin@asoft.example"  # the sample administrator, where there is one
STATES = ("active", "changed", "suspended", "withdrawn", "terminated", "lapsed")

Data = dict[str, Any]
Report = Callable[[str], None]


def partners_data() -> list[Data]:
    """The whole file as it stands."""
    data: list[Data] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


@transaction.atomic
def load(report: Report) -> None:
    """Load the samples that are missing, each published and with its memberships.

    ``report`` is called with one line. Without terms in force nobody can hold a level, so nothing is loaded.
    """
    data = partners_data()
    try:
        terms_on(programme_day())
    except NoEdition:
        report("Partner: no terms are in force yet. Run load_programme, then this again.")
        return
    known = {text for pair in Partner.objects.values_list("slug", "inn") for text in pair if text}
    known.update(OldAddress.objects.values_list("slug", flat=True))
    missing = [row for row in data if known.isdisjoint({row["slug"], row.get("inn", row["slug"])})]
    actor = User.objects.filter(email__iexact=ACTOR).first()
    named = _Named()
    for row in missing:
        partner = partner_from(row, named)
        _publish(partner, row, actor)
        _hold(partner, row, named, actor)
        _record_in_time(partner)
    report(f"Partner: {len(missing)} added, {len(data) - len(missing)} kept")


class _Named:
    """The rows that the file names, read once."""

    def __init__(self) -> None:
        self.cities = _by(City, "slug")
        self.regions = _by(Region, "code")
        self.products = _by(Product, "slug")
        self.industries = _by(Industry, "slug")
        self.levels = _by(Level, "slug")


def _by(model: type[models.Model], key: str) -> dict[str, Any]:
    return {getattr(row, key): row for row in model._default_manager.all()}


def partner_from(row: Data, named: _Named | None = None) -> Partner:
    """The partner in memory with its offices, references and relations, not saved.

    What an editor has deleted of the cities, products and industries is left out.
    """
    named = named or _Named()
    plain = {"slug", "inn", "ogrn", "site_url", "email", "languages", "services", "accepts_clients"}
    partner = Partner(
        **_pairs(row, "name", "legal_name", "summary", "description"),
        **{name: value for name, value in row.items() if name in plain},
        phones="\n".join(row.get("phones", ())),
        is_sample=True,
        live=False,
    )
    partner.offices = [
        Office(**_pairs(office, "address"), city=named.cities[office["city"]], phone=office.get("phone", ""))
        for office in row.get("offices", ())
        if office["city"] in named.cities
    ]
    partner.references = [_reference(reference, named) for reference in row.get("references", ())]
    partner.regions = _known(named.regions, row.get("regions", ()))
    partner.products = _known(named.products, row.get("products", ()))
    partner.industries = _known(named.industries, row.get("industries", ()))
    return partner


def _pairs(row: Data, *names: str) -> dict[str, str]:
    return {f"{name}_{language}": text for name in names for language, text in row.get(name, {}).items()}


def _known(rows: Mapping[str, Any], keys: list[str]) -> list[Any]:
    return [rows[key] for key in keys if key in rows]


def _reference(row: Data, named: _Named) -> Reference:
    today = programme_day()
    return Reference(
        **_pairs(row, "client", "text"),
        product=named.products.get(row["product"]),
        year=today.year - row["years_ago"],
        consent_on=today - timedelta(days=30) if row["consent"] else None,
    )


def _publish(partner: Partner, row: Data, actor: User | None) -> None:
    """Through a revision, as an editor would; whoever runs the loader holds the database itself."""
    partner.logo = _logo(row)
    partner.save()
    Specialist.objects.bulk_create(_specialists(partner, row))
    partner.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)


def _logo(row: Data) -> Any:
    """The image of a logo; a store that cannot be written to is no reason to do without the partner."""
    file = LOGOS / f"{row['slug']}.svg"
    if not file.exists():
        return None
    width, height = LOGO_SIZE
    name = row["name"]
    image = get_image_model()(
        title=name["ru"],
        description=f"Логотип: {name['ru']}",
        description_en=f"Logo: {name.get('en', name['ru'])}",
        file=ContentFile(file.read_bytes(), name=f"sample-{file.name}"),
        width=width,
        height=height,
    )
    try:
        with transaction.atomic():
            image.save()
    except OSError:
        return None
    return image


def _specialists(partner: Partner, row: Data) -> list[Specialist]:
    certified = programme_day() - timedelta(days=300)
    return [
        Specialist(
            partner=partner,
            **_pairs(person, "name"),
            certificate=person["certificate"],
            certified_on=certified,
            name_is_public=person["public"],
        )
        for person in row.get("specialists", ())
    ]


def _hold(partner: Partner, row: Data, named: _Named, actor: User | None) -> None:
    """The memberships: earlier years as they were, this year's by the actions that a manager takes."""
    today = programme_day()
    level = named.levels[row["level"]]
    before = named.levels[row["was"]] if "was" in row else level
    state, since = row.get("state", "active"), row.get("since", 0)
    for year in range(today.year - since, today.year):
        _write_past(partner, before, year)
    if state == "lapsed":
        return
    begins = _beginning(today, is_new=since == 0 and state == "active")
    held = memberships.grant(partner=partner, level=before if state == "changed" else level, actor=actor, starts=begins)
    if state == "changed":
        day = today - timedelta(days=row["days_ago"])
        memberships.change_level(membership=held, level=level, actor=actor, reason=row["reason"], on=day)
    elif state == "suspended":
        memberships.suspend(membership=held, actor=actor, reason=row["reason"])
    elif state in Membership.Ending.values:
        last = today - timedelta(days=row["days_ago"])
        memberships.end(membership=held, how=Membership.Ending(state), actor=actor, reason=row["reason"], on=last)
    elif row.get("renewed") and is_renewal_open(today, terms_on(today).readings):
        memberships.renew(membership=held, actor=actor)


def _record_in_time(partner: Partner) -> None:
    """The invented past was recorded on its days, not when it was loaded, so that a past day finds it."""
    for held in Membership.objects.filter(partner=partner):
        began = moment_after(held.starts - timedelta(days=1))
        Membership.objects.filter(pk=held.pk, granted_at__gt=began).update(granted_at=began)


def _beginning(today: date, *, is_new: bool) -> date:
    """1 January, or two months ago; never before there were terms to agree to."""
    first: date = TermsEdition.objects.published().earliest("effective_from").effective_from
    new_year = date(today.year, 1, 1)
    return max(first, new_year, today - timedelta(days=60) if is_new else new_year)


def _write_past(partner: Partner, level: Level, year: int) -> None:
    """A year that is over, under the terms in force today: those of its own day were never published here."""
    starts = date(year, 1, 1)
    Membership.objects.create(
        partner=partner,
        level=level,
        product_line_id=level.product_line_id,
        year=year,
        starts=starts,
        until=membership_ends(starts),
        edition_id=terms_on(programme_day()).edition,
    )
