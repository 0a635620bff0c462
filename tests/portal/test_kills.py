"""kill -9 between any two steps of an action leaves all of it or nothing.

A letter's leaving is no part of the action: its row in the outbox is, and ``send_messages`` goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from partner_directory.actions import applications, bonuses, memberships, profiles, specialists
from partner_directory.ledger import Way
from partner_directory.models import JoiningStep, Membership, Specialist
from program_pages.models import Level
from program_pages.models.edition import programme_day
from tests.factories.applications import make_application, step
from tests.factories.bonuses import make_sale, with_balance
from tests.factories.files import kept
from tests.factories.partners import make_partner
from tests.factories.users import make_user
from tests.portal.kills import Action, kills

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="what a kill leaves is read from SQLite's file"),
]

Kind = JoiningStep.Kind


def a_level_is_granted() -> Action:
    partner, level, actor = make_partner(level=None), Level.objects.get(slug="retail"), make_user()
    return lambda: memberships.grant(partner=partner, level=level, actor=actor)


def a_level_is_changed() -> Action:
    membership = Membership.objects.get(partner=make_partner())
    level, actor = Level.objects.get(slug="competency"), make_user()
    return lambda: memberships.change_level(membership=membership, level=level, actor=actor, reason="растём")


def an_application_is_submitted() -> Action:
    application, actor = make_application("filled"), make_user()
    return lambda: applications.submit(application=application, actor=actor)


def a_company_joins_by_the_last_mark() -> Action:
    application, actor = make_application("signed"), make_user()
    applications.mark_signed(step=step(application, Kind.ACCESSION), actor=actor)
    last = step(application, Kind.LICENCE)
    return lambda: applications.mark_signed(step=last, actor=actor)


def a_signed_copy_comes() -> Action:
    application = make_application("accepted")
    signed, unsigned = kept(application.partner), step(application, Kind.ACCESSION)
    return lambda: applications.upload_signed(step=unsigned, signed=signed, actor=None)


def a_specialist_leaves() -> Action:
    partner, actor = make_partner(level="competency", specialists=2), make_user()
    specialist = Specialist.objects.filter(partner=partner).first()
    assert specialist is not None
    return lambda: specialists.depart(specialist=specialist, left_on=programme_day(), actor=actor)


def a_bonus_is_spent() -> Action:
    partner, actor = make_partner(level="competency"), make_user()
    with_balance(partner)
    sale = make_sale(partner)
    return lambda: bonuses.spend(sale=sale, way=Way.DISCOUNT, points=Decimal(1), actor=actor)


def a_draft_of_the_profile_is_discarded() -> Action:
    partner, actor = make_partner(), make_user()
    partner.summary_ru = "Лишнее"
    version = partner.save_revision().pk
    return lambda: profiles.discard_draft(partner=partner, version=version, actor=actor)


GIVEN = (
    a_level_is_granted,
    a_level_is_changed,
    an_application_is_submitted,
    a_signed_copy_comes,
    a_company_joins_by_the_last_mark,
    a_specialist_leaves,
    a_bonus_is_spent,
    a_draft_of_the_profile_is_discarded,
)


@pytest.mark.parametrize("given", GIVEN)
def test_a_kill_leaves_all_or_nothing(
    given: Callable[[], Action], tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.MESSAGES_SEND = "later"  # type: ignore[attr-defined]
    left = list(kills(given(), tmp_path))
    assert set(left) == {"nothing", "all"}
    assert left == sorted(left, reverse=True), "once it is done, it stays done"
