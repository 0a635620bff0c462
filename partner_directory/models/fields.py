"""The kinds of fields that partners are made of: search words. May not import models."""

from collections.abc import Iterable
from typing import Any

from django.db import models

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
