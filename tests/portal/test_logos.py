"""Logos: the gate of R5 asked at the moment, the page that says why, and the one door by which a kit leaves."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from partner_directory.actions import kits as actions
from partner_directory.actions import memberships
from partner_directory.badges import files, gate, kept, kits
from partner_directory.badges.marks import approved_versions
from partner_directory.models import Membership, Partner
from partner_directory.models.badge import Badge, KitDownload
from partner_directory.models.mark import MarkVersion
from partner_directory.models.people import Role
from partner_directory.portal.logos.links import kit_url
from program_pages.models import Level
from tests.factories.badges import make_badge
from tests.factories.marks import make_version
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.records import make_activity, make_check, make_implementation, make_review, make_specialist

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel("2026-11-24T12:00:00+03:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def _few_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the files look like, others test."""
    monkeypatch.setattr(files, "PNG_WIDTHS", (64,))
    monkeypatch.setattr(files, "WEBP_WIDTHS", ())
    monkeypatch.setattr(files, "FORMAT", "test")


def meet(partner: Partner) -> None:
    """Every requirement of the Competency level."""
    for _ in range(2):
        make_specialist(partner)
    make_activity(partner)
    make_review(make_implementation(partner))
    make_check(partner)


def partner_with_badge(level: str = "retail", *, met: bool = True, **fields: Any) -> Partner:
    partner = make_partner(level=level, **fields)
    if met and level != "retail":
        meet(partner)
    make_badge(partner)
    return partner


def access(partner: Partner, level: str | None = None) -> gate.Access:
    """How a level's mark, or the programme's, stands before the partner today."""
    wanted = next(each for each in approved_versions() if (each.mark.level and each.mark.level.slug) == level)
    return gate.access_to(partner, [wanted], TODAY)[0]


