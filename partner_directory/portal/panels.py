"""What each part of the section says on its home page: one panel, made from a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the home page: where things are, and where to go on.

    ``tone`` is "plain", "good", "warn" or "bad"; ``facts`` are short lines; ``needs_action`` puts it first.
    """

    title: str
    text: str
    url: str
    link_text: str
    tone: str = "plain"
    facts: Sequence[str] = ()
    needs_action: bool = False
