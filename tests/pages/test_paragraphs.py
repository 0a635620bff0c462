"""A clause's lines read as sentences and lists."""

import pytest

from program_pages.templatetags.programme import paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Одно предложение.", [("Одно предложение.", [])]),
        ("Скидки:\nодна;\nдругая.\nВот и всё.", [("Скидки:", ["одна;", "другая."]), ("Вот и всё.", [])]),
        ("Первое:\nа;\nвторое:\nб.", [("Первое:", ["а;"]), ("второе:", ["б."])]),
        ("Раз;\n\nдва.", [("Раз;", []), ("два.", [])]),
        ("", []),
    ],
)
def test_a_colon_leads_a_list_that_ends_with_a_full_stop(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert paragraphs(text) == expected
