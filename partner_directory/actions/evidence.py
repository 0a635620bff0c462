"""A file that comes with a form, kept; what is wrong with it is said beside its field."""

from __future__ import annotations

from typing import BinaryIO

from django.core.exceptions import ValidationError

from accounts.models import User
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from partner_directory.uploads import keep_upload


def keep_evidence(
    *, field: str, partner: Partner, upload: BinaryIO | None, name: str, actor: User | None
) -> PrivateFile | None:
    """The file kept, None where none was sent; raises ValidationError by the field for what may not be sent."""
    if upload is None:
        return None
    try:
        return keep_upload(partner=partner, upload=upload, name=name or field, actor=actor)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
