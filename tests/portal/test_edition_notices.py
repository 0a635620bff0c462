"""R83: every active partner is told, once, what an edition changes for it; R47, R82: by its own terms; no gate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from partner_directory import outbox
from partner_directory.actions import bonuses, edition_notices, memberships
from partner_directory.models import EditionNotice, EditionRelease, Membership, Message, Partner, Sale
from partner_directory.models.message import Delivery
from partner_directory.news import content as contents
from partner_directory.news import making, words
from partner_directory.year import turn
from program_pages.models import Level, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.rules.overlay import Change
from tests.factories.bonuses import make_implementation, make_overlay, make_participation, make_sale
from tests.factories.editions import draft_edition
from tests.factories.news import NEW_DISCOUNT, announced, coming_edition, in_days, notice_of, withdraw
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

NEW = Decimal(NEW_DISCOUNT)
OLD = Decimal(20)  # the shipped edition's, at the competency level


@pytest.fixture(autouse=True)
def _in_a_summer_to_come() -> Any:
    """The database, which seals editions by its own clock, takes every day of then for one to come."""
    with time_machine.travel("2031-06-15T12:00:00+03:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def _letters_stay_in_the_outbox(settings: Any) -> None:
    settings.JOBS_RUN = "worker"


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency")


def more_reviews(data: dict[str, Any]) -> None:
    """The edition asks for reviews of more implementations."""
    for row in data["requirements"]:
        if row["kind"] == "reviews_share":
            row["threshold"] = "60"


def numbers(notice: EditionNotice) -> dict[str, tuple[Any, Any]]:
    return {each.key: (each.before, each.after) for each in notice.news.differences}


def kinds(partner: Partner) -> list[str]:
    return list(Message.objects.filter(partner=partner).order_by("pk").values_list("kind", flat=True))


class TestWhoIsTold:
    @pytest.mark.parametrize(
        ("state", "is_told"),
        [("active", True), ("suspended", False), ("ended", False), ("lapsed", False), ("upcoming", False)],
    )
    def test_whoever_holds_a_level_on_that_day(self, state: str, is_told: bool) -> None:
        partner = make_partner(level="competency", state=state)
        announced()
        assert EditionNotice.objects.filter(partner=partner).exists() is is_told
        assert ("edition_announced" in kinds(partner)) is is_told

    def test_each_person_of_the_company_by_one_letter(self, partner: Partner) -> None:
        people = {make_member(partner).user, make_member(partner).user}
        notice = notice_of(partner)
        letters = Message.objects.filter(key=notice.key)
        assert {letter.user for letter in letters} == people
        assert {letter.delivery for letter in letters} == {Delivery.WAITING}

    def test_once_however_often_it_runs(self, partner: Partner) -> None:
        edition = announced()
        assert edition_notices.announce(edition=edition, actor=None) == 0
        assert edition_notices.announce_due() == 0
        assert kinds(partner) == ["edition_announced"]
        assert ModelLogEntry.objects.filter(action=edition_notices.ANNOUNCED).count() == 1

    def test_one_that_joins_before_its_first_day_at_the_turn_of_the_day(self) -> None:
        announced()
        late = make_partner(level="competency")
        assert _announce_step(programme_day()) == 1
        assert kinds(late) == ["edition_announced"]

    def test_not_one_that_joins_after_it(self) -> None:
        announced()
        with time_machine.travel("2031-07-01T12:00:00+03:00", tick=False):
            late = make_partner(level="competency")
            assert _announce_step(programme_day()) == 0
        assert kinds(late) == []

    def test_a_partner_for_whom_nothing_changes_shortly(self) -> None:
        retail = make_partner(level="retail")
        notice = notice_of(retail)
        assert not notice.touches
        assert kinds(retail) == ["edition_announced_same"]

    def test_publishing_waits_for_nobody_and_has_them_told_after_the_commit(
        self, partner: Partner, settings: Any, django_capture_on_commit_callbacks: Any, monkeypatch: Any
    ) -> None:
        settings.JOBS_RUN = "inline"
        monkeypatch.setattr(outbox, "wake", lambda: None)
        with django_capture_on_commit_callbacks(execute=True):
            edition = coming_edition()
            assert kinds(partner) == []
        assert kinds(partner) == ["edition_announced"]
        assert EditionRelease.objects.get(edition=edition).told_at

    def test_a_draft_and_the_programmes_first_edition_are_no_news(self) -> None:
        draft_edition(effective_from=in_days(10))
        first = TermsEdition.objects.published().get()
        with time_machine.travel(f"{first.effective_from}T12:00:00+03:00", tick=False):
            assert edition_notices.release(edition=first, revision=1, actor=None) is None
        assert not EditionRelease.objects.exists()

    def test_an_edition_of_today_is_news_at_once(self, partner: Partner) -> None:
        announced(effective_from=programme_day())
        assert kinds(partner) == ["edition_announced"]


def _announce_step(day: date) -> int:
    step = next(step for step in turn.STEPS if step.name == "announce")
    return step.run(day)


class TestTheDifference:
    def test_names_what_changes_at_the_partners_level(self, partner: Partner) -> None:
        assert numbers(notice_of(partner)) == {"discount": (OLD, NEW)}

    def test_requirements_and_clauses_too(self, partner: Partner) -> None:
        edition = announced(change=more_reviews)
        found = notice_of(partner, edition).news
        assert {each.key for each in found.differences} == {"discount", "client_reviews"}
        assert "R25" in {each.code for each in found.clauses}  # its words hold the discount

    def test_of_two_editions_in_one_year_each_is_compared_with_the_one_before_it(self, partner: Partner) -> None:
        second = announced(effective_from=in_days(10))
        third = announced(effective_from=in_days(90), discounts={"competency": "23"})
        assert numbers(notice_of(partner, second)) == {"discount": (OLD, NEW)}
        assert numbers(notice_of(partner, third)) == {"discount": (NEW, Decimal(23))}
        assert kinds(partner) == ["edition_announced"] * 2

    def test_a_level_that_the_edition_lacks_is_said_to_be_gone(self, partner: Partner) -> None:
        def gone(data: dict[str, Any]) -> None:
            data["level_terms"] = [row for row in data["level_terms"] if row["level"] != "competency"]

        notice = notice_of(partner)
        editions = making.editions_of(notice.release.edition)
        assert editions is not None
        less = making.Editions(editions.before, _without_level(editions.after, "competency"))
        rows = making.with_last_calculations(Membership.objects.filter(partner=partner)).select_related("level")
        ((_row, found),) = making.contents_of(list(rows), less, programme_day())
        assert found.level_is_gone
        assert found.touches

    def test_is_kept_as_it_was_told(self, partner: Partner) -> None:
        make_sale(partner)
        make_overlay(partner, until=in_days(40))
        bonuses.ask(membership=_with_bonus(partner), actor=None)
        notice = EditionNotice.objects.get(pk=notice_of(partner).pk)
        assert contents.read(notice.content).as_json() == notice.content
        assert "20" not in str(type(notice.content["sale"]["margin_before"]))
        assert isinstance(notice.content["sale"]["margin_before"], str)


def _without_level(terms: Any, slug: str) -> Any:
    from dataclasses import replace

    return replace(terms, levels=tuple(level for level in terms.levels if level.slug != slug))


class TestWhatWasAgreed:
    def test_r82_a_number_that_an_agreement_fixes_does_not_change_while_it_lasts(self, partner: Partner) -> None:
        last = in_days(60)
        make_overlay(partner, until=last)  # the discount is 22.5 whatever the edition says
        found = notice_of(partner).news
        assert found.differences == ()
        (fixed,) = found.fixed
        assert (fixed.programme.before, fixed.programme.after, fixed.own, fixed.until) == (
            OLD,
            NEW,
            Decimal("22.5"),
            last,
        )
        assert found.touches

    def test_and_the_page_says_until_when(self, partner: Partner) -> None:
        seat = make_member(partner)
        make_overlay(partner, number="7", until=date(2031, 8, 14))
        page = client_of(seat).get(f"/portal/terms/{notice_of(partner).pk}/").content.decode()
        assert "Дополнительное соглашение 7" in page
        assert "14\xa0августа 2031" in page
        assert "22,5" in page

    def test_one_that_ends_before_the_first_day_fixes_nothing_and_is_named(self, partner: Partner) -> None:
        make_overlay(partner, until=in_days(9))
        found = notice_of(partner).news
        assert found.fixed == ()
        assert [(each.holds, each.until) for each in found.agreed] == [(False, in_days(9))]
        assert numbers(notice_of(partner, TermsEdition.objects.latest("effective_from"))) == {"discount": (OLD, NEW)}

    def test_one_of_another_number_changes_nothing_of_this_one(self, partner: Partner) -> None:
        make_overlay(partner, Change("ceiling", Decimal(50)))
        found = notice_of(partner).news
        assert {each.key for each in found.differences} == {"discount"}
        assert found.fixed == ()

    def test_is_this_partners_alone(self, partner: Partner) -> None:
        other = make_partner(level="competency")
        make_overlay(partner)
        edition = announced()
        assert notice_of(partner, edition).news.fixed
        assert not notice_of(other, edition).news.fixed


def _with_bonus(partner: Partner) -> Membership:
    """Reviews of all implementations, and an event: 5 and 1 points at the shipped edition."""
    make_implementation(partner, reviewed=True)
    make_participation(partner)
    return partner.memberships.get()


class TestTheLastCalculation:
    def test_of_a_sale_is_redone_line_by_line_in_roubles(self, partner: Partner) -> None:
        make_sale(partner, list_total=Decimal(200_000), sold_on=programme_day() - timedelta(days=3))
        make_sale(partner, list_total=Decimal(100_000), client_discount=Decimal(15))
        sale = notice_of(partner).news.sale
        assert sale is not None
        lines = {
            line.key: (line.before and line.before.amount, line.after and line.after.amount) for line in sale.lines
        }
        assert lines["licences"] == (Decimal(68_000), Decimal("66725.00"))  # 85 000 less 20 %, less 21.5 %
        assert lines["updates"] == (Decimal(17_000), Decimal(17_000))
        assert (sale.margin_before, sale.margin_after) == (Decimal(17_000), Decimal("18275.00"))

    def test_of_a_sale_respects_what_was_agreed(self, partner: Partner) -> None:
        make_overlay(partner)
        make_sale(partner, list_total=Decimal(100_000))
        sale = notice_of(partner).news.sale
        assert sale is not None
        assert (sale.margin_before, sale.margin_after) == (Decimal(22_500), Decimal(22_500))
        assert not any(line.is_changed for line in sale.lines)

    def test_of_a_refused_sale_or_one_of_another_partner_is_none(self, partner: Partner) -> None:
        make_sale(make_partner(level="competency"))
        assert notice_of(partner).news.sale is None

    def test_of_bonuses_is_redone_from_the_facts_that_the_request_kept(self, partner: Partner) -> None:
        asked = bonuses.ask(membership=_with_bonus(partner), actor=None)
        make_participation(partner, "hosted")  # since then: no part of what was asked

        def more(data: dict[str, Any]) -> None:
            for row in data["bonuses"]:
                if row["measure"] == "reviews_share":
                    row["points"]["competency"] = "7"

        make_sale(partner, list_total=Decimal(100_000))
        bonus = notice_of(partner, announced(change=more)).news.bonus
        assert bonus is not None
        assert (bonus.request, bonus.before, bonus.after) == (asked.pk, Decimal(6), Decimal(8))
        assert (bonus.worth_before, bonus.worth_after) == (Decimal(6_000), Decimal(8_000))
        asked.refresh_from_db()
        assert asked.computed == 6  # what was reckoned stays

    def test_of_one_partner_that_cannot_be_reckoned_keeps_nothing_from_the_others(
        self, partner: Partner, monkeypatch: Any
    ) -> None:
        broken = make_partner(level="competency")
        make_sale(broken)
        make_sale(partner)
        redone = making._redone_sale

        def breaking(sale: Any, *args: Any) -> Any:
            if sale.partner_id == broken.pk:
                raise RuntimeError("broken")
            return redone(sale, *args)

        monkeypatch.setattr(making, "_redone_sale", breaking)
        edition = coming_edition()
        with pytest.raises(edition_notices.Incomplete):
            edition_notices.announce(edition=edition, actor=None)
        assert "edition_announced" in kinds(partner)
        assert "edition_announced" not in kinds(broken)
        monkeypatch.undo()
        assert edition_notices.announce_due() == 1
        assert EditionRelease.objects.get(edition=edition).told_at


class TestTheLetter:
    def test_says_the_day_the_changes_and_the_roubles_in_both_languages(self, partner: Partner) -> None:
        make_member(partner, language="en")
        make_member(partner, language="ru")
        make_sale(partner, client="Ромашка", list_total=Decimal(100_000))
        notice = notice_of(partner)
        texts = {letter.language: letter.text for letter in Message.objects.filter(key=notice.key)}
        assert "Скидка на лицензии: 20\xa0% → 21,5\xa0%" in texts["ru"]
        assert "25\xa0июня 2031" in texts["ru"]
        assert "21\xa0500\xa0₽ вместо 20\xa0000\xa0₽" in texts["ru"]
        assert "20% → 21.5%" in texts["en"]
        assert "₽21,500" in texts["en"]
        assert f"/portal/terms/{notice.pk}/" in texts["ru"]

    def test_says_what_an_agreement_keeps(self, partner: Partner) -> None:
        make_overlay(partner, until=date(2031, 12, 31))
        notice = notice_of(partner)
        assert "остаётся 22,5\xa0% (по 31\xa0декабря 2031\xa0г.)" in Message.objects.get(key=notice.key).text

    def test_names_a_few_changes_and_how_many_more_there_are(self) -> None:
        found = contents.Content(
            compared=1,
            compared_name=contents.Text("Прежняя"),
            differences=tuple(
                contents.Difference(contents.Part.NUMBERS, key, contents.Unit.PERCENT, Decimal(1), Decimal(2))
                for key in ("discount", "ceiling", "own_use_cap", "updates_percent", "updates_share", "support_percent")
            ),
        )
        with override("ru"):
            lines = words.letter_changes(found).ru.splitlines()
        assert len(lines) == words.IN_A_LETTER + 1
        assert lines[-1] == "… и ещё 1 изменение"

    def test_is_never_without_a_change_to_name(self) -> None:
        found = contents.Content(compared=1, compared_name=contents.Text("Прежняя"), other_rules=True)
        assert found.touches
        assert words.letter_changes(found) == contents.Text(
            "— меняются общие правила расчёта", "— general rules of calculation change"
        )


class TestAWithdrawal:
    def test_before_the_letters_leave_drops_them_and_tells_nobody(self, partner: Partner) -> None:
        edition = announced()
        withdraw(edition)
        assert edition_notices.announce_due() == 0
        assert kinds(partner) == []
        assert EditionNotice.objects.get().taken_back_at

    def test_after_a_letter_has_left_is_told_once(self, partner: Partner) -> None:
        edition = announced()
        Message.objects.update(sent_at=timezone.now())
        withdraw(edition)
        assert edition_notices.announce_due() == 1
        assert edition_notices.announce_due() == 0
        assert kinds(partner) == ["edition_announced", "edition_withdrawn"]

    def test_is_told_to_whoever_has_opened_the_notice(self, partner: Partner) -> None:
        seat, edition = make_member(partner), announced()
        client_of(seat).get(f"/portal/terms/{notice_of(partner, edition).pk}/")
        withdraw(edition)
        edition_notices.announce_due()
        assert kinds(partner)[-1] == "edition_withdrawn"

    def test_lets_no_further_letter_leave_even_before_it_is_told_of(self, partner: Partner, mailoutbox: Any) -> None:
        edition = announced()
        withdraw(edition)
        message = Message.objects.get(partner=partner)
        assert outbox._attempt(message) is outbox.Outcome.MOOT
        assert not Message.objects.exists()
        assert mailoutbox == []

    def test_in_the_middle_of_the_telling_ends_it(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(edition_notices, "CHUNK", 1)
        partners = [make_partner(level="competency") for _each in range(3)]
        edition = coming_edition()
        tell = edition_notices._tell

        def and_withdraw(*args: Any) -> int:
            told = tell(*args)
            EditionRelease.objects.update(withdrawn_at=timezone.now())
            return told

        monkeypatch.setattr(edition_notices, "_tell", and_withdraw)
        assert edition_notices.announce(edition=edition, actor=None) == 1
        assert EditionNotice.objects.count() == 1
        assert EditionRelease.objects.get().told_at is None
        assert len(partners) == 3

    def test_of_one_edition_leaves_the_other_alone(self, partner: Partner) -> None:
        second = announced(effective_from=in_days(10))
        third = announced(effective_from=in_days(90), discounts={"competency": "23"})
        Message.objects.update(sent_at=timezone.now())
        withdraw(second)
        edition_notices.announce_due()
        assert kinds(partner) == ["edition_announced", "edition_announced", "edition_withdrawn"]
        assert not notice_of(partner, third).is_withdrawn

    def test_and_published_again_it_is_news_again(self, partner: Partner) -> None:
        edition, actor = announced(), make_user()
        Message.objects.update(sent_at=timezone.now())
        withdraw(edition)
        edition_notices.announce_due()
        edition.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
        assert edition_notices.announce_due() == 1
        assert kinds(partner) == ["edition_announced", "edition_withdrawn", "edition_announced"]


class TestPublishedAnew:
    def test_saying_the_same_to_a_partner_it_is_no_news(self, partner: Partner) -> None:
        edition, actor = announced(), make_user()
        before = notice_of(partner, edition)
        edition.introduction_ru = "Другое вступление"
        edition.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
        assert edition_notices.announce_due() == 0
        after = notice_of(partner, edition)
        assert (after.pk, after.release_id) == (before.pk, before.release_id + 1)
        assert kinds(partner) == ["edition_announced"]

    def test_saying_another_number_the_letter_that_waits_is_replaced(self, partner: Partner) -> None:
        edition, actor = announced(), make_user()
        rows = list(edition.level_terms.all())
        next(row for row in rows if row.level.slug == "competency").discount = Decimal(23)
        edition.level_terms = rows
        with time_machine.travel("2031-06-15T12:01:00+03:00", tick=False):
            edition.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
            assert edition_notices.announce_due() == 1
        assert numbers(notice_of(partner, edition)) == {"discount": (OLD, Decimal(23))}
        (letter,) = Message.objects.filter(partner=partner)
        assert "23\xa0%" in letter.text


class TestReading:
    def test_is_recorded_once_by_whom_and_is_no_gate(self, partner: Partner) -> None:
        first, second = make_member(partner), make_member(partner)
        notice = notice_of(partner)
        assert client_of(first).get("/portal/").status_code == 200
        client_of(first).get(f"/portal/terms/{notice.pk}/")
        with time_machine.travel("2031-06-16T12:00:00+03:00", tick=False):
            client_of(second).get(f"/portal/terms/{notice.pk}/")
        notice.refresh_from_db()
        assert notice.read_by == first.user
        assert notice.read_at is not None
        assert notice.read_at.day == 15
        assert Message.objects.get(key=notice.key, user=first.user).read_at

    def test_the_list_says_what_is_unread_and_the_navigation_counts_it(self, partner: Partner) -> None:
        client, notice = client_of(make_member(partner)), notice_of(partner)
        assert "не прочитано" in client.get("/portal/terms/").content.decode()
        client.get(f"/portal/terms/{notice.pk}/")
        page = client.get("/portal/terms/").content.decode()
        assert "не прочитано" not in page
        assert "Новые условия" in page

    def test_the_home_page_says_so_while_one_is_unread_or_to_come(self, partner: Partner) -> None:
        client = client_of(make_member(partner))
        assert "Что меняется для вас" not in client.get("/portal/").content.decode()
        notice = notice_of(partner)
        assert "Что меняется для вас" in client.get("/portal/").content.decode()
        client.get(f"/portal/terms/{notice.pk}/")
        assert "Что меняется для вас" in client.get("/portal/").content.decode()
        with time_machine.travel("2031-06-26T12:00:00+03:00", tick=False):
            assert "Что меняется для вас" not in client.get("/portal/").content.decode()

    def test_another_companys_notice_is_not_there(self, partner: Partner) -> None:
        stranger = client_of(make_member(make_partner(level="competency")))
        address = f"/portal/terms/{notice_of(partner).pk}/"
        assert [stranger.get(address).status_code, stranger.get(f"{address}disagree/").status_code] == [404, 404]
        assert EditionNotice.objects.get(partner=partner).read_at is None

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_a_notice_with_everything_reads_in_both_languages(self, partner: Partner, prefix: str) -> None:
        make_sale(partner)
        make_overlay(partner, Change("ceiling", Decimal(45)), until=in_days(40))
        bonuses.ask(membership=_with_bonus(partner), actor=None)
        client, notice = (
            client_of(make_member(partner)),
            notice_of(partner, announced(ceiling="42", change=more_reviews)),
        )
        response = client.get(f"{prefix}/portal/terms/{notice.pk}/")
        page = response.content.decode()
        assert response.status_code == 200
        assert f'href="{prefix}/terms/changes/"' in page
        assert ("Licence" in page) is bool(prefix)

    def test_an_edition_put_in_between_is_said_on_the_later_ones_page(self, partner: Partner) -> None:
        later = announced(effective_from=in_days(90), discounts={"competency": "23"})
        client, address = client_of(make_member(partner)), f"/portal/terms/{notice_of(partner, later).pk}/"
        assert "Порядок редакций изменился" not in client.get(address).content.decode()
        announced(effective_from=in_days(10))
        assert "Порядок редакций изменился" in client.get(address).content.decode()


class TestTheDatabase:
    def test_holds_one_notice_of_a_release_partner_and_level(self, partner: Partner) -> None:
        notice = notice_of(partner)
        notice.pk, notice.key = None, "another"
        with pytest.raises(IntegrityError), transaction.atomic():
            notice.save()

    def test_holds_one_release_of_an_edition(self) -> None:
        held = EditionRelease.objects.get(edition=coming_edition())
        held.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            held.save()


def many_partners(count: int) -> None:
    """Partners at the competency level, each with an agreement's place and a sale to be reckoned anew."""
    first, level, edition = Partner.objects.count(), Level.objects.get(slug="competency"), TermsEdition.objects.first()
    companies = Partner.objects.bulk_create(
        Partner(name_ru=f"Компания {first + n}", slug=f"company-{first + n}", email=f"company{first + n}@example.org")
        for n in range(count)
    )
    year = programme_day().year
    days = {"year": year, "starts": date(year, 1, 1), "until": date(year, 12, 31)}
    Membership.objects.bulk_create(
        Membership(partner=each, level=level, product_line_id=level.product_line_id, edition=edition, **days)
        for each in companies
    )
    Sale.objects.bulk_create(
        Sale(partner=each, client="Клиент", sold_on=programme_day(), licences=1, list_total=Decimal(1000))
        for each in companies
    )


