"""The partner's home and the managers' queue ask the database as often for 10 partners as for 1 000."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partner_directory.models import Application, MarketingActivity, Partner
from program_pages.groups import PARTNER_MANAGERS
from program_pages.models import Level, TermsEdition
from tests.admin.conftest import member_of, signed_in
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member

pytestmark = pytest.mark.django_db

QUEUES = ("/admin/partner_directory/application/", "/admin/partners/facts/")


def more_partners(count: int) -> None:
    """Companies that apply, each with an activity that waits for a manager."""
    level, first = Level.objects.get(slug="competency"), Partner.objects.count()
    companies = Partner.objects.bulk_create(
        Partner(name_ru=f"Компания {first + n}", slug=f"company-{first + n}") for n in range(count)
    )
    now, edition = timezone.now(), TermsEdition.objects.published().first()
    Application.objects.bulk_create(
        Application(partner=company, level=level, product_line=level.product_line, state="submitted", submitted_at=now,
                    edition=edition, ball="vendor")
        for company in companies
    )  # fmt: skip
    MarketingActivity.objects.bulk_create(
        MarketingActivity(partner=company, title="Рассылка", done_on=date(2026, 1, 10)) for company in companies
    )


def test_as_many_queries_for_a_thousand_partners_as_for_ten() -> None:
    owner = client_of(make_member(make_partner(level="competency")))
    clients = dict.fromkeys(("/portal/", "/portal/logos/", "/portal/standing/"), owner)
    clients |= dict.fromkeys(QUEUES, signed_in(member_of(PARTNER_MANAGERS)))

    def asked() -> dict[str, int]:
        found = {}
        for address, client in clients.items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    more_partners(10)
    few = asked()
    more_partners(990)
    assert asked() == few