def page(client: Client, language: str = "") -> BeautifulSoup:
    response = client.get(f"{language}/portal/logos/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def links(client: Client) -> list[str]:
    return [str(link["href"]) for link in page(client).select("a[download]")]


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestGate:
    def test_whoever_has_joined_a_level_without_requirements_may_take_both_marks(self) -> None:
        """R9, R23."""
        partner = partner_with_badge("retail")
        for level in (None, "retail"):
            found = access(partner, level)
            assert found.is_open
            assert found.until == date(2026, 12, 31)
            assert found.badge == Badge.objects.get(partner=partner)

    def test_joined_but_a_requirement_missing(self) -> None:
        partner = partner_with_badge("competency", met=False)
        for level in (None, "competency"):
            found = access(partner, level)
            assert found.why is gate.Why.MISSING
            assert len(found.missing) == 3  # with no implementations reviews are not asked for (A6)

    def test_each_requirement_alone_shuts_it(self) -> None:
        partner = partner_with_badge("competency")
        assert access(partner, "competency").is_open
        make_check(partner, found=False)
        found = access(partner, "competency")
        assert [item.requirement.kind.value for item in found.missing] == ["announcement"]

    def test_requirements_met_but_not_joined(self) -> None:
        partner = make_partner(level=None)
        meet(partner)
        assert access(partner).why is gate.Why.NOT_JOINED
        assert access(partner, "competency").why is gate.Why.NOT_JOINED

    def test_a_level_s_mark_is_for_that_level_alone(self) -> None:
        """R9."""
        partner = partner_with_badge("competency")
        assert access(partner).is_open
        assert access(partner, "competency").is_open
        assert access(partner, "saas").why is gate.Why.OTHER_LEVEL
        assert access(partner, "retail").why is gate.Why.OTHER_LEVEL

    @pytest.mark.parametrize(
        ("state", "why"),
        [
            ("suspended", gate.Why.SUSPENDED),
            ("lapsed", gate.Why.LAPSED),
            ("ended", gate.Why.ENDED),
            ("upcoming", gate.Why.UPCOMING),
        ],
        ids=["suspended", "lapsed", "ended", "upcoming"],
    )
    def test_a_membership_that_is_not_in_force(self, state: str, why: gate.Why) -> None:
        partner = partner_with_badge("retail", state=state)
        assert access(partner).why is why
        assert access(partner, "retail").why is why
        assert access(partner, "competency").why is why

    def test_a_code_that_was_taken_back_or_never_issued(self) -> None:
        partner = partner_with_badge("retail")
        Badge.objects.filter(partner=partner).update(revoked_at="2026-11-20T00:00:00Z", reason="Ошибка")
        assert access(partner).why is gate.Why.NO_BADGE
        assert access(make_partner(level="retail")).why is gate.Why.NO_BADGE

    def test_it_asks_as_many_questions_whatever_the_number_of_marks_and_partners(self) -> None:
        partner = partner_with_badge("competency")
        versions = approved_versions()

        def queries(of: list[MarkVersion]) -> int:
            with CaptureQueriesContext(connection) as found:
                gate.access_to(partner, of, TODAY)
            return len(found)

        queries(versions)
        few = queries(versions[:1])
        for _ in range(10):
            partner_with_badge("competency")
        assert queries(versions) == few


class TestPage:
    @pytest.mark.parametrize("language", ["", "/en"])
    def test_it_offers_what_may_be_taken_and_says_why_not_the_rest(self, language: str) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        found = page(client, language)
        assert len(found.select(".portal-logo")) == 4
        assert len(found.select("a[download]")) == 2
        said = found.get_text(" ")
        assert ("Этот знак — для партнёров другого уровня" if not language else "partners of another level") in said
        assert ("31 декабря 2026" if not language else "31 December 2026") in said.replace("\xa0", " ")

    def test_it_names_each_requirement_that_is_missing_and_where_to_mend_it(self) -> None:
        client = client_of(make_member(partner_with_badge("competency", met=False)))
        found = page(client)
        assert not found.select("a[download]")
        targets = {str(link["href"]) for link in found.select(".portal-logo__gaps a")}
        assert targets == {"/portal/specialists/", "/portal/activities/", "/portal/announcement/"}
        assert found.select_one('.portal-logo a[href="/portal/standing/"]')

    def test_whoever_has_not_joined_is_led_there(self) -> None:
        found = page(client_of(make_member(make_partner(level=None))))
        assert found.select_one('.portal-logo a[href="/portal/joining/"]')

    def test_each_mark_is_seen_on_light_and_on_dark(self) -> None:
        found = page(client_of(make_member(partner_with_badge("retail"))))
        for mark in found.select(".portal-logo"):
            assert len(mark.select("img[alt]")) == 2
            assert len(mark.select(".portal-logo__ground--dark")) == 1

    def test_the_rules_stand_beside_the_files(self) -> None:
        """R7: as the edition says them."""
        said = page(client_of(make_member(partner_with_badge("retail")))).get_text(" ")
        assert "без изменения цветов" in said or "R6" in said

    def test_where_no_pdf_can_be_made_the_page_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from partner_directory.portal.logos import views

        client = client_of(make_member(partner_with_badge("retail")))
        assert "PDF в комплект сейчас не войдёт" not in page(client).get_text(" ") or not views.prepare_pdf()
        monkeypatch.setattr(views, "prepare_pdf", lambda: False)
        assert "PDF в комплект сейчас не войдёт" in page(client).get_text(" ")

    def test_it_asks_as_many_questions_whatever_there_is(self) -> None:
        partner = partner_with_badge("retail")
        client = client_of(make_member(partner))

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                page(client)
            return len(found)

        queries()
        few = queries()
        for _ in range(10):
            other = partner_with_badge("retail")
            KitDownload.objects.create(
                partner=other, badge=other.badges.get(), version=approved_versions()[0], sha256="0" * 64
            )
        assert queries() == few


class TestDoor:
    def test_the_kit_leaves_with_its_record_and_audit_row(self) -> None:
        partner = partner_with_badge("retail")
        seat = make_member(partner)
        client = client_of(seat)
        response = client.get(links(client)[0])
        taken = content(response)
        assert response["Content-Type"] == "application/zip"
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert response["X-Content-Type-Options"] == "nosniff"
        code = partner.badges.get().code
        assert f"programme-{code[:5]}-{code[5:]}.zip" in response["Content-Disposition"]
        row = KitDownload.objects.get()
        assert (row.partner, row.person, row.badge) == (partner, seat.user, partner.badges.get())
        assert row.version == approved_versions()[0]
        assert row.sha256 == hashlib.sha256(taken).hexdigest()
        entry = ModelLogEntry.objects.get(action=actions.TAKEN)
        assert entry.user == seat.user
        assert code in entry.message
        assert files.unpacked(taken)

    def test_it_is_recorded_before_the_first_byte_leaves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from partner_directory.portal.logos import views

        client = client_of(make_member(partner_with_badge("retail")))
        url = links(client)[0]

        def sent(*_args: Any) -> None:
            assert KitDownload.objects.count() == 1
            raise KeyboardInterrupt

        monkeypatch.setattr(views, "_sent", sent)
        with pytest.raises(KeyboardInterrupt):
            client.get(url)

    def test_lapsed_at_midnight_while_the_page_was_open(self) -> None:
        """A11: midnight in Moscow; no renewal."""
        with time_machine.travel("2026-12-31T23:58:00+03:00", tick=False):
            client = client_of(make_member(partner_with_badge("retail")))
            url = links(client)[0]
            assert client.get(url).status_code == 200
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            response = client.get(url)
        assert response.status_code == 403
        assert "Срок вашего членства закончился" in words(response)
        assert KitDownload.objects.count() == 1

    def test_suspended_after_the_page_was_opened(self) -> None:
        partner = partner_with_badge("retail")
        client = client_of(make_member(partner))
        url = links(client)[0]
        memberships.suspend(membership=partner.memberships.get(), actor=None, reason="Проверка")
        response = client.get(url)
        assert response.status_code == 403
        assert "Ваше членство приостановлено" in words(response)
        assert not KitDownload.objects.exists()

    def test_suspended_while_the_kit_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        partner = partner_with_badge("retail")
        client = client_of(make_member(partner))
        url = links(client)[0]
        making = kits._made

        def slowly(*args: Any) -> bytes:
            memberships.suspend(membership=partner.memberships.get(), actor=None, reason="Проверка")
            return making(*args)

        monkeypatch.setattr(kits, "_made", slowly)
        response = client.get(url)
        assert response.status_code == 403
        assert not KitDownload.objects.exists()

    def test_suspended_while_it_is_downloaded(self) -> None:
        """What has left has left; the next request is refused."""
        partner = partner_with_badge("retail")
        client = client_of(make_member(partner))
        url = links(client)[0]
        response = client.get(url)
        memberships.suspend(membership=partner.memberships.get(), actor=None, reason="Проверка")
        assert files.unpacked(content(response))
        assert client.get(url).status_code == 403
        assert KitDownload.objects.count() == 1

    def test_a_requirement_lost_while_the_page_was_open(self) -> None:
        partner = partner_with_badge("competency")
        client = client_of(make_member(partner))
        url = links(client)[0]
        make_check(partner, found=False)
        response = client.get(url)
        assert response.status_code == 403
        assert "Выполнены не все требования уровня" in words(response)

    def test_another_partner_s_link_is_not_there(self) -> None:
        mine = client_of(make_member(partner_with_badge("retail")))
        theirs = client_of(make_member(partner_with_badge("retail")))
        assert mine.get(links(theirs)[0]).status_code == 404

    def test_a_colleague_s_link_is_not_there(self) -> None:
        partner = partner_with_badge("retail")
        one, other = client_of(make_member(partner)), client_of(make_member(partner, role=Role.STAFF))
        assert one.get(links(other)[0]).status_code == 404
        assert other.get(links(other)[0]).status_code == 200

    def test_a_link_of_a_person_who_has_left_the_company_is_not_there(self) -> None:
        seat = make_member(partner_with_badge("retail"))
        client = client_of(seat)
        url = links(client)[0]
        type(seat).objects.filter(pk=seat.pk).update(partner=make_partner(level="retail"))
        assert client.get(url).status_code == 404

    def test_a_stranger_is_asked_to_sign_in(self) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        assert "/login/" in Client().get(links(client)[0])["Location"]

    def test_a_link_after_its_time_says_so_and_gives_a_new_one(self, settings: Any) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        url = links(client)[0]
        with time_machine.travel("2026-11-24T12:11:00+03:00", tick=False):
            response = client.get(url)
            assert response.status_code == 410
            assert "Ссылка устарела" in words(response)
            assert not KitDownload.objects.exists()
            new = BeautifulSoup(response.content, "html.parser").select_one("a[download]")
            assert new is not None
            assert client.get(str(new["href"])).status_code == 200
        settings.KIT_LINK_SECONDS = 3600
        assert client.get(url).status_code == 200

    def test_a_version_that_is_no_longer_the_newest_is_not_given(self) -> None:
        seat = make_member(partner_with_badge("retail"))
        client = client_of(seat)
        url = links(client)[0]
        newer = make_version()
        response = client.get(url)
        assert response.status_code == 410
        new = BeautifulSoup(response.content, "html.parser").select_one("a[download]")
        assert new is not None
        assert client.get(str(new["href"])).status_code == 200
        assert KitDownload.objects.get().version == newer

    @pytest.mark.parametrize("token", ["1", "x:y:z", "W10:1abc:def", "%00"])
    def test_a_guessed_address_is_not_there(self, token: str) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        assert client.get(f"/portal/logos/kit/{token}/").status_code == 404

    def test_a_link_of_another_version_cannot_be_made_of_it(self) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        one, other = links(client)
        mixed = one.split(":")[0] + ":" + ":".join(other.rstrip("/").split(":")[1:]) + "/"
        assert client.get(mixed).status_code == 404

    def test_only_asking_for_it_takes_it(self) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        url = links(client)[0]
        assert client.head(url).status_code == 405
        assert client.post(url).status_code == 405
        assert not KitDownload.objects.exists()

    def test_drawings_that_were_approved_otherwise_are_not_given(self) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        version = approved_versions()[0]
        version.files.create(name=f"svg/programme-{next(iter(version.drawings))}.svg", size=1, sha256="0" * 64)
        response = client.get(links(client)[0])
        assert response.status_code == 503
        assert "утверждают заново" in words(response)
        assert not KitDownload.objects.exists()

    def test_it_is_sent_from_the_disk_as_other_private_files(self, tmp_path: Path, monkeypatch: Any) -> None:
        from config import sending

        disk = FileSystemStorage(location=tmp_path)
        monkeypatch.setattr(kept, "storage", lambda: disk)
        sent: list[Path] = []
        through = sending.import_module(settings.SENDFILE_THROUGH).sendfile
        monkeypatch.setattr(settings, "SENDFILE_ROOT", str(tmp_path))

        def watched(request: Any, filename: Path, **kwargs: Any) -> Any:
            sent.append(filename)
            return through(request, filename, **kwargs)

        monkeypatch.setattr(sending.import_module(settings.SENDFILE_THROUGH), "sendfile", watched)
        client = client_of(make_member(partner_with_badge("retail")))
        response = client.get(links(client)[0])
        assert response.status_code == 200
        assert files.unpacked(content(response))
        assert len(sent) == 1
        assert sent[0].is_relative_to(tmp_path)


class TestNowhereElse:
    def test_nothing_lies_under_the_public_media_and_no_address_leads_to_what_is_kept(self) -> None:
        client = client_of(make_member(partner_with_badge("retail")))
        before = _tree(default_storage)
        assert client.get(links(client)[0]).status_code == 200
        assert _tree(default_storage) == before
        names = _tree(storages["private"])
        assert any(name.startswith(f"{kept.FOLDER}/") for name in names)
        for name in names:
            for address in (f"/{name}", f"/media/{name}", f"/static/{name}", f"/private-files/{name}"):
                assert client.get(address).status_code == 404
        for folder in ("/badges/kits/", "/portal/logos/kit/", "/media/badges/", "/logos/kit/"):
            assert client.get(folder).status_code == 404


class TestAction:
    def test_it_refuses_what_the_gate_refuses(self) -> None:
        partner = partner_with_badge("competency", met=False)
        seat = make_member(partner)
        with pytest.raises(actions.Closed) as closed:
            actions.record_download(partner=partner, version=approved_versions()[0], sha256="0" * 64, actor=seat.user)
        assert closed.value.access.why is gate.Why.MISSING
        assert not KitDownload.objects.exists()

    def test_a_link_alone_is_no_right(self) -> None:
        """Signed, of the right person, for a mark that is not theirs."""
        seat = make_member(partner_with_badge("retail"))
        saas = next(each for each in approved_versions() if each.mark.level and each.mark.level.slug == "saas")
        response = client_of(seat).get(kit_url(seat, saas))
        assert response.status_code == 403
        assert "другого уровня" in words(response)


def test_a_partner_of_two_lines_takes_the_programme_s_mark_by_the_level_that_is_met() -> None:
    partner = partner_with_badge("retail")
    other = Level.objects.get(slug="competency")
    line = other.product_line.__class__.objects.exclude(pk=other.product_line_id).first()
    if line is None:
        line = other.product_line.__class__.objects.create(slug="second", name_ru="Вторая", name_en="Second")
    make_membership(partner, level="competency", product_line_id=line.pk)
    assert Membership.objects.filter(partner=partner).count() == 2
    assert access(partner).is_open
    assert access(partner, "competency").why is gate.Why.MISSING


def _tree(storage: Any, folder: str = "") -> list[str]:
    """Every file of a storage."""
    folders, found = storage.listdir(folder)
    prefix = f"{folder}/" if folder else ""
    return [prefix + name for name in found] + [name for each in folders for name in _tree(storage, prefix + each)]


def test_the_command_makes_and_records_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    said = io.StringIO()
    call_command("prepare_kits", stdout=said)
    call_command("prepare_kits", stdout=said)
    assert said.getvalue().count("files") == 2 * len(approved_versions())


class TestLiveBadge:
    def test_whoever_may_take_a_mark_gets_the_live_badge_once(self) -> None:
        """One badge, whichever marks may be taken under it."""
        partner = partner_with_badge()
        [badge] = partner.badges.all()
        found = page(client_of(make_member(partner))).select(".badge-embed")
        assert len(found) == 1
        assert f"/verify/{badge.code}/" in found[0].select("textarea")[0].get_text()
        assert f"/badges/{badge.code}.svg" in str(found[0].select("img")[0]["src"])

    def test_whoever_may_take_none_gets_none(self) -> None:
        partner = partner_with_badge("competency", met=False)
        assert not page(client_of(make_member(partner))).select(".badge-embed")
