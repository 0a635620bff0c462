"""Every migration of the house can be taken back: an upgrade that disappoints is undone by the same command."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from partner_directory.models import AccountConsent, ConsentText, Specialist
from program_pages.models.edition import programme_day

from .factories.partners import make_partner
from .factories.portal import make_member
from .factories.records import make_specialist

HOUSE = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}


def one_way(operations: list[Operation]) -> list[Operation]:
    """Those that have no way back."""
    return [operation for operation in operations if not operation.reversible]


@pytest.mark.django_db  # a migration of another's asks the database when it is imported
def test_every_migration_of_the_house_goes_back() -> None:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    ours = {key: migration for key, migration in loader.disk_migrations.items() if key[0] in HOUSE}

    assert {"partner_directory", "program_pages", "accounts", "library"} <= {app for app, _name in ours}
    assert {
        key: one_way(migration.operations) for key, migration in ours.items() if one_way(migration.operations)
    } == {}


@pytest.mark.parametrize(
    "operation", [migrations.RunPython(lambda *_: None), migrations.RunSQL("SELECT 1")], ids=["code", "sql"]
)
def test_one_that_does_not_is_seen(operation: Operation) -> None:
    assert one_way([operation]) == [operation]


@pytest.mark.django_db
def test_going_back_over_the_partners_section_leaves_what_the_state_before_can_hold() -> None:
    """It knew texts for enquiries alone, no specialist who waits for a decision, and each certificate once."""
    seat = make_member(make_partner())
    text = ConsentText.objects.create(purpose="account", effective_from=date(2030, 1, 1), text_ru="Да")
    ConsentText.objects.create(purpose="enquiry", effective_from=text.effective_from, text_ru="Да")
    assert AccountConsent.objects.filter(user=seat.user).update(text=text)
    _left, works = (
        make_specialist(seat.partner, certificate="A-1", left_on=left_on) for left_on in (programme_day(), None)
    )
    make_specialist(seat.partner, certificate="A-2", state="claimed")
    migration = import_module("partner_directory.migrations.0006_partners_section")
    editor = SimpleNamespace(connection=connection, execute=lambda statement: connection.cursor().execute(statement))

    migration.leave_what_the_earlier_state_can_hold(apps, editor)

    days = ConsentText.objects.values_list("effective_from", flat=True)
    assert len(days) == len(set(days)) > 0
    assert [specialist.pk for specialist in Specialist.objects.filter(certificate__in=["A-1", "A-2"])] == [works.pk]
