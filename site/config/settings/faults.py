"""What keeps a site from being served to the public, told from its settings: all of it at once, by variables' names.

Reads no environment and changes nothing; only ``_is_writable`` touches the disk. May not import models.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from accounts.sealing import key_of as mfa_key_of
from partner_directory.badges.keys import key_bytes

SHORTEST_SECRET, FEWEST_CHARACTERS = 50, 16
FEWEST_BYTES = 8  # different ones, of a key: of 32 random ones fewer than 24 never come up
SAMPLES = ("django-insecure", "not-a-secret", "change", "secret", "example", "password", "your-")
SAMPLE_BYTES = b"not-a-secret"  # what the keys of tests begin with
OF_ONE_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")
FOLDER = "django.core.files.storage.FileSystemStorage"
FILE_CACHE = "django.core.cache.backends.filebased.FileBasedCache"
SQLITE = "django.db.backends.sqlite3"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
VERIFIED = ("verify-full", "verify-ca")  # of a database's sslmode; "require" believes any certificate


class Fault(NamedTuple):
    """A variable, what is wrong with it, and how to mend it."""

    variable: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.wrong}. {self.mend}."


def refuse(settings: Mapping[str, Any], *, collecting: bool = False) -> None:
    """Raises ImproperlyConfigured with every fault, where there is any.

    ``collecting``: the command under way makes the folder of static files itself.
    """
    found = [*faults_of(settings, collecting=collecting)]
    if found:
        listed = "\n".join(f"  - {fault}" for fault in found)
        raise ImproperlyConfigured(f"This site may not be served to the public:\n{listed}")


def faults_of(settings: Mapping[str, Any], *, collecting: bool = False) -> Iterator[Fault]:
    """Every fault of the settings, as names and values."""
    yield from _secrets(settings)
    if settings["DEBUG"]:
        yield Fault("DEBUG", "it is on, and shows strangers the insides of the site", "Leave it out, or set false")
    yield from _engines(settings)
    if not settings["ALLOW_UNENCRYPTED"]:
        yield from _in_clear(settings)
    yield from _addresses(settings)
    yield from _places(settings)
    if not collecting:
        yield from _static_files(settings)


def _secrets(settings: Mapping[str, Any]) -> Iterator[Fault]:
    mend = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
    if wrong := _weakness(settings["SECRET_KEY"]):
        yield Fault("SECRET_KEY", wrong, mend)
    if any(map(_weakness, settings["SECRET_KEY_FALLBACKS"])):
        yield Fault("SECRET_KEY_FALLBACKS", "one of them is weak", "Leave out what was never a SECRET_KEY of this site")
    for key in settings["MFA_KEYS"]:
        try:
            mfa_key_of(key)
        except ImproperlyConfigured:
            yield Fault("MFA_KEYS", "one of them is no key", "Make one: manage.py seal_factors --new-key")
    mend = "Make one: manage.py badge_key"
    if wrong := _weakness_of_key("BADGE_KEY", settings["BADGE_KEY"]):
        yield Fault("BADGE_KEY", wrong, mend)
    for old in settings["BADGE_OLD_KEYS"]:
        try:
            key_bytes("BADGE_OLD_KEYS", old)
        except ImproperlyConfigured:
            yield Fault(
                "BADGE_OLD_KEYS", "one of them is no key", "manage.py badge_key --public prints what belongs here"
            )


def _weakness(secret: str) -> str:
    """What is wrong with a secret; empty where nothing is."""
    if not secret:
        return "it is missing"
    if secret.lower().startswith(SAMPLES):
        return "it is a sample that everybody knows"
    if len(secret) < SHORTEST_SECRET:
        return f"it has {len(secret)} characters, fewer than {SHORTEST_SECRET}"
    if len(set(secret)) < FEWEST_CHARACTERS:
        return f"it has only {len(set(secret))} different characters"
    return ""


def _weakness_of_key(name: str, key: str) -> str:
    if not key:
        return "it is missing, and no badge could be issued"
    try:
        raw = key_bytes(name, key)
    except ImproperlyConfigured:
        return "it is no key"
    if raw.startswith(SAMPLE_BYTES):
        return "it is a sample that everybody knows"
    return "it can be guessed" if len(set(raw)) < FEWEST_BYTES else ""


def _engines(settings: Mapping[str, Any]) -> Iterator[Fault]:
    if settings["DATABASES"]["default"]["ENGINE"] == SQLITE and not settings["ALLOW_SQLITE"]:
        mend = "Name a server: postgres://user:password@host:5432/name; or say ALLOW_SQLITE=true, for one host alone"
        yield Fault("DATABASE_URL", "it is SQLite, one file on one host", mend)
    if settings["CACHES"]["default"]["BACKEND"].endswith(OF_ONE_PROCESS) and not settings["ALLOW_LOCAL_CACHE"]:
        mend = (
            "Name a server: redis://host:6379/0; or a folder, for one host: filecache:///var/cache/partners; "
            "or say ALLOW_LOCAL_CACHE=true, for one process alone"
        )
        yield Fault("CACHE_URL", "each process would count limits and keep pages by itself", mend)


def _in_clear(settings: Mapping[str, Any]) -> Iterator[Fault]:
    """Servers on other machines that are spoken to without TLS, or whoever they are."""
    for variable, host, is_encrypted, instead in _servers(settings):
        if not is_encrypted and not _is_here(host):
            mend = f"Say {instead}; or ALLOW_UNENCRYPTED=true, where nobody else can listen on the way"
            yield Fault(variable, f"what is said to {host} can be read and changed on its way", mend)


def _servers(settings: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    """Each server: its variable, its host, whether it is asked by TLS and proves who it is, and how to have it so."""
    for alias, variable in (("default", "DATABASE_URL"), ("replica", "DATABASE_REPLICA_URL")):
        database = settings["DATABASES"].get(alias, {"ENGINE": SQLITE})
        if database["ENGINE"] != SQLITE:
            options = database.get("OPTIONS", {})
            host = options.get("host") or database["HOST"]
            yield variable, host, options.get("sslmode") in VERIFIED, "?sslmode=verify-full in the address"
    place = settings["CACHES"]["default"].get("LOCATION", "")
    for url in map(urlsplit, [place] if isinstance(place, str) else place):
        yield "CACHE_URL", url.hostname or "", url.scheme == "rediss", "rediss:// in place of redis://"
    if settings["EMAIL_BACKEND"] == SMTP:
        is_encrypted = bool(settings.get("EMAIL_USE_TLS") or settings.get("EMAIL_USE_SSL"))
        yield "EMAIL_URL", settings["EMAIL_HOST"] or "", is_encrypted, "smtp+tls:// or smtp+ssl://"
    for name, variable in (("default", "MEDIA_STORAGE"), ("private", "PRIVATE_STORAGE")):
        url = urlsplit(settings["STORAGES"][name].get("OPTIONS", {}).get("endpoint_url", ""))
        yield variable, url.hostname or "", url.scheme == "https", "s3:// in place of s3+http://"
    url = urlsplit(settings["WAGTAILFRONTENDCACHE"].get("cdn", {}).get("LOCATION", ""))
    yield "CDN_PURGE", url.hostname or "", url.scheme == "https", "https://"


def _is_here(host: str) -> bool:
    """Whether a host is this machine: a socket, or its own loopback."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _addresses(settings: Mapping[str, Any]) -> Iterator[Fault]:
    hosts = settings["ALLOWED_HOSTS"]
    if not hosts:
        yield Fault("ALLOWED_HOSTS", "it is missing", "Name the hosts that the site answers to, separated by commas")
    if "*" in hosts:
        yield Fault("ALLOWED_HOSTS", "it allows every host, and links could be forged", "Name the site's own hosts")
    base = urlsplit(settings["WAGTAILADMIN_BASE_URL"])
    if base.scheme != "https" or not base.hostname:
        yield Fault("BASE_URL", "it is not https", "Say where the site is reached: https://partners.example.org")
    elif hosts and "*" not in hosts and not validate_host(base.hostname, hosts):
        yield Fault("BASE_URL", f"its host {base.hostname} is not among ALLOWED_HOSTS", "Name it in both")


