"""Letters to partners about what they hold. May not import actions."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from partner_directory.models.membership import Membership
from program_pages.bilingual import said


def tell_of_membership(membership: Membership, action: str) -> None:
    """Writes to the partner, in Russian, what was decided; a partner without an address is not written to."""
    partner = membership.partner
    if not partner.email or partner.is_sample:
        return
    decision = action.rsplit(".", 1)[-1]
    with override(settings.LANGUAGE_CODE):
        context = {"membership": membership, "partner": partner, "decision": decision}
        text = render_to_string("partner_directory/mail/membership.txt", context)
        subject = _("%(partner)s: уровень %(level)s") % {"partner": partner, "level": said(membership.level.short_name)}
        EmailMessage(" ".join(subject.split()), text, to=[partner.email]).send()
