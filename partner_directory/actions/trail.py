"""Whoever takes the trail of what was done away as a file leaves a row in it. May not import views."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User

EXPORTED = "partner_directory.trail.exported"


@transaction.atomic
def record_export(*, actor: User, kind: str, rows: int, asked: dict[str, Any]) -> None:
    """Records what was taken: as which kind of file, how many rows, chosen how."""
    log(instance=actor, action=EXPORTED, user=actor, data={"kind": kind, "rows": rows, "asked": asked})
