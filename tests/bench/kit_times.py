"""How long a kit takes on a loaded site: the first of a mark, another of it, and one that is kept. Writes JSON.

Run by ``tests.bench.badges`` with the site's settings: ``python -m tests.bench.kit_times FILE``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import django

django.setup()

from partner_directory.badges import kits  # noqa: E402 - Django comes first
from partner_directory.badges.gate import access_to  # noqa: E402
from partner_directory.badges.links import verify_url  # noqa: E402
from partner_directory.badges.marks import approved_versions  # noqa: E402
from partner_directory.models.badge import Badge  # noqa: E402
from partner_directory.models.mark import MarkVersion  # noqa: E402
from partner_directory.partner_terms import terms_for  # noqa: E402
from program_pages.models.edition import programme_day  # noqa: E402
from program_pages.paper import prepare_pdf  # noqa: E402

TIMES = 50


def takeable(version: MarkVersion) -> Iterator[kits.Asked]:
    """The kits of a mark that partners with badges may take today."""
    day = programme_day()
    for badge in Badge.objects.current().select_related("partner").order_by("pk"):
        access = access_to(badge.partner, [version], day)[0]
        if access.badge is not None and access.until is not None:
            yield kits.Asked(access.version, access.badge, access.until, terms_for(badge.partner, day))


def seconds(act: Callable[[], Any]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def main(file: Path) -> None:
    """The first kit of every mark that somebody may take, another partner's of one of them, and that one again."""
    takers = [takeable(version) for version in approved_versions()]
    firsts = [first for taker in takers if (first := next(taker, None))]
    another = next(takers[0])
    prepare_pdf()  # a process that has shown the page of logos is ready for it,
    verify_url(another.badge.code)  # and knows its addresses
    answer = {
        "codes": list(Badge.objects.current().order_by("pk").values_list("code", flat=True)),
        "first": median(seconds(partial(kits.kept_kit, each)) for each in firsts),
        "cold": seconds(lambda: kits.kept_kit(another)),
        "kept": median(seconds(lambda: kits.kept_kit(another).read()) for _number in range(TIMES)),
    }
    file.write_text(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
