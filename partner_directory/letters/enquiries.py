"""Letters about a visitor's enquiry: to its partner and to the visitor. ``enquiries.letters`` writes their texts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Kind
from partner_directory.sealed_links import enquiry_answered_path, enquiry_confirm_path

TO_PARTNER, COPY, HANDED_ON, TO_CONFIRM = (
    "enquiry_to_partner",
    "enquiry_copy",
    "enquiry_handed_on",
    "enquiry_to_confirm",
)
KINDS_OF_ENQUIRIES = frozenset({TO_PARTNER, COPY, HANDED_ON, TO_CONFIRM})

_SAMPLE = {"subject": _("Обращение клиента № 7"), "text": _("Нужна CRM на двадцать мест.")}
_SUBJECT, _TEXT = "{subject}", "{text}"

KINDS: tuple[Kind, ...] = (
    Kind(TO_PARTNER, _("Партнёру: обращение клиента"), _SUBJECT, _TEXT, _SAMPLE, enquiry_answered_path),
    Kind(COPY, _("Посетителю: копия обращения"), _SUBJECT, _TEXT, _SAMPLE),
    Kind(HANDED_ON, _("Посетителю: обращение передано другому партнёру"), _SUBJECT, _TEXT, _SAMPLE),
    Kind(TO_CONFIRM, _("Посетителю: подтвердить обращение"), _SUBJECT, _TEXT, _SAMPLE, enquiry_confirm_path),
)
