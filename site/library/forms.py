"""What an uploaded image must be: a drawing holds no script, a picture can be decoded to its last pixel.

Wagtail itself checks the extension, the size in bytes and in pixels. May not import the programme or the partners.
"""

from __future__ import annotations

import struct
import warnings
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageFile
from py_svg_hush import filter_svg
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

# Pictures inside a drawing stay; anything else that a data URL may hold goes.
EMBEDDED = {"image": ["png", "jpeg", "gif", "webp"]}
PRINT_COLOURS = "CMYK"
MOVING = frozenset({"GIF", "PNG", "WEBP", "AVIF"})  # a JPEG of several frames (MPO) stands still
# What the decoders raise for a file that is cut short or made up.
UNREADABLE = (
    OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class SafeImageField(WagtailImageField):
    """Rewrites a drawing by an allow-list, decodes a picture; Wagtail's own field fails on one that is cut short."""

    def to_python(self, data: Any) -> Any:
        """The file that is safe to serve; raises ValidationError for what is no image inside."""
        if isinstance(data, UploadedFile) and not _is_drawing(data):
            _refuse_unfit(data)
        try:
            file = super().to_python(data)
            if isinstance(file, UploadedFile) and not _is_drawing(file):
                _decode(file)
        except UNREADABLE as error:
            raise ValidationError(_("Изображение повреждено и не читается: сохраните его заново.")) from error
        return _hushed(file) if isinstance(file, UploadedFile) and _is_drawing(file) else file


class SafeImageForm(BaseImageForm):
    """The form of an image in the admin, whichever of Wagtail's views shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = SafeImageField(label=field.label, widget=field.widget, required=field.required)


def _is_drawing(file: UploadedFile) -> bool:
    return bool(file.name and file.name.lower().endswith(".svg"))


def _hushed(file: UploadedFile) -> ContentFile[bytes]:
    """The drawing without scripts, handlers, foreign content and addresses of other hosts."""
    try:
        safe = filter_svg(file.read(), keep_data_url_mime_types=EMBEDDED)
    except ValueError as error:
        raise ValidationError(_("Это не рисунок SVG: внутри что-то другое.")) from error
    return ContentFile(safe, name=file.name)


def _refuse_unfit(file: UploadedFile) -> None:
    """Colours for print look different on every screen, and of an animation only one frame would be shown.

    Says nothing of what cannot be read: others do.
    """
    with suppress(*UNREADABLE), warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(file) as picture:
            if picture.mode == PRINT_COLOURS:
                raise ValidationError(_("Изображение в цветах печати (CMYK): сохраните его в RGB."))
            if picture.format in MOVING and getattr(picture, "is_animated", False):
                raise ValidationError(_("Изображение движется: сохраните один кадр."))
    file.seek(0)


def _decode(file: UploadedFile) -> None:
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES  # WeasyPrint sets it for the whole process: a cut file would pass
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as picture:
                picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    file.seek(0)
