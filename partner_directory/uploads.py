"""Takes files from people: what they are is told by their content; only those concerned may see them.

What may be sent: PDF documents and pictures (PNG, JPEG, WebP), up to a size and a number; archives never. May not
import views.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
import warnings
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from uuid import uuid4

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import FOLDER, LONGEST_FILE_NAME, PrivateFile, private_storage
from partner_directory.pdf_check import refuse_unsafe_pdf

logger = logging.getLogger(__name__)

PDF = "application/pdf"
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
SUFFIXES = {
    PDF: (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
}
ACCEPT = ",".join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)

# A picture that is a page as well, to whoever takes it for one.
MARKUP = re.compile(rb"<(?:script|html|iframe|!doctype|\?php)\b", re.IGNORECASE)
# Pillow is told by another library, for its own pictures, to be content with half a JPEG: its end is looked for here.
JPEG_SCAN, JPEG_END = b"\xff\xda", b"\xff\xd9"
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: its clean name, what it is, and its bytes."""

    name: str
    content_type: str
    content: bytes


def keep_generated(
    *, partner: Partner, name: str, content: bytes, content_type: str, actor: User | None
) -> PrivateFile:
    """Keeps a file that the site itself has made."""
    return _keep(partner, name, content, content_type, actor)


def keep_upload(*, partner: Partner, upload: BinaryIO, name: str, actor: User | None) -> PrivateFile:
    """Keeps a file that somebody sent; raises ValidationError, in the reader's language, for what may not be sent."""
    found = checked(upload, name)
    _refuse_too_many(partner)
    return _keep(partner, found.name, found.content, found.content_type, actor)


def keep_evidence(
    *, field: str, partner: Partner, upload: UploadedFile[Any] | None, actor: User | None
) -> PrivateFile | None:
    """Keeps what came with a field of a form, None where nothing did; raises ValidationError by the field."""
    if not upload:
        return None
    try:
        return keep_upload(partner=partner, upload=cast("BinaryIO", upload), name=upload.name or field, actor=actor)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def checked(upload: BinaryIO, name: str) -> Checked:
    """A sent file as it may be kept; raises ValidationError for what is too large, broken, or of another kind."""
    most: int = settings.UPLOAD_MOST_BYTES
    upload.seek(0)
    content = upload.read(most + 1)
    if len(content) > most:
        raise ValidationError(_("Файл больше %(size)s: уменьшите его.") % {"size": filesizeformat(most)})
    if not content:
        raise ValidationError(_("Файл пуст."))
    content_type = _type_of(content)
    if content_type == PDF:
        refuse_unsafe_pdf(content)
    else:
        _refuse_unsafe_picture(content, PICTURES[content_type])
    return Checked(clean_name(name, content_type), content_type, content)


def clean_name(name: str, content_type: str) -> str:
    """What the sender called the file, without its folders, controls and signs that no system takes.

    Ends as its content does, whatever it was called; never empty.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in last)
    plain = " ".join(NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    suffixes = SUFFIXES[content_type]
    path = PurePosixPath(plain or "file")
    suffix = path.suffix.lower() if path.suffix.lower() in suffixes else suffixes[0]
    stem = path.stem if path.suffix.lower() in _EVERY_SUFFIX else path.name
    return f"{stem[: LONGEST_FILE_NAME - len(suffix)].strip('. ') or 'file'}{suffix}"


_EVERY_SUFFIX = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes}


def sweep(before: datetime) -> int:
    """Removes files of partners that no row names, older than a moment, and answers how many.

    A process that was killed between writing a file and its row leaves one. Safe to run again, and beside uploads: a
    file younger than the moment may still get its row, so rows are read before files.
    """
    storage, named = private_storage(), set(PrivateFile.objects.values_list("file", flat=True))
    folders = (f"{FOLDER}/{name}" for name in _listed(storage, FOLDER)[0])
    files = [f"{folder}/{name}" for folder in folders for name in _listed(storage, folder)[1]]
    old = [name for name in files if name not in named and storage.get_modified_time(name) < before]
    for name in old:
        storage.delete(name)
    return len(old)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files of a folder; nothing where it is not there."""
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _type_of(content: bytes) -> str:
    kind = filetype.guess_mime(content)
    if kind not in SUFFIXES or zipfile.is_zipfile(BytesIO(content)):
        raise ValidationError(_("Подойдут только PDF, PNG, JPEG и WebP: пришлите документ или его снимок."))
    return str(kind)


def _refuse_unsafe_picture(content: bytes, picture_format: str) -> None:
    """By reading the whole picture, once its size is known to be bearable."""
    if MARKUP.search(content):
        raise ValidationError(_("В снимке есть посторонние данные: сохраните его заново и загрузите ещё раз."))
    try:
        bearable = _pixels(content, picture_format) <= settings.UPLOAD_MOST_PIXELS
        if bearable:
            with Image.open(BytesIO(content), formats=[picture_format]) as picture:
                picture.load()
        is_whole = picture_format != "JPEG" or content.rfind(JPEG_END) > content.rfind(JPEG_SCAN)
    except Image.DecompressionBombError:
        bearable, is_whole = False, True
    except Exception:  # whatever a broken picture makes the reader of its format say
        bearable, is_whole = True, False
    if not is_whole:
        raise ValidationError(_("Снимок повреждён или загружен не целиком."))
    if not bearable:
        raise ValidationError(_("В снимке слишком много точек: уменьшите его и загрузите ещё раз."))


def _pixels(content: bytes, picture_format: str) -> int:
    """As its head says, and its checksums confirm."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is our own
        with Image.open(BytesIO(content), formats=[picture_format]) as picture:
            width, height = picture.size
            picture.verify()
    return width * height


def _refuse_too_many(partner: Partner) -> None:
    files = PrivateFile.objects.filter(partner=partner)
    if files.count() >= settings.UPLOAD_MOST_FILES:
        raise ValidationError(_("У компании уже слишком много файлов: напишите в ASoft."))
    if files.filter(uploaded_at__gt=timezone.now() - ONE_DAY).count() >= settings.UPLOAD_MOST_FILES_A_DAY:
        raise ValidationError(_("За сутки загружено слишком много файлов: продолжите завтра."))


def _keep(partner: Partner, name: str, content: bytes, content_type: str, actor: User | None) -> PrivateFile:
    row = PrivateFile(
        pk=uuid4(),
        partner=partner,
        name=name[:LONGEST_FILE_NAME],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
    )
    try:
        row.file.save(name, ContentFile(content), save=False)
    except Exception as error:  # each storage has its own
        logger.exception("A file was not kept")
        _take_away(row, name)
        raise ValidationError(_("Файл не сохранён: хранилище сейчас недоступно. Попробуйте через минуту.")) from error
    row.save(force_insert=True)
    return row


def _take_away(row: PrivateFile, name: str) -> None:
    """What a full disk has left of a file; where that fails too, ``sweep`` finds it."""
    with suppress(Exception):
        private_storage().delete(row.file.field.generate_filename(row, name))
