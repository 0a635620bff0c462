"""What the audit log remembers and rows do not: whether something had been recorded of a row by a moment.

For querysets that count on a past day what had been recorded by then (``program_pages.as_of``): prices, facts,
specialists. May import no models of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ModelLogEntry


def logged_before(model: type[Model], actions: Iterable[str], moment: datetime) -> Exists:
    """That the audit log has one of these actions on a row of the model before a moment; no query of its own."""
    return Exists(_log(model, actions).filter(timestamp__lt=moment))


def logged_since(model: type[Model], actions: Iterable[str], moment: datetime) -> Exists:
    """The same at the moment or after it."""
    return Exists(_log(model, actions).filter(timestamp__gte=moment))


def _log(model: type[Model], actions: Iterable[str]) -> QuerySet[ModelLogEntry]:
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return ModelLogEntry.objects.filter(
        content_type=content_type, action__in=list(actions), object_id=Cast(OuterRef("pk"), CharField())
    )
