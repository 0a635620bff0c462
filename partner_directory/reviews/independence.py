"""Whether an address may speak for a client: not one of the partner's own people (R31). May not import views."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from partner_directory.models.partner import Partner
from partner_directory.models.people import TeamMember

# Where anybody has a mailbox: there the address counts, not its domain.
PUBLIC_DOMAINS = frozenset(
    {
        *("gmail.com", "googlemail.com", "mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "yandex.ru"),
        *("yandex.com", "ya.ru", "rambler.ru", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com"),
        *("yahoo.com", "proton.me", "protonmail.com"),
    }
)


def is_own(email: str, partner: Partner) -> bool:
    """Whether an address belongs to the partner: to its people, or to the domain of its mail or its site."""
    address = _plain(email)
    own = {_plain(each) for each in _addresses(partner)}
    domain = address.rpartition("@")[2]
    return address in own or any(_within(domain, each) for each in _domains(partner, own))


def _addresses(partner: Partner) -> Iterator[str]:
    yield from TeamMember.objects.filter(partner=partner).values_list("user__email", flat=True)
    if partner.email:
        yield partner.email


def _domains(partner: Partner, own: set[str]) -> set[str]:
    """The domains that only the partner has."""
    site = (urlsplit(partner.site_url).hostname or "").removeprefix("www.")
    found = {address.rpartition("@")[2] for address in own} | {site}
    return {domain for domain in found if domain} - PUBLIC_DOMAINS


def _within(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}")


def _plain(email: str) -> str:
    """An address as mail servers take it: "Anna+crm@x.ru" is Anna's too."""
    name, _at, domain = email.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"
