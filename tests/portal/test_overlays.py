"""R47 and R82: what was agreed with one partner holds for that partner alone, from day to day, wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from partner_directory.actions import overlays, plans
from partner_directory.models import Overlay, OverlayChange, Partner
from partner_directory.partner_terms import terms_for
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from program_pages.rules.overlay import Change
from program_pages.terms import NoEdition, terms_on
from tests.factories.bonuses import make_overlay, make_plan
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

OWN = Decimal("22.5")
ONE_DAY = timedelta(days=1)


def discount(partner: Partner, day: date | None = None) -> Decimal:
    return terms_for(partner, day or programme_day()).level("competency").discount


def refused_fields(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        act()
    return set(getattr(refused.value, "error_dict", {"": None}))


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency")


class TestTheTermsOfAPartner:
    def test_are_the_programmes_where_nothing_was_agreed(self, partner: Partner) -> None:
        assert terms_for(partner, programme_day()) == terms_on(programme_day())

    def test_r82_change_this_partners_numbers_alone(self, partner: Partner) -> None:
        make_overlay(partner)

        programme = terms_on(programme_day())
        own = terms_for(partner, programme_day())
        changed = replace(programme.level("competency"), discount=OWN)
        assert own.level("competency") == changed
        assert own.level("saas") == programme.level("saas")
        assert discount(make_partner(level="competency")) == programme.level("competency").discount

    def test_hold_from_the_first_day_to_the_last_both_included(self, partner: Partner) -> None:
        today = programme_day()
        plain = discount(partner)
        make_overlay(partner, starts=today + ONE_DAY, until=today + 3 * ONE_DAY)

        days = [discount(partner, today + days * ONE_DAY) for days in range(5)]

        assert days == [plain, OWN, OWN, OWN, plain]

    def test_of_two_that_hold_the_later_one_says_the_last_word(self, partner: Partner) -> None:
        make_overlay(partner, Change("discount", Decimal(23), "competency"))
        make_overlay(partner, Change("discount", Decimal(24), "competency"), starts=programme_day() - ONE_DAY)
        assert discount(partner) == 23

        make_overlay(partner, Change("discount", Decimal(21), "competency"))
        assert discount(partner) == 21

    def test_come_in_one_query_more_than_the_edition(self, partner: Partner, django_assert_num_queries: Any) -> None:
        for _ in range(5):
            make_overlay(partner, Change("ceiling", Decimal(50)), Change("demo_licences", 3, "competency"))
        terms_on(programme_day())
        with django_assert_num_queries(3):
            terms_on(programme_day())
        with django_assert_num_queries(4):
            own = terms_for(partner, programme_day())
        assert (own.ceiling, own.level("competency").demo_licences) == (Decimal(50), 3)

    def test_before_the_first_edition_there_are_none(self, partner: Partner) -> None:
        with pytest.raises(NoEdition):
            terms_for(partner, date(1990, 1, 1))

    def test_pass_over_a_level_that_the_edition_no_longer_has(self, partner: Partner) -> None:
        make_overlay(partner, Change("discount", OWN, "saas"), Change("ceiling", Decimal(45)))
        edition = TermsEdition.objects.latest("effective_from")
        OverlayChange.objects.filter(level__slug="saas").update(level=_level_of_no_edition())

        own = terms_for(partner, programme_day())

        assert own.ceiling == 45
        assert own.edition == edition.pk


def _level_of_no_edition() -> Any:
    from program_pages.models import Level

    held = Level.objects.get(slug="saas")
    held.pk, held.slug, held.contract_code = None, "gone", 9
    held.save()
    return held


class TestMaking:
    def test_writes_what_was_agreed_with_its_audit_row(self, partner: Partner) -> None:
        actor = make_user()
        draft = overlays.Draft(
            partner=partner,
            kind=Overlay.Kind.AGREEMENT,
            number="7",
            signed_on=programme_day(),
            starts=programme_day(),
            until=None,
            reason="Договорились",
            changes=[Change("discount", OWN, "competency")],
        )

        made = overlays.make(draft=draft, actor=actor)

        assert (made.partner, made.number, made.made_by) == (partner, "7", actor)
        entry = ModelLogEntry.objects.get(action=overlays.MADE)
        assert entry.user == actor
        assert entry.data["changes"] == [{"level": "competency", "name": "discount", "value": "22.5"}]

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"number": ""}, "number"),
            ({"signed_on": None}, "signed_on"),
            ({"reason": "  "}, "reason"),
            ({"until": date(2000, 1, 1)}, "until"),
            ({"changes": []}, ""),
            ({"changes": [Change("discount", Decimal(101), "competency")]}, ""),
            ({"changes": [Change("slug", Decimal(1), "competency")]}, ""),
            ({"kind": Overlay.Kind.PLAN_DISCOUNT}, "plan"),
        ],
    )
    def test_refuses_what_cannot_be_and_writes_nothing(
        self, partner: Partner, fields: dict[str, Any], field: str
    ) -> None:
        assert refused_fields(lambda: make_overlay(partner, **fields)) == {field}
        assert not Overlay.objects.exists()

    def test_r47_a_plan_discount_goes_with_an_agreed_plan_and_its_days(self, partner: Partner) -> None:
        plan = make_plan(partner)
        of_plan = {"kind": Overlay.Kind.PLAN_DISCOUNT, "number": "", "signed_on": None}
        within = {"starts": programme_day(), "until": plan.until}

        for wrong, field in (
            ({"plan": make_plan(partner, agreed=False, starts=date(2027, 1, 1), until=date(2027, 2, 1))}, "plan"),
            ({"plan": make_plan(make_partner())}, "plan"),
            ({"plan": plan, "until": None}, "until"),
            ({"plan": plan, "until": plan.until + ONE_DAY}, "until"),
            ({"plan": plan, "starts": plan.starts - ONE_DAY}, "until"),
            ({"plan": plan, "changes": [Change("ceiling", Decimal(50))]}, ""),
        ):
            assert refused_fields(lambda wrong=wrong: make_overlay(partner, **of_plan | within | wrong)) == {field}
        make_overlay(partner, **of_plan | within | {"plan": plan})

        assert discount(partner) == OWN

    def test_r47_a_cancelled_plan_takes_its_discount_along(self, partner: Partner) -> None:
        plan = make_plan(partner)
        days = {"starts": programme_day() - ONE_DAY, "until": plan.until}
        make_overlay(partner, kind=Overlay.Kind.PLAN_DISCOUNT, plan=plan, **days)
        later = {"starts": programme_day() + 2 * ONE_DAY, "until": plan.until}
        make_overlay(partner, kind=Overlay.Kind.PLAN_DISCOUNT, plan=plan, **later)

        plans.cancel(plan=plan, side=plans.Side.VENDOR, actor=None, reason="Договорились иначе")

        assert [overlay.until for overlay in Overlay.objects.all()] == [programme_day()]


class TestEnding:
    def test_names_the_last_day_once(self, partner: Partner) -> None:
        overlay = make_overlay(partner)
        last = programme_day() + 2 * ONE_DAY

        overlays.end(overlay=overlay, actor=None, reason="Хватит", on=last)

        assert discount(partner, last) == OWN
        assert discount(partner, last + ONE_DAY) != OWN
        with pytest.raises(overlays.Overtaken):
            overlays.end(overlay=overlay, actor=None, reason="Хватит", on=programme_day())

    def test_never_reaches_into_the_past_nor_beyond_its_own_end(self, partner: Partner) -> None:
        today = programme_day()
        overlay = make_overlay(partner, starts=today - 5 * ONE_DAY, until=today + 5 * ONE_DAY)
        coming = make_overlay(partner, starts=today + 5 * ONE_DAY)

        for one, on in ((overlay, today - ONE_DAY), (overlay, overlay.until), (coming, today)):
            assert refused_fields(
                lambda one=one, on=on: overlays.end(overlay=one, actor=None, reason="Хватит", on=on)
            ) == {"on"}

    def test_what_has_not_begun_is_withdrawn_and_its_audit_row_stays(self, partner: Partner) -> None:
        coming = make_overlay(partner, starts=programme_day() + ONE_DAY)
        running = make_overlay(partner)

        overlays.withdraw(overlay=coming, actor=None, reason="Ошибка")
        with pytest.raises(overlays.Overtaken):
            overlays.withdraw(overlay=coming, actor=None, reason="Ошибка")
        with pytest.raises(overlays.Overtaken):
            overlays.withdraw(overlay=running, actor=None, reason="Ошибка")

        assert list(Overlay.objects.all()) == [running]
        assert ModelLogEntry.objects.filter(action=overlays.WITHDRAWN).count() == 1


class TestTheSectionsPages:
    def read(self, partner: Partner, address: str) -> BeautifulSoup:
        response = client_of(make_member(partner)).get(address)
        assert response.status_code == 200
        return BeautifulSoup(response.content, "html.parser")

    @pytest.mark.parametrize(("prefix", "own"), [("", "22,5\u00a0%"), ("/en", "22.5%")])
    def test_own_numbers_stand_beside_the_programmes(self, partner: Partner, prefix: str, own: str) -> None:
        make_overlay(partner)

        page = self.read(partner, f"{prefix}/portal/conditions/")

        assert [cell.text for cell in page.select("td strong")] == [own]
        assert "Договорились" in page.text

    def test_nobody_elses_conditions_are_shown(self, partner: Partner) -> None:
        make_overlay(make_partner(level="competency"))

        page = self.read(partner, "/portal/conditions/")

        assert not page.select("td strong")
        assert "Договорились" not in page.text

    def test_the_calculator_computes_with_own_terms(self, partner: Partner) -> None:
        make_overlay(partner)
        query = "level=competency&product=asoft-crm&quantity=10&price=10000"
        client = client_of(make_member(partner))

        response = client.get(f"/portal/calculator/?{query}", follow=True)

        assert "22,5\u00a0%" in response.content.decode()
        assert "77\u00a0500\u00a0₽" in response.content.decode()
        public = client.get(f"/calculator/?{query}", follow=True).content.decode()
        assert "77\u00a0500\u00a0₽" not in public

    def test_a_link_of_the_programmes_edition_keeps_own_terms(self, partner: Partner) -> None:
        make_overlay(partner)
        edition = terms_on(programme_day()).edition
        query = f"v=1&level=competency&line=asoft-crm:10:10000:1:1&on=2020-01-01&edition={edition}"

        page = self.read(partner, f"/portal/calculator/?{query}")

        assert "77\u00a0500\u00a0₽" in page.text

    @pytest.mark.parametrize(("kind", "mime"), [("csv", "text/csv"), ("text", "text/plain")])
    def test_papers_say_own_numbers(self, partner: Partner, kind: str, mime: str) -> None:
        make_overlay(partner)
        response = client_of(make_member(partner)).get(
            f"/portal/calculator/{kind}/?v=1&level=competency&line=asoft-crm:10:10000"
        )

        assert response.headers["Content-Type"].startswith(mime)
        assert "77500" in response.content.decode().replace("\u00a0", "").replace(" ", "")

    @pytest.mark.parametrize("query", ["level=gold&product=asoft-crm&quantity=1", "v=2&level=retail", "quantity=-1"])
    def test_what_cannot_be_computed_is_said_and_never_breaks(self, partner: Partner, query: str) -> None:
        client = client_of(make_member(partner))
        assert client.get(f"/portal/calculator/?{query}").status_code == 200
        assert client.get(f"/portal/calculator/csv/?{query}").status_code == 422

    def test_a_lapsed_overlay_leaves_the_calculator_to_the_programme(self, partner: Partner) -> None:
        make_overlay(partner, until=programme_day())
        with time_machine.travel(timezone.now() + ONE_DAY):
            page = self.read(partner, "/portal/calculator/?v=1&level=competency&line=asoft-crm:10:10000")
        assert "77\u00a0500\u00a0₽" not in page.text
