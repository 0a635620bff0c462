"""Looks at what a fault has left: is the database whole, is all there that was acknowledged, was each thing done once?

Asks the database and the folders themselves, not the site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from tests.faults.ground import Site
from tests.running_site import PRIVATE

ACTIVITIES = """
    SELECT activity.title, activity.state, coalesce(file.file, ''),
        (SELECT count(*) FROM wagtailcore_modellogentry AS entry
         JOIN django_content_type AS type ON type.id = entry.content_type_id
         WHERE type.model = 'marketingactivity' AND entry.object_id = activity.id::text),
        (SELECT count(*) FROM partner_directory_message AS message
         WHERE message.kind = 'fact_confirmed' AND position('«' || activity.title || '»' in message.text) > 0)
    FROM partner_directory_marketingactivity AS activity
    LEFT JOIN partner_directory_privatefile AS file ON file.id = activity.evidence_id
    WHERE activity.title LIKE %s
"""
ENQUIRIES = """
    SELECT enquiry.text, enquiry.state,
        (SELECT count(*) FROM wagtailcore_modellogentry AS entry
         JOIN django_content_type AS type ON type.id = entry.content_type_id
         WHERE type.model = 'enquiry' AND entry.object_id = enquiry.id::text)
    FROM partner_directory_enquiry AS enquiry WHERE enquiry.text LIKE %s
"""
INDEXES = """
    SELECT bt_index_check(index.oid, true) FROM pg_class AS index JOIN pg_am AS method ON method.oid = index.relam
    JOIN pg_namespace AS space ON space.oid = index.relnamespace
    WHERE method.amname = 'btree' AND index.relkind = 'i' AND space.nspname = 'public'
"""
HEAPS = """
    SELECT heap.relname, found.msg FROM pg_class AS heap JOIN pg_namespace AS space ON space.oid = heap.relnamespace,
    LATERAL verify_heapam(heap.oid) AS found WHERE heap.relkind = 'r' AND space.nspname = 'public'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, contype::text, pg_get_expr(conbin, conrelid), confrelid::regclass::text,
        (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]),
        (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1])
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f')
"""


def everything(site: Site, acknowledged: Iterable[str]) -> list[str]:
    """Whatever is wrong, in words; nothing where all is well."""
    return [*corrupt(site), *lost(site, acknowledged), *half_written(site), *letters_twice(site), *house_checks(site)]


def corrupt(site: Site) -> list[str]:
    """What the database itself says of its pages and indexes, and every constraint that some row does not keep."""
    found = []
    with psycopg.connect(site.url, autocommit=True) as database:
        database.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        try:
            database.execute(INDEXES)
        except psycopg.Error as error:
            found.append(f"index: {error}")
        found += [f"table {table}: {said}" for table, said in database.execute(HEAPS).fetchall()]
        for table, name, kind, expression, target, column, key in database.execute(CONSTRAINTS).fetchall():
            query = f"SELECT count(*) FROM {table} AS child WHERE NOT ({expression})"
            if kind == "f":
                query = (
                    f'SELECT count(*) FROM {table} AS child WHERE child."{column}" IS NOT NULL'
                    f' AND NOT EXISTS (SELECT FROM {target} AS parent WHERE parent."{key}" = child."{column}")'
                )
            rows = database.execute(sql.SQL(query)).fetchone()
            if rows != (0,):
                found.append(f"constraint {name}: {rows}")
    return found


def lost(site: Site, acknowledged: Iterable[str]) -> list[str]:
    """What was acknowledged and is not there, or is there twice."""
    rows = _activities(site) + _enquiries(site)
    times = Counter(str(row[0]) for row in rows)
    marks = list(acknowledged)
    found = [f"lost: {mark}" for mark in marks if not times[mark]]
    return found + [f"{number} times: {mark}" for mark, number in times.items() if number > 1]


def half_written(site: Site) -> list[str]:
    """What is there without its audit row, its file, or the messages that tell of it."""
    found = []
    for title, state, file, audited, told in _activities(site):
        if audited != 1:
            found.append(f"{title}: {audited} audit rows")
        if title.startswith("claim-") and not file:
            found.append(f"{title}: no file")
        if state == "confirmed" and told != 2:
            found.append(f"{title}: {told} of 2 people told")
    found += [f"{text}: {state}, {audited} audit rows" for text, state, audited in _enquiries(site) if audited != 1]
    return found + _files(site)


def _files(site: Site) -> list[str]:
    root = site.folder / PRIVATE
    with psycopg.connect(site.url) as database:
        rows = database.execute("SELECT file, size FROM partner_directory_privatefile").fetchall()
    return [f"file {name} is not whole" for name, size in rows if _size(root / name) != size]


def orphans(site: Site) -> int:
    """Files that no row names: what a process was writing when it was killed. ``turn_of_day`` sweeps them."""
    root = site.folder / PRIVATE
    with psycopg.connect(site.url) as database:
        named = {name for (name,) in database.execute("SELECT file FROM partner_directory_privatefile").fetchall()}
    there = {str(path.relative_to(root)) for path in (root / "partners").rglob("*") if path.is_file()}
    return len(there - named)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


def letters_twice(site: Site) -> list[str]:
    """Letters that the mail server took more than once, and those said to be sent that it never took."""
    taken = _taken(site)
    found = [f"letter {key} left {times} times" for key, times in taken.items() if times > 1]
    with psycopg.connect(site.url) as database:
        sent = database.execute("SELECT id FROM partner_directory_message WHERE sent_at IS NOT NULL").fetchall()
    return found + [f"letter {key} was never sent" for (key,) in sent if not taken[key]]


def letters(site: Site) -> dict[str, int]:
    """How many letters there are: sent, waiting, and taken by a sender that died, of which a manager is asked."""
    query = """
        SELECT count(*) FILTER (WHERE sent_at IS NOT NULL), count(*) FILTER (WHERE claimed_at IS NOT NULL),
            count(*) FILTER (WHERE sent_at IS NULL AND claimed_at IS NULL)
        FROM partner_directory_message WHERE email <> ''
    """
    with psycopg.connect(site.url) as database:
        sent, asks, waiting = database.execute(query).fetchone() or (0, 0, 0)
    return {"sent": sent, "asks": asks, "waiting": waiting}


def _taken(site: Site) -> Counter[int]:
    ours = (key for key, times in site.mail.taken.items() for _time in range(times) if key.startswith("<message."))
    return Counter(int(key.split(".")[1]) for key in ours)


def hurry_letters(site: Site) -> None:
    """Passes the pause before letters are tried again."""
    with psycopg.connect(site.url) as database:
        database.execute("UPDATE partner_directory_message SET next_attempt_at = now() WHERE sent_at IS NULL")


def house_checks(site: Site) -> list[str]:
    """What the house's own checks say."""
    found = []
    for command in ("check_ledger", "check_cases"):
        try:
            site.manage(command)
        except RuntimeError as error:
            found.append(str(error)[-300:])
    return found


def _activities(site: Site) -> list[tuple[str, str, str, int, int]]:
    with psycopg.connect(site.url) as database:
        return [row for name in ("claim", "record") for row in database.execute(ACTIVITIES, [f"{name}-%"]).fetchall()]


def _enquiries(site: Site) -> list[tuple[str, str, int]]:
    with psycopg.connect(site.url) as database:
        return database.execute(ENQUIRIES, ["ask-%"]).fetchall()
