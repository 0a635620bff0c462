"""The interface's words in two languages: collects them, keeps the catalogues, compiles them, by Babel alone.

Russian is the source: a msgid is Russian, the English catalogue translates each. The Russian catalogue
holds only what a msgid cannot say (the forms of a plural) and entries that mend other packages' Russian,
which are kept as they stand. No gettext program is needed. May not import models or need Django set up.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

SITE_ROOT = Path(__file__).resolve().parents[1]
PROJECT_ROOT = SITE_ROOT.parent
SOURCE_ROOTS = (SITE_ROOT, PROJECT_ROOT / "program_pages", PROJECT_ROOT / "partner_directory")
SOURCE_LANGUAGE, TRANSLATION = "ru", "en"

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
TRANSLATED_LITERAL = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
TRANSLATION_TAGS = ("translate", "trans", "blocktranslate", "blocktrans")
# Pages that are not translated on purpose: samples for developers, and the page for when nothing else works,
# which says everything in both languages itself.
NOT_TRANSLATED = {"gallery.html", "500.html"}
BLOCKS = {
    "blocktranslate": "endblocktranslate",
    "blocktrans": "endblocktrans",
    "comment": "endcomment",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A message in the sources: its text, or the two forms of a plural; its context; its file."""

    text: str | tuple[str, str]
    context: str | None
    file: str


# --- What the sources say ---


def sources(*suffixes: str) -> list[Path]:
    """The project's own files with these suffixes, in a stable order."""
    found = (path for root in SOURCE_ROOTS for path in root.rglob("*") if path.suffix in suffixes)
    return sorted(path for path in found if "migrations" not in path.parts)


def templates() -> list[Path]:
    """The project's templates, of pages and of letters; texts beside them (``demo/``) are data."""
    return [path for path in sources(".html", ".txt") if "demo" not in path.parts]


def messages_in_sources() -> list[Found]:
    """Every translatable text of the project's Python files and templates."""
    found = [item for path in sources(".py") for item in _in_python(path, path.read_text(encoding="utf-8"))]
    for path in templates():
        # Inside parentheses Python's tokens need no indentation, so the pseudo-code of a template is read as it is.
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found += _in_python(path, f"({code}\n)")
    return found


