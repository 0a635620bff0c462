"""`make scan`: wapiti, an active scanner, against the site as the public has it: as a stranger, and as a partner.

It crawls, then attacks what it has found, for at most so many seconds; ``CRAWL`` and ``ATTACK`` (of each module) change
them. ``WAPITI=program`` names an installed one; otherwise it is installed in the scan's own folder, outside the
project's packages. Modules that ask services on the internet are left out. Ends with an error where it found something
of medium weight or more.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

from tests import public_site
from tests.scans import HOST, folder_of_a_site

# Left out: ssl (the certificate signed by itself), ssrf, xxe and log4shell (a server of wapiti's), known programs.
MODULES = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "https_redirect",
    "ldap", "methods", "permanentxss", "redirect", "shellshock", "sql", "timesql", "upload", "xss",
)  # fmt: skip
MEDIUM = 2  # of wapiti's levels: 0 says something, 1 is low, 3 high, 4 critical
UNLIMITED = {
    "API_LIMIT": "1000000", "VERIFY_LIMIT_API": "1000000", "VERIFY_LIMIT_FILES": "1000000",
    "CSP_REPORTS_LIMIT": "1000000", "ENQUIRY_LIMIT_PER_HOUR": "1000000", "ENQUIRY_LIMIT_PER_DAY": "1000000",
}  # fmt: skip
PARTNER, PASSWORD = "owner@partner.example", "asoft-sample"  # of the sample data
LEAVES = ("/account/logout/", "/en/account/logout/")


def main() -> None:
    """Scans as a stranger, then as a partner, and prints what was found."""
    with folder_of_a_site() as folder:
        program = _program(folder)
        with public_site.running(folder, HOST, **UNLIMITED) as site:
            scans = [
                _scan(program, folder, site, "/", ""),
                _scan(program, folder, site, "/portal/", _signed_in(site)),
            ]
    found = [each for scan in scans for each in scan]
    heavy = [each for each in found if each["level"] >= MEDIUM]
    print(f"{len(found)} findings, {len(heavy)} of medium weight or more")
    sys.exit(1 if heavy else 0)


def _program(folder: Path) -> str:
    named = os.environ.get("WAPITI")
    if named:
        return named
    place = folder / "wapiti"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    subprocess.run([str(place / "bin" / "pip"), "install", "--quiet", "wapiti3"], check=True)
    return str(place / "bin" / "wapiti")


def _signed_in(site: public_site.PublicSite) -> str:
    """The cookies of a partner who has signed in."""
    jar = CookieJar()
    context = ssl.create_default_context(cafile=str(site.certificate))
    opener = build_opener(HTTPCookieProcessor(jar), HTTPSHandler(context=context))
    login = f"{site.url}/account/login/"
    page = opener.open(login).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        sys.exit("The sign-in has no form.")
    form = {"csrfmiddlewaretoken": token[1], "login": PARTNER, "password": PASSWORD}
    opener.open(Request(login, urlencode(form).encode(), {"Referer": login}))  # noqa: S310 - our own server
    cookies = {cookie.name: cookie.value for cookie in jar}
    if "__Host-sessionid" not in cookies:
        sys.exit("The sample partner could not sign in.")
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _scan(program: str, folder: Path, site: public_site.PublicSite, start: str, cookies: str) -> list[dict[str, Any]]:
    report = folder / "wapiti.json"
    command = [program, "--url", f"{site.url}/", "--start", f"{site.url}{start}", "--scope", "domain"]
    command += ["--module", ",".join(MODULES), "--format", "json", "--output", str(report), "--flush-session"]
    command += ["--store-session", str(folder / "sessions"), "--store-config", str(folder / "config")]
    command += ["--max-scan-time", os.environ.get("CRAWL", "600"), "--max-attack-time", os.environ.get("ATTACK", "300")]
    command += ["--max-links-per-page", "60", "--max-files-per-dir", "25", "--max-parameters", "25", "--depth", "6"]
    command += ["--timeout", "30", "--tasks", "4", "--no-bugreport", "--verbose", "0"]
    for path in LEAVES:
        command += ["--exclude", f"{site.url}{path}"]
    if cookies:
        command += ["--cookie-value", cookies]
    subprocess.run(command, check=True, stdout=sys.stderr)
    result = json.loads(report.read_text(encoding="utf-8"))
    print(f"{'a partner' if cookies else 'a stranger'}: {result['infos'].get('crawled_pages_nbr')} pages crawled")
    kinds = {**result["vulnerabilities"], **result["anomalies"]}
    found = [finding | {"kind": kind} for kind, findings in kinds.items() for finding in findings]
    for each in found:
        what = f"{each['method']} {each['path']} {each['parameter'] or ''}".strip()
        print(f"  level {each['level']} {each['kind']}: {what}: {each['info']}")
    return found


if __name__ == "__main__":
    main()
