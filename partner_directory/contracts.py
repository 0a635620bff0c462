"""The Accession Agreement and the Licence Contract as PDF, filled from an application (R80, R81, R84).

In Russian, whoever asks. What they say of the level is the edition's. May not import actions or views.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.models import Site

from partner_directory.models.application import Application, JoiningStep
from program_pages.models.settings import VendorSettings
from program_pages.paper import draw
from program_pages.rules.calendar import membership_ends
from program_pages.rules.terms import Terms, Topic

TEMPLATES = {
    JoiningStep.Kind.ACCESSION: "partner_directory/paper/accession.html",
    JoiningStep.Kind.LICENCE: "partner_directory/paper/licence.html",
}
CITED = (  # what the papers refer to, in their order
    Topic.TERM,
    Topic.RENEWAL,
    Topic.DISCOUNT,
    Topic.DEMO_LICENCE,
    Topic.OWN_USE,
    Topic.SUPPORT_PERCENT,
    Topic.SUPPORT_BY_AGREEMENT,
    Topic.UPDATES,
    Topic.RENTING,
    Topic.LOGO_RIGHT,
    Topic.LOGO_USE,
)


def contract_html(application: Application, kind: JoiningStep.Kind, terms: Terms, day: date) -> str:
    """A contract as a document to be drawn; raises UnknownLevel where the terms have no such level."""
    level = terms.level(application.level.slug)
    site = Site.objects.filter(is_default_site=True).first()
    vendor = VendorSettings.for_site(site) if site else VendorSettings()
    cited = [clause for topic in CITED if (clause := terms.clause_on(topic, level.slug))]
    context = {
        "application": application,
        "partner": application.partner,
        "office": application.partner.offices.select_related("city__region").first(),
        "level": level,
        "terms": terms,
        "clauses": list(dict.fromkeys(cited)),
        "vendor": vendor,
        "day": day,
        "until": membership_ends(day),
    }
    with override(settings.LANGUAGE_CODE):
        return render_to_string(TEMPLATES[kind], context)


def draw_contract(application: Application, kind: JoiningStep.Kind, terms: Terms, day: date) -> bytes:
    """A contract as PDF; needs a machine where ``pdf_available()``."""
    return draw(contract_html(application, kind, terms, day))


def contract_name(application: Application, kind: JoiningStep.Kind) -> str:
    """What a contract's file is called."""
    with override(settings.LANGUAGE_CODE):
        return f"{kind.label} № {application.pk}-{application.level.contract_code}.pdf"
