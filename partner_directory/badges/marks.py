"""Which artwork is approved now: the newest version of each mark (R6, R9). May not import views or actions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from partner_directory.models.mark import MarkVersion
from program_pages.models.level import Level


def newest_versions(recorded_by: datetime | None = None) -> QuerySet[MarkVersion]:
    """The newest version of each mark with its mark and level, the programme's first; one query.

    Of those approved before a moment, where one is given.
    """
    of_mark = MarkVersion.objects.filter(mark=OuterRef("mark"))
    if recorded_by is not None:
        of_mark = of_mark.filter(approved_at__lt=recorded_by)
    newest = of_mark.order_by("-number").values("pk")[:1]
    return (
        MarkVersion.objects.filter(pk=Subquery(newest))
        .select_related("mark__level")
        .order_by(F("mark__level__order").asc(nulls_first=True), "mark")
    )


def approved_versions(recorded_by: datetime | None = None) -> list[MarkVersion]:
    """The newest version of each mark that was ever approved (before a moment), the programme's first; one query."""
    return list(newest_versions(recorded_by))


def version_for(level: Level | None) -> MarkVersion | None:
    """The newest version of a level's mark, of the programme's without a level; None where there is none yet."""
    return newest_versions().filter(mark__level=level).first()
