"""The languages in which a partner talks with its clients, named in the reader's language. May not import models."""

from babel import Locale
from django.utils.translation import get_language

# ISO 639-1; the languages of Russia and its neighbours first.
CODES = (
    "ru",
    "en",
    "tt",
    "ba",
    "kk",
    "be",
    "uk",
    "uz",
    "ky",
    "tg",
    "hy",
    "az",
    "ka",
    "zh",
    "de",
    "fr",
    "es",
    "tr",
    "ar",
)


def language_name(code: str) -> str:
    """A language's name in the language of the current reader."""
    return str(Locale(get_language() or "ru").languages.get(code, code))


def language_options() -> list[tuple[str, str]]:
    """Every language with its name."""
    return [(code, language_name(code)) for code in CODES]
