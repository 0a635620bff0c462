"""Every migration of the house can be taken back: an upgrade that disappoints is undone by the same command."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

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
