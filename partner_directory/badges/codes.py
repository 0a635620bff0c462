"""Codes of badges: short, readable aloud, typed without mistakes, and not to be guessed.

Nine random signs and a check sign, of an alphabet without lookalikes; whatever a reader types for them, Cyrillic
letters too, is folded to it. Pure: may not import Django.
"""

from __future__ import annotations

import secrets
from unicodedata import category

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 10
_RANDOM = LENGTH - 1
_GROUP = 5
_MODULUS = 0b100101
# What looks like a sign of ours, Latin and Cyrillic, by what it looks like.
_LOOKALIKES = str.maketrans(
    "ILOUАВЕЗКМНОРСТУХІЅЈ",
    "110VABE3KMH0PCTYX1SJ",
)
_IGNORED = frozenset(".·_−\t\r\n")
# Spaces, hyphens and dashes, and signs that nobody sees: copying brings them along.
_IGNORED_KINDS = frozenset({"Zs", "Pd", "Cf"})


class NotACode(ValueError):
    """What was typed can be no code; ``misspelt`` says that only its check sign tells so."""

    def __init__(self, *, misspelt: bool) -> None:
        super().__init__("not a code")
        self.misspelt = misspelt


def new_code() -> str:
    """A code at random: 45 bits, so that guessing meets none."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return signs + check_sign(signs)


def read_code(typed: str) -> str:
    """The code that somebody meant: in any case, grouped or not, with lookalikes folded.

    Raises NotACode for what has another length or signs, or a wrong check sign.
    """
    signs = "".join(sign for sign in typed.upper() if not _is_ignored(sign)).translate(_LOOKALIKES)
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        raise NotACode(misspelt=False)
    if check_sign(signs[:_RANDOM]) != signs[_RANDOM]:
        raise NotACode(misspelt=True)
    return signs


def _is_ignored(sign: str) -> bool:
    return sign in _IGNORED or category(sign) in _IGNORED_KINDS


def written(code: str) -> str:
    """A code as it is printed: in two groups."""
    return f"{code[:_GROUP]}-{code[_GROUP:]}"


def check_sign(signs: str) -> str:
    """The check sign of the other nine: finds each single wrong sign and each swap of two neighbours.

    The signs are the coefficients of a polynomial over the field of 32 elements, taken at its generator.
    """
    total = 0
    for sign in signs:
        total = _doubled(total) ^ ALPHABET.index(sign)
    return ALPHABET[_doubled(total)]


def _doubled(element: int) -> int:
    """An element of the field times its generator, modulo x⁵ + x² + 1."""
    shifted = element << 1
    return shifted ^ _MODULUS if shifted >= len(ALPHABET) else shifted
