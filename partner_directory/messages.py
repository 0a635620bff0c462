"""Tells partners and managers what has happened.

A row in the outbox within the transaction it tells of, a letter once that is committed. Whoever tells of the same
happening twice (``key``) tells nobody twice. A mail server that is down delays nothing: what could not be sent is tried
again by ``send_due``. May not import actions or views.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import User
from partner_directory.letters.kind import Fact
from partner_directory.models.message import Message
from partner_directory.models.partner import Partner


def tell_partner(
    *, partner: Partner, kind: str, key: str, facts: Mapping[str, Fact] | None = None, url: str = ""
) -> None:
    """Tells each person of a company, in that person's language; where it has none, its public address in Russian.

    ``kind`` names the wording (``messages.KINDS``), ``facts`` fill its placeholders, ``url`` is the address within
    the site where the reader goes on. Sample partners are told in the section, and no letter leaves.
    """
    users: list[User | None] = [seat.user for seat in partner.team.select_related("user")]
    rows = [
        Message(
            partner=partner, user=user, kind=kind, key=key, url=url, language="ru", subject=kind, text=str(facts or ""),
            email=user.email if user else partner.email,
        )
        for user in users or [None]
    ]  # fmt: skip
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def tell_managers(*, kind: str, key: str, facts: Mapping[str, Fact] | None = None, url: str = "") -> None:
    """Tells every manager of partners, in the language of that person's admin."""
