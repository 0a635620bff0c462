"""How the site is: facts found by checks, each judged, for the admin's page, ``manage.py system`` and metrics alike.

A check that fails, or takes too long, is a fact itself and takes nothing else down. What may wait for another machine
is asked in a thread and left after ``LONGEST`` seconds; the database's checks share one short transaction with a limit
of its own. May not import views.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from time import monotonic

from django.db import connection, connections, transaction
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

LONGEST = 3.0  # seconds that a check may take

Words = str | Promise


class Alarm(StrEnum):
    """What may ring, under the name that the rules of Prometheus and docs/operations.md have for it."""

    # Seen by Prometheus alone, from what it counts.
    SITE_DOWN = "SiteDown"
    ANSWERS_FAIL = "AnswersFail"
    ANSWERS_SLOW = "AnswersSlow"
    SIGN_INS_FAIL = "SignInsFail"
    # Found by the checks, too.
    CHECK_FAILS = "CheckFails"
    DATABASE_FAILS = "DatabaseFails"
    REPLICA_FAILS = "ReplicaFails"
    CACHE_FAILS = "CacheFails"
    STORAGE_FAILS = "StorageFails"
    DISK_FILLS = "DiskFills"
    MIGRATIONS_WAIT = "MigrationsWait"
    JOB_FAILS = "JobFails"
    JOB_LATE = "JobLate"
    DAY_NOT_TURNED = "DayNotTurned"
    BACKUP_OLD = "BackupOld"
    LETTERS_FAIL = "LettersFail"
    LETTERS_WAIT = "LettersWait"
    REHEARSAL_WAITS = "RehearsalWaits"
    NO_EDITION = "NoEdition"
    BADGE_KEY_FAILS = "BadgeKeyFails"
    CERTIFICATE_ENDS = "CertificateEnds"


ADVICE: dict[Alarm, Words] = {
    Alarm.CHECK_FAILS: _("Найдите причину в журнале по названию проверки."),
    Alarm.DATABASE_FAILS: _("Проверьте сервер базы данных и DATABASE_URL."),
    Alarm.REPLICA_FAILS: _("Публичные страницы читают основную базу: поднимите реплику или уберите её из настроек."),
    Alarm.CACHE_FAILS: _("Поднимите сервер кэша: без него не работают ограничения и вход."),
    Alarm.STORAGE_FAILS: _("Проверьте, что место для файлов есть и доступно на запись."),
    Alarm.DISK_FILLS: _("Освободите место или расширьте диск, пока запись не остановилась."),
    Alarm.MIGRATIONS_WAIT: _("Выполните manage.py migrate."),
    Alarm.JOB_FAILS: _("Прочтите в журнале, чем кончился запуск; после исправления запустите задание ещё раз."),
    Alarm.JOB_LATE: _("Проверьте, работает ли исполнитель заданий."),
    Alarm.DAY_NOT_TURNED: _("Выполните manage.py turn_of_day: повторный запуск ничего не портит."),
    Alarm.BACKUP_OLD: _("Сделайте резервную копию сейчас и проверьте расписание."),
    Alarm.LETTERS_FAIL: _("Решите в «Сообщениях», отправлять ли эти письма ещё раз."),
    Alarm.LETTERS_WAIT: _("Проверьте почтовый сервер и исполнителя заданий."),
    Alarm.REHEARSAL_WAITS: _("Выполните manage.py rehearse_edition: репетиция продолжится с того же места."),
    Alarm.NO_EDITION: _("Утвердите редакцию условий с наступившей датой."),
    Alarm.BADGE_KEY_FAILS: _("Верните прежний BADGE_KEY: без него бейджи не выдаются."),
    Alarm.CERTIFICATE_ENDS: _("Продлите сертификат: через несколько дней сайт перестанет открываться."),
}


class Health(IntEnum):
    """How a fact is judged, the worse the higher."""

    FACT = 0
    GOOD = 1
    WARNING = 2
    FAILED = 3


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number of a fact as Prometheus knows it: seconds, days, bytes or a count, as its name ends."""

    name: str
    said: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known: what it is called, what it says, how it is judged, and which alarm it rings."""

    label: Words
    value: Words
    health: Health = Health.FACT
    alarm: Alarm | None = None
    gauges: tuple[Gauge, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether somebody has to look at it."""
        return self.health >= Health.WARNING

    @property
    def advice(self) -> Words:
        """What to do first."""
        return ADVICE[self.alarm] if self.is_wrong and self.alarm else ""


