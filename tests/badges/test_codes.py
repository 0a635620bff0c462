"""Codes: read aloud, typed, mistyped; the check sign finds each slip of one sign and each swap of two neighbours."""

from __future__ import annotations

import random

import pytest

from partner_directory.badges.codes import ALPHABET, LENGTH, NotACode, check_sign, new_code, read_code, written

CODES = [
    signs + check_sign(signs)
    for signs in ("".join(random.Random(seed).choices(ALPHABET, k=LENGTH - 1)) for seed in range(25))  # noqa: S311 - no secret
]


def misspelt(typed: str) -> bool:
    with pytest.raises(NotACode) as refused:
        read_code(typed)
    return refused.value.misspelt


@pytest.mark.parametrize("code", CODES)
def test_every_wrong_sign_is_found(code: str) -> None:
    slips = [
        code[:place] + sign + code[place + 1 :] for place in range(LENGTH) for sign in ALPHABET if sign != code[place]
    ]
    assert len(slips) == LENGTH * (len(ALPHABET) - 1)
    assert all(map(misspelt, slips))


@pytest.mark.parametrize("code", CODES)
def test_every_swap_of_two_neighbours_is_found(code: str) -> None:
    swapped = [code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in range(LENGTH - 1)]
    assert all(misspelt(typed) for typed in swapped if typed != code)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("С", "C"), ("с", "C"), ("О", "0"), ("o", "0"), ("O", "0"), ("I", "1"), ("l", "1"), ("Л", None), ("В", "B"),
     ("в", "B"), ("Е", "E"), ("З", "3"), ("К", "K"), ("М", "M"), ("Н", "H"), ("Р", "P"), ("Т", "T"), ("У", "Y"),
     ("Х", "X"), ("А", "A"), ("u", "V"), ("Ё", None), ("é", None)],
)  # fmt: skip
def test_lookalikes_are_folded_and_nothing_else(typed: str, meant: str | None) -> None:
    """Cyrillic С is Latin C, О is zero; a letter that looks like none of ours is refused."""
    rest = "7K3QW9XM"
    if meant is None:
        assert misspelt(typed + rest + "0") is False
        return
    signs = meant + rest
    assert read_code(typed + rest + check_sign(signs)) == signs + check_sign(signs)


def test_however_it_is_grouped_it_is_the_same_code() -> None:
    code = CODES[0]
    for typed in (written(code), code.lower(), f" {code[:3]} {code[3:]}\n", "–".join(code), code.replace("0", "О")):
        assert read_code(typed) == code
    for brought_along in "\u2011\u2212\u2009\u202f\u200b\ufeff\u00ad":  # hyphens, spaces and signs that nobody sees
        typed = f"{brought_along}{code[:5]}{brought_along}{code[5:]}"
        assert read_code(typed) == code
    assert written(code) == f"{code[:5]}-{code[5:]}"


@pytest.mark.parametrize("typed", ["", "7", "7K3QW9XM2T0", "https://site.example/verify/", "7K3QW-9XM2*", "\x00" * 10])
def test_what_can_be_no_code_is_not_called_misspelt(typed: str) -> None:
    assert misspelt(typed) is False


def test_codes_are_random_and_not_sequential() -> None:
    made = [new_code() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert made != sorted(made)
    assert all(read_code(code) == code for code in made)
    for place in range(LENGTH):  # each sign is found at each place: none is a counter or a clock
        assert {code[place] for code in made} == set(ALPHABET)
