"""Backs the site up while it runs: every row, and every file that a row names, in one archive; or checks one.

Encrypted for the holders of keys (``--encrypt-to``, BACKUP_ENCRYPT_TO), or by a passphrase (BACKUP_PASSPHRASE).
SECRET_KEY, BADGE_KEY and what else the environment says are not in it: keep them elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.backup.checking import check
from operations.backup.making import Made, back_up, place_for, rotate
from operations.backup.sealing import Locked, Opening, Sealing
from operations.jobs import job_run
from operations.moving import departure
from operations.moving.archive import Damaged
from operations.moving.tables import Refused

MOST_SHOWN = 20


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Writes rows and files into one archive while the site runs; --check reads one and says whether it is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, for whom, and how many are kept."""
        parser.add_argument(
            "target", type=Path, help="a folder, where the time names the file; or a file that is not there"
        )
        parser.add_argument(
            "--encrypt-to", action="append", metavar="age1…", help="a recipient; may stand several times"
        )
        parser.add_argument("--keep", type=int, metavar="N", help="of the backups in the folder, keep the newest N")
        parser.add_argument("--check", action="store_true", help="target is a backup: read it wholly, change nothing")
        parser.add_argument("--identity", type=Path, help="with --check: the file with the key that opens it")

    def handle(self, *args: Any, target: Path, check: bool, **options: Any) -> None:
        """Makes, or checks."""
        if check:
            self._check(target, options["identity"])
            return
        if options["keep"] is not None and (options["keep"] < 1 or not target.is_dir()):
            raise CommandError("--keep wants a folder, and a number from 1.")
        for name in departure.unknown_tables("default"):
            self.stderr.write(f"Not backed up, for no model of the site has it: {name}")
        with job_run("backup") as run:
            try:
                made = self._make(target, options["encrypt_to"] or settings.BACKUP_ENCRYPT_TO)
            except (Refused, ValueError) as error:
                raise CommandError(str(error)) from error
            run.said(_said(made))
            self.stdout.write(_said(made))
            if made.missing:
                self._complain(made)
            if options["keep"]:
                for old in rotate(target, options["keep"]):
                    self.stdout.write(f"Removed {old.name}")

    def _make(self, target: Path, recipients: list[str]) -> Made:
        sealing = Sealing(tuple(recipients), "" if recipients else settings.BACKUP_PASSPHRASE)
        if not (sealing.recipients or sealing.passphrase):
            self.stderr.write("Not encrypted: whoever reads the file has the passwords' hashes and second factors.")
        return back_up(place_for(target, sealing), sealing, say=self.stderr.write)

    def _complain(self, made: Made) -> None:
        for name in made.missing[:MOST_SHOWN]:
            self.stderr.write(f"Missing from the storage {name}")
        raise CommandError(
            f"{made.path} is whole but for {len(made.missing)} files that rows name and the storage does not have."
        )

    def _check(self, path: Path, identity: Path | None) -> None:
        try:
            whole = check(path, opening_of(identity))
        except (Damaged, Locked, OSError) as error:
            raise CommandError(str(error)) from error
        said = whole.manifest
        self.stdout.write(
            f"Whole: {whole.rows} rows in {len(said['tables'])} tables, {said['files']} files,"
            f" made {said['made_at']} on {said['host']} ({said['engine']})."
        )
        for name in said["missing"]:
            self.stderr.write(f"Was missing from the storage {name}")


def opening_of(identity: Path | None) -> Opening:
    """What opens a backup here; raises OSError where there is no such file of keys."""
    return Opening(identity.read_text() if identity else "", settings.BACKUP_PASSPHRASE)


def _said(made: Made) -> str:
    return (
        f"{made.path}: {made.size} bytes, {made.rows} rows, {made.files} files ({made.bytes_of_files} bytes),"
        f" SHA-256 {made.sha256}"
    )
