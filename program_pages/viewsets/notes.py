"""What others have to say of an edition where it is written and approved: the hook ``register_edition_note``.

A function of the hook takes the request, an edition (its latest draft), and ``is_short``; it answers a component, or
None where there is nothing to say. The programme knows nobody's notes by name. May not import models.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

HOOK = "register_edition_note"


def notes_on(request: HttpRequest, edition: Any, *, is_short: bool = False) -> list[Any]:
    """The notes on an edition, in the order of their hooks."""
    found = (say(request, edition, is_short=is_short) for say in hooks.get_hooks(HOOK))
    return [note for note in found if note is not None]
