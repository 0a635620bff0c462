"""From one variable of the environment to Django's settings of an engine: database, cache, storage of files.

Pure functions that read no environment themselves. May import nothing of the project.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
FORGIVING, STRICT = "operations.caches.ForgivingRedisCache", "operations.caches.StrictRedisCache"
REDIS_SCHEMES = ("redis", "rediss")
APART = ("limits", "pages")  # what is counted and pages that are kept, so that neither drives the other out
MOST_FILES = 10_000  # pages kept in a folder
PUBLIC_BUCKET, PRIVATE_BUCKET = "operations.storages.PublicBucket", "operations.storages.PrivateBucket"
BUCKET_OPTIONS = {"region": "region_name", "addressing": "addressing_style"}
READ_ONLY = "-c default_transaction_read_only=on"
SECONDS_TO_CONNECT = 2


def database(url: str, *, conn_max_age: int) -> dict[str, Any]:
    """The settings of a database at an address; ``conn_max_age`` in seconds, unless the address says it."""
    found: dict[str, Any] = environ.Env.db_url_config(url)
    if found["ENGINE"] == SQLITE:
        # Readers never wait for the writer, the writer waits its turn, and a transaction that will
        # write takes its lock at once instead of failing half-way.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        }
    else:
        found["CONN_HEALTH_CHECKS"] = True
    # Opening a connection takes longer than most answers do, of SQLite too: its functions are registered each time.
    found.setdefault("CONN_MAX_AGE", conn_max_age)
    return found


def replica(url: str, *, conn_max_age: int) -> dict[str, Any]:
    """The settings of a replica: what is sent there by mistake is refused by the server, a silent one soon given up."""
    found = database(url, conn_max_age=conn_max_age)
    found["TEST"] = {"MIRROR": "default"}
    if found["ENGINE"] != SQLITE:
        found["OPTIONS"] = {"connect_timeout": SECONDS_TO_CONNECT, "options": READ_ONLY, **found.get("OPTIONS", {})}
    return found


def caches(url: str) -> dict[str, dict[str, Any]]:
    """Three aliases of one cache: ``default``; ``limits`` and ``pages``, which raise while Redis cannot be asked."""
    if url.startswith("valkey"):  # speaks as Redis does
        url = url.replace("valkey", "redis", 1)
    if urlsplit(url).scheme in REDIS_SCHEMES:
        found = {"default": _redis(url, FORGIVING), **{alias: _redis(url, STRICT) for alias in APART}}
    else:
        found = {alias: environ.Env.cache_url_config(url) for alias in ("default", *APART)}
    for alias in APART:
        found[alias]["KEY_PREFIX"] = found[alias].get("KEY_PREFIX", "") + alias
    if found["pages"]["BACKEND"].endswith("FileBasedCache"):
        found["pages"] |= {"LOCATION": f"{found['pages']['LOCATION']}/pages", "OPTIONS": {"MAX_ENTRIES": MOST_FILES}}
    return found


def _redis(url: str, backend: str) -> dict[str, Any]:
    found: dict[str, Any] = environ.Env.cache_url_config(url, backend=backend)
    if "OPTIONS" in found:  # redis-py's names are in small letters
        found["OPTIONS"] = {name.lower(): value for name, value in found["OPTIONS"].items()}
    return found


def bucket(name: str, url: str, *, private: bool) -> dict[str, Any]:
    """The storage at ``s3://KEY:SECRET@host/bucket/folder?region=…&addressing=virtual``.

    ``s3+http`` speaks without TLS; without a host it is Amazon's. Raises ImproperlyConfigured, naming the variable.
    """
    try:
        parts = urlsplit(url)
        asked, port = dict(parse_qsl(parts.query)), parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no address: {error}.") from error
    within, _slash, folder = parts.path.strip("/").partition("/")
    unknown = sorted(asked.keys() - BUCKET_OPTIONS.keys())
    if parts.scheme not in ("s3", "s3+http") or not within or unknown:
        wrong = f"knows no {', '.join(unknown)}" if unknown else "must read s3://KEY:SECRET@host/bucket"
        raise ImproperlyConfigured(f"{name} {wrong}.")
    options = {
        "bucket_name": unquote(within),
        "location": unquote(folder),
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "addressing_style": "path" if parts.hostname else None,
        **{BUCKET_OPTIONS[key]: value for key, value in asked.items()},
    }
    if parts.hostname:
        scheme = "http" if parts.scheme == "s3+http" else "https"
        options["endpoint_url"] = f"{scheme}://{parts.hostname}" + (f":{port}" if port else "")
    return {"BACKEND": PRIVATE_BUCKET if private else PUBLIC_BUCKET, "OPTIONS": options}
