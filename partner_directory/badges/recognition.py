"""Tells what a file is: an original mark, a stamped copy and whose, a signed badge, or an altered one.

Nothing of the file is kept, and nothing of it is believed but what fits our records: checksums of approved files (R6)
and signatures of published keys. May not import views or actions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.badges import stamps
from partner_directory.badges.checking import Outcome, Reason, check_baked
from partner_directory.badges.verdict import with_history
from partner_directory.models.badge import Badge, Credential, KitDownload
from partner_directory.models.mark import MarkFile, MarkVersion

HEAD = 1024  # bytes of a text file in which it says what it is
PICTURES = frozenset({"svg", "png"})


class Kind(StrEnum):
    """What a file is."""

    ORIGINAL = "original"  # as it was approved, nobody's copy
    STAMPED = "stamped"  # as it was handed out to a partner
    KIT = "kit"  # a whole kit, as it was handed out
    BADGE = "badge"  # a picture with a credential that we have signed
    LIVE = "live"  # a live badge, saved from a page: it points at its code and proves nothing
    ALTERED = "altered"  # it carries our stamp, or our credential, and does not fit it
    UNKNOWN = "unknown"


KIND_LABELS: dict[Kind, str | Promise] = {
    Kind.ORIGINAL: _("Подлинный файл знака"),
    Kind.STAMPED: _("Подлинный файл из комплекта партнёра"),
    Kind.KIT: _("Подлинный комплект партнёра"),
    Kind.BADGE: _("Значок с подписанным свидетельством"),
    Kind.LIVE: _("Картинка живого значка"),
    Kind.ALTERED: _("Файл изменён"),
    Kind.UNKNOWN: _("Такого файла мы не знаем"),
}
_SAVED = _("Сохранённая картинка ничего не доказывает: верно то, что по её коду записано сейчас.")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is. ``version`` is the mark's, ``badge`` the one under which it was handed out (``with_history``),
    ``credential`` the one of our records that a picture holds, with its level and membership.

    ``reason`` says in a sentence what does not fit, or what the credential comes to; empty where all is said.
    """

    kind: Kind
    version: MarkVersion | None = None
    is_newest: bool = False
    badge: Badge | None = None
    credential: Credential | None = None
    reason: str | Promise = ""

    @property
    def is_authentic(self) -> bool:
        """Whether it is as it came from us."""
        return self.kind not in {Kind.LIVE, Kind.ALTERED, Kind.UNKNOWN}

    @property
    def label(self) -> str:
        """What it is, in words."""
        return str(KIND_LABELS[self.kind])


def recognise(content: bytes) -> Recognised:
    """What a file is; at most five queries, whatever it holds. Raises nothing for whatever somebody may send."""
    suffix = suffix_of(content)
    if suffix is None:
        return Recognised(Kind.UNKNOWN)
    if suffix == "zip":
        return _kit(content)
    original = _version_of(content)
    if original is not None:
        return _of_version(Kind.ORIGINAL, original)
    return _stamped(content, suffix) or _baked(content, suffix) or Recognised(Kind.UNKNOWN)


def suffix_of(content: bytes) -> str | None:
    """How the name of such a file ends, by its content; None for a kind that no file of ours has."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    return "svg" if b"<svg" in content[:HEAD].lower() else None


def _stamped(content: bytes, suffix: str) -> Recognised | None:
    """What the stamp of a file says; None where it has none."""
    plain, text = stamps.unstamped(content, suffix)
    if text is None:
        return None
    pointed = stamps.pointed_at(text)
    if pointed and (badge := _badge_of(pointed)):
        return Recognised(Kind.LIVE, badge=badge, reason=_SAVED)
    code = stamps.check_text(text, plain)
    if code is None:
        return Recognised(Kind.ALTERED, reason=_stamp_trouble(text, plain))
    version, badge = _version_of(plain), _badge_of(code)
    if version is None:
        return Recognised(Kind.UNKNOWN, badge=badge, reason=_("Подпись наша, но такого файла среди утверждённых нет."))
    return _of_version(Kind.STAMPED, version, badge)


def _stamp_trouble(text: str, plain: bytes) -> str | Promise:
    """Why a stamp does not fit the file that it is in."""
    if stamps.read_text(text) is None:
        return _("Отметка в файле не похожа на нашу.")
    if _version_of(plain) is not None:
        return _("Сам знак подлинный, но отметка о партнёре в нём подделана.")
    return _("Отметка в файле не подходит к нему: файл изменён после того, как его взяли у нас.")


def _baked(content: bytes, suffix: str) -> Recognised | None:
    """What the credential in a picture comes to; None where there is none."""
    if suffix not in PICTURES:
        return None
    outcome: Outcome = check_baked(content)
    if outcome.reason in {Reason.ABSENT, Reason.UNREADABLE}:
        return None
    kind = Kind.BADGE if outcome.is_authentic else Kind.ALTERED
    credential = outcome.credential
    badge = _badge_of(credential.badge.code) if credential else None
    return Recognised(kind, credential=credential, badge=badge, reason=outcome.label)


def _kit(content: bytes) -> Recognised:
    taken = KitDownload.objects.filter(sha256=_checksum(content)).select_related("badge", "version__mark").first()
    if taken is None:
        return Recognised(Kind.UNKNOWN)
    return _of_version(Kind.KIT, taken.version, _badge_of(taken.badge.code))


def _of_version(kind: Kind, version: MarkVersion, badge: Badge | None = None) -> Recognised:
    newer = MarkVersion.objects.filter(mark=version.mark_id, number__gt=version.number)
    return Recognised(kind, version, is_newest=not newer.exists(), badge=badge)


def _version_of(content: bytes) -> MarkVersion | None:
    """The version of which a file is, to the byte; the newest of several that share it."""
    files = MarkFile.objects.filter(sha256=_checksum(content)).select_related("version__mark")
    found = files.order_by("-version__number").first()
    return found.version if found else None


def _badge_of(code: str) -> Badge | None:
    return with_history(Badge.objects.filter(code=code)).first()


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
