"""What partners read names the programme's clauses in words: a rule's number says nothing to them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import partner_directory

HERE = Path(partner_directory.__file__).parent
SAID_TO_PARTNERS = ("actions", "portal", "letters", "year", "entitlements.py", "applying.py", "uploads.py")
SAYS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
NUMBER = re.compile(r"\b[RA]\d{1,2}\b")


def sources() -> Iterator[Path]:
    for name in SAID_TO_PARTNERS:
        path = HERE / name
        yield from path.rglob("*.py") if path.is_dir() else [path]


def sentences(source: str) -> Iterator[str]:
    """The texts that are translated: what _(), gettext_lazy() and ngettext() are called with."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS:
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_no_message_names_a_rule_by_its_number() -> None:
    found = [text for path in sources() for text in sentences(path.read_text()) if NUMBER.search(text)]
    assert found == []
