"""How the site is: what is wrong is seen, each fact where it belongs; one that fails or hangs takes nothing down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from operations import facts, schedule, state
from operations.facts import engines, keys, programme, work
from operations.models import JobRun
from operations.state import Alarm, Check, Fact, Health, Section
from partner_directory.badges.keys import current, new_key
from partner_directory.models.impact import Impact
from partner_directory.models.year import StepRun
from partner_directory.year.turn import STEPS
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.factories.badges import make_credential
from tests.factories.messages import make_message
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, make_member
from tests.factories.users import make_superuser

pytestmark = pytest.mark.django_db

PAGE = "/admin/reports/system/"


def alarms(found: Any) -> set[Alarm | None]:
    """What rings among facts."""
    return {fact.alarm for fact in found if fact.is_wrong}


def said(found: Any) -> str:
    return " ".join(f"{fact.label}: {fact.value}" for fact in found)


def ran(job: str, *, hours_ago: float = 1, **fields: Any) -> JobRun:
    """A run of a job that ended well, unless told otherwise."""
    moment = timezone.now() - timedelta(hours=hours_ago)
    return JobRun.objects.create(
        **{"job": job, "host": "one", "started_at": moment, "alive_at": moment, "finished_at": moment} | fields
    )


def day_turned(day: date, **fields: Any) -> None:
    for step in STEPS:
        StepRun.objects.create(step=step.name, day=day, finished_at=timezone.now(), **fields)


@pytest.fixture
def admin() -> Client:
    return client_as(make_superuser())


class TestJobs:
    @pytest.fixture(autouse=True)
    def _without_a_timetable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(schedule, "standings", lambda _now: [])

    def test_that_ended_well_are_well_with_what_they_said(self) -> None:
        ran("backup", hours_ago=5, failed=True, said="disk full")
        ran("backup", said="42 files")
        (fact,) = work.jobs()
        assert fact.health == Health.GOOD
        assert "42 files" in str(fact.value)
        assert 3590 < fact.gauges[0].value < 3700

    def test_that_failed_last_ring(self) -> None:
        ran("backup", hours_ago=5)
        ran("backup", failed=True, said="disk full")
        assert alarms(work.jobs()) == {Alarm.JOB_FAILS}
        assert "disk full" in said(work.jobs())

    def test_that_fell_silent_ring_and_that_live_do_not(self) -> None:
        now = timezone.now()
        ran("lives", finished_at=None, alive_at=now)
        assert alarms(work.jobs()) == set()
        ran("silent", finished_at=None, alive_at=now - timedelta(minutes=4))
        assert alarms(work.jobs()) == {Alarm.JOB_FAILS}

    def test_that_the_timetable_misses_ring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = SimpleNamespace(
            name="backup", label="резервная копия", every=timedelta(days=1), last_due=lambda _now: timezone.now()
        )
        late = SimpleNamespace(job=job, is_overdue=True)
        monkeypatch.setattr(schedule, "standings", lambda _now: [late])
        (fact,) = work.jobs()
        assert (fact.label, fact.alarm, fact.is_wrong) == ("резервная копия", Alarm.JOB_LATE, True)
        assert f"{timezone.localtime() + timedelta(days=1):%d.%m.%Y}" in str(fact.value)
        late.is_overdue = False
        ran("backup")
        assert alarms(work.jobs()) == set()

    def test_cost_the_same_however_many_runs_there_were(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                list(work.jobs())
            return len(asked)

        ran("backup")
        few = queries()
        for number in range(20):
            ran("backup", hours_ago=number + 2)
            ran(f"job {number}")
        assert queries() == few


class TestTheDay:
    def test_turned_today_is_well(self) -> None:
        day_turned(programme_day())
        assert alarms(work.turn_of_day()) == set()

    @pytest.mark.parametrize(("hour", "rings"), [(1, False), (4, True)])
    def test_of_yesterday_is_well_until_the_small_hours(
        self, monkeypatch: pytest.MonkeyPatch, hour: int, rings: bool
    ) -> None:
        monkeypatch.setattr(work, "_of_day", lambda _moment: timedelta(hours=hour))
        day_turned(programme_day() - timedelta(days=1))
        assert alarms(work.turn_of_day()) == ({Alarm.DAY_NOT_TURNED} if rings else set())

    def test_of_which_a_step_is_missing_or_failed_rings(self) -> None:
        assert alarms(work.turn_of_day()) == {Alarm.DAY_NOT_TURNED}
        day_turned(programme_day())
        StepRun.objects.filter(step=STEPS[3].name).update(trouble="OSError: full")
        assert "OSError: full" in said(work.turn_of_day())
        StepRun.objects.filter(step=STEPS[3].name).delete()
        assert alarms(work.turn_of_day()) == {Alarm.DAY_NOT_TURNED}


class TestBackups:
    def test_of_the_night_are_well_and_older_ones_ring(self) -> None:
        assert alarms(work.backup()) == {Alarm.BACKUP_OLD}
        ran("backup", hours_ago=20, said="42 files")
        assert alarms(work.backup()) == set()
        assert "42 files" in said(work.backup())
        JobRun.objects.update(finished_at=timezone.now() - timedelta(hours=27))
        ran("backup", failed=True)
        assert alarms(work.backup()) == {Alarm.BACKUP_OLD}


class TestLetters:
    def letter(self, **minutes_ago: float) -> None:
        ago = {name: timezone.now() - timedelta(minutes=minutes) for name, minutes in minutes_ago.items()}
        make_message(make_member(make_partner()).partner, **ago)

    def test_that_leave_in_time_are_well(self) -> None:
        self.letter(created_at=1, next_attempt_at=1)
        assert alarms(work.letters()) == set()
        assert next(iter(work.letters())).gauges[0].value == 1

    def test_that_nobody_sends_ring(self) -> None:
        self.letter(created_at=20, next_attempt_at=20)
        assert alarms(work.letters()) == {Alarm.LETTERS_WAIT}

    def test_that_are_tried_for_hours_ring(self) -> None:
        self.letter(created_at=130, next_attempt_at=-30)
        assert alarms(work.letters()) == {Alarm.LETTERS_WAIT}

    def test_that_wait_for_a_manager_ring(self) -> None:
        self.letter(created_at=500, given_up_at=1)
        assert alarms(work.letters()) == {Alarm.LETTERS_FAIL}


class TestRehearsals:
    def test_that_nobody_is_at_ring(self) -> None:
        began = timezone.now() - timedelta(minutes=20)
        kept = {"content": {}, "base_content": {}, "day": programme_day(), "effect_day": programme_day()}
        impact = Impact.objects.create(edition_name="x", content_sha256="", base_name="y", started_at=began, **kept)
        assert alarms(work.rehearsals()) == {Alarm.REHEARSAL_WAITS}
        Impact.objects.filter(pk=impact.pk).update(heard_at=timezone.now(), claim="0" * 32)
        assert alarms(work.rehearsals()) == set()
        assert next(iter(work.rehearsals())).gauges[0].value == 1


class TestTheProgramme:
    def test_of_which_no_edition_is_in_force_rings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        current = TermsEdition.objects.in_force(programme_day())
        assert str(current) in said(programme.editions())
        assert alarms(programme.editions()) == set()
        monkeypatch.setattr(programme, "programme_day", lambda: date(1999, 1, 1))
        assert alarms(programme.editions()) == {Alarm.NO_EDITION}
        assert str(current) in said(programme.editions())  # as the one to come


class TestKeys:
    def test_of_badges_are_named_and_one_that_is_lost_rings(self, settings: Any) -> None:
        before, old = current().key_id, settings.BADGE_KEY
        assert before in said(keys.badges())
        make_credential(make_partner())
        assert "первая подпись" in said(keys.badges())
        settings.BADGE_KEY = new_key()
        assert alarms(keys.badges()) == {Alarm.BADGE_KEY_FAILS}
        assert before in said(keys.badges())
        settings.BADGE_KEY = old
        assert alarms(keys.badges()) == set()
        settings.BADGE_KEY = ""
        assert alarms(keys.badges()) == {Alarm.BADGE_KEY_FAILS}

    @pytest.mark.parametrize(("days", "health"), [(60, Health.GOOD), (20, Health.WARNING), (3, Health.FAILED)])
    def test_a_certificate_that_ends_soon_rings(self, tmp_path: Path, settings: Any, days: int, health: Health) -> None:
        settings.TLS_CERTIFICATE_FILE = str(certificate(tmp_path, days))
        (fact,) = keys.certificate()
        assert fact.health == health
        assert days - 1 <= fact.gauges[0].value <= days + 1

    def test_without_a_file_it_is_said_that_nobody_looks(self, settings: Any) -> None:
        settings.TLS_CERTIFICATE_FILE = ""
        (fact,) = keys.certificate()
        assert fact.health == Health.FACT
        assert "TLS_CERTIFICATE_FILE" in str(fact.value)


def certificate(folder: Path, days: int) -> Path:
    """A certificate of nobody that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partners.example.org")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=90)).not_valid_after(now + timedelta(days=days, hours=1))
    path = folder / "certificate.pem"
    path.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


