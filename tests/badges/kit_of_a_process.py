"""Prints the checksums of a kit that is made in this process alone, without a database: for tests of sameness."""

from __future__ import annotations

import os
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from partner_directory.badges import kept, kits  # noqa: E402 - Django comes first
from partner_directory.badges.files import unpacked  # noqa: E402
from partner_directory.models import Partner  # noqa: E402
from partner_directory.models.badge import Badge  # noqa: E402
from partner_directory.models.mark import MarkVersion  # noqa: E402
from tests.factories.marks import a_mark  # noqa: E402


def asked() -> kits.Asked:
    """A kit of rows that no database holds."""
    mark = a_mark()
    names = ("name", "drawings", "is_sample", "clear_space", "least_px", "least_mm")
    version = MarkVersion(mark=mark, number=1, **{name: getattr(mark, name) for name in names})
    badge = Badge(partner=Partner(name_ru="Партнёр", name_en="Partner"), code="0123456789")
    return kits.Asked(version, badge, date(2026, 12, 31), None)


if __name__ == "__main__":
    content = kits.kit_for(asked())
    print(kept.checksum(content), len(unpacked(content)))  # noqa: T201 - its answer