def judged(
    label: Words, value: Words, alarm: Alarm, *, is_well: bool, gauges: Iterable[Gauge] = (), worse: bool = False
) -> Fact:
    """A fact that is well or rings an alarm; ``worse``: something has stopped already."""
    bad = Health.FAILED if worse else Health.WARNING
    return Fact(label, value, Health.GOOD if is_well else bad, alarm, tuple(gauges))


def site_up(engine: str, *, is_up: bool) -> Gauge:
    """That an engine (``database``, ``cache:default``, …) answers, or does not."""
    return Gauge("site_up", "Whether an engine answers", float(is_up), {"engine": engine})


@dataclass(frozen=True, slots=True)
class Check:
    """What finds the facts of one section."""

    title: Words
    find: Callable[[], Iterable[Fact]]
    asks_database: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together."""

    title: Words
    facts: tuple[Fact, ...]


def gathered() -> list[Section]:
    """Every fact of now, in the order of the page."""
    from operations.facts import CHECKS  # which know models

    away = {check: _Asked(check) for check in CHECKS if not check.asks_database}
    is_reachable = _database_answers()
    sections = [] if is_reachable else [Section(_("База данных"), (_away(),))]
    for check in CHECKS:
        if check in away:
            facts = away[check].answer()
        elif is_reachable:
            facts = _found(check)
        else:
            facts = (Fact(_("Не проверено"), _("база данных не отвечает")),)
        sections.append(Section(check.title, facts))
    return sections


def wrong(sections: Iterable[Section]) -> list[Fact]:
    """What somebody has to look at, the worst first."""
    found = [fact for section in sections for fact in section.facts if fact.is_wrong]
    return sorted(found, key=lambda fact: -fact.health)


def _failed(label: Words, value: Words) -> Fact:
    return Fact(label, value, Health.FAILED, Alarm.CHECK_FAILS)


def _away() -> Fact:
    gauges = [site_up("database", is_up=False)]
    return judged(_("База данных"), _("не отвечает"), Alarm.DATABASE_FAILS, is_well=False, worse=True, gauges=gauges)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever the driver says when it cannot
        logger.exception("The database does not answer")
        return False
    return True


def _found(check: Check) -> tuple[Fact, ...]:
    try:
        if not check.asks_database:
            return tuple(check.find())
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(LONGEST * 1000))])
            return tuple(check.find())
    except Exception as error:  # whatever one check stumbles over, the others go on
        logger.exception("The check “%s” failed", check.title)
        return (_failed(check.title, type(error).__name__),)


class _Asked:
    """A check asked in a thread. While an earlier one still waits, no second one is begun."""

    waiting: dict[Callable[[], Iterable[Fact]], threading.Thread] = {}

    def __init__(self, check: Check) -> None:
        self.check = check
        self.until = monotonic() + LONGEST
        self.facts: tuple[Fact, ...] | None = None
        before = self.waiting.get(check.find)
        if before is None or not before.is_alive():
            self.thread = threading.Thread(target=self._find, args=(get_language(),), name="check", daemon=True)
            self.waiting[check.find] = self.thread
            self.thread.start()
        else:
            self.thread = before

    def _find(self, language: str | None) -> None:
        try:
            with override(language):
                self.facts = _found(self.check)
        finally:
            connections.close_all()

    def answer(self) -> tuple[Fact, ...]:
        """Its facts, or that it has taken too long."""
        self.thread.join(max(0.0, self.until - monotonic()))
        if self.facts is None:
            return (_failed(self.check.title, _("не ответило за отведённое время")),)
        return self.facts