class TestEngines:
    def test_a_cache_that_is_away_rings_and_tells_no_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert alarms(engines.cache_servers()) == set()

        def away(*_args: Any, **_kwargs: Any) -> None:
            raise ConnectionError("redis://:password@cache.internal:6379")

        monkeypatch.setattr(type(cache._connections["default"]), "set", away)  # type: ignore[attr-defined]
        assert alarms(engines.cache_servers()) == {Alarm.CACHE_FAILS}
        assert "internal" not in said(engines.cache_servers())
        assert next(iter(engines.cache_servers())).gauges[0].value == 0

    def test_a_folder_that_cannot_be_written_rings(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/proc/x"}}
        }
        monkeypatch.setattr(engines.os, "access", lambda *_args: False)
        assert alarms(engines.places()) == {Alarm.STORAGE_FAILS}

    @pytest.mark.parametrize(("free", "health"), [(50, Health.GOOD), (9, Health.WARNING), (1, Health.FAILED)])
    def test_a_disk_that_fills_rings(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, health: Health
    ) -> None:
        place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
        settings.STORAGES = settings.STORAGES | {"default": place, "private": place}
        usage = SimpleNamespace(total=100 * 1024**3, free=free * 1024**3)
        monkeypatch.setattr(engines.shutil, "disk_usage", lambda _path: usage)
        (fact,) = engines.disks()
        assert fact.health == health
        assert fact.label == "Открытые файлы, закрытые файлы"


