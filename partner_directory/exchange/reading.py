"""A spreadsheet from outside as rows of texts: xlsx or csv, read as data alone, with limits on all of it.

Formulas are never evaluated, and what begins like one stays text. May not import models.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from openpyxl import load_workbook  # type: ignore[import-untyped]

from program_pages.formats import FORMULA

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_TIMES_SMALLER = 200  # a spreadsheet packs well; a bomb packs a thousand times smaller
RATIO_MATTERS_FROM = 4 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 60
LONGEST_CELL = 32_767  # what a spreadsheet's own cell can hold
DELIMITERS = (";", "\t", ",")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """The header and the rows below it, each with its number in the file; a cell is a text without outer spaces."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read(file: File[bytes]) -> Sheet:
    """The first sheet of a file; raises ValidationError, in words, for whatever cannot or must not be read."""
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(_("Файл больше %(size)s МБ: разделите его.") % {"size": MOST_BYTES // 1024 // 1024})
    content = file.read()
    if not content.strip():
        raise ValidationError(_("Файл пуст."))
    return _sheet(_xlsx(content) if content.startswith(ZIP) else _csv(content))


def _sheet(lines: Iterable[list[str]]) -> Sheet:
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(lines, 1):
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise ValidationError(_("Колонок больше %(most)s: это не таблица партнёров.") % {"most": MOST_COLUMNS})
        if number > MOST_ROWS + 1:
            raise ValidationError(_("Строк больше %(most)s: разделите файл.") % {"most": MOST_ROWS})
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise ValidationError(_("Строка %(number)s: слишком длинный текст в ячейке.") % {"number": number})
        if not header:
            header = cells
        elif any(cells):
            rows.append((number, cells))
    return Sheet(header, rows)


def _csv(content: bytes) -> Iterator[list[str]]:
    if content.startswith(OLD_EXCEL):
        raise ValidationError(_("Это файл старого Excel: сохраните его как .xlsx или .csv."))
    if b"\0" in content:
        raise ValidationError(_("Это не таблица: нужен файл .xlsx или .csv."))
    text = _decoded(content)
    first_line = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield [_text(cell) for cell in cells]
    except csv.Error as error:
        raise ValidationError(
            _("Строка %(number)s: файл .csv устроен неверно.") % {"number": reader.line_num}
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("Кодировка файла не опознана: сохраните его в UTF-8."))


def _xlsx(content: bytes) -> Iterator[list[str]]:
    _refuse_bombs(content)
    try:
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be a lie
        for cells in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True):
            yield [_text(cell) for cell in cells]
    except ValidationError:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it trip over
        raise ValidationError(_("Файл .xlsx повреждён или это не таблица.")) from error


def _refuse_bombs(content: bytes) -> None:
    """Before anything is unpacked: the sizes that the archive's own directory tells, which its reader then holds to."""
    try:
        entries = zipfile.ZipFile(BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise ValidationError(_("Файл .xlsx повреждён или это не таблица.")) from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    too_dense = unpacked > RATIO_MATTERS_FROM and unpacked / packed > MOST_TIMES_SMALLER
    if unpacked > MOST_UNPACKED_BYTES or too_dense:
        raise ValidationError(_("Файл распаковывается во что-то огромное: он не принят."))


def _text(value: Any) -> str:
    """A cell as it was meant: numbers without the point that Excel adds, the mark of a text taken off."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("да") if value else _("нет"))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
    if text.startswith("'") and FORMULA.match(text[1:]):
        return text[1:]
    return text
