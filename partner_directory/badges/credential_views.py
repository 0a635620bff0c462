"""What machines ask of badges: the published keys, who issues, credentials as JSON, token and picture, lists of status.

Read by anybody, from any site, without a session; a problem is a JSON document in the reader's language. May not import
actions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openbadgeslib.ob3 import build_did_document

from partner_directory.badges import baking, codes, keys, status_lists, tokens
from partner_directory.badges.credentials import credential_on, ground, issuer_profile
from partner_directory.badges.verdict import with_history
from partner_directory.models.badge import Badge, Credential
from program_pages.as_of import asked_of_api
from program_pages.problems import Problem, ProblemError

SECONDS_KEPT = 300  # by whoever asked
LARGEST_INDEX = 10  # digits
JSON, TOKEN = "application/json", "application/vc+jwt"
IN_A_SANDBOX = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True}

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """For every site to read; what cannot be answered is a JSON problem in the reader's language."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override(get_language_from_request(request)):
            try:
                response = view(request, *args, **kwargs)
            except ProblemError as error:
                response = _problem(error)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


@public
def jwks(request: HttpRequest) -> HttpResponse:
    """Every key whose signatures are believed, as tokens name them (RFC 7517)."""
    found = [{**key.jwk, "kid": tokens.key_url(key)} for key in keys.published()]
    return _kept(request, _json({"keys": found}), "application/jwk-set+json")


@public
def did(request: HttpRequest) -> HttpResponse:
    """This site as an issuer with its keys (did:web)."""
    methods = [(key.key_id, key.jwk) for key in keys.published()]
    return _kept(request, _json(build_did_document(tokens.issuer_id(), methods)), "application/did+json")


@public
def issuer(request: HttpRequest) -> HttpResponse:
    """Who issues the badges (Open Badges 3.0)."""
    profile = {"@context": CONTEXTS, **issuer_profile(ground()).to_dict()}
    return _kept(request, _json(profile), JSON)


@public
def status(request: HttpRequest, purpose: str) -> HttpResponse:
    """Which credentials were taken back, or are suspended: a signed list of bits."""
    if purpose not in status_lists.LISTED:
        raise ProblemError(HTTPStatus.NOT_FOUND, _("Здесь ничего нет."))
    token, seconds = status_lists.status_list(purpose)
    return _kept(request, token.encode(), TOKEN, seconds=seconds)


@public
def credential_json(request: HttpRequest, code: str) -> HttpResponse:
    """What is signed, to read."""
    claims = tokens.read(_asked(request, code).token).claims
    return _kept(request, _json(claims), "application/vc")


@public
def credential_token(request: HttpRequest, code: str) -> HttpResponse:
    """What is signed with its signature, as it was issued."""
    return _kept(request, _asked(request, code).token.encode(), TOKEN, name=f"{code}.jwt")


@public
def badge_picture(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    """The credential inside the mark of its level."""
    credential = _asked(request, code)
    content = baking.baked(credential, suffix)
    if content is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, _("У этого уровня ещё нет знака."))
    name = f"{credential.level.slug}-{credential.badge.code}.{suffix}"
    response = _kept(request, content, baking.TYPES[suffix], name=name)
    response._csp_replace = IN_A_SANDBOX  # type: ignore[attr-defined]
    return response


CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]


def _asked(request: HttpRequest, typed: str) -> Credential:
    """The credential of a badge: of today, of the day in ``on``, or the one that ``index`` names.

    Raises ProblemError: 422 for what can be no code, day or number, 404 for what is not there.
    """
    badge = with_history(Badge.objects.filter(code=_code(typed))).first()
    if badge is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, _("Значка с таким кодом нет."), "code")
    index = request.GET.get("index")
    if index is None:
        found = credential_on(badge, _day(request.GET.get("on")))
    elif index.isascii() and index.isdecimal() and len(index) < LARGEST_INDEX:
        found = badge.credentials.select_related("level", "badge").filter(index=index).first()
    else:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, _("Номер свидетельства — это число."), "index")
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, _("Такого свидетельства у этого значка нет."))
    return found


def _code(typed: str) -> str:
    try:
        return codes.read_code(typed)
    except codes.NotACode as error:
        said = _("В коде опечатка.") if error.misspelt else _("Это не код значка: в нём десять знаков.")
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, said, "code") from error


def _day(text: str | None) -> date | None:
    return None if text is None else asked_of_api(text).day


def _json(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _kept(
    request: HttpRequest, content: bytes, content_type: str, *, name: str = "", seconds: int = SECONDS_KEPT
) -> HttpResponse:
    """An answer that may be kept for a while, and is not sent again to whoever has it."""
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if name:
        response["Content-Disposition"] = f'inline; filename="{name}"'
    patch_cache_control(response, public=True, max_age=seconds)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _problem(error: ProblemError) -> HttpResponse:
    status = HTTPStatus(error.status)
    problem = Problem(title=status.phrase, status=status, detail=error.detail, field=error.field, errors=error.errors)
    response = HttpResponse(problem.model_dump_json(), status=status, content_type="application/problem+json")
    patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ("Accept-Language",))
    return response
