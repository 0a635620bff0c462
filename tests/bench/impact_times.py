"""How long a draft edition is rehearsed against all partners of a loaded site, and in how much memory. Writes JSON.

Run by ``tests.bench.impact`` with the site's settings: ``python -m tests.bench.impact_times FILE``.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django comes first
from django.contrib.auth import get_user_model  # noqa: E402

from partner_directory.actions import impacts  # noqa: E402
from partner_directory.impact import drafts  # noqa: E402
from partner_directory.models.impact import Impact, ImpactRow  # noqa: E402
from program_pages.actions.editions import copy_edition  # noqa: E402
from program_pages.models.edition import TermsEdition  # noqa: E402
from program_pages.rules import whatif  # noqa: E402


def draft() -> TermsEdition:
    """A draft that changes something for everybody: discounts, the ceiling, updates, and who is asked for."""
    copied = copy_edition(edition=TermsEdition.objects.published().first(), actor=get_user_model().objects.first())
    levels, requirements = list(copied.level_terms.all()), list(copied.requirements.all())
    for row in levels:
        row.discount -= 2
    for row in requirements:
        if row.threshold is not None:
            row.threshold += 1
    copied.level_terms, copied.requirements = levels, requirements
    copied.ceiling, copied.updates_percent = copied.ceiling - 2, copied.updates_percent + 2
    copied.save_revision()
    return TermsEdition.objects.get(pk=copied.pk)


def main(file: Path) -> None:
    """Rehearses once, then tries one number of it otherwise."""
    settings.DEBUG = False  # which keeps every query
    edition = draft()
    started, worked = time.perf_counter(), time.process_time()
    impact = impacts.start(edition=edition, actor=None)
    for _done in impacts.run(impact=impact):
        pass
    took, worked = time.perf_counter() - started, time.process_time() - worked
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    impact = Impact.objects.get(pk=impact.pk)
    groups, comparison = drafts.groups_of(impact), drafts.comparison_of(impact)
    tried = time.perf_counter()
    whatif.reckoned(groups, drafts.tuned_comparison(comparison, {"ceiling": Decimal(30)}))
    answer = {
        "partners": impact.done,
        "rows": ImpactRow.objects.filter(impact=impact).count(),
        "seconds": took,
        "processor": worked,
        "megabytes": megabytes,
        "what_if": time.perf_counter() - tried,
    }
    file.write_text(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
