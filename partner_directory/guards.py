"""What the database itself holds of partners, and Django's models cannot say.

Memberships of a partner in one product line do not overlap, and none leaves its calendar year (R44, A7): triggers, made
anew after every ``migrate`` as ``program_pages.immutability`` makes its own. The ledger is append-only: triggers refuse
to change or delete its rows; so are the versions of marks and their files (R6). Badges, what was signed under them and
the kits that were taken keep what was written, and only samples' are deleted (``HISTORY``). Words of listings are
indexed by the database's own full-text search: FTS5 on SQLite, GIN on PostgreSQL, asked by a function (``HOLDING``).
The trail of what was done is append-only as well (``trail_guards``). May not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connections

from partner_directory import trail_guards

MEMBERSHIPS, LISTINGS = "partner_directory_membership", "partner_directory_listing"
LEDGER = ("partner_directory_ledgertransaction", "partner_directory_ledgerentry")
VERSIONS = ("partner_directory_markversion", "partner_directory_markfile")
OVERLAP = "one_level_per_product_line_at_a_time"
YEAR = "membership_stays_within_its_year"
APPEND_ONLY = "ledger_is_append_only"
KEPT_FOR_GOOD = "mark_versions_are_kept_for_good"
APPENDED = {**dict.fromkeys(LEDGER, APPEND_ONLY), **dict.fromkeys(VERSIONS, KEPT_FOR_GOOD)}
# A version's columns, and the one thing of it that may go: its approver, with the account.
APPROVER = "approved_by_id"
APPROVED = {
    VERSIONS[0]: (
        "id", "drawings", "is_sample", "clear_space", "least_px", "least_mm", "number", "name", "approved_at",
        "mark_id",
    )
}  # fmt: skip


class Kept(NamedTuple):
    """What a row of history keeps for good; it is deleted only where its partner is a sample."""

    name: str  # of its triggers
    written: tuple[str, ...]  # when it is made, and never changed
    ended: tuple[str, ...] = ()  # all at once, as the first of them is
    people: tuple[tuple[str, str], ...] = ()  # who go with their accounts alone, once the other column is written
    partner: str = "OLD.partner_id"


BADGES, CREDENTIALS, KITS = "partner_directory_badge", "partner_directory_credential", "partner_directory_kitdownload"
HISTORY = {
    BADGES: Kept(
        "badge_is_issued_and_revoked_once",
        ("id", "partner_id", "product_line_id", "code", "issued_at", "replaces_id"),
        ("revoked_at", "reason"),
        (("issued_by_id", "issued_at"), ("revoked_by_id", "revoked_at")),
    ),
    CREDENTIALS: Kept(
        "credential_is_signed_once",
        ("id", "badge_id", "membership_id", "level_id", "index", "key_id", "token", "issued_at"),
        ("closed_at", "closed_how"),
        partner=f"(SELECT partner_id FROM {BADGES} WHERE id = OLD.badge_id)",  # noqa: S608 - our own names
    ),
    KITS: Kept(
        "kit_is_taken_once",
        ("id", "partner_id", "badge_id", "version_id", "taken_at", "sha256"),
        people=(("person_id", "taken_at"),),
    ),
}
WORDS = "partner_directory_words"  # SQLite's table of words, PostgreSQL's index
# PostgreSQL's functions that find the listings with a word, by the column that they look in.
HOLDING = {"words": "partner_directory_holding", "name_words": "partner_directory_named"}
FIELDS = ("partner_id", "product_line_id", "year", "starts", "until")
GUARDED = {MEMBERSHIPS, LISTINGS, *HISTORY, *APPENDED, *trail_guards.TABLES}

_OVERLAPS = f"""EXISTS (
    SELECT 1 FROM {MEMBERSHIPS} other
    WHERE other.partner_id = NEW.partner_id AND other.product_line_id = NEW.product_line_id
      AND other.id <> NEW.id AND other.starts <= NEW.until AND other.until >= NEW.starts)"""  # noqa: S608 - our own names


def enforce(using: str = "default", **_: Any) -> None:
    """Makes the triggers and the index of words, replacing any there are; nothing before the tables exist."""
    connection = connections[using]
    if not set(connection.introspection.table_names()) >= GUARDED:
        return
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]():
            cursor.execute(statement)


def lift(using: str = "default", **_: Any) -> None:
    """Drops what hangs on the tables, so that a migration may rebuild them, or whoever restores may empty them."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            if set(trail_guards.TABLES) <= set(connection.introspection.table_names()):
                for statement in trail_guards.lifted(connection.vendor):
                    cursor.execute(statement)
            return
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        for name, table in cursor.fetchall():
            if table in GUARDED:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def _changes(table: str) -> Iterator[tuple[str, str]]:
    """What may not happen to a row that is there for good: the event, and on which condition."""
    yield "DELETE", "TRUE"
    if table in APPROVED:
        yield f"UPDATE OF {', '.join(APPROVED[table])}", "TRUE"
        yield f"UPDATE OF {APPROVER}", f"NEW.{APPROVER} IS NOT NULL"
    else:
        yield "UPDATE", "TRUE"


def _rewrites(kept: Kept, differs: str) -> str:
    """As a condition: an update changes what a row of history keeps."""

    def changed(names: tuple[str, ...]) -> str:
        return " OR ".join(f'NEW."{name}" {differs} OLD."{name}"' for name in names)

    found = [changed(kept.written)]
    if kept.ended:
        found.append(f'OLD."{kept.ended[0]}" IS NOT NULL AND ({changed(kept.ended)})')
    for person, since in kept.people:
        found.append(f'OLD."{since}" IS NOT NULL AND NEW."{person}" IS NOT NULL AND ({changed((person,))})')
    return " OR ".join(f"({each})" for each in found)


