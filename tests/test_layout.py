"""Promises about the repository itself: where things live, who imports whom, and what no file may say."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = [ROOT / name for name in ("site", "program_pages", "partner_directory")]


def files(*suffixes: str, roots: list[Path] = CODE) -> list[Path]:
    """The project's files with these suffixes, migrations left out."""
    found = [path for root in roots for path in root.rglob("*") if path.suffix in suffixes]
    return sorted(path for path in found if "migrations" not in path.parts)


def tracked() -> list[Path]:
    """Every file that git knows or would take."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


# --- The house ---


def test_site_is_no_package_and_does_not_shadow_the_standard_library() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()
    done = subprocess.run(
        [sys.executable, "-c", "import site, sysconfig; print(site.__file__); print(sysconfig.get_path('stdlib'))"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"site{os.pathsep}."},
        capture_output=True,
        text=True,
        check=True,
    )
    module, library = done.stdout.splitlines()
    assert Path(module).parent == Path(library)


def test_no_ignore_rule_hides_the_sources() -> None:
    sources = [shown(path) for path in files(".py", ".html", ".css")]
    ignored = subprocess.run(["git", "check-ignore", "--no-index", *sources], cwd=ROOT, capture_output=True, text=True)
    assert ignored.stdout == ""


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"site{os.pathsep}."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_rules_import_without_django() -> None:
    names = [f"program_pages.rules.{path.stem}" for path in files(".py", roots=[ROOT / "program_pages" / "rules"])]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(names).replace('.__init__', '')}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(names) > 3
    assert not {"django", "wagtail"} & {name.split(".")[0] for name in done.stdout.split()}


def foreign_imports(code: str) -> list[str]:
    """What a module of the rules imports beside the standard library and the rules themselves."""
    names = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("program_pages.rules" if node.level == 1 else "." * node.level + (node.module or ""))
    own = re.compile(r"program_pages\.rules(\.|$)")
    return [name for name in names if not own.match(name) and name.split(".")[0] not in sys.stdlib_module_names]


def test_rules_import_nothing_outside_themselves() -> None:
    for path in files(".py", roots=[ROOT / "program_pages" / "rules"]):
        assert foreign_imports(path.read_text(encoding="utf-8")) == [], shown(path)
    assert foreign_imports("from program_pages.terms import terms_of\nimport django\nfrom .. import terms\n") == [
        "program_pages.terms",
        "django",
        "..",
    ]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        shown(path)
        for path in files(".py", roots=[*CODE, ROOT / "tests"])
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


# --- Numbers of the programme ---

PERCENTS = {"2.5", "10", "20", "25", "30", "40", "50", "75"}
SAID_PERCENT = re.compile(
    r"(?<![\w.,])\d+(?:[.,]\d+)?[\s\u00a0\u202f]*(?:%(?![\w(%])|процент|percent|п\. ?п\.)", re.IGNORECASE
)
ABOUT_PERCENT = re.compile(
    r"percent|discount|share|ceiling|bonus|points|cap\b|скидк|процент|потол|бонус", re.IGNORECASE
)
TEMPLATE_PERCENT = re.compile(r"(?<![\w.#-])\d+(?:[.,]\d+)?(?:[\s\u00a0\u202f]|&nbsp;)*%(?!\})")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)

# The sample edition of the developers' gallery has numbers of its own; the demo data is the programme itself.
SAMPLES = {"program_pages/demo", "site/config/gallery.py", "site/templates/gallery.html"}


def is_sample(path: Path) -> bool:
    return any(shown(path).startswith(sample) for sample in SAMPLES)


def literal_percents(code: str) -> Iterator[tuple[int, str]]:
    """Lines of Python that hold a number of the programme, each with the reason.

    ``Decimal("25")`` anywhere; a bare 25 on a line whose names speak of percents; "25 %" in a text shown to people
    (docstrings and comments explain, and are left out).
    """
    tree = ast.parse(code)
    docstrings = {
        node.body[0].value.lineno: node.body[0].value.end_lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node) is not None
        and isinstance(node.body[0], ast.Expr)
    }
    explained = {line for first, last in docstrings.items() for line in range(first, (last or first) + 1)}
    names_of_line = _names(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Decimal" and node.args:
            value = getattr(node.args[0], "value", None)
            if str(value) in PERCENTS:
                yield node.lineno, f"Decimal({value!r})"
        elif isinstance(node, ast.Constant) and node.lineno not in explained:
            if isinstance(node.value, str) and SAID_PERCENT.search(node.value):
                yield node.lineno, node.value
            elif _is_percent(node.value) and ABOUT_PERCENT.search(names_of_line.get(node.lineno, "")):
                yield node.lineno, str(node.value)


def _is_percent(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and str(value) in PERCENTS


def _names(code: str) -> dict[int, str]:
    """The names on each line of code."""
    names: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NAME:
            names[token.start[0]] = f"{names.get(token.start[0], '')} {token.string}"
    return names


def template_percents(template: str) -> list[str]:
    """Percentages written into a template."""
    return TEMPLATE_PERCENT.findall(TEMPLATE_COMMENT.sub("", template))


def test_no_number_of_the_programme_stands_in_code() -> None:
    found = [
        f"{shown(path)}:{line}: {what}"
        for path in files(".py")
        if not is_sample(path)
        for line, what in literal_percents(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_number_of_the_programme_stands_in_a_template() -> None:
    found = {
        shown(path): numbers
        for path in files(".html", ".txt")
        if not is_sample(path) and (numbers := template_percents(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        'x = Decimal("25")',
        "x = Decimal(40)",
        "discount = 10",
        "if level.discount > 20: pass",
        "CEILING = 40",
        'message = _("Скидка 25 % на всё")',
        'message = _("up to 2.5% more")',
        'help_text = "до 50\u00a0процентов"',
    ],
)
def test_a_planted_number_in_code_is_found(planted: str) -> None:
    assert list(literal_percents(planted))


@pytest.mark.parametrize("planted", ["<td>25 %</td>", "<b>2,5&nbsp;%</b>", "<p>up to 40% off</p>", '{% x "10 %" %}'])
def test_a_planted_number_in_a_template_is_found(planted: str) -> None:
    assert template_percents(planted)


@pytest.mark.parametrize(
    "innocent",
    [
        "max_length = 50",
        'width = "50rem"',
        '"""A fifth is 20 % in points."""',
        "x = 1  # 25 %",
        "WHOLE = 100  # percent",
        '_("Скидка %(discount)s")',
    ],
)
def test_what_is_no_number_of_the_programme_is_left_alone(innocent: str) -> None:
    assert not list(literal_percents(innocent))


# --- What no file may say ---

MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|Users)/[\w.-]+")


def test_no_file_names_a_path_of_a_machine() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{shown(path)}: {name}" for name in MACHINE.findall(text)]
    assert found == []
    assert MACHINE.search("open('/home/somebody/file')")
    assert not MACHINE.search("https://example.org/home/page")


def test_lock_files_hold_names_and_hashes_only() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pinned
        assert all("==" in line for line in pinned)
        assert text.count("--hash=sha256:") >= len(pinned)
