"""The ground of the tests themselves: after a test with real transactions the loaded programme is there again."""

import pytest
from django.db import DatabaseError

from accounts.models import User
from program_pages.models import Clause, TermsEdition

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