def _of_a_sample(kept: Kept) -> str:
    return f"EXISTS (SELECT 1 FROM partner_directory_partner WHERE id = {kept.partner} AND is_sample)"  # noqa: S608 - the same


def _sqlite() -> Iterator[str]:
    outside = (
        "strftime('%Y', NEW.starts) <> CAST(NEW.year AS TEXT) OR strftime('%Y', NEW.until) <> CAST(NEW.year AS TEXT)"
    )
    for event in ("INSERT", f"UPDATE OF {', '.join(FIELDS)}"):
        for name, condition in ((OVERLAP, _OVERLAPS), (YEAR, outside)):
            trigger = f"{name}_{event[:6].lower()}"
            yield f'DROP TRIGGER IF EXISTS "{trigger}"'
            yield (
                f'CREATE TRIGGER "{trigger}" AFTER {event} ON {MEMBERSHIPS} WHEN {condition}'
                f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
    for table, name in APPENDED.items():
        for place, (event, condition) in enumerate(_changes(table)):
            trigger = f"{name}_{table.removeprefix('partner_directory_')}_{place}"
            yield f'DROP TRIGGER IF EXISTS "{trigger}"'
            yield (
                f'CREATE TRIGGER "{trigger}" BEFORE {event} ON {table} WHEN {condition}'
                f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
    for table, kept in HISTORY.items():
        for event, condition in (("UPDATE", _rewrites(kept, "IS NOT")), ("DELETE", f"NOT {_of_a_sample(kept)}")):
            trigger = f"{kept.name}_{event.lower()}"
            yield f'DROP TRIGGER IF EXISTS "{trigger}"'
            yield (
                f'CREATE TRIGGER "{trigger}" BEFORE {event} ON {table} WHEN {condition}'
                f" BEGIN SELECT RAISE(ABORT, '{kept.name}'); END"
            )
    yield from trail_guards.made("sqlite")
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5("
        f"words, name_words, content='{LISTINGS}', content_rowid='partner_id', tokenize='ascii', detail='column')"
    )
    into = f"INSERT INTO {WORDS} ({WORDS}, rowid, words, name_words) VALUES"
    remove = f"{into} ('delete', OLD.partner_id, OLD.words, OLD.name_words);"
    add = f"{into} (NULL, NEW.partner_id, NEW.words, NEW.name_words);"
    for event, body in (("INSERT", add), ("DELETE", remove), ("UPDATE", f"{remove} {add}")):
        yield f"DROP TRIGGER IF EXISTS {WORDS}_{event.lower()}"
        yield f"CREATE TRIGGER {WORDS}_{event.lower()} AFTER {event} ON {LISTINGS} BEGIN {body} END"
    # Rows written while the triggers were lifted.
    yield f"INSERT INTO {WORDS} ({WORDS}) VALUES ('rebuild')"  # noqa: S608 - the same


def _postgresql() -> Iterator[str]:
    # The lock makes two writers of one partner's memberships wait for each other: the second one sees the first's row.
    yield f"""CREATE OR REPLACE FUNCTION {OVERLAP}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_advisory_xact_lock('{MEMBERSHIPS}'::regclass::oid::int, NEW.partner_id::int);
        IF {_OVERLAPS} THEN
            RAISE EXCEPTION '{OVERLAP}' USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{OVERLAP}';
        END IF;
        IF extract(year FROM NEW.starts) <> NEW.year OR extract(year FROM NEW.until) <> NEW.year THEN
            RAISE EXCEPTION '{YEAR}' USING ERRCODE = 'check_violation', CONSTRAINT = '{YEAR}';
        END IF;
        RETURN NEW; END $$"""
    yield f'DROP TRIGGER IF EXISTS "{OVERLAP}" ON {MEMBERSHIPS}'
    yield (
        f'CREATE TRIGGER "{OVERLAP}" BEFORE INSERT OR UPDATE OF {", ".join(FIELDS)} ON {MEMBERSHIPS}'
        f" FOR EACH ROW EXECUTE FUNCTION {OVERLAP}()"
    )
    for name in (APPEND_ONLY, KEPT_FOR_GOOD):
        yield f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}';
            END $$"""
    for table, name in APPENDED.items():
        for place, (event, condition) in enumerate(_changes(table)):
            yield f'DROP TRIGGER IF EXISTS "{name}_{place}" ON {table}'
            yield (
                f'CREATE TRIGGER "{name}_{place}" BEFORE {event} ON {table}'
                f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
            )
    for table, kept in HISTORY.items():
        name = kept.name
        yield f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' THEN
                IF {_of_a_sample(kept)} THEN RETURN OLD; END IF;
            ELSIF NOT ({_rewrites(kept, "IS DISTINCT FROM")}) THEN RETURN NEW;
            END IF;
            RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}';
            END $$"""
        yield f'DROP TRIGGER IF EXISTS "{name}" ON {table}'
        yield f'CREATE TRIGGER "{name}" BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()'
    yield from trail_guards.made("postgresql")
    yield (
        f"CREATE INDEX IF NOT EXISTS {WORDS} ON {LISTINGS}"
        " USING gin (to_tsvector('simple', words), to_tsvector('simple', name_words))"
    )
    # For a word that most listings hold the planner would read the whole table and split every text anew: seconds at
    # a hundred thousand, where the index needs tenths of one. The keys come as one value, not as so many rows.
    for column, name in HOLDING.items():
        yield f"""CREATE OR REPLACE FUNCTION {name}(query text) RETURNS bigint[]
            LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off AS $$
            SELECT coalesce(array_agg(partner_id), '{{}}') FROM {LISTINGS}
            WHERE to_tsvector('simple', {column}) @@ to_tsquery('simple', query) $$"""  # noqa: S608 - our own names


_STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}
