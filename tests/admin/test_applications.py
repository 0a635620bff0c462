"""The queue of applications: found, read with all the evidence on one page, decided by POST alone, exported."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from partner_directory import contracts, rights
from partner_directory.actions import applications as actions
from partner_directory.models import Application, JoiningStep, Membership, Partner
from partner_directory.models.specialist import Specialist
from program_pages.groups import PARTNER_MANAGERS
from program_pages.models.edition import programme_day
from tests.admin.conftest import signed_in
from tests.admin.forms import form_data, said
from tests.admin.partners import stored_partner
from tests.admin.test_partners import queries
from tests.factories.applications import KINDS, REACHED, make_application, make_company, sign, step
from tests.factories.files import kept, pdf
from tests.factories.portal import make_member
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

State, Kind = Application.State, JoiningStep.Kind
OF_STATE = {"accept", "send_back", "reject"}
OF_STEPS = {"mark_accession", "mark_licence", "return_accession", "return_licence"}


@pytest.fixture(autouse=True)
def _papers_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "draw_contract", lambda *_: pdf())


def url(view: str, *args: Any) -> str:
    return reverse(f"partner_directory_application_modeladmin_{view}", args=args)


def client_with(*codenames: str) -> Client:
    """Somebody who may enter the admin and has these rights."""
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return signed_in(user)


@pytest.fixture
def looking() -> Client:
    return client_with("view_application")


@pytest.fixture
def deciding() -> Client:
    return client_with("view_application", "decide_application")


def rows(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in soup.select("tr[data-object-pk]")]


def links(response: Any) -> set[str]:
    return {link["href"] for link in BeautifulSoup(response.content, "html.parser").select("a[href]")}


def decide(client: Client, name: str, application: Application, **values: Any) -> Any:
    address = url(name, application.pk)
    return client.post(address, form_data(client.get(address).content, "decision-form") | values, follow=True)


def test_the_queue_says_who_has_the_ball_and_since_when(looking: Client) -> None:
    application = make_application("submitted", name_ru="Ромашка")
    [row] = rows(looking.get(url("index")))
    assert f"Заявка № {application.pk} · Ромашка" in row
    assert "на рассмотрении" in row
    assert "ASoft" in row
    assert f"{programme_day():%d.%m.%Y}" in row


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=РОМАШК", 1),
        ("q=никого", 0),
        ("state__exact=submitted", 1),
        ("state__exact=joined", 0),
        ("ball__exact=vendor", 1),
        ("ball__exact=company", 1),
    ],
)
def test_applications_are_found(looking: Client, query: str, count: int) -> None:
    make_application("submitted", name_ru="Ромашка")
    make_application("draft", level="saas", legal_name_ru="")
    assert len(rows(looking.get(f"{url('index')}?{query}"))) == count


def test_the_facets_name_levels_and_product_lines(looking: Client) -> None:
    application = make_application("submitted", level="saas")
    make_application("submitted", level="retail")
    for facet, value in (("level", application.level_id), ("product_line", application.product_line_id)):
        query = f"?{facet}__id__exact={value}"
        assert len(rows(looking.get(url("index") + query))) == (1 if facet == "level" else 2)


def test_all_the_evidence_stands_on_one_page(looking: Client) -> None:
    twin = stored_partner(name_ru="ООО «Ромашка»", inn="")
    application = make_application("signed", level="saas", name_ru="Ромашка", site_url="https://romashka.example")
    actions.return_signed(step=step(application, Kind.LICENCE), reason="Нет печати", actor=None)
    partner = application.partner
    scan = kept(partner, name="Скан.pdf")
    Specialist.objects.create(
        partner=partner, name_ru="Анна Смирнова", certificate="AC-17", certified_on=programme_day(), state="claimed",
        scan=scan,
    )  # fmt: skip
    response = looking.get(url("inspect", application.pk))
    page = said(response)
    for fact in (
        "Ромашка", partner.inn, partner.ogrn, "+7 495 123-45-67", "office@romashka.example", "Казань",
        "Сервер и десять рабочих мест.", "Двое учатся в марте.", "Анна Смирнова", "AC-17", "ждёт проверки",
        "0 из 2", "Подать заявку", "Нет печати", str(partner.team.get().user),
    ):  # fmt: skip
        assert fact in page, fact
    files = {scan.pk, *(step(application, kind).document_id for kind in KINDS)}
    assert {reverse("portal:file", args=[key]) for key in files} <= links(response)
    edit = reverse("wagtailsnippets_partner_directory_partner:edit", args=[twin.pk])
    assert edit in links(response)
    assert looking.get(url("history", application.pk)).status_code == 200


@pytest.mark.parametrize("reached", REACHED)
def test_only_what_makes_sense_is_offered(deciding: Client, looking: Client, reached: str) -> None:
    application = make_application(reached)
    address = url("inspect", application.pk)

    def offered(client: Client) -> set[str]:
        found = links(client.get(address))
        return {name for name in OF_STATE | OF_STEPS if url(name, application.pk) in found}

    expected = {"submitted": OF_STATE, "signed": OF_STEPS}.get(reached, set())
    assert offered(deciding) == expected
    assert offered(looking) == set()
    for name in (OF_STATE | OF_STEPS) - expected:
        assert deciding.get(url(name, application.pk))["Location"] == address
        deciding.post(url(name, application.pk), {"reason": "…", "signed": ""})
    assert Application.objects.get().state == application.state


def test_a_decision_is_asked_by_get_and_made_by_post(deciding: Client) -> None:
    application = make_application("submitted")
    assert deciding.get(url("accept", application.pk)).status_code == 200
    assert Application.objects.get().state == State.SUBMITTED
    page = said(decide(deciding, "accept", application))
    assert "Заявка принята" in page
    assert Application.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(("name", "state"), [("send_back", State.RETURNED), ("reject", State.REJECTED)])
def test_a_return_and_a_refusal_say_why(deciding: Client, name: str, state: State) -> None:
    application = make_application("submitted")
    for nothing in ("", "   ", "a\x00b", "я" * 3000):
        response = deciding.post(url(name, application.pk), {"reason": nothing})
        assert response.status_code == 200
        assert Application.objects.get().state == State.SUBMITTED
    page = said(decide(deciding, name, application, reason="Нет базы"))
    assert "Нет базы" in page
    row = Application.objects.get()
    assert (row.state, row.reason) == (state, "Нет базы")
    assert row.decided_by is not None


def test_contracts_are_marked_and_the_company_has_joined(partner_manager: Client) -> None:
    application = make_application("signed", name_ru="Ромашка")
    for kind in KINDS:
        page = said(decide(partner_manager, f"mark_{kind}", application))
        assert "отмечено" in page
    assert Application.objects.get().state == State.JOINED
    assert Membership.objects.get().partner == application.partner
    assert Partner.objects.get(pk=application.partner_id).live
    assert "Анна Менеджеры партнёров" in page


def test_a_copy_that_is_not_right_goes_back(deciding: Client) -> None:
    application = make_application("signed")
    decide(deciding, "return_licence", application, reason="Нет подписи")
    assert step(application, Kind.LICENCE).signed is None
    assert step(application, Kind.ACCESSION).signed is not None


@pytest.mark.parametrize("given", ["", "not-a-key", "\x00"])
def test_a_copy_replaced_while_it_was_looked_at_is_not_marked(deciding: Client, given: str) -> None:
    application = make_application("signed")
    address = url("mark_licence", application.pk)
    seen = form_data(deciding.get(address).content, "decision-form")
    sign(application, Kind.LICENCE)
    assert "изменил кто-то другой" in said(deciding.post(address, seen, follow=True))
    assert deciding.post(address, {"signed": given}).status_code == 200
    assert step(application, Kind.LICENCE).done_at is None


def test_a_refusal_leaves_everything_and_is_said(deciding: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    application = make_application("submitted")
    monkeypatch.setattr(actions, "pdf_available", lambda: False)
    assert "нельзя сделать PDF" in said(deciding.post(url("accept", application.pk)))
    assert Application.objects.get().state == State.SUBMITTED


def test_everybody_opens_what_is_theirs(
    admin: Client, editor: Client, manager: Client, partner_manager: Client, looking: Client, deciding: Client
) -> None:
    row = make_application("submitted")
    exporting = client_with("view_application", "export_application")
    owner = signed_in(row.partner.team.get().user)
    clients = {
        "admin": admin, "editor": editor, "manager": manager, "partner_manager": partner_manager, "looking": looking,
        "deciding": deciding, "exporting": exporting, "owner": owner,
    }  # fmt: skip
    may_look = {"admin", "partner_manager", "looking", "deciding", "exporting"}
    may: dict[str, set[str]] = {
        url("index"): may_look,
        url("inspect", row.pk): may_look,
        url("history", row.pk): may_look,
        url("index") + "?export=csv": {"admin", "partner_manager", "exporting"},
        **{url(name, row.pk): {"admin", "partner_manager", "deciding"} for name in OF_STATE},
        url("create"): set(),
        url("edit", row.pk): set(),
        url("delete", row.pk): set(),
    }
    for address, allowed in may.items():
        found = {name for name, client in clients.items() if client.get(address).status_code == 200}
        assert found == allowed, address
    for name in OF_STATE | OF_STEPS:
        for client in (editor, manager, looking, exporting, owner):
            client.post(url(name, row.pk), {"reason": "…"})
    assert Application.objects.get().state == State.SUBMITTED


def test_the_managers_of_an_older_site_get_the_right_to_decide() -> None:
    group = Group.objects.get(name=PARTNER_MANAGERS)
    group.permissions.remove(*group.permissions.filter(content_type__model="application"))
    rights.load(lambda _: None)
    assert group.permissions.filter(codename="decide_application").exists()


def test_the_export_holds_labels_and_no_formulas(admin: Client) -> None:
    application = make_application("returned", name_ru='=HYPERLINK("x")')
    response: Any = admin.get(url("index") + "?export=csv")
    [row] = csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    assert row["Компания"] == '\'=HYPERLINK("x")'
    assert row["Состояние"] == "возвращена с вопросами"
    assert row["Номер"] == str(application.pk)
    assert row["ИНН"] == application.partner.inn
    assert row["Вопросы или причина"] == "Где сертификат?"


def test_hostile_words_are_shown_as_text(looking: Client) -> None:
    seat = make_member(make_company(name_ru="<b>x</b>"))
    application = make_application("draft", seat=seat)
    Application.objects.update(training="<script>alert(1)</script>")
    for address in (url("index"), url("inspect", application.pk)):
        page = looking.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_the_queue_is_in_the_menu(partner_manager: Client, editor: Client) -> None:
    home = reverse("wagtailadmin_home")
    assert url("index") in partner_manager.get(home).content.decode()
    assert url("index") not in editor.get(home).content.decode()


def test_rows_cost_no_queries(partner_manager: Client) -> None:
    first = make_application("submitted")
    line, level, edition = first.product_line, first.level, first.edition

    def more(count: int) -> None:
        known = Partner.objects.count()
        partners = Partner.objects.bulk_create(
            Partner(name_ru=f"Компания {known + n}", slug=f"company-{known + n}", live=False) for n in range(count)
        )
        Application.objects.bulk_create(
            Application(
                partner=partner, level=level, product_line=line, state=State.SUBMITTED, ball="vendor", edition=edition,
                submitted_at=first.submitted_at,
            )
            for partner in partners
        )  # fmt: skip

    more(9)
    few = [queries(partner_manager, address) for address in (url("index"), url("inspect", first.pk))]
    more(990)
    assert Application.objects.count() == 1000
    assert [queries(partner_manager, address) for address in (url("index"), url("inspect", first.pk))] == few
