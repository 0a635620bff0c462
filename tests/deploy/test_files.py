"""deploy/ names only what there is and agrees with the settings; systemd, where there is any, reads the units."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from operations.schedule import TIMETABLE
from tests.running_site import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
NGINX = (DEPLOY / "nginx" / "partners.conf").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SIZES = {"k": 1024, "m": 1024**2}


def limits(text: str) -> list[int]:
    """Every limit of bodies that nginx is told, in bytes and in their order."""
    return [int(number) * SIZES[unit] for number, unit in re.findall(r"client_max_body_size (\d+)([km]);", text)]


def test_every_unit_is_read_by_systemd_without_a_word(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here: apt-get install systemd")
    for unit in UNITS:
        text = unit.read_text().replace("/srv/partners/.venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "partners-" in line]
    assert (done.returncode, ours) == (0, [])


def test_whatever_is_started_is_there() -> None:
    texts = [unit.read_text() for unit in UNITS] + [
        (DEPLOY / "Dockerfile").read_text(),
        (DEPLOY / "README.md").read_text(),
    ]
    commands = [command for text in texts for command in re.findall(r"manage\.py (\w+)", text)]
    commands += [
        words[2] for words in (each.get("command", []) for each in COMPOSE["services"].values()) if "manage.py" in words
    ]
    wanted = set(commands) - {job.name for job in TIMETABLE if job.needs}
    assert wanted
    assert wanted <= set(get_commands())
    for text in texts:
        for path in re.findall(r"(?<![\w/.])(deploy/[\w./-]+\w)", text):
            assert path in ("deploy/site.env", "deploy/.env", "deploy/certificates") or (ROOT / path).exists(), path


def test_compose_builds_and_mounts_what_there_is() -> None:
    stages = re.findall(r"^FROM .* AS (\w+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    for name, service in COMPOSE["services"].items():
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).exists(), name
            assert build["target"] in stages, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_there = source == "./certificates" or (source.startswith("./") and (DEPLOY / source).exists())
            assert source in COMPOSE["volumes"] or is_there, f"{name}: {volume}"
        for other in service.get("depends_on", {}):
            assert other in COMPOSE["services"]
    copied = re.findall(r"^COPY (?!--)(\S+) ", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert all((ROOT / path).exists() for path in copied)


def test_only_migrations_run_as_the_owner_of_the_tables() -> None:
    site = {name: each["environment"] for name, each in COMPOSE["services"].items() if each.get("image") == "partners"}
    accounts = {name: re.findall(r"://(\w+):", said["DATABASE_URL"])[0] for name, said in site.items()}
    assert accounts == {"migrate": "partners", "web": "partners_web", "worker": "partners_web"}
    of_the_web = {"DATABASE_URL": site["web"]["DATABASE_URL"]}
    assert site["migrate"] | of_the_web == site["web"] == site["worker"]


def test_nginx_lets_through_what_the_site_takes_and_not_much_more() -> None:
    pages, forms, files = limits(NGINX)
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < pages <= 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert settings.UPLOAD_MOST_BYTES < forms <= 4 * settings.UPLOAD_MOST_BYTES
    assert settings.VERIFY_MOST_BYTES < files <= 2 * settings.VERIFY_MOST_BYTES


def test_nginx_sends_private_files_from_where_the_settings_say() -> None:
    assert f"location {settings.SENDFILE_URL}/ {{\n        internal;" in NGINX
    assert f"location {settings.MEDIA_URL} {{" in NGINX
    assert f"location {settings.STATIC_URL} {{" in NGINX
