"""Asks every published partner's site whether it answers, for the report «Что не видит публика».

Safe to run again at any time, by hand or by a schedule. Only public addresses are asked.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partner_directory.actions.site_checks import check_sites


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Checks the sites of published partners and stores which of them do not answer."

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each site that does not do, and how many were asked."""
        asked = broken = 0
        for answer in check_sites():
            asked += 1
            broken += not answer.ok
            if not answer.ok:
                self.stdout.write(f"{answer.url}: {answer.why}")
        self.stdout.write(f"Sites: {asked} asked, {broken} broken")
