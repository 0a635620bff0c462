"""The letter with a rehearsed year's end, sent at once: rehearsing writes nothing, not even to the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from accounts.models import User
from partner_directory.year.rehearsal import Row, as_csv, as_table, summary
from program_pages import formats
from program_pages.groups import PARTNER_MANAGERS


def write_to_managers(rows: Sequence[Row], day: date) -> int:
    """Writes to each manager of partners, the table in the letter and as a file; answers to how many."""
    subject = _("Репетиция конца года: %(day)s") % {"day": formats.day(day, settings.LANGUAGE_CODE)}
    text = f"{summary(rows)}\n\n{as_table(rows)}\n"
    file = (f"rehearsal-{day.isoformat()}.csv", formats.BYTE_ORDER_MARK + as_csv(rows), "text/csv")
    managers = User.objects.filter(is_active=True, groups__name=PARTNER_MANAGERS).exclude(email="").distinct()
    letters = [EmailMessage(subject, text, to=[manager.email], attachments=[file]) for manager in managers]
    return get_connection().send_messages(letters) or 0