def test_a_chunk_asks_as_often_for_fifty_partners_as_for_ten() -> None:
    """SQLite takes no more in one statement: a longer chunk is split there, and nowhere else."""

    def asked(day: date) -> int:
        edition = coming_edition(effective_from=day)
        with CaptureQueriesContext(connection) as queries:
            edition_notices.announce(edition=edition, actor=None)
        assert EditionNotice.objects.filter(release__edition=edition).count() == Membership.objects.count()
        return len(queries)

    many_partners(10)
    asked(in_days(10))  # what a process keeps of editions is read once
    few = asked(in_days(20))
    many_partners(40)
    assert asked(in_days(30)) == few


def test_the_pages_ask_as_often_for_a_thousand_partners_as_for_ten(partner: Partner) -> None:
    client = client_of(make_member(partner))
    addresses: list[Callable[[], str]] = [
        lambda: "/portal/terms/",
        lambda: f"/portal/terms/{EditionNotice.objects.filter(partner=partner).latest('pk').pk}/",
    ]

    def asked() -> list[int]:
        found = []
        for address in addresses:
            client.get(address())
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address()).status_code == 200
            found.append(len(queries))
        return found

    many_partners(10)
    announced()
    few = asked()
    many_partners(990)
    announced(effective_from=in_days(20), discounts={"competency": "23"})
    assert asked() == few


def test_a_membership_that_is_granted_anew_at_the_same_level_is_not_told_twice(partner: Partner) -> None:
    with time_machine.travel("2031-11-10T12:00:00+03:00", tick=False):
        edition = announced(effective_from=date(2032, 2, 1))
        memberships.renew(membership=partner.memberships.get(), actor=None)
    with time_machine.travel("2032-01-10T12:00:00+03:00", tick=False):
        assert edition_notices.announce(edition=edition, actor=None) == 0


def test_another_level_is_told_anew(partner: Partner) -> None:
    edition = announced(discounts={"competency": NEW_DISCOUNT, "saas": "26"})
    make_membership(make_partner(level=None), level="saas")
    memberships.change_level(
        membership=partner.memberships.get(), level=Level.objects.get(slug="saas"), actor=None, reason="Так решили"
    )
    edition_notices.announce(edition=edition, actor=None)
    assert set(EditionNotice.objects.filter(partner=partner).values_list("level__slug", flat=True)) == {
        "competency", "saas",
    }  # fmt: skip
