"""Which versions run, and on which database with which migrations. May not import views."""

from __future__ import annotations

import platform
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache

import django
import wagtail
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from operations.state import Alarm, Fact, Gauge, judged, site_up


@cache
def named_release() -> str:
    """What runs, as people know it: ``RELEASE``; without it the commit checked out, or the version of the project."""
    if settings.RELEASE:
        return str(settings.RELEASE)
    asked = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            asked, cwd=settings.PROJECT_ROOT, capture_output=True, text=True, timeout=2, check=True
        )
    except (OSError, subprocess.SubprocessError):
        with (settings.PROJECT_ROOT / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    return done.stdout.strip()


def versions() -> Iterator[Fact]:
    """What runs, on what."""
    running = {
        "release": named_release(),
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
        "python": platform.python_version(),
    }
    info = Gauge("site_info", "What runs", 1.0, running)
    yield Fact(_("Выпуск"), running["release"], gauges=(info,))
    yield Fact("Django", running["django"])
    yield Fact("Wagtail", running["wagtail"])
    yield Fact("Python", running["python"])


def migrations_waiting() -> int:
    """How many migrations the code has that the database has not."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def database() -> Iterator[Fact]:
    """The database's kind, size and state of migrations."""
    size = _bytes()
    version = ".".join(map(str, connection.get_database_version()))
    bytes_ = Gauge("site_database_bytes", "Size of the database", float(size))
    kind = f"{connection.display_name} {version}"
    yield judged(_("Вид"), kind, Alarm.DATABASE_FAILS, is_well=True, gauges=[site_up("database", is_up=True)])
    yield Fact(_("Размер"), filesizeformat(size), gauges=(bytes_,))
    waiting = migrations_waiting()
    gauge = Gauge("site_migrations_waiting", "Migrations that were not run", float(waiting))
    yield judged(
        _("Ждут миграции"), str(waiting), Alarm.MIGRATIONS_WAIT, is_well=not waiting, gauges=[gauge], worse=True
    )


SIZES = {
    "postgresql": "SELECT pg_database_size(current_database())",
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
}


def _bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SIZES[connection.vendor])
        return int(cursor.fetchone()[0])
