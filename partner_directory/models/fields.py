"""The kinds of fields that partners are made of: search words, codes from a list. May not import models."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from program_pages.words import search_words


class WordsField(models.TextField):
    """The normal form of other fields of its row, for search in either alphabet.

    Filled in whenever the row is saved or created in bulk; ``update`` and ``update_fields`` must name it too.
    """

    def __init__(self, *args: Any, of: Iterable[str] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Its sources as well, for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The words of the row as it is now."""
        words = search_words(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, words)
        return words


class CodesField(models.JSONField):
    """Some of the codes that ``options`` lists as (code, label), as a JSON list in that order; chosen by boxes."""

    def __init__(self, *args: Any, options: Callable[[], list[tuple[str, Any]]] = list, **kwargs: Any) -> None:
        self.options = options
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Without the options: which codes there are is no matter of the database."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), kwargs

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuses what is no list of known codes."""
        super().validate(value, model_instance)
        if not isinstance(value, list) or not set(map(str, value)) <= {code for code, _label in self.options()}:
            raise ValidationError(_("Здесь могут быть только значения из списка."))

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Boxes to tick, one a code."""
        return forms.MultipleChoiceField(
            choices=self.options,
            widget=forms.CheckboxSelectMultiple,
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
            required=not self.blank,
        )
