"""What a page or a snippet published on a day: its revisions, told by the log of publications.

Wagtail keeps every saved draft as a revision, and a row of the log for each time one was published or taken down. The
log never names a day's content wrongly; where the revision itself is gone (``purge_revisions``) or was written over
later, the answer is that it was not kept. May not import page models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model
from wagtail.log_actions import registry
from wagtail.models import Revision

from program_pages.as_of import AsOf
from program_pages.models.edition import programme_day_of

PUBLISHED = frozenset({"wagtail.publish", "wagtail.publish.scheduled"})
TAKEN_DOWN = frozenset({"wagtail.unpublish", "wagtail.unpublish.scheduled"})
# What old content can fail by once the code or the rows that it names have changed.
UNREADABLE = (ObjectDoesNotExist, ValidationError, ValueError, TypeError, KeyError, AttributeError)

Content = TypeVar("Content", bound=Model)


class Missing(StrEnum):
    """Why there is nothing to show of a day."""

    NOT_YET = "not_yet"  # published for the first time later
    TAKEN_DOWN = "taken_down"  # withdrawn on that day
    NOT_KEPT = "not_kept"  # published then, but its content is gone


@dataclass(frozen=True, slots=True)
class Recalled(Generic[Content]):
    """What was published at the end of a day: ``content``, or why there is none.

    ``since`` is the day of the first publication, where that is known.
    """

    content: Content | None
    missing: Missing | None = None
    since: date | None = None


def recalled(instance: Content, asked: AsOf) -> Recalled[Content]:
    """What of a published page or snippet was published at the end of a day.

    Today, and where nothing was published since, it is the instance itself; otherwise a copy that must not be saved,
    at today's address. Three queries, and what its revision takes to read.
    """
    if asked.recorded_by is None:
        return Recalled(instance)
    log = registry.get_logs_for_instance(instance).filter(action__in=PUBLISHED | TAKEN_DOWN)
    last = log.filter(timestamp__lt=asked.recorded_by).order_by("-timestamp", "-pk").first()
    changed_later = log.filter(timestamp__gte=asked.recorded_by).exists()
    first = getattr(instance, "first_published_at", None)
    since = programme_day_of(first) if first else None
    if last is None and (first is None or first >= asked.recorded_by):
        return Recalled(None, Missing.NOT_YET, since)
    if last is not None and last.action in TAKEN_DOWN:
        return Recalled(None, Missing.TAKEN_DOWN, since)
    if not changed_later:
        return Recalled(instance, since=since)
    content = _content(instance, last) if last is not None else None
    return Recalled(content, None if content is not None else Missing.NOT_KEPT, since)


def _content(instance: Content, published: Any) -> Content | None:
    """The revision that a row of the log published; None where it is gone, was written over, or cannot be read."""
    revision = Revision.objects.filter(pk=published.revision_id).first()
    if revision is None or revision.created_at > published.timestamp:
        return None
    try:
        content: Any = instance.with_content_json(revision.content)  # type: ignore[attr-defined]
    except UNREADABLE:
        return None
    for name in ("slug", "url_path"):  # it stands where the instance stands today
        if hasattr(instance, name):
            setattr(content, name, getattr(instance, name))
    return content  # type: ignore[no-any-return]
