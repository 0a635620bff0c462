"""Editions of the terms that partners are told of, and talks about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from partner_directory.actions import edition_notices, talks
from partner_directory.models import EditionNotice, Partner, Talk
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.factories.editions import publish_edition
from tests.factories.users import make_superuser

NEW_DISCOUNT = "21.50"  # at the competency level


def in_days(days: int) -> date:
    """A day from today on."""
    return programme_day() + timedelta(days=days)


def coming_edition(**changes: Any) -> TermsEdition:
    """An edition in force in ten days unless told, with another discount at the competency level; nobody is told."""
    given = {"effective_from": in_days(10), "discounts": {"competency": NEW_DISCOUNT}, "name_ru": "Новые условия"}
    return publish_edition(**given | changes)


def announced(**changes: Any) -> TermsEdition:
    """A coming edition of which every partner is told."""
    edition = coming_edition(**changes)
    edition_notices.announce(edition=edition, actor=None)
    return edition


def withdraw(edition: TermsEdition) -> None:
    """Takes an edition back before its day; nobody is told of that yet."""
    TermsEdition.objects.get(pk=edition.pk).unpublish(user=make_superuser())


def notice_of(partner: Partner, edition: TermsEdition | None = None) -> EditionNotice:
    """The notice of a partner; of the coming edition, unless one is given, of which everybody is told by now."""
    if edition is None:
        edition = TermsEdition.objects.published().filter(effective_from=in_days(10)).first() or coming_edition()
        edition_notices.announce(edition=edition, actor=None)
    return EditionNotice.objects.shown().get(partner=partner, release__edition=edition)


def make_talk(partner: Partner, *, clauses: tuple[str, ...] = ("R25",), text: str = "Мало", **about: Any) -> Talk:
    """A talk that goes on."""
    notice = about.pop("notice", None) or notice_of(partner)
    return talks.begin(notice=notice, clauses=clauses, text=text, actor=about.pop("actor", None))
