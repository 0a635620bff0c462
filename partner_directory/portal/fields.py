"""Fields that forms of the partners' section share. May not import views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from partner_directory.uploads import ACCEPT, checked

LONGEST_SENT_NAME = 400  # with the folders that some browsers send


def _help() -> str:
    return _("PDF, PNG, JPEG или WebP, не больше %(size)s.") % {"size": filesizeformat(settings.UPLOAD_MOST_BYTES)}


class PrivateUploadField(forms.FileField):
    """A file for ``uploads.keep_upload``: what may not be kept is refused beside the field.

    Its value is Django's UploadedFile: ``keep_upload(partner=…, upload=value, name=value.name, actor=…)``.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPT}))
        kwargs.setdefault("help_text", lazy(_help, str)())
        super().__init__(max_length=LONGEST_SENT_NAME, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Looks into the file; it stands at its beginning again afterwards."""
        upload = super().clean(data, initial)
        if not upload or upload is initial:
            return upload
        if upload.size > settings.UPLOAD_MOST_BYTES:
            size = filesizeformat(settings.UPLOAD_MOST_BYTES)
            raise ValidationError(_("Файл больше %(size)s: уменьшите его.") % {"size": size})
        checked(upload, upload.name)
        upload.seek(0)
        return upload
