"""Passwords that somebody who knows this site would try first are refused. May not import any other app."""

from __future__ import annotations

import re
from typing import Any

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
