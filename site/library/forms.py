"""What an uploaded image must be: a drawing holds no script, a picture can be decoded to its last pixel.

Wagtail itself checks the extension, the size in bytes and in pixels. May not import the programme or the partners.
"""

from __future__ import annotations

import warnings
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image
from py_svg_hush import filter_svg
from wagtail.images.forms import BaseImageForm

# Pictures inside a drawing stay; anything else that a data URL may hold goes.
EMBEDDED = {"image": ["png", "jpeg", "gif", "webp"]}


class SafeImageForm(BaseImageForm):
    """The form of an image in the admin; an SVG is rewritten by an allow-list before it is stored."""

    def clean_file(self) -> Any:
        """The file that is safe to serve; raises ValidationError for what is no image inside."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if file.name is not None and file.name.lower().endswith(".svg"):
            return _hushed(file)
        _decode(file)
        return file


def _hushed(file: UploadedFile) -> ContentFile[bytes]:
    """The drawing without scripts, handlers, foreign content and addresses of other hosts."""
    try:
        safe = filter_svg(file.read(), keep_data_url_mime_types=EMBEDDED)
    except ValueError as error:
        raise ValidationError(_("Это не рисунок SVG: внутри что-то другое.")) from error
    return ContentFile(safe, name=file.name)


def _decode(file: UploadedFile) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as picture:
                picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("Изображение повреждено и не читается: сохраните его заново.")) from error
    finally:
        file.seek(0)
