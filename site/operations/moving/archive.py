"""What rows and files travel in: a tar that any tool opens, and that says of itself whether it is whole.

First ``head.json`` (what the rows need to be read), then the members, then ``members.jsonl`` with the size and the
SHA-256 of each, last ``manifest.json``: without it the archive was cut off. Both sides keep a few megabytes in memory,
whatever it holds. May not import Django.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Self

FORMAT = 1
HEAD, MEMBERS, MANIFEST = "head.json", "members.jsonl", "manifest.json"
OWNER_ALONE = 0o600
AT_ONCE = 1 << 20  # bytes
CUT_OFF = "The backup is cut off: its end is missing."
LARGEST_SAYING = 64 << 20  # bytes of a head or a manifest


class Damaged(Exception):
    """The archive is not what was written, and how it shows."""


class Foreign(Damaged):
    """This was never an archive of this site."""


class Short(OSError):
    """A file had fewer bytes, or more, than it said."""


class _Counted:
    """A stream whose bytes are counted and digested as they pass."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.digest, self.size = stream, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        try:
            found = self.stream.read(size)
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise Damaged(CUT_OFF) from error
        self.digest.update(found)
        self.size += len(found)
        return found

    def line(self, name: str) -> bytes:
        """What ``members.jsonl`` says of it."""
        return _line(name, self.size, self.digest.hexdigest())


def member_of(name: str, size: int) -> tarfile.TarInfo:
    """The head of a member of so many bytes, that its owner alone may read once it is unpacked."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, OWNER_ALONE
    return member


def _line(name: str, size: int, sha256: str) -> bytes:
    return json.dumps([name, size, sha256]).encode() + b"\n"


class Writer:
    """Writes an archive into a stream, member by member; a context, which leaves what is not finished cut off."""

    def __init__(self, stream: IO[bytes], head: dict[str, Any]) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - until finished
        self._members = tempfile.TemporaryFile()  # noqa: SIM115 - the same
        self._head = {**head, "format": FORMAT}
        self.add(HEAD, json.dumps(self._head).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._members.close()
        self._tar.fileobj.closed = True  # type: ignore[union-attr, attr-defined] # or it would write an end when it is forgotten

    def add(self, name: str, content: bytes) -> None:
        """A member that is in memory."""
        self.add_stream(name, len(content), io.BytesIO(content))

    def add_stream(self, name: str, size: int, stream: IO[bytes]) -> None:
        """A member of a size known beforehand; raises Short where the stream ends before, or goes on."""
        counted = _Counted(stream)
        try:
            self._tar.addfile(member_of(name, size), counted)  # type: ignore[arg-type] # it reads, and does nothing else
        except OSError as error:
            if counted.size < size and str(error) == "unexpected end of data":
                raise Short(name) from error
            raise
        self._tar.members = []  # type: ignore[attr-defined] # which it would remember, however many
        if stream.read(1):
            raise Short(name)
        self._members.write(counted.line(name))

    def finish(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """Writes what the archive says of itself, and answers it."""
        size = self._members.tell()
        self._members.seek(0)
        counted = _Counted(self._members)
        self._tar.addfile(member_of(MEMBERS, size), counted)  # type: ignore[arg-type] # as above
        whole = {**self._head, **manifest, MEMBERS: counted.digest.hexdigest()}
        said = json.dumps(whole, indent=1).encode()
        self._tar.addfile(member_of(MANIFEST, len(said)), io.BytesIO(said))
        self._tar.close()
        return whole


@dataclass(slots=True)
class Reader:
    """Reads an archive from a stream once; what it has read is believed only once ``manifest`` is there."""

    stream: IO[bytes]
    head: dict[str, Any] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)

    def members(self) -> Iterator[tuple[str, int, IO[bytes]]]:
        """Name, size and content of each, but for what the archive says of itself; ``head`` is there before the first.

        Raises Foreign, Damaged.
        """
        try:
            yield from self._members()
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise (Damaged if self.head else Foreign)(_cut_off(self.head)) from error

    def _members(self) -> Iterator[tuple[str, int, IO[bytes]]]:
        with tempfile.TemporaryFile() as seen:
            for member, content in _tar_members(self.stream):
                counted = _Counted(content)
                if not self.head:
                    self.head = _saying(member, counted, HEAD)
                    _refuse_other_formats(self.head)
                elif member.name == MEMBERS:
                    seen.seek(0)
                    _compare(seen, counted)
                    self.manifest = {MEMBERS: counted.digest.hexdigest()}
                    continue
                elif member.name == MANIFEST:
                    self.manifest = self._believed(_saying(member, counted, MANIFEST))
                    break
                else:
                    yield member.name, member.size, counted  # type: ignore[misc] # it reads, and does nothing else
                    while counted.read(AT_ONCE):
                        pass
                seen.write(counted.line(member.name))
        while self.stream.read(AT_ONCE):  # what stands at the very end: checksums of what it is wrapped in
            pass
        if "format" not in self.manifest:
            raise Damaged(_cut_off(self.head))

    def _believed(self, said: dict[str, Any]) -> dict[str, Any]:
        if not self.manifest or said.get(MEMBERS) != self.manifest[MEMBERS]:
            raise Damaged(f"{MEMBERS} is missing, or is not what was written.")
        if any(said.get(name) != value for name, value in self.head.items()):
            raise Damaged(f"{HEAD} and {MANIFEST} contradict each other.")
        return said


def _tar_members(stream: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise Damaged(f"{member.name} is no file.")
            yield member, content
            tar.members = []  # type: ignore[attr-defined] # which it would remember, however many


def _saying(member: tarfile.TarInfo, content: _Counted, name: str) -> dict[str, Any]:
    try:
        said = json.loads(content.read(LARGEST_SAYING)) if member.name == name else None
    except ValueError as error:
        raise Damaged(f"{name} is not what was written.") from error
    if not isinstance(said, dict):
        raise Foreign("This is no backup of this site.")
    return said


def _refuse_other_formats(head: dict[str, Any]) -> None:
    if head.get("format") != FORMAT:
        raise Foreign(f"This backup has format {head.get('format')!r}; this release reads {FORMAT}.")


def _cut_off(head: dict[str, Any]) -> str:
    return CUT_OFF if head else "This is no backup of this site."


def _compare(seen: IO[bytes], listed: _Counted) -> None:
    """What was found against what was written; raises Damaged with the first difference."""
    lines = io.BufferedReader(_Raw(listed), AT_ONCE)
    for found in seen:
        written = lines.readline()
        if found == written:
            continue
        if not written:
            raise Damaged(f"{json.loads(found)[0]} is in the backup, but was never written into it.")
        name = json.loads(written)[0]
        if name == json.loads(found)[0]:
            raise Damaged(f"{name} is damaged: its checksum is not the one that was written.")
        raise Damaged(f"{name} is missing from the backup, or another member has been put before it.")
    if rest := lines.readline():
        raise Damaged(f"{json.loads(rest)[0]} is missing from the backup.")


class _Raw(io.RawIOBase):
    """What BufferedReader asks of a stream."""

    def __init__(self, stream: _Counted) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)
