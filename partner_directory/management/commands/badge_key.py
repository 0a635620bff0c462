"""Makes a key that badges are signed with, and shows the public half of the one in use.

To change keys: put what ``--public`` prints into BADGE_OLD_KEYS, then a new key into BADGE_KEY. What the old key has
signed stays valid for as long as its public half is published.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from partner_directory.badges import keys

OWNER_ALONE = 0o600
FOLDER_OF_OWNER = 0o700


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Prints a new key for BADGE_KEY; --public: the public half of the present one, for BADGE_OLD_KEYS."
    requires_system_checks = ()  # one of them asks for the key that is made here

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do instead of printing a new key."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--public", action="store_true", help="print the public half of the key in use")
        choice.add_argument("--keep", action="store_true", help="make a key for this machine's own use, once")

    def handle(self, *args: Any, public: bool, keep: bool, **options: Any) -> None:
        """Prints, or keeps."""
        if public:
            self.stdout.write(keys.encoded(keys.current().raw))
        elif keep:
            self.stdout.write(self._kept())
        else:
            self.stdout.write(keys.new_key())

    def _kept(self) -> str:
        """Writes a key to where development looks for it, unless there is one, and answers what was done."""
        if settings.BADGE_KEY:
            return "Key of badges: kept"
        file = Path(settings.BADGE_KEY_FILE)
        file.parent.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
        file.touch(mode=OWNER_ALONE)
        file.write_text(keys.new_key(), encoding="ascii")
        return "Key of badges: made"
