"""How the rules are tested while their code is mutated (make mutants): fewer examples, always the same ones."""

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutants",
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=list(HealthCheck),  # a slow machine catches nobody's mistake
    phases=[Phase.explicit, Phase.generate],  # that a mutant is caught is enough; by how small an example, nobody asks
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Names of tests are plain: one that pytest must escape is not found again, and each mutant would seem caught."""
    if not item.nodeid.isascii() or "\\" in item.nodeid:
        raise pytest.UsageError(f"give this test an id of plain letters: {item.nodeid}")
