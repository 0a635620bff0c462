"""kill -9 between any two steps of an action leaves all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from partner_directory.actions import memberships
from partner_directory.models import Membership
from program_pages.models import Level
from tests.factories.partners import make_partner
from tests.factories.users import make_user
from tests.portal.kills import kills

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="what a kill leaves is read from SQLite's file"),
]

Given = Callable[[], Callable[[], object]]


def membership_granted() -> Callable[[], object]:
    partner, level, actor = make_partner(level=None), Level.objects.get(slug="retail"), make_user()
    return lambda: memberships.grant(partner=partner, level=level, actor=actor)


def level_changed() -> Callable[[], object]:
    membership = Membership.objects.get(partner=make_partner())
    level, actor = Level.objects.get(slug="competency"), make_user()
    return lambda: memberships.change_level(membership=membership, level=level, actor=actor, reason="растём")


@pytest.mark.parametrize("given", [membership_granted, level_changed])
def test_a_kill_leaves_all_or_nothing(given: Given, tmp_path: Path) -> None:
    left = list(kills(given(), tmp_path))
    assert set(left) == {"nothing", "all"}
    assert left == sorted(left, reverse=True), "once it is done, it stays done"
