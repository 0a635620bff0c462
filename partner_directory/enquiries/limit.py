"""How often one sender, or one address, may write; counted in the database. May not import actions or views."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from partner_directory.models.enquiry import Enquiry

SALT = "partner_directory.enquiries.sender"
IPV6_HOME = 64  # bits that a household shares: it has as many addresses as it likes below them


class TooMany(Exception):
    """This sender, or this address, has written as often as it may for now."""


def fingerprint(request: HttpRequest) -> str:
    """A salted hash of the sender's address; the address itself goes no further."""
    return salted_hmac(SALT, _network(_address(request)), algorithm="sha256").hexdigest()


def refuse_when_too_many(sender: str, email: str) -> None:
    """Raises TooMany where the sender or the address has reached a limit."""
    written = Enquiry.objects.filter(Q(sender=sender) | Q(email__iexact=email))
    limits = {1: settings.ENQUIRY_LIMIT_PER_HOUR, 24: settings.ENQUIRY_LIMIT_PER_DAY}
    for hours, limit in limits.items():
        if written.filter(created_at__gt=timezone.now() - timedelta(hours=hours)).count() >= limit:
            raise TooMany


def _address(request: HttpRequest) -> str:
    """The sender's address as the outermost of our own proxies has seen it; what is left of it anybody can write."""
    proxies = settings.TRUSTED_PROXIES
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if 0 < proxies <= len(passed):
        return passed[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return address if version == 4 else str(ip_network(f"{address}/{IPV6_HOME}", strict=False))
