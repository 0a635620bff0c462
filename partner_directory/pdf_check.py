"""Whether a PDF document is only a document: whole, not encrypted, without scripts, programs and files inside it.

Reads the structure of the file and its compressed objects, never its pages. May not import models.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HEADER = re.compile(rb"%PDF-[12]\.\d")
TRAILER = b"%%EOF"
TRAILER_WITHIN = 2048  # bytes from the end, where readers look for it
STREAM = re.compile(rb">>\s{0,8}stream\r?\n")
END_OF_STREAM = b"endstream"
MOST_OBJECTS = 32 * 1024 * 1024  # bytes of compressed objects, unpacked

ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
LOCKED = re.compile(rb"/Encrypt\b")
ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
SCRIPT = re.compile(rb"/JS\b")  # too short to be looked for among packed bytes, where it stands by chance


def refuse_unsafe_pdf(content: bytes) -> None:
    """Raises ValidationError for what is no whole PDF, is encrypted, or does more than be read."""
    if not HEADER.match(content) or TRAILER not in content[-TRAILER_WITHIN:]:
        raise _broken()
    structure = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), b"".join(_structure(content)))
    if LOCKED.search(structure):
        raise ValidationError(_("Документ закрыт паролем: снимите защиту и загрузите его ещё раз."))
    if ACTIVE.search(structure) or ACTIVE.search(content) or SCRIPT.search(structure):
        raise ValidationError(_("В документе есть сценарии или вложенные файлы: сохраните его как обычный PDF."))


def _structure(content: bytes) -> Iterator[bytes]:
    """All but the bodies of streams, and what the streams of compressed objects hold."""
    position, room = 0, MOST_OBJECTS
    while found := STREAM.search(content, position):
        head = content[position : found.start()]
        yield head
        end = content.find(END_OF_STREAM, found.end())
        if end < 0:
            raise _broken()
        if b"/ObjStm" in ESCAPED.sub(lambda name: bytes([int(name[1], 16)]), head):
            objects = _unpacked(content[found.end() : end], room)
            room -= len(objects)
            yield objects
        position = end + len(END_OF_STREAM)
    yield content[position:]


def _unpacked(body: bytes, room: int) -> bytes:
    try:
        unpacking = zlib.decompressobj()
        objects = unpacking.decompress(body, room + 1)
    except zlib.error as error:
        raise _broken() from error
    if len(objects) > room:
        raise ValidationError(_("Документ разворачивается в слишком большой файл."))
    return objects


def _broken() -> ValidationError:
    return ValidationError(_("Документ повреждён или загружен не целиком."))
