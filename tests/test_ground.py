"""The ground of the tests themselves: after a test with real transactions the loaded programme is there again."""

from unittest.mock import Mock

import pytest
from django.db import DatabaseError

from accounts.models import User
from program_pages.models import Clause, TermsEdition

from .conftest import few_of_each, share_of
from .factories.users import make_user


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second", "third"])
def test_the_programme_outlives_a_flush_and_stays_sealed(turn: str) -> None:
    address = "left-behind@example.org"
    assert TermsEdition.objects.published().count() == 1
    assert not User.objects.filter(email=address).exists()

    make_user(email=address)
    with pytest.raises(DatabaseError, match="immutable"):
        Clause.objects.all().delete()


@pytest.mark.parametrize(
    ("most", "left"), [(1, ["a[0]", "b"]), (2, ["a[0]", "a[9]", "b"]), (4, ["a[0]", "a[3]", "a[6]", "a[9]", "b"])]
)
def test_of_many_cases_a_few_are_taken_from_all_over(most: int, left: list[str]) -> None:
    items = [Mock(nodeid=name) for name in (*(f"a[{number}]" for number in range(10)), "b")]
    assert [item.nodeid for item in few_of_each(items, most)] == left


def test_shares_of_a_run_are_the_whole_of_it_and_have_nothing_in_common() -> None:
    names = ["a", "b[1]", "b[2]", "c", "d[1]", "e"]
    items = [Mock(nodeid=name) for name in names]
    shares = [[item.nodeid for item in share_of(items, turn, 2)] for turn in (0, 1)]
    assert shares == [["a", "c", "e"], ["b[1]", "b[2]", "d[1]"]]
