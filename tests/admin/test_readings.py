"""The register of readings in the admin: kept by programme managers, decided and opened again behind a button."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from program_pages.models import Reading
from program_pages.models.edition import programme_day
from tests.admin.conftest import Url
from tests.admin.forms import opened, said
from tests.factories.readings import make_reading

pytestmark = pytest.mark.django_db


def new_reading(*values: str, setting: str = "") -> dict[str, Any]:
    """A reading's form as an editor sends it, with an alternative for each value."""
    rows = {
        f"alternatives-{number}-{name}": text
        for number, value in enumerate(values)
        for name, text in (("text_ru", f"Так {number}"), ("text_en", f"So {number}"), ("value", value), ("ORDER", "1"))
    }
    count = str(len(values))
    return {
        "code": "A13",
        "clauses": "R42",
        "opened_on": programme_day().isoformat(),
        **{f"{name}_{language}": "Слова" for name in ("title", "source", "authority") for language in ("ru", "en")},
        "setting": setting,
        "alternatives-TOTAL_FORMS": count,
        "alternatives-INITIAL_FORMS": "0",
        "alternatives-MIN_NUM_FORMS": "1",
        "alternatives-MAX_NUM_FORMS": "1000",
        **rows,
    }


def test_a_reading_of_words_alone_is_added_without_code(manager: Client, url: Url) -> None:
    answer = manager.post(url("reading", "add"), new_reading("", ""))

    assert answer.status_code == 302
    assert [row.text_ru for row in Reading.objects.get(code="A13").alternatives.all()] == ["Так 0", "Так 1"]
    assert "не решено" in said(manager.get(url("reading", "list")))


@pytest.mark.parametrize(
    ("setting", "values", "sentence"),
    [
        ("services_base", ("final_price", "net_price"), "одно из: final_price, list_price."),
        ("services_base", ("final_price",), "не меньше двух разных прочтений."),
        ("", ("final_price", ""), "Без настройки редакции значение не пишется."),
    ],
)
def test_alternatives_that_no_setting_knows_are_refused(
    manager: Client, url: Url, setting: str, values: tuple[str, ...], sentence: str
) -> None:
    answer = manager.post(url("reading", "add"), new_reading(*values, setting=setting))

    assert sentence in said(answer)
    assert not Reading.objects.filter(code="A13").exists()


def test_a_wrong_code_is_refused_beside_its_field(manager: Client, url: Url) -> None:
    answer = manager.post(url("reading", "add"), new_reading("", "") | {"code": "13"})

    assert "Латинская A и номер" in said(answer)


def test_a_manager_decides_and_opens_again(manager: Client, url: Url) -> None:
    reading = make_reading()
    edit, decide = url("reading", "edit", reading.pk), url("reading", "decide", reading.pk)
    assert "Решить" in said(manager.get(edit))
    assert "Требуется заполнить это поле." in said(manager.post(decide, {}))

    chosen = reading.alternatives.all()[1]
    manager.post(decide, {"alternative": chosen.pk, "reason_ru": "Так проще"})
    assert reading.decision_on(programme_day()).text_ru == "второе"
    assert "Открыть заново" in said(manager.get(edit))

    assert "Требуется заполнить это поле." in said(manager.post(decide, {"reason_ru": ""}))
    manager.post(decide, {"reason_ru": "Спросили"})
    reading = Reading.objects.get(pk=reading.pk)
    assert reading.decision_on(programme_day()) is None
    page = said(manager.get(decide))
    assert "решено: второе" in page
    assert "Так проще" in page
    assert "Спросили" in page


def test_a_decision_overtaken_by_another_is_said_and_not_written(manager: Client, url: Url) -> None:
    reading = Reading.objects.get(code="A9")
    decide = url("reading", "decide", reading.pk)
    manager.post(decide, {"reason_ru": "Спросили"})
    manager.post(decide, {"alternative": reading.alternatives.all()[0].pk})
    answer = manager.post(decide, {"alternative": reading.alternatives.all()[1].pk, "reason_ru": ""})

    assert "Требуется заполнить это поле." in said(answer), "it is decided by now: only a reason would open it again"
    assert reading.decisions.count() == 3


def test_whose_work_it_is_not_decides_nothing(editor: Client, partner_manager: Client, url: Url) -> None:
    reading = make_reading()
    for client in (editor, partner_manager):
        for view in ("edit", "decide"):
            assert client.get(url("reading", view, reading.pk)).status_code == 302
        client.post(url("reading", "decide", reading.pk), {"alternative": reading.alternatives.all()[0].pk})
    assert not reading.decisions.exists()


def test_an_edited_text_leaves_the_decision_as_it_was_worded(manager: Client, url: Url) -> None:
    reading = Reading.objects.get(code="A9")
    address = url("reading", "edit", reading.pk)
    data = opened(manager, address)
    (first,) = [name for name, value in data.items() if name.endswith("-value") and value == "final_price"]
    data[first.replace("-value", "-text_ru")] = "Иначе сказано"
    assert manager.post(address, data).status_code == 302

    reading = Reading.objects.get(pk=reading.pk)
    assert reading.alternatives.get(value="final_price").text_ru == "Иначе сказано"
    assert reading.decision_on(programme_day()).text_ru.startswith("От того, что конечный клиент платит")
