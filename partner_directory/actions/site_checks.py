"""Stores what partners' sites answered; safe to run again at any time, and beside itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.utils import timezone

from partner_directory.models.partner import Partner
from partner_directory.models.site_check import SiteCheck
from partner_directory.site_checks import check

AT_ONCE = 8


def check_sites() -> Iterator[SiteCheck]:
    """Asks the site of every published partner, and forgets those whose profile has none; yields each answer."""
    SiteCheck.objects.filter(partner__site_url="").delete()
    sites = list(Partner.objects.published().exclude(site_url="").order_by("pk").values_list("pk", "site_url"))
    with ThreadPoolExecutor(AT_ONCE) as pool:  # the threads talk to sites alone, the database is this one's
        for (partner, url), why in zip(sites, pool.map(check, (url for _key, url in sites)), strict=True):
            values = {"url": url, "checked_at": timezone.now(), "ok": not why, "why": why}
            if Partner.objects.filter(pk=partner).exists():
                yield SiteCheck.objects.update_or_create(partner_id=partner, defaults=values)[0]
