"""``manage.py check_ledger``: balances and transactions, added up anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partner_directory.ledger import disagreements


class Command(BaseCommand):
    """Changes nothing; fails where anything does not add up."""

    help = "Adds up the ledger of bonuses anew, and reports what differs from the balances kept."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = list(disagreements())
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"The ledger does not add up: {len(found)}")
        self.stdout.write("The ledger adds up.")
