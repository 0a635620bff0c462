"""The pages of an enquiry: the form with all its states, and the two links in letters.

``enquiry_view`` is mounted by whichever page the form belongs to; the links have addresses of their own (``urls``).
A mail scanner that follows a link changes nothing: only the button on its page does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partner_directory.actions import enquiries as actions
from partner_directory.directory.suitable import directory_now, takes_enquiries
from partner_directory.enquiries import limit, links, proof
from partner_directory.enquiries.form import EnquiryForm
from partner_directory.models.enquiry import ConsentText, Enquiry
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day
from program_pages.shown import terms_context

HONEYPOT = "website"  # no person sees this field
SENT, TO_CONFIRM = "1", "confirm"  # what ?sent= says after the form was sent
FORM = "partner_directory/enquiry_page.html"
LINK = "partner_directory/enquiry_link_page.html"
GONE, REFUSED, LIMITED = 404, 409, 429

State = Enquiry.State


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry_view(request: HttpRequest, partner: Partner | None, page_context: dict[str, Any]) -> HttpResponse:
    """The form for a partner, or for any suitable one; ``?partner=`` names one too, by its slug.

    What a sent form is about, its own hidden field says: a form for a partner that has left the directory is offered
    again for any suitable one, with everything that was written.
    """
    if request.method != "POST" and request.GET.get("sent") in (SENT, TO_CONFIRM):
        return _page(request, page_context, state="sent" if request.GET["sent"] == SENT else "to_confirm")
    if request.POST.get(HONEYPOT):
        return _sent(request, SENT)
    consent = ConsentText.objects.in_force(programme_day())
    if consent is None:
        return _page(request, page_context, state="no_consent")
    chosen, is_lost = _chosen(request, partner)
    shown = page_context | {"partner": chosen, "lost": is_lost}
    form = EnquiryForm(
        request.POST if request.method == "POST" else None,
        asked=request.GET,
        snapshot=directory_now(),
        consent=consent,
        partner=chosen,
    )
    if request.method == "POST" and form.is_valid() and not is_lost:
        return _send(request, form, chosen, shown)
    return _form(request, form, shown, REFUSED if request.method == "POST" and is_lost else 200)


def _chosen(request: HttpRequest, partner: Partner | None) -> tuple[Partner | None, bool]:
    """The partner that the form is for, and whether the one asked for can no longer be written to."""
    if request.method == "POST" or partner is None:
        given = request.POST if request.method == "POST" else request.GET
        slug = given.get("partner", "")
        if not slug:
            return None, False
        partner = Partner.objects.filter(slug=slug.replace("\x00", "")).first()
    if partner is None or not takes_enquiries(partner):
        return None, True
    return partner, False


def _send(request: HttpRequest, form: EnquiryForm, partner: Partner | None, shown: dict[str, Any]) -> HttpResponse:
    draft = actions.Draft(
        **form.facts(),
        partner=partner,
        consent=form.current_consent,
        language=get_language() or "ru",
        sender=limit.fingerprint(request),
    )
    proven = proof.spend(request.POST.get("proof", ""))
    try:
        enquiry = actions.send(draft=draft, proven=proven, actor=None)
    except limit.TooMany:
        return _form(request, form, shown | {"limited": True}, LIMITED)
    except actions.NobodyFits as error:
        _say_what_to_drop(form, error)
        return _form(request, form, shown | {"nobody_fits": True}, REFUSED)
    except actions.NotTaking as error:
        form.add_error(None, error)
        return _form(request, form, shown, REFUSED)
    return _sent(request, TO_CONFIRM if enquiry.state == State.WAITING else SENT)


def _say_what_to_drop(form: EnquiryForm, error: actions.NobodyFits) -> None:
    for kind in error.drop:
        form.add_error(kind, _("Без этого условия подходящий партнёр есть."))
    if not error.drop:
        form.add_error(None, _("Снимите несколько условий или выберите партнёра в каталоге сами."))


def _form(request: HttpRequest, form: EnquiryForm, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    context = shown | {
        "form": form,
        "consent": form.current_consent,
        "puzzle": json.dumps(proof.puzzle()),
        "honeypot": HONEYPOT,
        "wishes": [form[kind] for kind in ("region", "product", "service") if kind in form.fields],
    }
    return _page(request, context, state="form", status=status)


def _sent(request: HttpRequest, how: str) -> HttpResponse:
    return HttpResponseRedirect(f"{request.path}?sent={how}")


def _page(request: HttpRequest, context: dict[str, Any], *, state: str, status: int = 200) -> HttpResponse:
    return TemplateResponse(request, FORM, {**context, "state": state, "noindex": True}, status=status)


def confirm_view(request: HttpRequest, token: str) -> HttpResponse:
    """The visitor's link: a page with a button that sends the enquiry on to its partner."""
    return _link_view(request, links.to_confirm(token), "confirm", State.WAITING, actions.confirm)


def answered_view(request: HttpRequest, token: str) -> HttpResponse:
    """The partner's link: a page with a button that says the enquiry is answered."""
    return _link_view(request, links.to_answer(token), "answered", State.SENT, actions.answered)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _link_view(
    request: HttpRequest, enquiry: Enquiry | None, link: str, due: Enquiry.State, act: Callable[..., Enquiry]
) -> HttpResponse:
    """``link`` says what the button does, ``due`` in which state there is something to do."""
    if enquiry is None:
        return _link_page(request, link=link, state="bad_link", status=GONE)
    problem, status = "", 200
    if request.method == "POST":
        try:
            act(enquiry=enquiry, actor=None)
        except actions.Overtaken:  # done already, or by somebody else: the page says how things are
            return HttpResponseRedirect(request.path)
        except ValidationError as error:
            problem, status = " ".join(error.messages), REFUSED
        else:
            return HttpResponseRedirect(request.path)
    state = "due" if enquiry.state == due else "done"
    return _link_page(request, link=link, state=state, enquiry=enquiry, problem=problem, status=status)


def _link_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return TemplateResponse(request, LINK, {**terms_context(request), **context, "noindex": True}, status=status)