def _places(settings: Mapping[str, Any]) -> Iterator[Fault]:
    """Of the folders that the site writes to, those that it cannot."""
    storages, cache = settings["STORAGES"], settings["CACHES"]["default"]
    database = settings["DATABASES"]["default"]
    yield from _within_reach(settings)
    places = (
        ("MEDIA_ROOT", settings["MEDIA_ROOT"], storages["default"]["BACKEND"] == FOLDER),
        ("PRIVATE_ROOT", settings["PRIVATE_ROOT"], storages["private"]["BACKEND"] == FOLDER),
        ("CACHE_URL", cache.get("LOCATION"), cache["BACKEND"] == FILE_CACHE),
        ("DATABASE_URL", Path(database["NAME"]).parent, database["ENGINE"] == SQLITE),
    )
    for variable, place, is_used in places:
        if is_used and not _is_writable(Path(place)):
            mend = f"mkdir -p {place}, and give it to the user that the site runs as"
            yield Fault(variable, f"nothing can be written to {place}", mend)


def _within_reach(settings: Mapping[str, Any]) -> Iterator[Fault]:
    """Private files where the public's are."""
    media, private = settings["STORAGES"]["default"], settings["STORAGES"]["private"]
    if media["BACKEND"] == private["BACKEND"] == FOLDER:
        if Path(settings["PRIVATE_ROOT"]).resolve().is_relative_to(Path(settings["MEDIA_ROOT"]).resolve()):
            yield Fault("PRIVATE_ROOT", "it lies inside MEDIA_ROOT, which everybody may read", "Name another folder")
    elif _bucket_of(media) == _bucket_of(private):
        yield Fault(
            "PRIVATE_STORAGE", "it is the bucket of MEDIA_STORAGE, which everybody may read", "Name another bucket"
        )


def _bucket_of(storage: Mapping[str, Any]) -> Any:
    options = storage.get("OPTIONS", {})
    return options.get("endpoint_url"), options.get("bucket_name", storage["BACKEND"])


def _static_files(settings: Mapping[str, Any]) -> Iterator[Fault]:
    place = Path(settings["STATIC_ROOT"])
    if not os.access(place / "staticfiles.json", os.R_OK):
        mend = "Collect the static files there: manage.py collectstatic --no-input"
        yield Fault("STATIC_ROOT", f"{place} holds no collected files that can be read", mend)


def _is_writable(place: Path) -> bool:
    """By writing: rights alone do not tell of a disk that is mounted to be read, or is full."""
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"1")
            file.flush()
    except OSError:
        return False
    return True
