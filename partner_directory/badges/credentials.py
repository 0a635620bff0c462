"""What is signed: that a partner holds a level from a day to a day, as an Open Badges 3.0 credential (R5, R9, R44).

The statement is the same for the same facts, to the byte. It holds what it takes to be believed without this site: who
says it, of whom, of which level, from when until when, and where it is said if it was taken back. May not import
actions or views.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from openbadgeslib.ob3 import Achievement, Evidence, IdentityObject, Issuer, OpenBadgeCredential, status_entry
from wagtail.models import Page, Site

from partner_directory.badges.tokens import Claims, base_url, issuer_id
from partner_directory.badges.verdict import ONE_DAY, last_day, shown_on
from partner_directory.models.badge import Badge, Credential
from partner_directory.models.directory_page import DirectoryPage
from partner_directory.models.membership import Membership
from program_pages.models.pages import LevelsPage
from program_pages.models.settings import VendorSettings
from program_pages.rules.terms import Text

PURPOSES = ("revocation", "suspension")

DESCRIPTION = _("Уровень участия в партнёрской программе «%(vendor)s»: %(level)s.")
CRITERIA = _(
    "Компания присоединилась к партнёрской программе «%(vendor)s» на уровне %(level)s. Что даёт и чего требует этот "
    "уровень, показано по адресу %(url)s"
)
WHERE_CHECKED = _("Проверка значка")
ACHIEVEMENT = "Membership"  # in the words of Open Badges


@dataclass(frozen=True, slots=True)
class Ground:
    """What every credential says alike: who issues it, and where pages are. Read once, however many are signed."""

    vendor: Text
    vendor_url: str
    levels_url: str
    partners_url: str


def ground() -> Ground:
    """Who issues credentials now, and where the levels and the partners stand; four queries."""
    site = Site.objects.filter(is_default_site=True).first()
    vendor = VendorSettings.for_site(site) if site else VendorSettings()
    return Ground(
        vendor=vendor.organisation,
        vendor_url=vendor.vendor_site_url,
        levels_url=_place(LevelsPage, "/levels/"),
        partners_url=_place(DirectoryPage, "/partners/"),
    )


def claims_of(*, membership: Membership, code: str, index: int, issued_at: datetime, ground: Ground) -> Claims:
    """What is said of a membership under a badge's code; ``index`` is the credential's place in the lists of status.

    The membership comes with its partner, its level and its edition.
    """
    partner, level = membership.partner, membership.level
    level_url = f"{ground.levels_url}{level.slug}/"
    words: dict[str, Text | str] = {"vendor": ground.vendor, "level": level.name, "url": level_url}
    image = image_url(code)
    credential = OpenBadgeCredential(
        id=credential_url(code, index),
        name=_in_both(level.name),
        issuer=issuer_profile(ground),
        recipient_id=f"{ground.partners_url}{partner.slug}/",
        identifiers=[
            IdentityObject(identity_hash=name, identity_type="name", hashed=False) for name in _both(partner.name)
        ],
        achievement=Achievement(
            id=level_url,
            name=_in_both(level.name),
            description=_said(DESCRIPTION, words, " "),
            criteria_narrative=_said(CRITERIA, words, "\n\n"),
            image_url=image,
            achievement_type=ACHIEVEMENT,
        ),
        issuance_date=midnight(membership.starts),
        expiration_date=midnight(last_day(membership) + ONE_DAY),
        evidence=[Evidence(id=verify_url(code), name=_said(WHERE_CHECKED, {}, " / "))],
        credential_status=[status_entry(status_url(purpose), purpose, index) for purpose in PURPOSES],
    )
    claims: Claims = credential.to_jwt_payload()
    claims["awardedDate"] = issued_at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    claims["credentialSubject"]["achievement"]["criteria"]["id"] = level_url
    return claims


def issuer_profile(ground: Ground) -> Issuer:
    """The issuer, as every credential names it."""
    return Issuer(id=issuer_id(), name=_in_both(ground.vendor), url=ground.vendor_url)


def credential_on(badge: Badge, day: date | None = None) -> Credential | None:
    """The credential that speaks of a badge on a day, today unless told; the last one where none has begun yet.

    ``badge`` was loaded by ``verdict.with_history``.
    """
    rows = badge.credentials.select_related("level", "badge").order_by("-issued_at", "-pk")
    shown = shown_on(badge, day)
    return (rows.filter(membership=shown.membership) if shown.membership else rows).first()


def midnight(day: date) -> datetime:
    """The moment at which a day of the programme begins (A11)."""
    return datetime.combine(day, time.min, ZoneInfo(settings.PROGRAMME_TIME_ZONE))


def credential_url(code: str, index: int) -> str:
    """Where a credential is had, and its name for good."""
    return f"{base_url()}/badges/{code}/credential.json?index={index}"


def image_url(code: str) -> str:
    """The badge as a picture that holds its credential."""
    return f"{base_url()}/badges/{code}/badge.png"


def verify_url(code: str) -> str:
    """Where anybody sees whether a badge is valid."""
    return f"{base_url()}/verify/{code}/"


def status_url(purpose: str) -> str:
    """Where it is said which credentials were taken back."""
    return f"{base_url()}/badges/status/{purpose}/"


def _place(model: type[Page], otherwise: str) -> str:
    """The address of a page of a kind in the site's first language, or where it would be."""
    page: Any = model.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE).first()
    parts = page.get_url_parts() if page else None
    return f"{base_url()}{parts[2] if parts and parts[2] else otherwise}"


def _both(text: Text) -> list[str]:
    """A text in each language, once where they are the same."""
    return list(dict.fromkeys(text.in_language(language) for language, _name in settings.LANGUAGES))


def _in_both(text: Text) -> str:
    return " / ".join(_both(text))


def _said(sentence: str | Promise, words: dict[str, Text | str], between: str) -> str:
    """A sentence in each language, with words in the same."""
    found = []
    for language, _name in settings.LANGUAGES:
        told = {name: word.in_language(language) if isinstance(word, Text) else word for name, word in words.items()}
        with override(language):
            found.append(str(sentence) % told)
    return between.join(found)
