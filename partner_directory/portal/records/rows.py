"""Records as rows of a table: what they say, what was decided, and what can still be done. May not import views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from partner_directory.models.facts import FactState
from partner_directory.models.private_file import PrivateFile

TONES = {FactState.CLAIMED: "warn", FactState.CONFIRMED: "good", FactState.REFUSED: "bad"}


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done with a row: a page that asks, or at once (``posts``)."""

    text: str
    url: str
    posts: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One record; ``cells`` are in the order of the table's headings."""

    title: str
    cells: Sequence[str]
    status: str
    tone: str
    remark: str = ""
    link: str = ""
    file_name: str = ""
    file_url: str = ""
    buttons: Sequence[Button] = ()


def tone_of(state: str) -> str:
    """How a state looks."""
    return TONES[FactState(state)]


def file_of(file: PrivateFile | None) -> dict[str, str]:
    """The file's name and address, as ``Row`` takes them."""
    return {"file_name": file.name, "file_url": reverse("portal:file", args=[file.pk])} if file else {}
