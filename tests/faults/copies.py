"""A backup is made while people write, and restored into an empty place: what it holds fits together."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from tests.faults import looking
from tests.faults.ground import Ground, Happened
from tests.faults.kills import writers
from tests.faults.people import acknowledged, busy
from tests.running_site import MEDIA, PRIVATE, ROOT
from tests.servers import Absent

ASKED = "what was acknowledged before it began is in it; files and rows fit together"
COMMANDS = ROOT / "site/operations/management/commands"


def under_writes(ground: Ground) -> Happened:
    """People write before, meanwhile and after; the restored site holds at least what they had been told by then."""
    if not all((COMMANDS / f"{name}.py").exists() for name in ("backup", "restore")):
        raise Absent("the site has no commands backup and restore")
    folder = ground.folder / "backups"
    folder.mkdir()
    with ground.site("backup") as site, ground.site("restored") as restored:
        with site.served() as address, busy(writers(site, address)) as noted:
            time.sleep(3)
            before = acknowledged(noted)
            started = time.monotonic()
            site.manage("backup", str(folder))
            seconds = time.monotonic() - started
            time.sleep(1)
        made = _newest(folder)
        url = ground.postgres.empty(restored.name)
        places = {"DATABASE_URL": url}
        for name in (PRIVATE, MEDIA):
            shutil.rmtree(restored.folder / name)
        restored.manage("restore", str(made), **places)
        wrong = [*looking.lost(restored, before), *looking.half_written(restored), *looking.corrupt(restored)]
    said = f"{len(before)} writes before it, {len(acknowledged(noted))} in all; made in {seconds:.1f} s"
    return Happened(f"{said}; WRONG: {'; '.join(wrong[:5])} ({len(wrong)})" if wrong else said, not wrong)


def _newest(folder: Path) -> Path:
    """The backup itself, not the checksum beside it."""
    return max(path for path in folder.iterdir() if path.suffix != ".sha256")
