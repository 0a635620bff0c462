"""Sends the letters that are due: those that the site has not sent itself, and those to be tried again.

Safe to run at any time, again, and several at once; run it every minute.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from partner_directory.models.message import Message
from partner_directory.outbox import Outcome, send_due


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Sends the messages to partners and managers that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line: what became of those that were due, and how many wait for a manager."""
        outcomes = send_due()
        troubled = Message.objects.troubled(timezone.now()).count()
        self.stdout.write(
            f"Messages: {outcomes[Outcome.SENT]} sent, "
            f"{outcomes[Outcome.REFUSED] + outcomes[Outcome.NO_SERVER]} to be tried again, "
            f"{outcomes[Outcome.UNKNOWN]} uncertain; {troubled} wait for a manager"
        )
