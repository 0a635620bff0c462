"""Marks: every publication is kept as a version for good; what has no artwork yet gets a sample (R6, R9, R13).

Each action is one transaction with its audit rows. Versions and their files are only ever added: the database refuses
to change them (``partner_directory.guards``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.badges.drawing import is_sample, sample_drawings
from partner_directory.badges.files import prepare_soon
from partner_directory.models.mark import PROGRAMME_SLUG, VARIANTS, Mark, MarkFile, MarkVersion
from program_pages.models.level import Level

APPROVED = "partner_directory.mark.approved"
DRAWN = "partner_directory.mark.drawn"

CLEAR_SPACE, LEAST_PX, LEAST_MM = Decimal("0.25"), 24, 8  # of sample artwork; a manager sets others
KEPT = ("drawings", "is_sample", "clear_space", "least_px", "least_mm", "name")


@transaction.atomic
def keep_version(*, mark: Mark, actor: User | None) -> MarkVersion:
    """Keeps a mark as it is published now, with the checksums of its files (R6).

    A publication that changes nothing of it makes no new version: the newest one is returned. Of what a person
    approved, the files to hand out are made once it is committed.
    """
    # Two publications at once are numbered one after the other.
    Mark.objects.select_for_update(of=["self"]).get(pk=mark.pk)
    newest = mark.versions.first()
    if newest is not None and all(getattr(newest, name) == getattr(mark, name) for name in KEPT):
        return newest
    version = MarkVersion.objects.create(
        mark=mark,
        number=newest.number + 1 if newest else 1,
        approved_by=actor,
        **{name: getattr(mark, name) for name in KEPT},
    )
    files = _checksums(version)
    MarkFile.objects.bulk_create(
        MarkFile(version=version, name=name, size=size, sha256=sha256) for name, (size, sha256) in files.items()
    )
    data = {"version": version.number, "sample": version.is_sample, "name": version.name, "files": len(files)}
    log(instance=mark, action=APPROVED, user=actor, data=data)
    if actor is not None:
        transaction.on_commit(prepare_soon, robust=True)
    return version


@transaction.atomic
def ensure_marks(*, actor: User | None = None) -> int:
    """A mark for the programme and for every level, and samples redrawn whose name, shape or colour is another now.

    Idempotent; returns how many marks were drawn. What somebody has uploaded stays as it is.
    """
    levels: list[Level | None] = [None, *Level.objects.all()]
    return sum(ensure_mark(level=level, actor=actor) for level in levels)


@transaction.atomic
def ensure_mark(*, level: Level | None, actor: User | None = None) -> bool:
    """The mark of a level, of the programme without one; whether anything had to be drawn."""
    mark = Mark.objects.select_for_update(of=["self"]).filter(level=level).first()
    if mark is None:
        _create(level, actor)
        return True
    mark.level = level
    return mark.is_sample and _redraw(mark, actor)


def sample_of(mark: Mark) -> dict[str, str]:
    """Sample artwork of a mark as its level is now."""
    level = mark.level
    return sample_drawings(_name(mark), level.shape if level else None, level.colour if level else None)


def with_samples(mark: Mark) -> dict[str, str]:
    """The drawings that were uploaded for a mark, and for all others the samples of today."""
    samples = sample_of(mark)
    uploaded = {key: drawing for key, drawing in mark.drawings.items() if key in samples and not is_sample(drawing)}
    return samples | uploaded


def _redraw(mark: Mark, actor: User | None) -> bool:
    """Whether a sample is another one now."""
    name, drawings = _name(mark), with_samples(mark)
    if (mark.name, mark.drawings) == (name, drawings):
        return False
    mark.name, mark.drawings = name, drawings
    log(instance=mark, action=DRAWN, user=actor, data={"name": name})
    if mark.has_unpublished_changes or not mark.live:
        # Somebody is at work on a draft: what is public follows the level all the same, the draft is left alone.
        mark.save(update_fields=["name", "drawings"])
        if mark.live:
            keep_version(mark=mark, actor=actor)
    else:
        _publish(mark, actor)
    return True


def _create(level: Level | None, actor: User | None) -> None:
    mark = Mark(
        level=level,
        slug=_slug(level),
        name=level.mark_name if level else settings.PROGRAMME_MARK_NAME,
        clear_space=CLEAR_SPACE,
        least_px=LEAST_PX,
        least_mm=LEAST_MM,
        live=False,
    )
    mark.drawings = sample_of(mark)
    mark.save()
    log(instance=mark, action=DRAWN, user=actor, data={"name": mark.name})
    _publish(mark, actor)


def _publish(mark: Mark, actor: User | None) -> None:
    """Through Wagtail's own door, which keeps the version (``Mark.publish``)."""
    mark.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)


def _name(mark: Mark) -> str:
    """What a sample says: the level's name of its mark; the programme's mark has its own."""
    return mark.level.mark_name if mark.level else mark.name


def _slug(level: Level | None) -> str:
    """The level's own, unless it would be taken for the programme's or another mark's."""
    if level is None:
        return PROGRAMME_SLUG
    taken = level.slug == PROGRAMME_SLUG or Mark.objects.filter(slug=level.slug).exists()
    return f"level-{level.pk}" if taken else level.slug


def _checksums(version: MarkVersion) -> Mapping[str, tuple[int, str]]:
    """The files of a version: the size and the SHA-256 of each by its name."""
    files = {f"svg/{version.mark.slug}-{key}.svg": version.drawings[key].encode() for key, _layout, _ink in VARIANTS}
    return {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()}
