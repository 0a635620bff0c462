"""Every alarm has one name in the code, in the rules of Prometheus and in the guide to what to do; and only these."""

from __future__ import annotations

import re

import pytest
import yaml

from operations.state import ADVICE, Alarm
from tests.running_site import ROOT

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
GUIDE = ROOT / "docs" / "operations.md"
NAMES = {str(alarm) for alarm in Alarm}


def explained() -> dict[str, str]:
    """The alarms of the guide, each with what is written of it."""
    section = GUIDE.read_text("utf-8").partition("## When an alarm rings\n")[2].partition("\n## ")[0]
    _introduction, *parts = re.split(r"^### (\w+)\n", section, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def rules() -> dict[str, str]:
    """The alarms of the rules, each with its expression."""
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return {rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


def test_the_guide_explains_every_alarm_and_no_other() -> None:
    assert explained().keys() == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_guide_says_what_it_means_what_to_look_at_and_what_to_do(name: str) -> None:
    for part in ("*Means*", "*Look at*", "*Do*"):
        assert part in explained()[name]


def test_the_rules_ring_every_alarm_and_no_other() -> None:
    assert rules().keys() == NAMES
    for alarm in ADVICE:
        assert rules()[alarm] == f'site_alarm{{alarm="{alarm}"}} == 1'


def test_the_rules_ask_for_metrics_that_there_are() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "site" / "operations").rglob("*.py"))
    known = set(re.findall(r'"(site_\w+)"', sources))
    asked = {name for expression in rules().values() for name in re.findall(r"\bsite_\w+", expression)}
    assert {re.sub(r"_(count|bucket|sum|total)$", "", name) for name in asked} <= known


def test_every_metric_is_explained() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "site" / "operations").rglob("*.py"))
    written = GUIDE.read_text("utf-8")
    assert [name for name in sorted(set(re.findall(r'"(site_\w+)"', sources))) if f"`{name}" not in written] == []
