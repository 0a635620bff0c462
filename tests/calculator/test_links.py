"""A link holds the whole deal: short, readable, versioned, and read back as it was written."""

from dataclasses import fields

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from program_pages.calculator.asked import Asked, AskedLine, AskedRental, from_query
from program_pages.rules.deal import QuoteSection

words = st.text(
    st.characters(codec="utf-8", exclude_characters=":,\x00", exclude_categories=["Cs", "Z", "Cc"]), max_size=12
)
some = st.text(
    st.characters(codec="utf-8", exclude_characters=":,\x00", exclude_categories=["Cs", "Z", "Cc"]),
    min_size=1,
    max_size=12,
)
lines = st.builds(AskedLine, some, some, words, words, words)
rentals = st.just(AskedRental()) | st.builds(AskedRental, some, some, words, words, words, words)
deals = st.builds(
    Asked,
    **{
        item.name: words
        for item in fields(Asked)
        if item.name not in {"version", "lines", "rental", "confirmed", "sections"}
    },
    lines=st.lists(lines, max_size=4).map(tuple),
    rental=rentals,
    confirmed=st.lists(some, max_size=3).map(tuple),
    sections=st.lists(st.sampled_from([*QuoteSection]).map(str), unique=True, max_size=5).map(tuple),
)


@given(deals)
def test_whatever_was_asked_is_read_back_from_its_link(asked: Asked) -> None:
    assert from_query(QueryDict(asked.link())) == asked


def test_a_link_is_short_and_readable() -> None:
    asked = Asked(
        level="saas",
        lines=(AskedLine("asoft-crm", "10", "", "24900", "17400"), AskedLine("isolation", "1", "50000")),
        client_discount="12.5",
        reviews="8/10",
        plan="met",
        rental=AskedRental("30", "900"),
        on="2026-11-24",
        edition="1",
    )

    assert asked.link() == (
        "v=1&level=saas&line=asoft-crm:10::24900:17400&line=isolation:1:50000&discount=12.5&reviews=8/10&plan=met"
        "&rent=30:900&on=2026-11-24&edition=1"
    )


def test_every_section_needs_no_word_and_some_are_named() -> None:
    every = tuple(section.value for section in QuoteSection)

    assert "show=" not in Asked(sections=every).link()
    assert "show=licences,bonus" in Asked(sections=("licences", "bonus")).link()


def test_the_form_sends_rows_and_empty_ones_are_passed_over() -> None:
    rows = ("product=asoft-crm&quantity=10&price=", "product=&quantity=&price=", "product=isolation&quantity=&price=5")
    query = QueryDict("&".join(rows))

    assert from_query(query).lines == (AskedLine("asoft-crm", "10", ""), AskedLine("isolation", "1", "5"))


def test_a_row_is_dropped_by_its_button() -> None:
    query = QueryDict("product=a&quantity=1&price=&product=b&quantity=2&price=&drop=0")

    assert from_query(query).lines == (AskedLine("b", "2", ""),)


@given(st.text(max_size=300))
def test_no_query_breaks_the_reader(query: str) -> None:
    link = from_query(QueryDict(query)).link()

    assert from_query(QueryDict(link)).link() == link
