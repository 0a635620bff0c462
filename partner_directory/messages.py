"""Tells partners and managers what has happened.

A row in the outbox within the transaction it tells of, a letter once that is committed. Whoever tells of the same
happening twice (``key``) tells nobody twice. A mail server that is down delays nothing: what could not be sent is tried
again by ``send_due``. May not import actions or views.
"""

from __future__ import annotations

from collections.abc import Mapping

from partner_directory.models.partner import Partner


def tell_partner(
    *, partner: Partner, kind: str, key: str, facts: Mapping[str, str] | None = None, url: str = ""
) -> None:
    """Tells each person of a company, in that person's language; where it has none, its public address in Russian.

    ``kind`` names the wording (``messages.KINDS``), ``facts`` fill its placeholders, ``url`` is the address within
    the site where the reader goes on. Sample partners are told in the section, and no letter leaves.
    """


def tell_managers(*, kind: str, key: str, facts: Mapping[str, str] | None = None, url: str = "") -> None:
    """Tells every manager of partners, in the language of that person's admin."""
