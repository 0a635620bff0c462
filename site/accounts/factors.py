"""What the second factors keep in the database, and its sealing under the key of the day.

Works on the model it is given, so that a migration may call it as well. May not import any other app.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

VALUES, LISTS = ("secret", "seed"), ("migrated_codes",)  # as allauth keeps them in Authenticator.data


@transaction.atomic
def rewrite(authenticators: Any, change: Callable[[str], str]) -> int:
    """Puts what ``change`` makes of each secret in its place; answers how many factors were written.

    Holds the rows: a code that is used meanwhile is used once. All of them, or none where one cannot be read.
    """
    written = 0
    for row in authenticators.select_for_update().order_by("pk"):
        data = rewritten(row.data, change)
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])
            written += 1
    return written


def rewritten(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The data of a factor with its secrets changed; all else as it was."""
    values = {name: change(data[name]) for name in VALUES if name in data}
    lists = {name: [change(each) for each in data[name]] for name in LISTS if data.get(name) is not None}
    return {**data, **values, **lists}
