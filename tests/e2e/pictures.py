"""``make e2e-pictures``: every public page as a picture for people to look at, in test-results/pictures.

One folder a reader and language, one file a page, each page in its full height.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from tests import running_site

from .browser import LANGUAGES, THEMES, WIDTHS, Reader, chromium, in_language, launched, visit

PICTURES = running_site.ROOT / "test-results" / "pictures"


def take() -> None:
    """Loads a site, serves it, and takes all pictures."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        print("Loading a site…", flush=True)
        running_site.load(Path(folder))
        with running_site.served(Path(folder)) as site, launched() as browser:
            paths = running_site.sitemap_paths(site)
            quote = "levels/competency/?product=asoft-crm&quantity=10&client_discount=15"
            deal = "calculator/?v=1&level=saas&line=asoft-crm:3&discount=5&reviews=75/100&rent=30:2500:24&own=500000"
            paths += [home + path for home in ("/", "/en/") for path in (quote, deal, "search/?q=CRM")]
            for language, theme, width in product(LANGUAGES, THEMES, WIDTHS):
                reader = Reader(theme, width)
                pictures = PICTURES / f"{language}-{reader}"
                with visit(browser, site, reader) as visited:
                    for path in in_language(paths, language):
                        page = visited.open(path)
                        page.screenshot(path=pictures / f"{_name(path)}.png", full_page=True)
                print(f"{pictures.relative_to(running_site.ROOT)}: {len(in_language(paths, language))}", flush=True)


def _name(path: str) -> str:
    return re.sub(r"[^\w]+", "-", path.removeprefix("/en")).strip("-") or "home"


if __name__ == "__main__":
    if chromium() is None:
        sys.exit("No Chromium here: apt-get install chromium, or name one with CHROMIUM=/path/to/chromium")
    take()
