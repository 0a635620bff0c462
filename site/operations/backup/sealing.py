"""How a backup is wrapped: gzip, and encrypted where somebody asked, in the format of ``age``.

Any tool of these formats opens it:

    partners-….tar.gz       gzip
    partners-….tar.gz.age   for the holder of a key: age -d -i KEY FILE | tar xz
    partners-….locked.tar   by a passphrase: tar xf FILE; age -d -i key.age backup.tar.gz.age | tar xz

age encrypts streams for keys alone; so a passphrase encrypts a key that is made for this one backup, and both travel
in one file. May not import Django.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from operations.moving.archive import Damaged, Foreign, member_of

PLAIN, FOR_KEYS, BY_PASSPHRASE = ".tar.gz", ".tar.gz.age", ".locked.tar"
KEY, CONTENT = "key.age", "backup.tar.gz.age"
AGE, GZIP, TAR, TAR_AT = b"age-encryption.org/", b"\x1f\x8b", b"ustar", 257
BLOCK = 512  # of a tar
QUICKLY = 3  # of gzip's levels: a third faster than the usual, a twentieth larger


class Locked(Exception):
    """The backup is encrypted, and what was given does not open it."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """For whom a backup is encrypted: recipients (``age1…``), or whoever knows a passphrase; or not at all."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    def __post_init__(self) -> None:
        if self.recipients and self.passphrase:
            raise ValueError("Either recipients or a passphrase: age mixes them in no file.")
        try:
            self.keys()
        except pyrage.RecipientError as error:
            raise ValueError(f"Not a recipient of age (age1…): {error}") from error

    def keys(self) -> list[Any]:
        """The recipients as keys."""
        return [pyrage.x25519.Recipient.from_str(each) for each in self.recipients]

    @property
    def suffix(self) -> str:
        """How the file's name ends."""
        return FOR_KEYS if self.recipients else BY_PASSPHRASE if self.passphrase else PLAIN


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens an encrypted backup: the text of a file of keys (``AGE-SECRET-KEY-…``), or the passphrase."""

    keys: str = ""
    passphrase: str = ""

    def identities(self) -> list[Any]:
        """Raises Locked for what is no key."""
        lines = [line.strip() for line in self.keys.splitlines()]
        try:
            return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
        except pyrage.IdentityError as error:
            raise Locked(f"That is no file of keys: {error}") from error


@contextmanager
def writing(target: IO[bytes], sealing: Sealing) -> Iterator[IO[bytes]]:
    """A stream whose content is packed, and encrypted, into a file that can be searched."""
    if sealing.passphrase:
        with (
            _locked(target, sealing.passphrase) as (content, recipients),
            _encrypted(content, recipients) as inner,
            _packed(inner) as stream,
        ):
            yield stream
    elif sealing.recipients:
        with _encrypted(target, sealing.keys()) as inner, _packed(inner) as stream:
            yield stream
    else:
        with _packed(target) as stream:
            yield stream


@contextmanager
def _packed(target: IO[bytes]) -> Iterator[IO[bytes]]:
    with gzip.GzipFile(filename="", mode="wb", compresslevel=QUICKLY, fileobj=target) as stream:
        yield stream  # type: ignore[misc] # a stream of bytes, if of no file


@contextmanager
def _locked(target: IO[bytes], passphrase: str) -> Iterator[tuple[IO[bytes], list[Any]]]:
    """A tar of two: the key, opened by the passphrase, and what the key opens, whose size is known at its end."""
    identity = pyrage.x25519.Identity.generate()
    key = pyrage.passphrase.encrypt(f"{identity}\n".encode(), passphrase)
    target.write(_tar_head(KEY, len(key)) + key + bytes(-len(key) % BLOCK))
    place = target.tell()
    target.write(bytes(BLOCK))
    yield target, [identity.to_public()]
    size = target.tell() - place - BLOCK
    target.write(bytes(-size % BLOCK) + bytes(2 * BLOCK))
    target.seek(place)
    target.write(_tar_head(CONTENT, size))
    target.seek(0, os.SEEK_END)


def _tar_head(name: str, size: int) -> bytes:
    return member_of(name, size).tobuf(tarfile.GNU_FORMAT)  # one block, however large


@contextmanager
def _encrypted(target: IO[bytes], recipients: list[Any]) -> Iterator[IO[bytes]]:
    reading, writing_end = os.pipe()
    failed: list[BaseException] = []

    def encrypt() -> None:
        with open(reading, "rb") as source:
            try:
                pyrage.encrypt_io(source, target, recipients)
            except BaseException as error:  # told to whoever waits
                failed.append(error)

    thread = threading.Thread(target=encrypt, name="encrypting a backup")
    thread.start()
    try:
        with open(writing_end, "wb") as stream:
            yield stream
    except BrokenPipeError:
        thread.join()
        if failed:
            raise failed[0] from None
        raise
    finally:
        thread.join()
    if failed:
        raise failed[0]


@contextmanager
def reading(path: Path, opening: Opening) -> Iterator[IO[bytes]]:
    """What was written, as a stream; raises Foreign, Locked, and Damaged where it shows by the wrapping."""
    with path.open("rb") as file:
        beginning = file.read(BLOCK)
        file.seek(0)
        if beginning.startswith(GZIP):
            with _unpacked(file) as stream:
                yield stream
        elif beginning.startswith(AGE):
            identities = opening.identities()
            if not identities:
                raise Locked("The backup is encrypted for a key: name the file that holds it (--identity).")
            with _decrypted(file, identities) as inner, _unpacked(inner) as stream:
                yield stream
        elif beginning[TAR_AT:].startswith(TAR):
            with _unlocked(file, opening) as content, _unpacked(content) as stream:
                yield stream
        else:
            raise Foreign("This is no backup of this site.")


@contextmanager
def _unlocked(file: IO[bytes], opening: Opening) -> Iterator[IO[bytes]]:
    if not opening.passphrase:
        raise Locked("The backup is encrypted by a passphrase: put it into BACKUP_PASSPHRASE.")
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            key, content = tar.extractfile(KEY), tar.extractfile(CONTENT)
            if key is None or content is None:
                raise Foreign("This is no backup of this site.")
            try:
                opened = pyrage.passphrase.decrypt(key.read(), opening.passphrase)
            except pyrage.DecryptError as error:
                raise Locked("The passphrase is wrong, or the key in the backup is damaged.") from error
            with _decrypted(content, Opening(keys=opened.decode()).identities()) as stream:
                yield stream
    except (tarfile.TarError, KeyError) as error:
        raise Foreign("This is no backup of this site, or it is cut off.") from error


@contextmanager
def _unpacked(source: IO[bytes]) -> Iterator[IO[bytes]]:
    with gzip.GzipFile(fileobj=source, mode="rb") as stream:
        try:
            yield stream  # type: ignore[misc] # as above
        except (gzip.BadGzipFile, zlib.error) as error:
            raise Damaged(f"The backup is damaged: {error}.") from error


@contextmanager
def _decrypted(source: IO[bytes], identities: list[Any]) -> Iterator[IO[bytes]]:
    reading_end, writing_end = os.pipe()
    failed: list[BaseException] = []

    def decrypt() -> None:
        with suppress(BrokenPipeError), open(writing_end, "wb") as target:
            try:
                pyrage.decrypt_io(source, target, identities)
            except BaseException as error:  # told to whoever reads
                failed.append(error)

    thread = threading.Thread(target=decrypt, name="decrypting a backup")
    thread.start()
    try:
        with io.BufferedReader(_Checked(open(reading_end, "rb", buffering=0), thread, failed), 1 << 20) as stream:
            yield stream
    finally:
        thread.join()


class _Checked(io.RawIOBase):
    """The reading end of a pipe, whose end is believed only once the writer has ended well."""

    def __init__(self, pipe: IO[bytes], thread: threading.Thread, failed: list[BaseException]) -> None:
        super().__init__()
        self._pipe, self._thread, self._failed, self._seen = pipe, thread, failed, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._pipe.read(len(buffer))
        buffer[: len(found)] = found
        if found:
            self._seen = True
            return len(found)
        self._thread.join()
        if self._failed:
            raise self._because(self._failed[0])
        return 0

    def _because(self, error: BaseException) -> BaseException:
        if not isinstance(error, pyrage.DecryptError | OSError):
            return error
        if self._seen or isinstance(error, OSError):
            return Damaged(f"The backup is damaged: {error}.")
        return Locked(f"The key does not open this backup, or its beginning is damaged: {error}.")

    def close(self) -> None:
        self._pipe.close()
        super().close()
