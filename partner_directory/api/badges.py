"""Verification of badges for programs: what ``/verify/<code>/`` says, as data (A11).

Texts are in the language of ``Accept-Language``. Limited for each visitor; an answer may be kept for a minute and read
from other sites.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from partner_directory import limits
from partner_directory.badges.codes import NotACode, read_code
from partner_directory.badges.facts import Verification, find
from partner_directory.badges.forms import sentence_of
from program_pages.as_of import asked_of_api
from program_pages.bilingual import said
from program_pages.problems import Problem, ProblemError

router = Router(tags=["badges"])

SECONDS_KEPT = 60
UNKNOWN, MALFORMED, LIMITED = 404, 422, 429


class HolderOut(Schema):
    """The partner that a badge belongs to."""

    slug: str
    name: str
    inn: str
    site: str
    is_sample: bool = Field(description="An invented company")


class PeriodOut(Schema):
    """A membership of the badge's product line, from day to day; ``note`` says how it stands now."""

    level: str
    name: str
    year: int
    since: date
    until: date
    note: str


class CredentialOut(Schema):
    """An Open Badges credential that was signed under the code; ``index`` names it at ``/badges/<code>/``."""

    level: str
    index: int
    issued_on: date
    closed_on: date | None
    closed_how: str | None


class RecordedLaterOut(Schema):
    """What is recorded of the day now, where that is something else than had been by its end."""

    valid: bool
    verdict: str
    reason: str
    level: str | None


class VerificationOut(Schema):
    """What a badge says on a day: level, ``since`` and ``until`` are of the membership that it speaks of."""

    code: str
    url: str
    on: date
    valid: bool
    verdict: str = Field(description="valid, suspended, lapsed, ended, upcoming or revoked")
    reason: str = Field(description="Why, in a sentence")
    recorded_later: RecordedLaterOut | None = Field(
        description="A past day is answered by what had been recorded by its end; this is what is recorded of it now,"
        " null where that is the same"
    )
    partner: HolderOut
    product_line: str
    level: str | None
    level_name: str | None
    year: int | None
    since: date | None
    until: date | None
    revoked_on: date | None
    replaced_by: str | None = Field(description="The code issued instead, where that is in use")
    history: list[PeriodOut]
    credentials: list[CredentialOut]


@router.get(
    "/verify/{code}/",
    response={200: VerificationOut, 404: Problem, 422: Problem, 429: Problem},
    summary="Whether a badge is valid on a day",
)
def verify(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    on: str = Query("", description="A day as YYYY-MM-DD; today in Moscow when left out"),  # type: ignore[type-arg]
) -> VerificationOut:
    """What a code says, in any case, grouped or not, lookalikes folded; of lapsed and revoked badges, too."""
    try:
        limits.count(request, "verify", settings.VERIFY_LIMITS["api"])
    except limits.TooOften as error:
        raise ProblemError(
            LIMITED, _("Слишком много проверок подряд: подождите."), retry_after=error.retry_after
        ) from error
    try:
        read = read_code(code)
    except NotACode as error:
        raise ProblemError(MALFORMED, sentence_of(error), field="code") from error
    found = find(read, asked_of_api(on).day)
    if found is None:
        raise ProblemError(UNKNOWN, _("Такого кода мы никому не выдавали."), field="code")
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return _out(found)


def _later(found: Verification) -> RecordedLaterOut | None:
    later = found.recorded_later
    if later is None:
        return None
    level = later.level.slug if later.level else None
    return RecordedLaterOut(valid=later.is_valid, verdict=later.verdict, reason=found.later_why, level=level)


def _out(found: Verification) -> VerificationOut:
    badge, shown = found.badge, found.shown
    return VerificationOut(
        code=badge.code,
        url=found.url,
        on=shown.day,
        valid=shown.is_valid,
        verdict=shown.verdict,
        reason=found.why,
        recorded_later=_later(found),
        partner=HolderOut(
            slug=badge.partner.slug,
            name=said(badge.partner.name),
            inn=badge.partner.inn,
            site=badge.partner.site_url,
            is_sample=badge.partner.is_sample,
        ),
        product_line=badge.product_line.slug,
        level=shown.level.slug if shown.level else None,
        level_name=said(shown.level.name) if shown.level else None,
        year=shown.membership.year if shown.membership else None,
        since=shown.since,
        until=shown.until,
        revoked_on=timezone.localdate(badge.revoked_at) if badge.revoked_at else None,
        replaced_by=found.replacement or None,
        history=[
            PeriodOut(
                level=period.level.slug,
                name=said(period.level.name),
                year=period.year,
                since=period.starts,
                until=period.until,
                note=period.note,
            )
            for period in found.periods
        ],
        credentials=[
            CredentialOut(
                level=credential.level.slug,
                index=credential.index,
                issued_on=timezone.localdate(credential.issued_at),
                closed_on=timezone.localdate(credential.closed_at) if credential.closed_at else None,
                closed_how=credential.closed_how or None,
            )
            for credential in found.credentials
        ],
    )
