"""Whether a page that a browser shows is accessible and fits its window."""

from __future__ import annotations

import json
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

from .browser import Visit

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def accessible_and_fitting(visited: Visit) -> list[str]:
    page = visited.page
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*axe(page), *([f"scrolls sideways by {wide} px"] if wide > 0 else [])]


def axe(page: Page) -> list[str]:
    """Each rule that axe finds broken, with the first elements that break it."""
    page.evaluate(AXE)
    answer = page.evaluate(f"axe.run({json.dumps(AXE_OPTIONS)})")
    return [
        f"axe {rule['id']}: {rule['help']}: "
        + "; ".join(" ".join(map(str, node["target"])) + " " + _why(node) for node in rule["nodes"][:3])
        + (f" … {len(rule['nodes'])} in all" if len(rule["nodes"]) > 3 else "")
        for rule in answer["violations"]
    ]


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return f"({checks[0]['message']})" if checks else ""
