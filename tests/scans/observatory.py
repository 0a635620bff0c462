"""`make observatory`: what Mozilla's HTTP Observatory says of the site as the public has it, by its own command.

The command's wrapper sets a list of certificates of its own, so what it wraps is run, with the site's certificate.
``OBSERVATORY=folder`` names one that has the package already. Ends with an error unless the grade is A+ and every test
has passed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import public_site
from tests.scans import HOST, folder_of_a_site

PACKAGE = "@mdn/mdn-http-observatory"
PATIENCE = {"CLIENT_TIMEOUT": "60000", "ABORT_TIMEOUT": "120000"}  # milliseconds, on a machine that has much to do
PAGES = ("/", "/en/partners/", "/calculator/", "/account/login/", "/verify/")


def main() -> None:
    """Scans each page and prints what was found."""
    with folder_of_a_site() as folder:
        tool = _tool(folder)
        with public_site.running(folder, HOST) as site:
            results = {path: _scanned(tool, site, path) for path in PAGES}
    for path, result in results.items():
        _say(path, result)
    if any(_has_failed(result) for result in results.values()):
        sys.exit("Not every page is A+ with every test passed.")


def _tool(folder: Path) -> Path:
    """The folder with the package; without the scripts of packages, which download lists of the whole web.

    The one that the scanner asks, of hosts that browsers know to have TLS, does not hold this one.
    """
    place = Path(os.environ.get("OBSERVATORY") or folder / "observatory")
    package = place / "node_modules" / PACKAGE
    if not package.exists():
        place.mkdir(exist_ok=True)
        command = ["npm", "install", "--ignore-scripts", "--no-fund", "--no-audit", "--prefix", str(place), PACKAGE]
        subprocess.run(command, check=True, stdout=sys.stderr)
    known_hosts = package / "conf" / "hsts-preload.json"
    if not known_hosts.exists():
        known_hosts.write_text("{}", encoding="utf-8")
    return package


def _scanned(tool: Path, site: public_site.PublicSite, path: str) -> dict[str, Any]:
    command = ["node", str(tool / "src" / "scan.js"), f"{HOST}:{site.port}{path}"]
    environment = {**os.environ, **PATIENCE, "NODE_EXTRA_CA_CERTS": str(site.certificate)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _say(path: str, result: dict[str, Any]) -> None:
    scan = result["scan"]
    print(f"{path}: {scan['grade']}, {scan['score']}; {scan['testsPassed']} of {scan['testsQuantity']} tests passed")
    for name, test in result["tests"].items():
        mark = "passed" if test["pass"] else "FAILED"
        print(f"  {mark} {name}: {test['result']} ({test['scoreModifier']:+})")


def _has_failed(result: dict[str, Any]) -> bool:
    scan = result["scan"]
    return scan["grade"] != "A+" or scan["testsFailed"] > 0


if __name__ == "__main__":
    main()
