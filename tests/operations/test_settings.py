"""The environment alone says how a site runs, every variable is explained, and production refuses what is unfit."""

from __future__ import annotations

import ast
import base64
import copy
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import engines
from config.settings.environment import Environment
from config.settings.faults import SMTP, Fault, faults_of, refuse

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "site" / "config" / "settings"
EXAMPLE = ROOT / ".env.example"
SAID = re.compile(r"^([A-Z][A-Z0-9_]*)=", re.MULTILINE)
# Read before any settings are: which settings they are.
BEFORE = {"DJANGO_SETTINGS_MODULE"}
SECRET = "t3sTs-0nly_aB9cD8eF7gH6iJ5kL4mN3oP2qR1sT0uVwXyZ_kept-nowhere"
SECURED = {
    "DATABASE_URL": "postgres://user:word@host/name?sslmode=verify-full",
    "CACHE_URL": "rediss://host:6379/0",
}
KEY = "PFbvFHc4x5ZfYvjWn2Z0HyYFQyFmh5xD8k1nqBq7c0M"


def read_by(code: str) -> Iterator[str]:
    """The variables that a settings file asks ``env`` for."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        asked = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        if isinstance(asked, ast.Name) and asked.id == "env":
            yield str(node.args[0].value)


# --- The example ---


def test_the_example_lists_exactly_what_settings_read() -> None:
    read = {name for path in SETTINGS.glob("*.py") for name in read_by(path.read_text(encoding="utf-8"))}
    listed = SAID.findall(EXAMPLE.read_text(encoding="utf-8"))

    assert set(listed) == read | BEFORE
    assert len(listed) == len(set(listed))
    assert set(read_by('A = env("ONE")\nB = env.int("TWO", default=1)\nC = other("THREE")')) == {"ONE", "TWO"}


def test_every_variable_of_the_example_is_explained() -> None:
    def unexplained(text: str) -> list[str]:
        paragraphs = [part.splitlines() for part in re.split(r"\n(?=#)|\n\n", text)]
        return [line for lines in paragraphs for line in lines if SAID.match(line) and not lines[0].startswith("#")]

    assert unexplained(EXAMPLE.read_text(encoding="utf-8")) == []
    assert unexplained("# What it is.\nA=1\n\nB=2\n") == ["B=2"]


def test_nothing_else_of_the_site_reads_the_environment() -> None:
    reading = re.compile(r"os\.environ|os\.getenv|\bgetenv\(")
    doors = {"manage.py", "site/config/wsgi.py", "site/config/asgi.py", "site/config/settings/environment.py"}
    doors.add("site/operations/metrics.py")  # what prometheus_client asks for by itself
    doors.add("site/operations/management/commands/move_to.py")  # for itself, and for the process it starts
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("site", "program_pages", "partner_directory")
        for path in (ROOT / folder).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    }

    assert found <= doors


def test_a_variable_set_to_nothing_is_as_good_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_TIMEOUT", "")

    assert Environment().int("EMAIL_TIMEOUT", default=10) == 10


def test_a_number_that_is_none_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_TIMEOUT", "soon")

    with pytest.raises(ImproperlyConfigured, match="EMAIL_TIMEOUT"):
        Environment().int("EMAIL_TIMEOUT", default=10)


def test_a_secret_may_stand_in_a_file_that_a_vault_has_put_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))

    assert Environment()("SECRET_KEY", default="") == SECRET
    monkeypatch.setenv("SECRET_KEY", "said outright")
    assert Environment()("SECRET_KEY", default="") == "said outright"


def test_a_file_that_is_not_there_is_refused_by_the_variables_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY: "):
        Environment()("SECRET_KEY", default="")


# --- What production refuses ---


@pytest.fixture
def fit(tmp_path: Path) -> dict[str, Any]:
    """Settings with which a site may be served."""
    for name in ("media", "private", "static"):
        (tmp_path / name).mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    folder = "django.core.files.storage.FileSystemStorage"
    return {
        "SECRET_KEY": SECRET,
        "BADGE_KEY": KEY,
        "BADGE_OLD_KEYS": [KEY],
        "SECRET_KEY_FALLBACKS": [],
        "MFA_KEYS": [base64.urlsafe_b64encode(bytes(range(32))).decode()],
        "DEBUG": False,
        "DATABASES": {"default": engines.database(SECURED["DATABASE_URL"], conn_max_age=0)},
        "ALLOW_SQLITE": False,
        "CACHES": engines.caches(SECURED["CACHE_URL"]),
        "ALLOW_LOCAL_CACHE": False,
        "ALLOW_UNENCRYPTED": False,
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_USE_TLS": True,
        "WAGTAILFRONTENDCACHE": {},
        "ALLOWED_HOSTS": ["partners.example.org"],
        "WAGTAILADMIN_BASE_URL": "https://partners.example.org",
        "MEDIA_ROOT": tmp_path / "media",
        "PRIVATE_ROOT": tmp_path / "private",
        "STATIC_ROOT": tmp_path / "static",
        "STORAGES": {"default": {"BACKEND": folder}, "private": {"BACKEND": folder}},
    }


def bucket(private: bool) -> dict[str, Any]:
    return engines.bucket("STORAGE", "s3://key:word@files.example.org/one", private=private)


def database(it: dict[str, Any], url: str, alias: str = "default") -> None:
    it["DATABASES"][alias] = engines.database(url, conn_max_age=0)


Change = Callable[[dict[str, Any], Path], object]
FAULTS: dict[str, tuple[str, str, Change]] = {
    "no secret": ("SECRET_KEY", "missing", lambda it, _: it.update(SECRET_KEY="")),
    "a short secret": ("SECRET_KEY", "fewer than 50", lambda it, _: it.update(SECRET_KEY=SECRET[:49])),
    "a dull secret": ("SECRET_KEY", "different characters", lambda it, _: it.update(SECRET_KEY="abcdefgh" * 10)),
    "django's sample": ("SECRET_KEY", "sample", lambda it, _: it.update(SECRET_KEY="django-insecure-" + SECRET)),
    "our own sample": ("SECRET_KEY", "sample", lambda it, _: it.update(SECRET_KEY="not-a-secret-development-only")),
    "no key": ("BADGE_KEY", "missing", lambda it, _: it.update(BADGE_KEY="")),
    "a key that is none": ("BADGE_KEY", "no key", lambda it, _: it.update(BADGE_KEY="short")),
    "a key of nothing": ("BADGE_KEY", "guessed", lambda it, _: it.update(BADGE_KEY="A" * 43)),
    "the key of tests": (
        "BADGE_KEY",
        "sample",
        lambda it, _: it.update(BADGE_KEY="bm90LWEtc2VjcmV0LWEta2V5LWZvci10ZXN0cy1vbmw"),
    ),
    "an old secret that is weak": (
        "SECRET_KEY_FALLBACKS",
        "weak",
        lambda it, _: it.update(SECRET_KEY_FALLBACKS=["x" * 60]),
    ),
    "a key of second factors that is none": ("MFA_KEYS", "no key", lambda it, _: it.update(MFA_KEYS=["x"])),
    "an old key that is none": ("BADGE_OLD_KEYS", "no key", lambda it, _: it.update(BADGE_OLD_KEYS=["x"])),
    "debugging": ("DEBUG", "insides", lambda it, _: it.update(DEBUG=True)),
    "SQLite": (
        "DATABASE_URL",
        "ALLOW_SQLITE",
        lambda it, at: it["DATABASES"].update(default=engines.database(f"sqlite:///{at}/db", conn_max_age=0)),
    ),
    "SQLite that cannot write": (
        "DATABASE_URL",
        "mkdir",
        lambda it, at: it.update(
            ALLOW_SQLITE=True,
            DATABASES={"default": engines.database(f"sqlite:///{at}/none/db", conn_max_age=0)},
        ),
    ),
    "a cache a process": ("CACHE_URL", "redis://", lambda it, _: it.update(CACHES=engines.caches("locmemcache://"))),
    "no cache": ("CACHE_URL", "ALLOW_LOCAL_CACHE", lambda it, _: it.update(CACHES=engines.caches("dummycache://"))),
    "a cache that cannot write": (
        "CACHE_URL",
        "mkdir",
        lambda it, at: it.update(CACHES=engines.caches(f"filecache://{at}/none")),
    ),
    "a database in clear": ("DATABASE_URL", "sslmode=verify-full", lambda it, _: database(it, "postgres://u:w@host/n")),
    "a database whose certificate nobody looks at": (
        "DATABASE_URL",
        "ALLOW_UNENCRYPTED",
        lambda it, _: database(it, "postgres://u:w@10.0.0.7/n?sslmode=require"),
    ),
    "a replica in clear": (
        "DATABASE_REPLICA_URL",
        "sslmode",
        lambda it, _: database(it, "postgres://u:w@host/n", "replica"),
    ),
    "a cache in clear": ("CACHE_URL", "rediss://", lambda it, _: it.update(CACHES=engines.caches("redis://host/0"))),
    "letters in clear": ("EMAIL_URL", "smtp+tls://", lambda it, _: it.update(EMAIL_USE_TLS=False)),
    "a bucket in clear": (
        "MEDIA_STORAGE",
        "s3://",
        lambda it, _: it["STORAGES"].update(default=engines.bucket("X", "s3+http://k:w@files/one", private=False)),
    ),
    "a CDN in clear": (
        "CDN_PURGE",
        "https://",
        lambda it, _: it.update(WAGTAILFRONTENDCACHE={"cdn": {"LOCATION": "http://varnish.internal:6081"}}),
    ),
    "no hosts": ("ALLOWED_HOSTS", "missing", lambda it, _: it.update(ALLOWED_HOSTS=[])),
    "every host": ("ALLOWED_HOSTS", "forged", lambda it, _: it.update(ALLOWED_HOSTS=["*"])),
    "no TLS": ("BASE_URL", "https", lambda it, _: it.update(WAGTAILADMIN_BASE_URL="http://partners.example.org")),
    "another host": ("BASE_URL", "among", lambda it, _: it.update(WAGTAILADMIN_BASE_URL="https://example.com")),
    "no media": ("MEDIA_ROOT", "mkdir", lambda it, at: it.update(MEDIA_ROOT=at / "none")),
    "private files in a file": (
        "PRIVATE_ROOT",
        "mkdir",
        lambda it, at: it.update(PRIVATE_ROOT=at / "static" / "staticfiles.json"),
    ),
    "private files among the public": (
        "PRIVATE_ROOT",
        "inside MEDIA_ROOT",
        lambda it, at: ((at / "media" / "in").mkdir(), it.update(PRIVATE_ROOT=at / "media" / "in")),
    ),
    "one bucket for both": (
        "PRIVATE_STORAGE",
        "another bucket",
        lambda it, _: it.update(STORAGES={"default": bucket(private=False), "private": bucket(private=True)}),
    ),
    "nothing collected": ("STATIC_ROOT", "collectstatic", lambda it, at: it.update(STATIC_ROOT=at / "media")),
}


def test_what_is_fit_starts(fit: dict[str, Any]) -> None:
    refuse(fit)


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_alone_is_refused_by_its_name_and_with_its_mending(
    name: str, fit: dict[str, Any], tmp_path: Path
) -> None:
    variable, said, change = FAULTS[name]
    change(fit, tmp_path)

    found: list[Fault] = [*faults_of(fit)]

    assert [fault.variable for fault in found] == [variable]
    assert said in str(found[0])
    assert found[0].mend


def test_every_fault_is_said_at_once(fit: dict[str, Any], tmp_path: Path) -> None:
    for name in ("a short secret", "no key", "debugging", "SQLite", "a cache a process", "every host", "no media"):
        FAULTS[name][2](fit, tmp_path)

    with pytest.raises(ImproperlyConfigured) as refused:
        refuse(fit)

    for variable in ("SECRET_KEY", "BADGE_KEY", "DEBUG", "DATABASE_URL", "CACHE_URL", "ALLOWED_HOSTS", "MEDIA_ROOT"):
        assert f"- {variable}: " in str(refused.value)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("ALLOW_SQLITE", "SQLite"),
        ("ALLOW_LOCAL_CACHE", "a cache a process"),
        ("ALLOW_UNENCRYPTED", "a database in clear"),
        ("ALLOW_UNENCRYPTED", "letters in clear"),
    ],
)
def test_an_explicit_word_lets_a_small_site_start(word: str, name: str, fit: dict[str, Any], tmp_path: Path) -> None:
    FAULTS[name][2](fit, tmp_path)

    refuse(fit | {word: True})


@pytest.mark.parametrize(
    ("database_url", "cache_url", "mail_host"),
    [
        ("postgres://user:word@127.0.0.1:5432/name", "redis://localhost:6379/0", "::1"),
        ("postgres:///name?host=/run/postgresql", "redis:///run/redis.sock", "localhost"),
        ("postgres://user@/name", "rediss://host/0", "127.0.0.1"),
    ],
)
def test_servers_on_this_machine_need_no_tls(
    database_url: str, cache_url: str, mail_host: str, fit: dict[str, Any]
) -> None:
    database(fit, database_url)

    refuse(fit | {"CACHES": engines.caches(cache_url), "EMAIL_HOST": mail_host, "EMAIL_USE_TLS": False})


def test_the_example_names_servers_by_tls() -> None:
    example = EXAMPLE.read_text(encoding="utf-8")

    assert "DATABASE_URL=postgres://user:password@host:5432/name?sslmode=verify-full" in example
    assert "rediss://" in example
    assert "smtp+tls://" in example


def test_buckets_need_no_folders(fit: dict[str, Any], tmp_path: Path) -> None:
    private = copy.deepcopy(bucket(private=True))
    private["OPTIONS"]["bucket_name"] = "another"

    refuse(
        fit
        | {"STORAGES": {"default": bucket(private=False), "private": private}}
        | {"MEDIA_ROOT": tmp_path / "none", "PRIVATE_ROOT": tmp_path / "none"}
    )


def test_the_command_that_collects_static_files_needs_none(fit: dict[str, Any], tmp_path: Path) -> None:
    refuse(fit | {"STATIC_ROOT": tmp_path / "none"}, collecting=True)


def test_production_starts_as_the_example_says_and_has_no_warning(tmp_path: Path) -> None:
    for name in ("media", "private", "static", "cache"):
        (tmp_path / name).mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"version": "1.1", "hash": "", "paths": {}}')
    example = dict(line.split("=", 1) for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if SAID.match(line))
    example |= {
        "SECRET_KEY": SECRET,
        "BADGE_KEY": KEY,
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "ALLOW_SQLITE": "true",
        "CACHE_URL": f"filecache://{tmp_path}/cache",
        **{f"{name.upper()}_ROOT": str(tmp_path / name) for name in ("media", "private", "static")},
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**kept, **example},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
