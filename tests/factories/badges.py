"""Badges: a mark with a drawing for each level, a badge with its credential, tokens that somebody has forged."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import QuerySet
from django.utils import timezone

from partner_directory.actions.badges import issue_for
from partner_directory.badges import codes, keys, tokens
from partner_directory.badges.baking import VARIANT
from partner_directory.badges.verdict import with_history
from partner_directory.models import Partner
from partner_directory.models.badge import Badge, Credential
from partner_directory.models.mark import MarkVersion
from program_pages.models import Level
from tests.factories import marks


def drawing(colour: str = "#14b8a6", name: str = "ASoft") -> str:
    """A small drawing, different for each colour."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" role="img"><title>{name}</title>'
        f'<rect width="40" height="40" fill="{colour}"/><circle cx="20" cy="20" r="9" fill="#ffffff"/></svg>'
    )


def make_version(level: str, *, svg: str | None = None) -> MarkVersion:
    """The next approved version of a level's mark, of the one drawing that badges are baked into."""
    held = Level.objects.get(slug=level)
    return marks.make_version(level, drawings={VARIANT: svg or drawing(held.colour, held.mark_name)})


def make_credential(partner: Partner) -> Credential:
    """The credential of a partner's first membership."""
    found = issue_for(membership=partner.memberships.get(), actor=None)
    assert found is not None
    return found


def make_badge(partner: Partner, **fields: Any) -> Badge:
    """A current badge, without a credential, of the line of the partner's newest membership."""
    membership = partner.memberships.order_by("-starts").first()
    assert membership is not None
    defaults = {"product_line_id": membership.product_line_id, "code": codes.new_code(), "issued_at": timezone.now()}
    return whole(Badge.objects.create(partner=partner, **defaults | fields))


def forget_badges(partners: QuerySet[Partner]) -> None:
    """Takes the badges of samples away with all that was signed under them."""
    Credential.objects.filter(badge__partner__in=partners).delete()
    Badge.objects.filter(partner__in=partners).delete()


def whole(badge: Badge) -> Badge:
    """A badge as everything that shows one needs it."""
    return with_history(Badge.objects.filter(pk=badge.pk)).get()


def forged(token: str, *, key: Ed25519PrivateKey | None = None, kid: str | None = None, **claims: Any) -> str:
    """A token with other claims: under its old signature, or signed anew by a key of the forger's."""
    read = tokens.read(token)
    header = read.header | ({"kid": kid} if kid else {})
    content = f"{part(header)}.{part(read.claims | claims)}"
    signature = key.sign(content.encode()) if key else read.signature
    return f"{content}.{keys.encoded(signature)}"


def part(claims: dict[str, Any]) -> str:
    """A part of a token."""
    return keys.encoded(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