def _in_python(path: Path, code: str) -> Iterator[Found]:
    name = path.relative_to(PROJECT_ROOT).as_posix()
    for _line, function, arguments, _comments in extract_python(
        io.BytesIO(code.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        found = _message(name, str(function), arguments)
        if found is not None:
            yield found


def _message(file: str, function: str, arguments: Any) -> Found | None:
    texts = list(arguments) if isinstance(arguments, tuple) else [arguments]
    context = texts.pop(0) if "pgettext" in function else None
    wanted = texts[:2] if function.startswith("n") else texts[:1]
    if not all(isinstance(text, str) and text for text in wanted):
        return None  # a variable, not a literal: nothing to collect
    return Found((wanted[0], wanted[1]) if len(wanted) > 1 else wanted[0], context, file)


# --- The catalogues ---


def catalogue_file(language: str) -> Path:
    """Where a language's catalogue stands."""
    return SITE_ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """A language's catalogue as it stands; empty where there is none."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, found: list[Found] | None = None) -> Catalog:
    """A language's catalogue as the sources ask for it, with the translations it already has.

    In the source language: plurals, and whatever else the catalogue holds for other packages.
    """
    old, new = read(language), Catalog(locale=language)
    for item in messages_in_sources() if found is None else found:
        if language == SOURCE_LANGUAGE and isinstance(item.text, str):
            continue
        known = old.get(item.text, context=item.context)
        said = known.string if known and _same_number(known, item) else _empty(item, new)
        new.add(item.text, said, locations=[(item.file, 0)], context=item.context, flags=known.flags if known else ())
    if language == SOURCE_LANGUAGE:
        _keep_foreign(old, new)
    for message in new:
        message.locations = sorted(set(message.locations))
    return new


def _same_number(known: Message, item: Found) -> bool:
    return isinstance(known.string, str) == isinstance(item.text, str)


def _empty(item: Found, catalogue: Catalog) -> str | tuple[str, ...]:
    return "" if isinstance(item.text, str) else ("",) * catalogue.num_plurals


def _keep_foreign(old: Catalog, new: Catalog) -> None:
    """Entries for other packages have no place in our sources; their msgids are English."""
    for message in old:
        written = message.id if isinstance(message.id, str) else " ".join(message.id)
        if message.id and not CYRILLIC.search(written) and new.get(message.id, context=message.context) is None:
            new.add(
                message.id,
                message.string,
                flags=message.flags,
                context=message.context,
                user_comments=message.user_comments,
            )


def as_text(catalogue: Catalog) -> str:
    """A catalogue as its file holds it; without dates and line numbers, so that only words change it."""
    body = io.BytesIO()
    write_po(
        body, catalogue, width=110, omit_header=True, ignore_obsolete=True, sort_by_file=True, include_lineno=False
    )
    assert isinstance(catalogue.locale, Locale)  # noqa: S101 - every catalogue here is made for a language
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
    )
    return f"{header}\n{body.getvalue().decode().strip()}\n".replace("\n\n\n", "\n\n").rstrip() + "\n"


def update() -> list[Path]:
    """Brings both catalogues up to date with the sources; returns the files that changed."""
    found = messages_in_sources()
    texts = {language: as_text(updated(language, found)) for language in (SOURCE_LANGUAGE, TRANSLATION)}
    return [path for language, text in texts.items() if _write(path := catalogue_file(language), text.encode())]


def compile_all() -> list[Path]:
    """Compiles every catalogue for Django, those of scripts too; returns the files that changed.

    Safe to run at the same time twice.
    """
    changed = []
    for source in sorted((SITE_ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = io.BytesIO()
        with source.open("rb") as file:
            write_mo(compiled, read_po(file))
        path = source.with_suffix(".mo")
        if _write(path, compiled.getvalue()):
            changed.append(path)
    return changed


def _write(path: Path, content: bytes) -> bool:
    """Writes where the content differs, whole or not at all; whether it did."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
    return True


# --- What is wrong with them ---


def problems() -> list[str]:
    """Everything that keeps the interface from being whole in both languages, one sentence each."""
    found = messages_in_sources()
    stale = [
        f"{_name(catalogue_file(language))}: out of date, run `make messages`"
        for language in (SOURCE_LANGUAGE, TRANSLATION)
        if not catalogue_file(language).exists()
        or catalogue_file(language).read_text(encoding="utf-8") != as_text(updated(language, found))
    ]
    untranslated = [
        problem for language in (SOURCE_LANGUAGE, TRANSLATION) for problem in _untranslated(language, found)
    ]
    literals = [
        f"{_name(path)}:{line}: Cyrillic outside a translation tag: {text!r}"
        for path in templates()
        if path.name not in NOT_TRANSLATED
        for line, text in untranslated_literals(path.read_text(encoding="utf-8"))
    ]
    return stale + untranslated + literals


def _untranslated(language: str, found: list[Found]) -> Iterator[str]:
    for message in updated(language, found):
        if not message.id:
            continue
        forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        where = f"{_name(catalogue_file(language))}: {message.id!r}"
        if not all(forms):
            yield f"{where}: not translated"
        elif message.fuzzy:
            yield f"{where}: fuzzy"
        elif _placeholders(message.id) != _placeholders(forms):
            yield f"{where}: the placeholders differ"


def _placeholders(text: str | Sequence[str]) -> set[str]:
    joined = text if isinstance(text, str) else " ".join(text)
    return set(re.findall(r"%\(\w+\)[sd]", joined))


def untranslated_literals(template: str) -> Iterator[tuple[int, str]]:
    """Lines of a template with Cyrillic that no translation tag holds, and that Cyrillic text."""
    until = ""
    for token in Lexer(template).tokenize():
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents.split() else ""
        if until:
            until = "" if name == until else until
        elif name in BLOCKS:
            until = BLOCKS[name]
        elif token.token_type != TokenType.COMMENT and name not in TRANSLATION_TAGS:
            for offset, line in enumerate(TRANSLATED_LITERAL.sub("", token.contents).splitlines()):
                if CYRILLIC.search(line):
                    yield (token.lineno or 1) + offset, line.strip()


def _name(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()
