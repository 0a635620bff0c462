"""Files that only those concerned may see: scans of certificates, signed contracts, evidence.

They lie outside MEDIA_ROOT under names that nobody can guess, have no address of their own, and are served by
``portal.files`` alone, which asks who is asking. Stored by ``partner_directory.uploads`` once their content is checked.
"""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner

LONGEST_FILE_NAME = 150


def private_storage() -> Storage:
    """Where private files lie: never under an address."""
    return storages["private"]


FOLDER = "partners"


def _path(instance: Any, _name: str) -> str:
    """A folder a partner, and a random name: what the sender called the file is only a field."""
    return f"{FOLDER}/{instance.partner_id}/{instance.pk}{PurePosixPath(instance.name).suffix.lower()}"


class PrivateFile(models.Model):
    """One uploaded or generated file of a partner; never changed, only replaced by another row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="files", verbose_name=_("партнёр"))
    name = models.CharField(_("имя файла"), max_length=LONGEST_FILE_NAME)
    content_type = models.CharField(_("вид"), max_length=60)
    size = models.PositiveBigIntegerField(_("размер"), help_text=_("Байт."))
    sha256 = models.CharField(_("контрольная сумма"), max_length=64)
    file = models.FileField(storage=private_storage, upload_to=_path, max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто загрузил")
    )
    uploaded_at = models.DateTimeField(_("загружен"), auto_now_add=True)

    class Meta:
        verbose_name = _("закрытый файл")
        verbose_name_plural = _("закрытые файлы")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name
