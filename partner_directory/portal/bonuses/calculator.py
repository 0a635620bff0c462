"""The calculator under a partner's own terms, opened with its level, its facts of the term, and its credit.

The same form, answer and papers as the public page's; a link to it opens for the people of this company alone.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from partner_directory.bonus_facts import bonus_facts_from, bonus_records_of
from partner_directory.ledger import balance_of, balance_then
from partner_directory.memberships_then import in_force_as_of
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_then
from partner_directory.portal.access import SeatRequest, member
from program_pages.as_of import AsOf
from program_pages.calculator.answer import Answer
from program_pages.calculator.asked import Asked, decimal_text
from program_pages.calculator.papers import as_csv, as_text
from program_pages.calculator.view import Calculation, Defaults, own_calculation
from program_pages.paper import pdf_available, pdf_response
from program_pages.rules.deal import EVERY_SECTION, BonusFacts, Events, Plan
from program_pages.rules.terms import Terms, UnknownLevel
from program_pages.shown import shown_terms
from program_pages.terms import NoEdition

PART = "bonuses"
DEFAULTS = Defaults(level="", lines=(), sections=EVERY_SECTION)
TEMPLATE = "partner_directory/portal/bonuses/calculator.html"


@require_safe
@member
def calculator(request: SeatRequest) -> HttpResponse:
    """The form and its answer, as on the public page."""
    found = _calculation(request)
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        response = TemplateResponse(request, "components/calculator.html", _context(request, found))
        if found.answer:
            replace_url(response, f"?{found.answer.link}")
    elif found.from_form and found.answer:
        response = HttpResponseRedirect(f"?{found.answer.link}#answer")
    else:
        response = TemplateResponse(request, TEMPLATE, _context(request, found))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@member
def paper(request: SeatRequest, kind: str) -> HttpResponse:
    """The answer as PDF, table or plain text; where there is none, the page that says what is wrong."""
    found = _calculation(request)
    if found.answer is None:
        return TemplateResponse(request, TEMPLATE, _context(request, found), status=422)
    if kind == "pdf" and not pdf_available():
        return TemplateResponse(request, TEMPLATE, _context(request, found), status=503)
    return PAPERS[kind](request, found.answer)


def _csv(request: SeatRequest, answer: Answer) -> HttpResponse:
    response = HttpResponse(as_csv(answer, _link(request, answer)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(answer)}.csv"'
    return response


def _text(request: SeatRequest, answer: Answer) -> HttpResponse:
    return HttpResponse(as_text(answer, _link(request, answer)), content_type="text/plain; charset=utf-8")


def _pdf(request: SeatRequest, answer: Answer) -> HttpResponse:
    context = {"answer": answer, "url": _link(request, answer), "qr": None, "terms": answer.terms}
    return pdf_response(request, "program_pages/quote_pdf.html", context, f"{_name(answer)}.pdf")


PAPERS: dict[str, Callable[[SeatRequest, Answer], HttpResponse]] = {"pdf": _pdf, "csv": _csv, "text": _text}


def _calculation(request: SeatRequest) -> Calculation:
    partner = request.seat.partner

    def terms_of(when: AsOf) -> Terms:
        return terms_then(partner, when).terms

    def opening(when: AsOf, terms: Terms) -> Asked:
        return opening_of(partner, terms, when)

    try:
        return own_calculation(request, DEFAULTS, terms_of, opening)
    except NoEdition as error:
        raise Http404 from error


def opening_of(partner: Partner, terms: Terms, when: AsOf) -> Asked:
    """The deal that stands there before anything is asked: the partner's level, the facts of its term, its credit.

    Of a day that is over as they had been recorded by then.
    """
    held = next(iter(in_force_as_of(partner.pk, when)), None)
    if held is None:
        return Asked()
    try:
        level = terms.level(held.level.slug)
    except UnknownLevel:
        return Asked()
    found = bonus_records_of(partner, terms, held.starts, when.day, when.recorded_by)
    records = found.records
    return _asked(
        level.slug,
        bonus_facts_from(found, level),
        reviews=f"{len(records.reviews)}/{len(records.implementations)}" if records.implementations else "",
        credit=decimal_text(balance_then(partner, when.recorded_by) if when.recorded_by else balance_of(partner)),
        own_bonuses={bonus.key for bonus in terms.bonuses},
    )


def _asked(level: str, facts: BonusFacts, *, reviews: str, credit: str, own_bonuses: set[str]) -> Asked:
    return Asked(
        level=level,
        reviews=reviews,
        plan="" if facts.plan is Plan.NONE else str(facts.plan),
        extra_specialists=str(facts.extra_specialists) if facts.extra_specialists else "",
        events="" if facts.events is Events.NONE else str(facts.events),
        confirmed=tuple(sorted(facts.confirmed & own_bonuses)),
        credit="" if credit == "0" else credit,
    )


def _context(request: SeatRequest, found: Calculation) -> dict[str, object]:
    shown = shown_terms(request)
    return {
        "part": PART,
        "edition_notice": shown,
        "on": shown.on,
        "calculation": found,
        "terms": found.terms,
        "calculator_url": reverse("portal:calculator"),
        "pdf_available": pdf_available(),
        "noindex": True,
    }


def _link(request: SeatRequest, answer: Answer) -> str:
    return request.build_absolute_uri(f"{reverse('portal:calculator')}?{answer.link}")


def _name(answer: Answer) -> str:
    return f"asoft-quote-{answer.level.slug}-{answer.day.isoformat()}"