def sections_of(*checks: Check) -> list[Section]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "CHECKS", checks)
        return state.gathered()


class TestGathering:
    def fails(self) -> Iterator[Fact]:
        yield Fact("before", "it failed")
        raise RuntimeError("secret host name")

    @pytest.mark.parametrize("asks_database", [True, False])
    def test_a_check_that_fails_is_a_fact_and_takes_no_other_down(self, asks_database: bool) -> None:
        broken, whole = sections_of(
            Check("broken", self.fails, asks_database=asks_database), Check("whole", lambda: [Fact("a", "b")])
        )
        assert alarms(broken.facts) == {Alarm.CHECK_FAILS}
        assert said(broken.facts) == "broken: RuntimeError"
        assert said(whole.facts) == "a: b"

    def test_a_broken_query_leaves_the_next_check_a_working_database(self) -> None:
        def asks_nonsense() -> Iterator[Fact]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nonsense FROM nowhere")
            yield Fact("never", "")

        broken, whole = sections_of(Check("broken", asks_nonsense), Check("whole", work.backup))
        assert alarms(broken.facts) == {Alarm.CHECK_FAILS}
        assert alarms(whole.facts) == {Alarm.BACKUP_OLD}

    def test_a_check_that_hangs_is_left_and_not_begun_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(state, "LONGEST", 0.05)
        release, begun = threading.Event(), []

        def hangs() -> list[Fact]:
            begun.append(1)
            release.wait(10)
            return []

        check = Check("slow", hangs, asks_database=False)
        for _time in range(3):
            (slow,) = sections_of(check)
            assert alarms(slow.facts) == {Alarm.CHECK_FAILS}
        release.set()
        assert begun == [1]

    def test_without_the_database_the_rest_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(state, "_database_answers", lambda: False)
        asked = [Check("base", work.backup), Check("whole", lambda: [Fact("a", "b")], asks_database=False)]
        away, base, whole = sections_of(*asked)
        assert alarms(away.facts) == {Alarm.DATABASE_FAILS}
        assert alarms(base.facts) == set()
        assert said(whole.facts) == "a: b"

    def test_facts_are_in_the_readers_language(self) -> None:
        with translation.override("en"):
            found = [fact for section in state.gathered() for fact in section.facts]
            text = " ".join([said(found), *(str(fact.advice) for fact in found)])
        names = {str(edition) for edition in TermsEdition.objects.all()}
        for name in names:
            text = text.replace(name, "")
        assert not [letter for letter in text if "а" <= letter.lower() <= "я"]


