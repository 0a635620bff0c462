"""Passwords that somebody who knows this site would try first are refused, and those that have leaked elsewhere.

May not import any other app.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What is said here, in both alphabets; a password of these, with figures and signs, is guessed before any other.
WORDS = (
    "asoft", "асофт", "partners", "partner", "партнеры", "партнер", "community", "programme", "program", "программа",
    "portal", "портал", "admin", "админ", "password", "пароль", "wagtail", "django",
)  # fmt: skip
LEAST_OF_ONES_OWN = 4  # letters beside those words


class SiteWordsValidator:
    """Refuses a password that is made of the words of the site, whatever figures and signs stand between them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError for one that has hardly a letter of its own."""
        letters = re.sub(r"[\W\d_]+", "", password.casefold().replace("ё", "е"))
        own = letters
        for word in WORDS:
            own = own.replace(word, "")
        if own != letters and len(own) < LEAST_OF_ONES_OWN:
            raise ValidationError(_("Пароль состоит из слов этого сайта: такой подбирают первым."), "site_words")

    def get_help_text(self) -> str:
        """What to avoid."""
        return _("Не только слова этого сайта.")


class LeakedValidator:
    """Refuses a password that stands in the file ``LEAKED_PASSWORDS``, whoever has put it there; nobody is asked."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError for one that has leaked; OSError where the file is named and not there."""
        if not settings.LEAKED_PASSWORDS:
            return
        digest = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        with open(settings.LEAKED_PASSWORDS, "rb") as file:
            if is_listed(file, digest.upper().encode()):
                raise ValidationError(_("Этот пароль уже утекал с других сайтов: выберите другой."), "leaked")

    def get_help_text(self) -> str:
        """Nothing: nobody can know it beforehand."""
        return ""


def is_listed(file: BinaryIO, wanted: bytes) -> bool:
    """Whether a line of a sorted file begins with a digest; by halves, so that forty reads find it among a billion."""
    low, high = 0, file.seek(0, os.SEEK_END)  # a line that begins within holds it, if any does
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.seek(middle - 1)
            file.readline()  # to where the next line begins
        start, line = file.tell(), file.readline()
        found = line[: len(wanted)].upper()
        if found == wanted:
            return True
        if line and found < wanted:
            low = start + len(line)
        else:
            high = middle
    return False
