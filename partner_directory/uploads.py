"""Takes files from people: what they are is told by their content; only those concerned may see them.

What may be sent: PDF documents and pictures (PNG, JPEG, WebP), up to a size and a number; archives never. May not
import views.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO
from uuid import uuid4

from django.core.files.base import ContentFile

from accounts.models import User
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import LONGEST_FILE_NAME, PrivateFile


def keep_generated(
    *, partner: Partner, name: str, content: bytes, content_type: str, actor: User | None
) -> PrivateFile:
    """Keeps a file that the site itself has made."""
    return _keep(partner, name, content, content_type, actor)


def keep_upload(*, partner: Partner, upload: BinaryIO, name: str, actor: User | None) -> PrivateFile:
    """Keeps a file that somebody sent; raises ValidationError, in the reader's language, for what may not be sent."""
    raise NotImplementedError


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
    row.file.save(name, ContentFile(content), save=False)
    row.save(force_insert=True)
    return row
