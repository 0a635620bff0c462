"""Both languages of the interface: collected, compared and compiled without any program of gettext."""

import re
from collections.abc import Callable
from gettext import c2py  # type: ignore[attr-defined] # reads a catalogue's plural rule
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.utils.translation import ngettext, override

from config import catalogues
from config.catalogues import Found


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, with an empty source root and no catalogues."""
    (tmp_path / "app").mkdir()
    monkeypatch.setattr(catalogues, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "SITE_ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "SOURCE_ROOTS", (tmp_path / "app",))
    return tmp_path


def test_every_way_to_mark_a_text_is_collected(elsewhere: Path) -> None:
    (elsewhere / "app/code.py").write_text(
        'a = _("раз")\nb = gettext_lazy("д" "ва")\nc = pgettext("месяц", "май")\n'
        'd = ngettext("%(n)s лицензия", "%(n)s лицензий", n)\ne = gettext(variable)\n',
        encoding="utf-8",
    )
    (elsewhere / "app/page.html").write_text(
        '<p title="{% translate \'три\' %}">«текст» "кавычки" (скобка</p>\n'
        '    {% include "x.html" with title=_("четыре") %}\n'
        "  {% blocktranslate trimmed count n=items %}\n    {{ n }} пункт\n  {% plural %}\n    {{ n }} пунктов\n"
        "  {% endblocktranslate %}\n{% comment %}{% translate 'нет' %}{% endcomment %}\n"
        '{% translate "май" context "месяц" %}',
        encoding="utf-8",
    )

    assert sorted(catalogues.messages_in_sources(), key=str) == sorted(
        [
            Found("раз", None, "app/code.py"),
            Found("два", None, "app/code.py"),
            Found("май", "месяц", "app/code.py"),
            Found(("%(n)s лицензия", "%(n)s лицензий"), None, "app/code.py"),
            Found("три", None, "app/page.html"),
            Found("четыре", None, "app/page.html"),
            Found(("%(n)s пункт", "%(n)s пунктов"), None, "app/page.html"),
            Found("май", "месяц", "app/page.html"),
        ],
        key=str,
    )


def translate(language: str, text: str | tuple[str, str], said: str | tuple[str, ...]) -> None:
    catalogue = catalogues.read(language)
    (catalogue.get(text) or catalogue.add(text)).string = said
    catalogues.catalogue_file(language).write_text(catalogues.as_text(catalogue), encoding="utf-8")


def test_the_check_asks_for_every_text_in_english_and_every_plural_in_russian(elsewhere: Path) -> None:
    (elsewhere / "app/code.py").write_text('_("да")\nngettext("%(n)s день", "%(n)s дней", n)\n', encoding="utf-8")

    assert [problem.rpartition(": ")[2] for problem in catalogues.problems()][:2] == [
        "out of date, run `make messages`"
    ] * 2
    catalogues.update()
    assert len(catalogues.problems()) == 3
    translate("en", "да", "yes")
    translate("en", ("%(n)s день", "%(n)s дней"), ("%(n)s day", "%(n)s days"))
    translate("ru", ("%(n)s день", "%(n)s дней"), ("%(n)s день", "%(n)s дня", "%(n)s дней"))
    catalogues.update()
    assert catalogues.problems() == []

    translate("en", ("%(n)s день", "%(n)s дней"), ("%(m)s day", "%(m)s days"))
    assert "the placeholders differ" in " ".join(catalogues.problems())
    (elsewhere / "app/code.py").write_text('_("нет")\n', encoding="utf-8")
    assert "out of date" in " ".join(catalogues.problems())


def test_an_update_keeps_translations_and_entries_for_other_packages(elsewhere: Path) -> None:
    (elsewhere / "app/code.py").write_text('_("да")\n', encoding="utf-8")
    catalogues.update()
    translate("en", "да", "yes")
    translate("ru", "Reports", "Отчёты")
    (elsewhere / "app/code.py").write_text('\n\n_("да")\n_("ещё")\n', encoding="utf-8")

    catalogues.update()

    assert catalogues.read("en").get("да").string == "yes"
    assert catalogues.read("ru").get("Reports").string == "Отчёты"
    assert catalogues.update() == []


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("<p>Привет</p>", [1]),
        ("\n{% include 'x' with title=\"Привет\" %}", [2]),
        ("{% include 'x' with title=_(\"Привет\") %}", []),
        ("{% translate 'Привет' %}", []),
        ("{% blocktranslate %}Привет, {{ name }}{% endblocktranslate %}", []),
        ("{# Привет #}{% comment %}Привет{% endcomment %}<p>hello</p>", []),
        ("{{ name|default:'Привет' }}", [1]),
    ],
)
def test_cyrillic_outside_a_translation_tag_is_found(template: str, lines: list[int]) -> None:
    assert [line for line, _text in catalogues.untranslated_literals(template)] == lines


def test_the_command_fails_where_something_lacks(elsewhere: Path) -> None:
    (elsewhere / "app/code.py").write_text('_("да")\n', encoding="utf-8")

    with pytest.raises(CommandError, match="lack"):
        call_command("messages", check=True)


@pytest.mark.parametrize("count", [1, 2, 5, 11, 21, 22, 25])
def test_every_plural_of_the_project_has_the_forms_of_its_language(count: int) -> None:
    for language in ("ru", "en"):
        catalogue: Catalog = catalogues.read(language)
        form = c2py(catalogue.plural_expr)
        plurals = [message for message in catalogue if isinstance(message.id, tuple)]
        assert plurals
        for message in plurals:
            with override(language):
                assert ngettext(*message.id, count) == message.string[form(count)]


@pytest.mark.django_db
def test_a_page_speaks_its_language_throughout(get: Callable[..., BeautifulSoup]) -> None:
    for url in ("/", "/levels/competency/", "/terms/"):
        page = get(url, "en")
        for russian in page.find_all(lang="ru"):
            russian.decompose()

        assert catalogues.CYRILLIC.findall(page.body.get_text(" ")) == []


def test_no_english_text_has_a_russian_letter() -> None:
    texts = [
        text
        for message in catalogues.read("en")
        if message.id
        for text in (message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    assert [text for text in texts if re.search("[А-Яа-яЁё]", text)] == []
