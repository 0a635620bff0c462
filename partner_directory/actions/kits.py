"""A kit of a mark is taken: recorded with its audit row before its first byte leaves (R5, R8).

No approval is asked for (R8), but the gate is, in the same transaction as the record.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.badges import gate
from partner_directory.models.badge import KitDownload
from partner_directory.models.mark import MarkVersion
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day

TAKEN = "partner_directory.kit.taken"


class Closed(ValidationError):
    """The partner may not take the mark at this moment: nothing was recorded, and nothing may be sent."""

    def __init__(self, access: gate.Access) -> None:
        super().__init__(_("Сейчас этот знак взять нельзя."))
        self.access = access


@transaction.atomic
def record_download(*, partner: Partner, version: MarkVersion, sha256: str, actor: User) -> KitDownload:
    """Records that a person takes a kit, by its checksum; raises Closed where the gate is shut by now."""
    Partner.objects.select_for_update().get(pk=partner.pk)  # what suspends it waits, or has been seen here
    access = gate.access_to(partner, [version], programme_day())[0]
    if access.badge is None:
        raise Closed(access)
    taken = KitDownload.objects.create(
        partner=partner, badge=access.badge, version=version, person=actor, sha256=sha256
    )
    data = {"partner": str(partner), "mark": version.name, "version": version.number, "code": access.badge.code}
    log(instance=taken, action=TAKEN, user=actor, data=data)
    return taken
