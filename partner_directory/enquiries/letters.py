"""Letters about enquiries, to the partner and to the visitor: written into the outbox with what they tell of.

May not import actions.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from partner_directory import messages
from partner_directory.letters.enquiries import COPY, HANDED_ON, KINDS_OF_ENQUIRIES, TO_CONFIRM, TO_PARTNER
from partner_directory.models.enquiry import Enquiry
from partner_directory.models.message import Message

LINK = "{link}"  # the outbox fills it in when the letter leaves


def tell_recipient(enquiry: Enquiry) -> None:
    """The enquiry to the partner that it was handed to, in Russian; a fictional company is not written to."""
    partner = enquiry.recipient
    if partner is None or partner.is_sample or not partner.email:
        return
    with override(settings.LANGUAGE_CODE):
        subject = _("Обращение клиента № %(number)s") % {"number": enquiry.pk}
        about = f"{enquiry.pk}-{partner.pk}"
        _write(TO_PARTNER, subject, enquiry, to=partner.email, about=about, partner=partner)


def send_copy(enquiry: Enquiry) -> None:
    """What the visitor wrote, and whom it went to, in the visitor's language."""
    with override(enquiry.language):
        _write(COPY, _("Копия вашего обращения № %(number)s") % {"number": enquiry.pk}, enquiry, to=enquiry.email)


def tell_handed_on(enquiry: Enquiry) -> None:
    """To the visitor: another partner will answer."""
    with override(enquiry.language):
        subject = _("Обращение № %(number)s передано другому партнёру") % {"number": enquiry.pk}
        _write(HANDED_ON, subject, enquiry, to=enquiry.email)


def ask_to_confirm(enquiry: Enquiry) -> None:
    """To the visitor: was it you? Without the text, so that nobody can send his words to a stranger through us."""
    with override(enquiry.language):
        _write(TO_CONFIRM, _("Подтвердите обращение"), enquiry, to=enquiry.email, about=str(enquiry.pk))


def forget(keys: list[int]) -> None:
    """Removes the letters about enquiries: they say who wrote, and what."""
    for key in keys:
        Message.objects.filter(kind__in=KINDS_OF_ENQUIRIES, key__startswith=f"{_key(key)}:").delete()


def _key(enquiry: int) -> str:
    return f"enquiry:{enquiry}"


def _write(kind: str, subject: str, enquiry: Enquiry, *, to: str, about: str = "", **context: Any) -> None:
    context |= {"enquiry": enquiry, "link": LINK}
    text = render_to_string(f"partner_directory/mail/{kind}.txt", context)
    said = {"subject": " ".join(subject.split()), "text": re.sub(r"\n{3,}", "\n\n", text).strip()}
    language = settings.LANGUAGE_CODE if kind == TO_PARTNER else enquiry.language
    happening = f"{_key(enquiry.pk)}:{kind}:{enquiry.sent_at or enquiry.created_at:%Y%m%d%H%M%S%f}"
    messages.write_to(
        email=to, language=language, partner=enquiry.recipient, kind=kind, key=happening, about=about, facts=said
    )
