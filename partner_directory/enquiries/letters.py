"""Letters about enquiries: to the partner, to the visitor. May not import actions."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from partner_directory.enquiries import links
from partner_directory.models.enquiry import Enquiry


def tell_recipient(enquiry: Enquiry) -> None:
    """The enquiry to the partner that it was handed to, in Russian; a fictional company is not written to."""
    partner = enquiry.recipient
    if partner is None or partner.is_sample or not partner.email:
        return
    with override(settings.LANGUAGE_CODE):
        subject = _("Обращение клиента № %(number)s") % {"number": enquiry.pk}
        context = {"partner": partner, "answered_url": links.answered_url(enquiry)}
        _write(subject, "to_partner", enquiry, to=partner.email, reply_to=enquiry.email, **context)


def send_copy(enquiry: Enquiry) -> None:
    """What the visitor wrote, and whom it went to, in the visitor's language."""
    with override(enquiry.language):
        _write(_("Копия вашего обращения № %(number)s") % {"number": enquiry.pk}, "copy", enquiry, to=enquiry.email)


def tell_handed_on(enquiry: Enquiry) -> None:
    """To the visitor: another partner will answer."""
    with override(enquiry.language):
        subject = _("Обращение № %(number)s передано другому партнёру") % {"number": enquiry.pk}
        _write(subject, "handed_on", enquiry, to=enquiry.email)


def ask_to_confirm(enquiry: Enquiry) -> None:
    """To the visitor: was it you? Without the text, so that nobody can send his words to a stranger through us."""
    with override(enquiry.language):
        url = links.confirm_url(enquiry)
        _write(_("Подтвердите обращение"), "confirm", enquiry, to=enquiry.email, confirm_url=url)


def _write(subject: str, template: str, enquiry: Enquiry, *, to: str, reply_to: str = "", **context: Any) -> None:
    context |= {"enquiry": enquiry, "site_name": settings.WAGTAIL_SITE_NAME}
    text = render_to_string(f"partner_directory/mail/enquiry_{template}.txt", context)
    EmailMessage(
        " ".join(subject.split()),
        re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
