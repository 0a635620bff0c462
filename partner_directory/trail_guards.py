"""What the database itself holds of the trail of what was done: nothing of it is changed or taken away, by anybody.

Both logs of Wagtail are append-only: it writes them, and neither changes nor deletes a row, whatever becomes of whom or
what the row is about. One change is let through: the name of a person who has asked to be forgotten goes from the rows
about that person (``actions.people.erase``). Made and lifted with the other guards (``guards``). May not import models.
"""

from __future__ import annotations

from collections.abc import Iterator

NAME = "the_trail_is_append_only"
TABLES = {"wagtailcore_modellogentry": "object_id", "wagtailcore_pagelogentry": "page_id"}  # and what a row is about
KEPT = (
    "id", "content_type_id", "action", "data", "timestamp", "uuid", "user_id", "revision_id", "content_changed",
    "deleted",
)  # fmt: skip
NOBODY = "erased.invalid"  # the domain of the addresses of those who were forgotten; ".invalid" is nobody's for ever
# An erased person's name, as ``erase`` writes it: a function on PostgreSQL, since its triggers know no subqueries.
_FORGETS = f"""NEW.label LIKE 'erased-%@{NOBODY}' AND EXISTS (
    SELECT 1 FROM django_content_type WHERE id = OLD.content_type_id AND app_label = 'accounts' AND model = 'user')"""  # noqa: S608 - our own names


def made(vendor: str) -> Iterator[str]:
    """The statements that make the triggers, replacing any there are."""
    yield from lifted(vendor)
    yield from {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]()


def lifted(vendor: str) -> Iterator[str]:
    """The statements that drop them, for whoever has to empty the tables."""
    for table in TABLES:
        for what in ("update", "delete", "truncate"):
            on = f" ON {table}" if vendor == "postgresql" else ""
            yield f'DROP TRIGGER IF EXISTS "{_name(table, what)}"{on}'


def _name(table: str, what: str) -> str:
    return f"{NAME}_{table.removeprefix('wagtailcore_')}_{what}"


def _sqlite() -> Iterator[str]:
    for table in TABLES:
        for event, condition in (("DELETE", "TRUE"), ("UPDATE", f"NOT ({_forgets_alone(table, 'IS')})")):
            yield (
                f'CREATE TRIGGER "{_name(table, event.lower())}" BEFORE {event} ON {table} WHEN {condition}'
                f" BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
            )


def _postgresql() -> Iterator[str]:
    """The same, and no TRUNCATE either, which triggers of rows do not see."""
    for table in TABLES:
        function = _name(table, "refused")
        yield f"""CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {_forgets_alone(table, "IS NOT DISTINCT FROM")} THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION '{NAME}' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{NAME}';
            END $$"""
        for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            yield (
                f'CREATE TRIGGER "{_name(table, event.lower())}" BEFORE {event} ON {table}'
                f" FOR EACH {each} EXECUTE FUNCTION {function}()"
            )


def _forgets_alone(table: str, same: str) -> str:
    kept = " AND ".join(f'OLD."{column}" {same} NEW."{column}"' for column in (*KEPT, TABLES[table]))
    return f"{kept} AND {_FORGETS}"
