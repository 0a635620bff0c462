"""Pages from the page cache beside a bare Django view, both served at the same time and asked in turn, round by round.

The cache is a folder unless ``CACHE_URL`` names another.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from tests import running_site
from tests.bench.load import ROUNDS, WORKERS, Asked, Rounds, in_turn

AIM = 0.6


def main(folder: Path) -> None:
    """Measures each page in rounds and prints the middle of the ratios, with the lowest and the highest."""
    cache = os.environ.get("CACHE_URL") or f"filecache://{folder / 'cache'}"
    print(f"gunicorn, {WORKERS} sync workers; {ROUNDS} rounds; {cache.partition(':')[0]}; aim {AIM:g} of bare")
    print(f"{'page':<22}{'of bare':>9}{'lowest':>9}{'highest':>9}{'per s':>9}{'bytes':>9}")
    with ExitStack() as stack:
        bare = stack.enter_context(
            running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/")
        )
        site = stack.enter_context(
            running_site.served(folder, workers=WORKERS, threads=1, PAGE_CACHE_SECONDS="600", CACHE_URL=cache)
        )
        for asked in _pages(site):
            with urlopen(site + asked.path) as answer:  # noqa: S310 - our own server
                size = len(answer.read())
            _print(asked.title, in_turn(bare, site, asked), size)


def _print(title: str, rounds: Rounds, size: int) -> None:
    ratios, rate = rounds.ratios, rounds.all_of_page.rate
    print(f"{title:<22}{median(ratios):>9.3f}{ratios[0]:>9.3f}{ratios[-1]:>9.3f}{rate:>9.0f}{size:>9}", flush=True)


def _pages(site: str) -> list[Asked]:
    with urlopen(f"{site}/api/v1/partners/?limit=1") as answer:  # noqa: S310 - our own server
        slug = json.load(answer)["results"][0]["slug"]
    return [
        Asked("home", "/"),
        Asked("directory", "/partners/"),
        Asked("directory, filtered", "/partners/?region=77&level=competency"),
        Asked("profile", f"/partners/{slug}/"),
        Asked("API, partners", "/api/v1/partners/"),
        Asked("verification", _verification(site, slug)),
    ]


def _verification(site: str, slug: str) -> str:
    """The address that a profile gives for checking its badge."""
    with urlopen(f"{site}/partners/{slug}/") as answer:  # noqa: S310 - our own server
        found = re.search(r"/verify/\w+/", answer.read().decode())
    if found is None:
        raise RuntimeError("The partner has no badge: manage.py issue_badges")
    return found.group()
