"""Notices whatever is recorded, whoever records it and however: each statement passes here on its way to the database.

Signals would miss ``queryset.update`` and plain SQL. A statement moves the version on unless its table is named below;
a new table therefore moves it on until somebody has found that no page shows it. A transaction moves the version on
twice: at its first such statement and once it is committed, so that not even a process that is killed in between leaves
old pages behind (``version``: pages made in the meantime are made again).
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from operations.page_cache.version import versions
from operations.statements import Execute, tell_of_write, wrap

READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA", "EXPLAIN", "SHOW", "SET ", "FETCH")
CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
WRITE = re.compile(
    r'\s*(INSERT|UPDATE|DELETE)\b[^"`\w]*(?:OR\s+\w+\s+)?(?:INTO\s+|FROM\s+|ONLY\s+)*["`]?(\w+)', re.IGNORECASE
)

# Of these no public page reads a row: tests/operations/test_page_cache_writes.py reads every page to see that.
QUIET = {
    "accounts_user": "who signs in; its day of signing in is written each time",
    "accounts_user_groups": "rights",
    "accounts_user_user_permissions": "rights",
    "account_emailaddress": "addresses to sign in with",
    "account_emailconfirmation": "codes to sign in with",
    "mfa_authenticator": "second factors",
    "usersessions_usersession": "where people are signed in",
    "auth_group": "rights",
    "auth_group_permissions": "rights",
    "auth_permission": "rights",
    "django_session": "who is signed in",
    "wagtailusers_userprofile": "how an editor likes the admin",
    "wagtailadmin_admin": "nothing but rights hangs on it",
    "wagtailadmin_editingsession": "who has a page open in the admin, told every few seconds",
    "wagtailadmin_formstate": "forms of the admin as they were left",
    "wagtailcore_comment": "what editors say to each other",
    "wagtailcore_commentreply": "what editors say to each other",
    "wagtailcore_pagesubscription": "who is told of what editors say",
    "wagtailcore_taskstate": "the way to a publication, which itself is a write of the page",
    "wagtailcore_workflowstate": "the way to a publication, which itself is a write of the page",
    "wagtailcore_uploadedfile": "files on their way into the admin",
    "wagtailcore_referenceindex": "where the admin shows what is used",
    "wagtailforms_formsubmission": "what visitors send",
    "wagtailsearchpromotions_query": "what visitors search for",
    "wagtailsearchpromotions_querydailyhits": "what visitors search for",
    "operations_cspreport": "what browsers report",
    "operations_jobrun": "runs of the site's jobs",
    "partner_directory_accountconsent": "what people have agreed to",
    "partner_directory_application": "who wants to become a partner",
    "partner_directory_enquiry": "what visitors write",
    "partner_directory_impact": "a draft edition rehearsed",
    "partner_directory_impactrow": "a draft edition rehearsed",
    "partner_directory_invitation": "who is asked to join a company",
    "partner_directory_joiningstep": "who wants to become a partner",
    "partner_directory_kitdownload": "who took which files",
    "partner_directory_lettertext": "the words of letters",
    "partner_directory_message": "letters, and whether they have left",
    "partner_directory_privatefile": "files that only those concerned may see",
    "partner_directory_steprun": "steps of the day's turn",
    "partner_directory_teammember": "who acts for a company",
    "partner_directory_turn": "the day's turn",
}
# Rows that are only added say nothing of days before theirs, and of their own day pages show what stands now.
APPENDED = {
    "wagtailcore_modellogentry": "the log of what is done; what it tells pages of is written beside it",
    "wagtailcore_pagelogentry": "the log of what is done; what it tells pages of is written beside it",
}


def shows(sql: object) -> bool:
    """Whether a statement may change what a public page shows."""
    text = sql if isinstance(sql, str) else str(sql)
    if text.startswith(READS):
        return False
    found = WRITE.match(text)
    if found is None:  # of another kind: rather once too often
        bare = text.lstrip("( \n\t")[:9].upper()
        return not (bare.startswith(READS) or (bare.startswith("WITH") and not CHANGES.search(text)))
    verb, table = found.group(1).upper(), found.group(2).lower()
    return table not in QUIET and not (verb == "INSERT" and table in APPENDED)


def watched(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's wrapper of every statement: carries it out, and sees to it that the version moves on where it must."""
    if not shows(sql) or not settings.PAGE_CACHE_SECONDS:
        return execute(sql, params, many, context)
    connection: BaseDatabaseWrapper = context["connection"]
    tell_of_write(connection, move_on)
    try:
        return execute(sql, params, many, context)
    finally:
        if not connection.in_atomic_block:
            move_on()


def move_on() -> None:
    """The version moves on."""
    versions.move_on()


def watch(sender: object, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Watches a connection from its first statement on (``connection_created``)."""
    wrap(connection, watched, outermost=True)
