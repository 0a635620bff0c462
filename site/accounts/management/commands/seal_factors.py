"""Seals the secrets of all second factors with the first key of MFA_KEYS, whichever key they were sealed with before.

To change keys: put a new key before the others in MFA_KEYS, restart the site, run this, take the old key away. May run
again at any time.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import factors, sealing


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Seals the secrets of second factors with the first of MFA_KEYS; --new-key prints a key."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do instead of sealing."""
        parser.add_argument("--new-key", action="store_true", help="print a new key for MFA_KEYS")

    def handle(self, *args: Any, new_key: bool, **options: Any) -> None:
        """Prints, or seals: all of them or none."""
        if new_key:
            self.stdout.write(base64.urlsafe_b64encode(secrets.token_bytes(sealing.KEY_BYTES)).decode("ascii"))
            return
        try:
            sealed = factors.rewrite(Authenticator.objects, sealing.reseal)
        except sealing.Unreadable as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        self.stdout.write(f"Second factors: {sealed} sealed")
