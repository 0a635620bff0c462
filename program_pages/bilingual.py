"""One fact, two languages, one row: paired fields ``<name>_ru`` and ``<name>_en``.

The helper turns a pair into the rules' :class:`~program_pages.rules.terms.Text`; the panel shows
both side by side. May not import models.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from program_pages.rules.terms import Text


def paired(row: Any, name: str) -> Text:
    """The pair of fields ``name_ru`` and ``name_en`` of a row as one Text."""
    return Text(ru=getattr(row, f"{name}_ru"), en=getattr(row, f"{name}_en"))


def of_pair(pair: Sequence[str]) -> Text:
    """Both languages as JSON keeps them, Russian first, as one Text."""
    russian, english = pair
    return Text(ru=russian, en=english)


def said(text: Text) -> str:
    """A text in the language of the current reader; Russian where English is missing."""
    return text.in_language(get_language() or "ru")


def paired_panel(name: str, heading: str | Promise = "", help_text: str | Promise = "") -> FieldRowPanel:
    """An admin panel with the Russian field and the English one side by side."""
    return FieldRowPanel([FieldPanel(f"{name}_ru"), FieldPanel(f"{name}_en")], heading=heading, help_text=help_text)


def missing_english(row: Any, *names: str) -> dict[str, ValidationError]:
    """Errors for pairs whose Russian is written and whose English is not."""
    return {
        f"{name}_en": ValidationError(_("Нужен и английский текст."))
        for name in names
        if getattr(row, f"{name}_ru") and not getattr(row, f"{name}_en")
    }
