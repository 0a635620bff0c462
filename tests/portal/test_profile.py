"""The profile: drafted by the company, checked by a manager, published whole; nobody's work is lost (R1, R22)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from wagtail.models import ModelLogEntry, Workflow, WorkflowContentType, WorkflowState

from partner_directory import rights
from partner_directory.actions import profiles as actions
from partner_directory.models import City, Listing, Message, Office, Partner
from partner_directory.models.people import Role
from partner_directory.portal.profile.comparison import differences
from partner_directory.portal.profile.prose import to_html, to_plain
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from program_pages.models.edition import programme_day
from tests.admin.conftest import member_of, signed_in
from tests.admin.forms import form_data, opened
from tests.admin.partners import stored_partner
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_superuser

pytestmark = pytest.mark.django_db

PROFILE, EDIT = "/portal/profile/", "/portal/profile/edit/"
SUBMIT, TAKE_BACK, PREVIEW = "/portal/profile/submit/", "/portal/profile/take-back/", "/portal/profile/preview/"


class Company:
    """A partner with a person who edits its profile."""

    def __init__(self, *, role: Role = Role.OWNER, **facts: Any) -> None:
        self.seat = make_member(make_partner(**facts), role=role)
        self.user, self.client = self.seat.user, client_of(self.seat)

    @property
    def partner(self) -> Partner:
        """The row as it is now."""
        return Partner.objects.get(pk=self.seat.partner_id)

    @property
    def draft(self) -> Partner:
        """The latest draft."""
        return self.partner.get_latest_revision_as_object()

    def form(self, url: str = EDIT) -> dict[str, Any]:
        """The form as a browser would send it back."""
        soup = BeautifulSoup(self.client.get(url).content, "html.parser")
        form = soup.select_one("form[enctype]")
        assert form is not None
        return _sent(form)

    def save(self, **changes: Any) -> Any:
        """Sends the form with some fields changed."""
        return self.client.post(EDIT, self.form() | changes)


def _sent(form: Any) -> dict[str, Any]:
    form["id"] = "the-form"
    data = form_data(str(form), "the-form")
    for name in {box["name"] for box in form.select("input[type=checkbox]")}:
        data[name] = [box.get("value", "on") for box in form.select(f'input[name="{name}"]') if box.has_attr("checked")]
    return data


@pytest.fixture
def company() -> Company:
    return Company(level="retail", name_ru="Ромашка", name_en="Daisy")


@pytest.fixture
def superuser() -> Any:
    return make_superuser()


@pytest.fixture
def manager() -> Any:
    return member_of(PARTNER_MANAGERS)


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def picture(size: int = 20) -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (size, size), "teal").save(data, "PNG")
    return SimpleUploadedFile("Логотип.png", data.getvalue(), content_type="image/png")


class TestTheForm:
    def test_an_untouched_form_changes_nothing(self) -> None:
        company = Company(
            level="competency",
            services=["supply", "implementation"],
            products=["asoft-crm"],
            regions=["16"],
            description_ru="<p>О <b>нас</b> и <a href='https://a.example'>ссылка</a></p><ul><li>раз</li></ul>",
            phones="+7 495 123-45-67",
            references=[{"client_ru": "Клиент", "consent_on": programme_day()}],
        )
        before = company.partner
        assert company.save().status_code == 302
        assert differences(before, company.draft) == []
        assert company.draft.description_ru == before.description_ru

    def test_what_is_written_is_a_draft_that_the_public_does_not_see(self, company: Company) -> None:
        company.save(
            name_ru="Ромашка и Ко",
            summary_ru="Внедряем",
            description_ru="Первый абзац\n\n# Заголовок\n- раз\n- два <script>",
            languages=["ru", "en"],
            regions=[str(City.objects.get(slug="kazan").region_id)],
        )
        draft = company.draft
        assert (draft.name_ru, draft.summary_ru, draft.languages) == ("Ромашка и Ко", "Внедряем", ["ru", "en"])
        assert draft.description_ru == (
            "<p>Первый абзац</p><h3>Заголовок</h3><ul><li>раз</li><li>два &lt;script&gt;</li></ul>"
        )
        assert [str(region) for region in draft.regions.all()] == ["Татарстан"]
        assert company.partner.name_ru == "Ромашка"
        assert Listing.objects.get(partner=company.partner).card["name"][0] == "Ромашка"

    def test_is_recorded_in_the_persons_name(self, company: Company) -> None:
        company.save(summary_ru="Иначе")
        revision = company.partner.latest_revision
        assert revision.user == company.user
        entry = ModelLogEntry.objects.get(action="wagtail.edit", object_id=str(company.partner.pk))
        assert entry.user == company.user

    def test_r22_only_what_the_level_allows_can_be_ticked_and_it_says_why(self, company: Company) -> None:
        page = BeautifulSoup(company.client.get(EDIT).content, "html.parser")
        boxes = {box["value"]: box.has_attr("disabled") for box in page.select('input[name="services"]')}
        assert not boxes["supply"]
        assert boxes["implementation"]
        assert "не разрешает" in page.text

        response = company.save(services=["supply", "implementation"])
        assert response.status_code == 200
        assert "Уровень партнёра этого не разрешает: " in words(response)
        assert not company.partner.has_unpublished_changes

    def test_another_level_allows_more(self) -> None:
        company = Company(level="competency")
        assert company.save(services=["supply", "implementation"]).status_code == 302
        assert company.draft.services == ["supply", "implementation"]

    def test_offices_are_added_moved_and_removed(self, company: Company) -> None:
        office = company.partner.offices.get()
        Office.objects.filter(pk=office.pk).update(latitude="55.1", longitude="49.1")
        data = company.form()
        assert data["offices-0-city"] == "Казань, Татарстан"
        company.client.post(EDIT, data | {"offices-1-city": "москва", "offices-1-address_ru": "Тверская, 1"})
        assert [str(row) for row in company.draft.offices.all()] == ["Казань", "Москва, Тверская, 1"]
        assert company.draft.offices.all()[0].pk == office.pk
        assert company.draft.offices.all()[0].latitude is not None

        company.client.post(EDIT, company.form() | {"offices-0-DELETE": "on"})
        assert [str(row) for row in company.draft.offices.all()] == ["Москва, Тверская, 1"]

    def test_references_say_when_the_client_agreed(self, company: Company) -> None:
        company.save(
            **{"references-0-client_ru": "Банк", "references-0-year": "2025", "references-0-consent_on": "2026-01-02"}
        )
        reference = company.draft.references.get()
        assert (reference.client_ru, reference.year, str(reference.consent_on)) == ("Банк", 2025, "2026-01-02")

    def test_a_logo_is_checked_and_kept(self, company: Company) -> None:
        assert company.save(logo_file=picture()).status_code == 302
        logo = company.draft.logo
        assert (logo.width, logo.uploaded_by_user) == (20, company.user)
        assert company.partner.logo is None

        company.save(remove_logo="on")
        assert company.draft.logo is None

    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("logo.png", b"<html>", content_type="image/png"),
            SimpleUploadedFile("logo.exe", b"MZ", content_type="image/png"),
            SimpleUploadedFile("logo.svg", b"<html><script/></html>", content_type="image/svg+xml"),
            SimpleUploadedFile("logo.png", b"", content_type="image/png"),
        ],
        ids=["html", "exe", "svg", "empty"],
    )
    def test_what_is_no_picture_is_refused(self, company: Company, file: SimpleUploadedFile) -> None:
        response = company.save(logo_file=file)
        assert response.status_code == 200
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.select("#id_logo_file_error")
        assert not company.partner.has_unpublished_changes

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"name_ru": ""}, "Требуется заполнить это поле"),
            ({"name_ru": "a\x00b"}, "запрещённый символ"),
            ({"summary_ru": "x" * 201}, "не более 200"),
            ({"site_url": "javascript:alert(1)"}, "URL"),
            ({"email": "нет"}, "адрес"),
            ({"phones": "телефон"}, "не телефон"),
            ({"regions": ["x", "9" * 40]}, "неверным значением"),
            ({"products": ["\x00"]}, ""),
            ({"languages": ["xx"]}, "нет среди допустимых"),
            ({"services": ["theft"]}, "нет среди допустимых"),
            ({"offices-0-city": "Атлантида"}, "нет: выберите из подсказок"),
            ({"offices-1-address_ru": "Без города"}, "Требуется заполнить это поле"),
            ({"offices-1-city": "Москва", "offices-1-phone": "abc"}, "не телефон"),
            ({"references-0-year": "1800", "references-0-client_ru": "К"}, "больше либо равно"),
            ({"references-0-year": "9999", "references-0-client_ru": "К"}, "ещё не наступил"),
            ({"references-0-consent_on": "завтра", "references-0-client_ru": "К"}, "правильную дату"),
            ({"references-0-product": "9" * 50, "references-0-client_ru": "К"}, "корректный"),
            ({"offices-TOTAL_FORMS": "x"}, ""),
            ({"offices-TOTAL_FORMS": "100000"}, ""),
            ({"offices-TOTAL_FORMS": ""}, ""),
        ],
    )
    def test_bad_input_is_said_and_nothing_written(self, company: Company, changes: Any, said: str) -> None:
        response = company.save(**changes)
        assert response.status_code == 200
        assert said in words(response)
        assert not company.partner.has_unpublished_changes

    def test_an_empty_post_is_no_error(self, company: Company) -> None:
        assert company.client.post(EDIT, {}).status_code == 200
        assert company.client.post(EDIT, {"version": "x"}).status_code == 409
        assert not company.partner.has_unpublished_changes

    def test_it_costs_the_same_however_many_offices(self) -> None:
        def queries(company: Company) -> int:
            with CaptureQueriesContext(connection) as found:
                assert company.client.get(EDIT).status_code == 200
            return len(found)

        company = Company()
        company.client.get(EDIT)
        few = queries(company)
        partner = company.partner
        partner.offices = [Office(city=city, sort_order=place) for place, city in enumerate(City.objects.all()[:12])]
        partner.save()
        assert queries(company) == few


class TestTwoAtOnce:
    def test_whoever_comes_later_is_told_and_loses_nothing(self, company: Company) -> None:
        company.save(summary_ru="Было")
        opened_first = company.form()
        other = client_of(make_member(company.partner))
        theirs = company.form()
        other.post(EDIT, theirs | {"email": "new@partner.example", "summary_ru": "Чужое"})

        response = company.client.post(EDIT, opened_first | {"summary_ru": "Своё", "name_en": "Mine"})

        assert response.status_code == 409
        page = BeautifulSoup(response.content, "html.parser")
        assert "изменил кто-то другой" in page.text
        assert "Чужое" in page.text
        assert company.draft.summary_ru == "Чужое"
        form = _sent(page.select_one("form[enctype]"))
        assert (form["summary_ru"], form["name_en"]) == ("Своё", "Mine")
        assert form["email"] == "new@partner.example"  # left alone, so the other's word stands

        assert company.client.post(EDIT, form).status_code == 302
        draft = company.draft
        assert (draft.summary_ru, draft.name_en, draft.email) == ("Своё", "Mine", "new@partner.example")

    def test_the_action_itself_refuses_a_stale_version(self, company: Company) -> None:
        draft = company.partner
        draft.save_revision()
        with pytest.raises(actions.ChangedMeanwhile):
            actions.save_draft(draft=company.draft, version=None, actor=company.user)

    def test_a_managers_lock_is_respected(self, company: Company, manager: Any) -> None:
        Partner.objects.filter(pk=company.partner.pk).update(locked=True, locked_by=manager)
        assert company.client.get(EDIT)["Location"] == PROFILE
        assert "правит менеджер" in words(company.client.get(PROFILE))


class TestTheCheck:
    def submitted(self, company: Company, **changes: Any) -> Company:
        company.save(**{"summary_ru": "Новое"} | changes)
        company.client.post(SUBMIT, {"note": "Открыли офис"})
        return company

    def test_profiles_are_checked_by_partner_managers(self) -> None:
        workflow = Partner.get_default_workflow()
        assert workflow is not None
        assert workflow.name == rights.PROFILE_CHECK
        task = workflow.tasks.get().specific
        assert [group.name for group in task.groups.all()] == [PARTNER_MANAGERS]
        rights.load(lambda _line: None)
        profiles = ContentType.objects.get_for_model(Partner)
        assert WorkflowContentType.objects.filter(content_type=profiles).count() == 1

    def test_is_compared_sent_approved_and_published(self, company: Company, manager: Any) -> None:
        company.save(summary_ru="Новое")
        page = words(company.client.get(PROFILE))
        assert "Что изменится после публикации" in page
        assert "Новое" in page
        company.client.post(SUBMIT, {"note": "Открыли офис"})
        assert "на проверке у ASoft" in words(company.client.get(PROFILE))

        actions.approve(partner=company.partner, actor=manager, comment="Спасибо")

        partner = company.partner
        assert (partner.summary_ru, partner.live, partner.has_unpublished_changes) == ("Новое", True, False)
        page = words(company.client.get(PROFILE))
        assert "Спасибо" in page
        assert "Открыли офис" in page
        assert "Что изменится" not in page

    def test_a_manager_approves_in_the_admin(self, company: Company, manager: Any) -> None:
        self.submitted(company)
        client = signed_in(manager)
        edit = reverse("wagtailsnippets_partner_directory_partner:edit", args=[company.partner.pk])
        client.post(edit, opened(client, edit) | {"action-workflow-action": "1", "workflow-action-name": "approve"})
        assert company.partner.summary_ru == "Новое"
        assert not company.partner.has_unpublished_changes

    def test_while_it_lasts_the_company_does_not_edit_but_may_take_it_back(self, company: Company) -> None:
        self.submitted(company)
        assert company.client.get(EDIT)["Location"] == PROFILE
        with pytest.raises(ValidationError):
            actions.save_draft(draft=company.draft, version=company.partner.latest_revision_id, actor=company.user)

        company.client.post(TAKE_BACK)

        assert company.client.get(EDIT).status_code == 200
        assert company.draft.summary_ru == "Новое"
        assert ModelLogEntry.objects.filter(action=actions.TAKEN_BACK).count() == 1

    def test_is_sent_back_with_a_reason_answered_and_sent_again(self, company: Company, manager: Any) -> None:
        self.submitted(company)
        actions.send_back(partner=company.partner, actor=manager, reason="Опишите услуги")
        page = words(company.client.get(PROFILE))
        assert "возвращён с замечаниями" in page
        assert "Опишите услуги" in page
        assert str(manager) not in page

        company.save(summary_ru="С услугами")
        company.client.post(SUBMIT, {"note": "Описали"})

        state = WorkflowState.objects.for_instance(company.partner).get()
        assert state.status == WorkflowState.STATUS_IN_PROGRESS
        actions.approve(partner=company.partner, actor=manager)
        assert company.partner.summary_ru == "С услугами"
        assert "Описали" in words(company.client.get(PROFILE))

    def test_wagtails_own_letters_stay_at_home(self, company: Company, manager: Any, superuser: Any) -> None:
        self.submitted(company)
        actions.send_back(partner=company.partner, actor=manager, reason="Опишите услуги")
        assert [letter.subject for letter in mail.outbox if rights.PROFILE_CHECK in letter.subject] == []

        other = stored_partner()
        other.save_revision()
        Partner.get_default_workflow().start(other, member_of(EDITORS))
        assert [letter.to for letter in mail.outbox if "Партнёр" in letter.subject] != []

    def test_a_reason_is_asked_for(self, company: Company, manager: Any) -> None:
        self.submitted(company)
        with pytest.raises(ValidationError):
            actions.send_back(partner=company.partner, actor=manager, reason="  ")

    def test_happens_once(self, company: Company, manager: Any) -> None:
        self.submitted(company)
        actions.approve(partner=company.partner, actor=manager)
        for act in (
            lambda: actions.approve(partner=company.partner, actor=manager),
            lambda: actions.send_back(partner=company.partner, actor=manager, reason="Нет"),
            lambda: actions.take_back(partner=company.partner, actor=company.user),
        ):
            with pytest.raises(actions.Overtaken):
                act()

    def test_a_company_does_not_approve_itself(self, company: Company) -> None:
        self.submitted(company)
        with pytest.raises(PermissionDenied):
            actions.approve(partner=company.partner, actor=company.user)

    def test_sent_twice_is_checked_once(self, company: Company) -> None:
        self.submitted(company)
        assert "уже на проверке" in words(company.client.post(SUBMIT, {"note": ""}, follow=True))
        assert WorkflowState.objects.for_instance(company.partner).count() == 1

    def test_without_changes_there_is_nothing_to_send(self, company: Company) -> None:
        assert "Проверять нечего" in words(company.client.post(SUBMIT, {}, follow=True))
        assert not WorkflowState.objects.for_instance(company.partner).exists()

    def test_r22_is_checked_again_when_it_is_sent(self) -> None:
        company = Company(level="competency")
        company.save(services=["supply", "implementation"])
        company.partner.memberships.all().delete()
        make_membership(company.partner, level="retail")
        assert "Уровень партнёра этого не разрешает: " in words(company.client.post(SUBMIT, {}, follow=True))
        assert not company.partner.workflow_in_progress

    def test_without_a_workflow_the_draft_waits_for_a_manager(self, company: Company) -> None:
        Workflow.objects.get(name=rights.PROFILE_CHECK).deactivate()
        self.submitted(company)
        assert company.partner.has_unpublished_changes
        assert ModelLogEntry.objects.filter(action=actions.SUBMITTED).count() == 1

    @pytest.mark.parametrize("note", ["a\x00b", "x" * 1001])
    def test_a_bad_note_is_said(self, company: Company, note: str) -> None:
        company.save(summary_ru="Новое")
        response = company.client.post(SUBMIT, {"note": note})
        assert response.status_code == 200
        assert "Проверьте введённое" in words(response)
        assert not company.partner.workflow_in_progress

    def test_a_profile_that_was_never_published_is(self, manager: Any) -> None:
        company = self.submitted(Company(published=False), name_ru="Новая компания")
        actions.approve(partner=company.partner, actor=manager)
        assert company.partner.live
        assert Listing.objects.get(partner=company.partner).card["name"][0] == "Новая компания"


DISCARD = "/portal/profile/discard/"


class TestDiscarding:
    def discard(self, company: Company) -> Any:
        page = BeautifulSoup(company.client.get(DISCARD).content, "html.parser")
        form = page.select_one("main form")
        assert form is not None
        return company.client.post(DISCARD, _sent(form), follow=True)

    def test_shows_what_is_given_up_and_returns_to_what_the_public_sees(self, company: Company) -> None:
        company.save(summary_ru="Лишнее")
        assert DISCARD in company.client.get(PROFILE).content.decode()
        assert "Лишнее" in words(company.client.get(DISCARD))
        assert company.partner.has_unpublished_changes  # asking changes nothing

        said = words(self.discard(company))

        partner = company.partner
        assert "Правки отброшены" in said
        assert "Черновик отброшен" in said
        assert (partner.live, partner.has_unpublished_changes) == (True, False)
        assert partner.latest_revision_id == partner.live_revision_id
        assert partner.latest_revision.as_object().summary_ru == partner.summary_ru != "Лишнее"
        entry = ModelLogEntry.objects.get(action=actions.DISCARDED, object_id=str(partner.pk))
        assert entry.user == company.user
        assert DISCARD not in company.client.get(PROFILE).content.decode()

    def test_offices_come_back_too(self, company: Company) -> None:
        company.save(**{"offices-0-DELETE": "on"})
        assert company.draft.offices.count() == 0
        self.discard(company)
        assert [str(office) for office in company.draft.offices.all()] == ["Казань"]

    def test_a_draft_stays_where_a_manager_may_look_at_it(self, company: Company) -> None:
        company.save(summary_ru="Лишнее")
        given_up = company.partner.latest_revision
        self.discard(company)
        assert company.partner.revisions.get(pk=given_up.pk).as_object().summary_ru == "Лишнее"

    def test_what_a_colleague_saved_meanwhile_is_not_given_up(self, company: Company) -> None:
        company.save(summary_ru="Моё")
        seen = company.partner.latest_revision_id
        company.save(summary_ru="Позже")
        response = company.client.post(DISCARD, {"version": seen}, follow=True)
        assert "изменил кто-то другой" in words(response)
        assert company.draft.summary_ru == "Позже"

    def test_not_while_it_is_being_checked(self, company: Company) -> None:
        company.save(summary_ru="Новое")
        company.client.post(SUBMIT, {"note": ""})
        assert company.client.get(DISCARD)["Location"] == PROFILE
        with pytest.raises(ValidationError, match="сначала отзовите"):
            actions.discard_draft(
                partner=company.partner, version=company.partner.latest_revision_id, actor=company.user
            )
        assert company.draft.summary_ru == "Новое"

    def test_remarks_go_with_the_draft_they_were_about(self, company: Company, manager: Any) -> None:
        company.save(summary_ru="Новое")
        company.client.post(SUBMIT, {"note": ""})
        actions.send_back(partner=company.partner, actor=manager, reason="Не то")
        self.discard(company)
        assert "Что просит поправить" not in words(company.client.get(PROFILE))
        assert company.partner.current_workflow_state is None

        company.save(summary_ru="Иное")
        company.client.post(SUBMIT, {"note": ""})
        assert company.partner.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS

    def test_the_company_is_not_told_that_its_profile_was_published(self, company: Company) -> None:
        company.save(summary_ru="Лишнее")
        before = Message.objects.count()
        self.discard(company)
        assert Message.objects.count() == before

    @pytest.mark.parametrize("live", [True, False], ids=["unchanged", "never published"])
    def test_there_must_be_changes_and_something_to_return_to(self, live: bool) -> None:
        company = Company()
        if not live:
            company.partner.unpublish()
        version = company.partner.latest_revision_id
        with pytest.raises(ValidationError, match="нечего"):
            actions.discard_draft(partner=company.partner, version=version, actor=company.user)
        assert company.client.get(DISCARD)["Location"] == PROFILE

    def test_a_managers_lock_is_respected(self, company: Company, manager: Any) -> None:
        company.save(summary_ru="Новое")
        Partner.objects.filter(pk=company.partner.pk).update(locked=True, locked_by=manager)
        company.client.post(DISCARD, {"version": company.partner.latest_revision_id})
        assert company.draft.summary_ru == "Новое"


class TestWhoMay:
    def test_staff_edit_and_see_the_preview(self) -> None:
        company = Company(role=Role.STAFF)
        company.save(summary_ru="Только в черновике")
        for prefix in ("", "/en"):
            page = company.client.get(f"{prefix}{PREVIEW}")
            assert page.status_code == 200
            assert "Только в черновике" in words(page)

    @pytest.mark.parametrize("url", [PROFILE, EDIT, PREVIEW])
    def test_a_stranger_is_sent_to_sign_in_and_english_is_spoken(self, url: str, client: Client) -> None:
        assert "login" in client.get(url)["Location"]
        assert Company().client.get(f"/en{url}").status_code == 200

    @pytest.mark.parametrize("url", [SUBMIT, TAKE_BACK])
    def test_a_link_sends_nothing(self, url: str, company: Company) -> None:
        assert company.client.get(url).status_code == 405

    def test_nobody_edits_another_company(self, company: Company) -> None:
        stranger = Company(name_ru="Чужая")
        stranger.save(summary_ru="Чужая тайна")
        assert "Чужая тайна" not in words(company.client.get(PROFILE))
        data = company.form() | {"version": stranger.partner.latest_revision_id}
        assert company.client.post(EDIT, data).status_code == 409
        assert stranger.draft.summary_ru == "Чужая тайна"

    def test_what_others_answer_for_is_not_in_the_form(self, company: Company) -> None:
        company.save(slug="other", inn="7707083893", is_sample="on", legal_name_ru="Иное", live="")
        draft = company.draft
        assert (draft.slug, draft.inn, draft.is_sample, draft.legal_name_ru) == (company.partner.slug, "", False, "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Раз\nдва\n\nтри", "<p>Раз<br/>два</p><p>три</p>"),
        ("# Имя\n- a\n- b\n1. c", "<h3>Имя</h3><ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("", ""),
    ],
)
def test_plain_text_becomes_the_editors_html(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Раз<br/>два</p><p>три</p>", "Раз\nдва\n\nтри"),
        ("<h3>Имя</h3><ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>", "# Имя\n\n- a\n- b\n\n1. c"),
        ("<p>о <b>нас</b></p><p></p>", "о нас"),
        ("", ""),
    ],
)
def test_the_editors_html_becomes_plain_text(html: str, text: str) -> None:
    assert to_plain(html) == text
