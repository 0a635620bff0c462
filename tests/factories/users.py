"""People."""

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

_numbers = count(1)


def make_user(**fields: Any) -> Any:
    """A user with an address of their own and no rights at all."""
    return get_user_model().objects.create_user(**{"email": f"user{next(_numbers)}@example.org"} | fields)


def make_superuser(**fields: Any) -> Any:
    """A user with every right."""
    return make_user(is_staff=True, is_superuser=True, **fields)
