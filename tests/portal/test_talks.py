"""R82: a partner that disagrees with clauses talks with the vendor: to an Additional Agreement, or to an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from partner_directory.actions import overlays, people, talks
from partner_directory.models import EditionNotice, Message, Overlay, Partner, Talk, TalkEntry
from partner_directory.models.people import Role
from partner_directory.portal.people.export import everything_about
from tests.factories.bonuses import make_overlay
from tests.factories.news import in_days, make_talk, notice_of, withdraw
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

State = Talk.State


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency")


def refusal(act: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        act()
    return next(iter(getattr(refused.value, "error_dict", {"": None})))


def kinds() -> list[str]:
    return list(Message.objects.exclude(kind__startswith="edition_").order_by("pk").values_list("kind", flat=True))


class TestItsCourse:
    def test_opened_answered_written_closed_with_whose_turn_it_is(self, partner: Partner) -> None:
        make_user(is_superuser=True)
        talk = make_talk(partner)
        assert talk.state == State.OPEN
        talk = talks.answer(talk=talk, text="Почему?", actor=None)
        assert talk.state == State.ANSWERED
        talk = talks.write(talk=talk, text="Потому что", actor=None)
        assert talk.state == State.OPEN
        talk = talks.close_with_answer(talk=talk, text="Останется так", actor=None)
        assert (talk.state, talk.answer, talk.goes_on) == (State.CLOSED, "Останется так", False)
        assert list(dict.fromkeys(kinds())) == ["talk_opened", "talk_answered", "talk_written", "talk_closed"]
        assert list(talk.entries.values_list("side", flat=True)) == ["partner", "vendor", "partner"]

    def test_ends_in_an_agreement_of_this_partner_made_since(self, partner: Partner) -> None:
        earlier = make_overlay(partner)
        talk = make_talk(partner)
        others = make_overlay(make_partner(level="competency"))
        for wrong in (earlier, others):
            assert (
                refusal(lambda wrong=wrong: talks.end_in_agreement(talk=talk, overlay=wrong, actor=None)) == "overlay"
            )
        made = make_overlay(partner)
        talk = talks.end_in_agreement(talk=talk, overlay=made, actor=None)
        assert (talk.state, talk.overlay) == (State.AGREED, made)

    def test_a_plans_discount_is_no_agreement(self, partner: Partner) -> None:
        talk = make_talk(partner)
        made = make_overlay(partner)
        Overlay.objects.filter(pk=made.pk).update(kind=Overlay.Kind.PLAN_DISCOUNT)
        assert refusal(lambda: talks.end_in_agreement(talk=talk, overlay=made, actor=None)) == "overlay"

    def test_nothing_more_is_said_once_it_has_ended(self, partner: Partner) -> None:
        talk = make_talk(partner)
        talks.close_with_answer(talk=talk, text="Нет", actor=None)
        for act in (talks.answer, talks.write, talks.close_with_answer):
            with pytest.raises(talks.Overtaken):
                act(talk=talk, text="Ещё", actor=None)
        assert TalkEntry.objects.count() == 1

    def test_an_agreement_withdrawn_before_it_begins_opens_it_again(self, partner: Partner) -> None:
        talk = make_talk(partner)
        made = make_overlay(partner, starts=in_days(5))
        talks.end_in_agreement(talk=talk, overlay=made, actor=None)
        overlays.withdraw(overlay=made, reason="Ошибка", actor=None)
        talk.refresh_from_db()
        assert (talk.state, talk.overlay, talk.closed_at) == (State.OPEN, None, None)
        assert "talk_reopened" in kinds()

    def test_but_not_beside_another_one_that_goes_on(self, partner: Partner) -> None:
        talk = make_talk(partner)
        made = make_overlay(partner, starts=in_days(5))
        talks.end_in_agreement(talk=talk, overlay=made, actor=None)
        make_talk(partner, notice=talk.notice)
        with pytest.raises(ValidationError):
            overlays.withdraw(overlay=made, reason="Ошибка", actor=None)
        assert Overlay.objects.filter(pk=made.pk).exists()

    def test_audit_rows_hold_no_words_of_either_side(self, partner: Partner) -> None:
        talk = make_talk(partner, text="Секретные слова")
        talks.answer(talk=talk, text="Секретные слова", actor=None)
        rows = ModelLogEntry.objects.filter(action__startswith="partner_directory.talk.")
        assert rows.count() == 2
        assert not any("Секретные" in str(row.data) for row in rows)


class TestBeginning:
    def test_refuses_no_clause_an_unknown_one_no_words_and_a_second_talk(self, partner: Partner) -> None:
        notice = notice_of(partner)

        def begin(*clauses: str, text: str = "Мало") -> Any:
            return lambda: talks.begin(notice=notice, clauses=clauses, text=text, actor=None)

        assert refusal(begin()) == "clauses"
        assert refusal(begin("R999")) == "clauses"
        assert refusal(begin("R25", text="  ")) == "text"
        assert not Talk.objects.exists()
        begin("R25", "R31", "R25")()
        assert Talk.objects.get().codes == ["R25", "R31"]
        assert refusal(begin("R25")) == ""

    def test_refuses_an_edition_that_was_withdrawn(self, partner: Partner) -> None:
        notice = notice_of(partner)
        withdraw(notice.release.edition)
        withdrawn = EditionNotice.objects.get(pk=notice.pk)
        assert refusal(lambda: talks.begin(notice=withdrawn, clauses=["R25"], text="Мало", actor=None)) == ""

    def test_by_the_form_with_ticked_and_written_clauses(self, partner: Partner) -> None:
        client, notice = client_of(make_member(partner)), notice_of(partner)
        address = f"/portal/terms/{notice.pk}/disagree/"
        assert client.get(address).status_code == 200
        number = talks.clauses_of(notice)["R31"]
        response = client.post(address, {"clauses": ["R25"], "others": f"{number}, r46", "text": "Порог высок"})
        talk = Talk.objects.get()
        assert response["Location"] == f"/portal/terms/talks/{talk.pk}/"
        assert talk.codes == ["R25", "R31", "R46"]
        assert "Порог высок" in client.get(response["Location"]).content.decode()

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"text": "Мало"}, "clauses"),
            ({"clauses": ["R25"], "text": " "}, "text"),
            ({"clauses": ["R25\x00"], "text": "Мало"}, "clauses"),
            ({"others": "R999", "text": "Мало"}, "others"),
            ({"clauses": ["R25"], "text": "о" * 5000}, "text"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, partner: Partner, sent: Any, field: str) -> None:
        client, notice = client_of(make_member(partner)), notice_of(partner)
        response = client.post(f"/portal/terms/{notice.pk}/disagree/", sent)
        assert response.status_code == 200
        assert set(response.context_data["form"].errors) == {field}
        assert not Talk.objects.exists()


class TestWho:
    def test_staff_read_and_owners_speak(self, partner: Partner) -> None:
        talk = make_talk(partner)
        staff, owner = make_member(partner, role=Role.STAFF), make_member(partner)
        talk_address, notice_address = f"/portal/terms/talks/{talk.pk}/", f"/portal/terms/{talk.notice_id}/"
        assert client_of(staff).get(talk_address).status_code == 200
        assert client_of(staff).get(notice_address).status_code == 200
        assert client_of(staff).post(f"{notice_address}disagree/", {}).status_code == 403
        client_of(staff).post(talk_address, {"text": "Я тоже против"})
        assert TalkEntry.objects.count() == 1
        client_of(owner).post(talk_address, {"text": "Ждём"})
        assert TalkEntry.objects.count() == 2

    def test_another_companys_talk_is_not_there(self, partner: Partner) -> None:
        talk = make_talk(partner)
        stranger = client_of(make_member(make_partner(level="competency")))
        assert stranger.get(f"/portal/terms/talks/{talk.pk}/").status_code == 404

    def test_the_home_page_says_that_an_answer_waits(self, partner: Partner) -> None:
        client, talk = client_of(make_member(partner)), make_talk(partner)
        talks.answer(talk=talk, text="Почему?", actor=None)
        assert "Прочитать ответ" in client.get("/portal/").content.decode()


class TestTheDatabase:
    @pytest.mark.parametrize(
        "values",
        [
            {"state": "closed", "answer": ""},
            {"state": "agreed"},
            {"state": "closed", "answer": "Нет", "closed_at": None},
            {"state": "open", "answer": "Нет"},
        ],
    )
    def test_refuses_what_is_half_recorded(self, partner: Partner, values: dict[str, Any]) -> None:
        talk = make_talk(partner)
        given = {"closed_at": talk.opened_at} if values["state"] != "open" else {}
        with pytest.raises(IntegrityError), transaction.atomic():
            Talk.objects.filter(pk=talk.pk).update(**given | values)


class TestPersonalData:
    def test_what_a_person_has_said_is_in_their_export(self, partner: Partner) -> None:
        seat = make_member(partner)
        make_talk(partner, text="Мои слова", actor=seat.user)
        found = everything_about(seat.user)
        assert [row["text"] for row in found["talks"]] == ["Мои слова"]
        assert "разговор об условиях" in {row["record"] for row in found["named_in"]}

    def test_the_companys_words_stay_in_the_name_of_nobody(self, partner: Partner) -> None:
        make_member(partner)
        seat = make_member(partner, first_name="Анна")
        talk = make_talk(partner, text="Слова компании", actor=seat.user)
        client_of(seat).get(f"/portal/terms/{talk.notice_id}/")
        people.erase(user=seat.user, actor=seat.user)
        entry, notice = TalkEntry.objects.get(), EditionNotice.objects.get()
        assert entry.text == "Слова компании"
        assert entry.author is not None
        assert notice.read_by is not None
        assert "Анна" not in f"{entry.author} {notice.read_by}"
        assert "erased" in entry.author.email
