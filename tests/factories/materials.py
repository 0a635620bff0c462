"""Materials, and what partners ask for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from partner_directory.models import Material
from program_pages.models import Level

_numbers = count(1)


def make_document(*, content: bytes = b"plain text", name: str = "paper.txt", **fields: Any) -> Any:
    """A document with its file."""
    document = get_document_model()(**{"title": "Документ", "file": ContentFile(content, name=name)} | fields)
    document._set_document_file_metadata()
    document.save()
    return document


def make_material(*, levels: Iterable[str] = (), content: bytes = b"plain text", **fields: Any) -> Material:
    """A published material for partners of some levels (slugs), for all where none is named."""
    number = next(_numbers)
    defaults = {
        "kind": Material.Kind.ADVERTISING,
        "title_ru": f"Материал {number}",
        "title_en": f"Material {number}",
    }
    if "document" not in fields:
        fields["document"] = make_document(content=content, name=f"paper-{number}.txt")
    material = Material.objects.create(**defaults | fields)
    material.levels.set(Level.objects.filter(slug__in=list(levels)))
    return material