class TestThePage:
    def test_shows_what_is_wrong_first_and_every_section(self, admin: Client) -> None:
        page = BeautifulSoup(admin.get(PAGE).content, "html.parser")
        first = page.select_one(".help-block")
        assert first is not None
        assert "Последний день" in page.select_one("main").text  # type: ignore[union-attr]
        assert len(page.select(".system-state__section")) == len(facts.CHECKS)
        assert "BackupOld" in page.text
        assert "Состояние сайта" in page.text

    def test_says_so_where_nothing_is_wrong(self, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(facts, "CHECKS", (Check("whole", lambda: [Fact("a", "b", Health.GOOD)]),))
        assert "Всё в порядке" in admin.get(PAGE).content.decode()

    def test_leads_to_what_to_do_where_the_site_knows_its_documents(self, admin: Client, settings: Any) -> None:
        settings.OPERATIONS_DOCS_URL = "https://docs.example.org/operations"
        assert 'href="https://docs.example.org/operations#backupold"' in admin.get(PAGE).content.decode()

    @pytest.mark.parametrize("group", ["Редакторы", "Менеджеры программы", "Менеджеры партнёров"])
    def test_is_not_for_groups_that_were_not_given_it(self, user_in: Callable[..., Any], group: str) -> None:
        client = client_as(user_in(group))
        assert client.get(PAGE)["Location"] == "/admin/"
        assert PAGE not in client.get("/admin/").content.decode()

    def test_is_for_those_who_were(self, user_in: Callable[..., Any]) -> None:
        user = user_in("Редакторы")
        user.user_permissions.add(Permission.objects.get(codename="view_jobrun"))
        client = client_as(user)
        assert client.get(PAGE).status_code == 200
        assert PAGE in client.get("/admin/").content.decode()

    def test_asks_who_one_is(self, client: Client) -> None:
        assert "/login/" in client.get(PAGE)["Location"]

    def test_costs_as_many_queries_however_many_partners_there_are(self, admin: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                state.gathered()
            return len(asked)

        make_message(make_member(make_partner()).partner)
        state.gathered()
        few = queries()
        for _number in range(10):
            make_message(make_member(make_partner()).partner)
        assert queries() == few


class TestTheCommand:
    def test_exits_with_one_and_names_what_rings(self) -> None:
        out = StringIO()
        with pytest.raises(CommandError, match="BackupOld") as error:
            call_command("system", stdout=out)
        assert error.value.returncode == 1
        assert "Django" in out.getvalue()
        assert "  ! " in out.getvalue()

    def test_exits_with_nought_where_all_is_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(facts, "CHECKS", (Check("whole", lambda: [Fact("a", "b", Health.GOOD)]),))
        out = StringIO()
        call_command("system", stdout=out)
        assert out.getvalue() == "whole\n  + a: b\n"
