"""What changes in a text, word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.wording import Kind, Piece, compared, new_text, old_text

texts = st.text("аб xy12.,%\u00a0\n-", max_size=30)
MARKS = {Kind.KEPT: "{}", Kind.DELETED: "[-{}-]", Kind.INSERTED: "[+{}+]"}


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(MARKS[piece.kind].format(piece.text) for piece in pieces)


@given(texts, texts)
def test_kept_and_deleted_are_the_old_text_kept_and_inserted_the_new_one(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert (old_text(pieces), new_text(pieces)) == (before, after)


@given(texts, texts)
def test_no_piece_is_empty_and_no_two_of_a_kind_stand_side_by_side(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.kind is not other.kind for one, other in pairwise(pieces))


@given(texts)
def test_of_the_same_text_everything_is_kept(text: str) -> None:
    assert {piece.kind for piece in compared(text, text)} <= {Kind.KEPT}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Скидка 20\u00a0% на лицензии.", "Скидка 22,5\u00a0% на лицензии.",
         "Скидка [-20\u00a0%-][+22,5\u00a0%+] на лицензии."),
        ("Discount 20% on it.", "Discount 22.5% on it.", "Discount [-20%-][+22.5%+] on it."),
        ("для всех версий", "для всех новых версий", "для всех [+новых +]версий"),
        ("для всех старых версий", "для всех версий", "для всех [-старых -]версий"),
        ("раз два три", "раз пять шесть", "раз [-два три-][+пять шесть+]"),
        ("да", "да, но", "да[+, но+]"),
        ("", "новое", "[+новое+]"),
        ("старое", "", "[-старое-]"),
        ("", "", ""),
        ("одна строка\nдругая", "одна строка\nвторая", "одна строка\n[-другая-][+вторая+]"),
    ],
    ids=["a percent", "in English", "put in", "taken out", "a phrase for a phrase", "a sign", "new", "gone", "none",
         "lines"],
)  # fmt: skip
def test_words_not_letters_are_compared(before: str, after: str, found: str) -> None:
    assert shown(compared(before, after)) == found
