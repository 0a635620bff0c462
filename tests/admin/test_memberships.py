"""Memberships in the admin: decided by the actions alone, whose refusals stand beside the fields."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from partner_directory.actions.memberships import suspend
from partner_directory.models import Membership, Specialist
from program_pages.models import Level
from program_pages.models.edition import programme_day
from tests.admin.forms import form_data, said
from tests.admin.partners import stored_partner
from tests.admin.test_partners import queries, register

pytestmark = pytest.mark.django_db


def view(name: str, *args: Any) -> str:
    return register("membership", name, *args)


def decide(client: Client, name: str, membership: Membership, **values: Any) -> Any:
    url = view(name, membership.pk)
    data = form_data(client.get(url).content, "decision-form")
    return client.post(url, data | values, follow=True)


def held_by(level: str = "retail") -> Membership:
    return stored_partner(level=level).memberships.get()


def test_a_level_is_granted_from_the_partners_row(partner_manager: Client) -> None:
    partner = stored_partner(name_ru="Новичок")
    url = f"{view('create')}?partner={partner.pk}"
    data = form_data(partner_manager.get(url).content, "decision-form")
    assert data["partner"] == str(partner.pk)
    level = Level.objects.get(slug="saas")
    response = partner_manager.post(view("create"), data | {"level": level.pk}, follow=True)
    membership = partner.memberships.get()
    assert membership.level == level
    assert membership.granted_by is not None
    assert "Присвоить уровень" in said(response)
    again = said(partner_manager.post(view("create"), data | {"level": level.pk}))
    assert "уже есть уровень этой линейки" in again
    assert partner.memberships.count() == 1


def test_a_refusal_stands_beside_its_field(partner_manager: Client) -> None:
    partner = stored_partner()
    data = {"partner": partner.pk, "level": Level.objects.get(slug="saas").pk, "starts": "01.01.1999", "reason": ""}
    page = BeautifulSoup(partner_manager.post(view("create"), data).content, "html.parser")
    field = page.find(id="id_starts").find_parent(class_="w-field")  # type: ignore[union-attr]
    assert "нет ни одной редакции" in field.get_text()  # type: ignore[union-attr]


def test_a_level_is_changed_with_a_reason(partner_manager: Client) -> None:
    membership = held_by("retail")
    saas = Level.objects.get(slug="saas")
    assert "Требуется заполнить" in said(decide(partner_manager, "change_level", membership, level=saas.pk))
    tomorrow = (programme_day() + timedelta(days=1)).strftime("%d.%m.%Y")
    decide(partner_manager, "change_level", membership, level=saas.pk, on=tomorrow, reason="Просит партнёр")
    rows = membership.partner.memberships.order_by("starts")
    assert [row.level.slug for row in rows] == ["retail", "saas"]
    assert rows[0].ended_how == Membership.Ending.LEVEL_CHANGED


def test_a_membership_is_suspended_resumed_and_ended(partner_manager: Client) -> None:
    membership = held_by()
    decide(partner_manager, "suspend", membership, reason="Долг")
    assert Membership.objects.get().state == "suspended"
    assert "приостановлено" in said(partner_manager.get(view("index")))
    decide(partner_manager, "resume", membership, reason="Уплачено")
    assert Membership.objects.get().state == "granted"
    late = decide(partner_manager, "end", membership, how="withdrawn", on="01.01.2099", reason="Сам")
    assert "уже закончится само" in said(late)
    inspected = said(decide(partner_manager, "end", membership, how="withdrawn", reason="Сам"))
    assert Membership.objects.get().ended_how == "withdrawn"
    for reason in ("Долг", "Уплачено", "Сам"):
        assert reason in inspected


def test_what_makes_no_sense_is_not_offered_and_not_done(partner_manager: Client) -> None:
    membership = held_by()
    names = {"suspend", "resume", "end", "change_level", "renew"}

    def offered(page: str) -> set[str]:
        html = partner_manager.get(page).content.decode()
        return {name for name in names if view(name, membership.pk) in html}

    page = view("inspect", membership.pk)
    assert offered(view("index")) == set()  # a decision is made where everything about it can be read
    assert offered(page) - {"renew"} == {"suspend", "end", "change_level"}
    suspend(membership=membership, actor=None, reason="Долг")
    assert offered(page) == {"resume", "end"}
    partner_manager.post(view("suspend", membership.pk), {"reason": "Снова"})
    assert Membership.objects.get().reason == "Долг"
    assert partner_manager.post(view("edit", membership.pk), {}).status_code in {302, 403}


def test_renewal_opens_by_the_calendar(partner_manager: Client) -> None:
    year = programme_day().year
    with time_machine.travel(date(year, 3, 1)):
        membership = held_by()
        assert view("renew", membership.pk) not in partner_manager.get(view("inspect", membership.pk)).content.decode()
        decide_response = partner_manager.post(view("renew", membership.pk), {"reason": ""}, follow=True)
        assert "так поступить нельзя" in said(decide_response)
    with time_machine.travel(date(year, 12, 1)):
        partner_manager.force_login(_manager())
        decide(partner_manager, "renew", membership)
        assert sorted(Membership.objects.values_list("year", flat=True)) == [year, year + 1]


def _manager() -> Any:
    from program_pages.groups import PARTNER_MANAGERS
    from tests.admin.conftest import member_of

    return member_of(PARTNER_MANAGERS)


def test_decisions_are_for_those_who_may_and_only_by_post(editor: Client, partner_manager: Client) -> None:
    membership = held_by()
    assert editor.post(view("suspend", membership.pk), {"reason": "Так"}).status_code in {302, 403}
    partner_manager.get(view("suspend", membership.pk) + "?reason=x")
    assert Membership.objects.get().state == "granted"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(_manager())
    assert strict.post(view("suspend", membership.pk), {"reason": "Так"}).status_code == 403
    assert Membership.objects.get().state == "granted"


@pytest.mark.parametrize(
    ("query", "found"),
    [({"status": "active"}, 1), ({"status": "suspended"}, 1), ({"status": "lapsed"}, 0), ({"status": "нет"}, 2),
     ({"ended_how__exact": "withdrawn"}, 0), ({"q": "ПЕРВЫЙ"}, 1)],
)  # fmt: skip
def test_the_register_is_narrowed(partner_manager: Client, query: dict[str, str], found: int) -> None:
    with time_machine.travel(date(programme_day().year, 3, 1)):
        partner_manager.force_login(_manager())
        stored_partner(name_ru="Первый", level="retail")
        suspend(membership=held_by(), actor=None, reason="Долг")
        page = BeautifulSoup(partner_manager.get(view("index"), query).content, "html.parser")
        assert len(page.select("tr[data-object-pk]")) == found


def test_rows_of_the_register_cost_no_queries(partner_manager: Client) -> None:
    held_by()
    few = queries(partner_manager, view("index"))
    for _ in range(12):
        held_by("saas")
    assert queries(partner_manager, view("index")) <= few


def test_the_export_is_safe(partner_manager: Client) -> None:
    stored_partner(name_ru="=1+1", level="saas")
    response = partner_manager.get(view("index") + "?export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=1+1" in text
    assert "SaaS" in text


def test_specialists_are_kept_and_exported(partner_manager: Client) -> None:
    partner = stored_partner()
    url = register("specialist", "create")
    page = partner_manager.get(url)
    assert page.status_code == 200
    data = {"partner": partner.pk, "name_ru": "Иван Иванов", "certificate": "A-7", "certified_on": "01.02.2026"}
    partner_manager.post(url, data)
    person = Specialist.objects.get(certificate="A-7")
    edit = register("specialist", "edit", person.pk)
    wrong = partner_manager.post(edit, data | {"left_on": "01.01.2026"})
    assert "Уйти можно только после" in said(wrong)
    exported = partner_manager.get(register("specialist", "index") + "?export=csv")
    assert "A-7" in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
