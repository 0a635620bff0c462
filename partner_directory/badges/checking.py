"""Is a credential, or a badge that was dropped in, what it says? Every refusal with its true reason.

First the signature, by the published keys alone; then our own records, since a token that we did not keep was not
issued, whoever has signed it. May not import actions or views.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.badges import baking, keys, status_lists, tokens
from partner_directory.badges.verdict import last_day
from partner_directory.models.badge import Credential
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day


class Reason(StrEnum):
    """What a check comes to."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    CHANGED = "changed"  # its content and its signature are not of one another
    OTHER_KEY = "other_key"  # it names us, and a key that we have not published
    NOT_OURS = "not_ours"  # somebody else's credential
    UNKNOWN = "unknown"  # rightly signed, and not among those that were issued
    OTHER_PICTURE = "other_picture"  # the right credential in another picture than its level's
    OTHER_PARTNER = "other_partner"  # the right credential of another partner than the one it is shown for
    ABSENT = "absent"  # a picture without a credential
    UNREADABLE = "unreadable"


REASON_LABELS: dict[Reason, str | Promise] = {
    Reason.VALID: _("Подлинный, действует."),
    Reason.SUSPENDED: _("Подлинный, но участие партнёра приостановлено."),
    Reason.REVOKED: _("Подлинный, но отозван."),
    Reason.EXPIRED: _("Подлинный, но срок истёк."),
    Reason.NOT_YET: _("Подлинный, но срок ещё не начался."),
    Reason.CHANGED: _("Изменён после подписания: подпись не подходит к содержанию."),
    Reason.OTHER_KEY: _("Подписан не нашим ключом."),
    Reason.NOT_OURS: _("Выдан не нами."),
    Reason.UNKNOWN: _("Такого свидетельства мы не выдавали."),
    Reason.OTHER_PICTURE: _("Свидетельство подлинное, но изображение не то: оно изменено или взято у другого знака."),
    Reason.OTHER_PARTNER: _("Подлинный, но выдан другому партнёру."),
    Reason.ABSENT: _("В этом файле нет свидетельства."),
    Reason.UNREADABLE: _("Это не свидетельство: прочитать его нельзя."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check comes to; ``credential`` is the one of our records that was shown, where there is one."""

    reason: Reason
    credential: Credential | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the partner holds the level today, and this says so truly."""
        return self.reason is Reason.VALID

    @property
    def is_authentic(self) -> bool:
        """Whether we have issued just this, be it in force or not."""
        return self.credential is not None and self.reason is not Reason.OTHER_PICTURE

    @property
    def label(self) -> str:
        """The reason in a sentence."""
        return str(REASON_LABELS[self.reason])


def check_token(token: str, *, of: Partner | None = None) -> Outcome:
    """What a credential comes to today; ``of`` is the partner that it is shown for, where one is known."""
    try:
        read = tokens.read(token.strip())
    except tokens.NotAToken:
        return Outcome(Reason.UNREADABLE)
    key = keys.by_id(read.key_id)
    if key is None:
        names_us = read.claims.get("iss") == tokens.issuer_id()
        return Outcome(Reason.OTHER_KEY if names_us else Reason.NOT_OURS)
    if not read.is_signed_by(key):
        return Outcome(Reason.CHANGED)
    credential = _issued_as(token.strip(), read)
    if credential is None:
        return Outcome(Reason.UNKNOWN)
    if of is not None and credential.badge.partner_id != of.pk:
        return Outcome(Reason.OTHER_PARTNER, credential)
    return Outcome(state_of(credential), credential)


def check_baked(content: bytes, *, of: Partner | None = None) -> Outcome:
    """What a picture comes to today, by the credential in it and by what it shows; ``of`` as ``check_token`` takes."""
    try:
        token = baking.token_in(content)
    except baking.NotAPicture:
        return Outcome(Reason.UNREADABLE)
    if token is None:
        return Outcome(Reason.ABSENT)
    outcome = check_token(token, of=of)
    if outcome.credential is not None and not baking.is_the_picture_of(outcome.credential, content):
        return Outcome(Reason.OTHER_PICTURE, outcome.credential)
    return outcome


def state_of(credential: Credential) -> Reason:
    """What a credential that we have issued says today."""
    day, membership = programme_day(), credential.membership
    if status_lists.revoked(day).filter(pk=credential.pk).exists():
        return Reason.REVOKED
    if day < membership.starts:
        return Reason.NOT_YET
    if day > last_day(membership):
        return Reason.EXPIRED
    return Reason.SUSPENDED if membership.was_suspended_on(day) else Reason.VALID


def _issued_as(text: str, read: tokens.Token) -> Credential | None:
    """The credential of our records that this token is, to the letter."""
    rows = Credential.objects.select_related("badge__partner", "level", "membership__edition")
    index = _index_in(read.claims)
    found = rows.filter(index=index).first() if index is not None else None
    return found if found is not None and found.token == text else None


def _index_in(claims: tokens.Claims) -> int | None:
    """The place in the lists of status that a credential of ours names."""
    entries = claims.get("credentialStatus")
    entry = entries[0] if isinstance(entries, list) and entries else None
    index = entry.get("statusListIndex") if isinstance(entry, dict) else None
    return int(index) if isinstance(index, str) and index.isdecimal() and len(index) < 10 else None
