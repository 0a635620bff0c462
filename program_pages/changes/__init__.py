"""The difference of two editions: said, shown on a page, told by a feed (R83). The rules are ``rules.changes``."""

from typing import Final

CHANGES: Final = "changes/"  # where the page of changes is, below the terms
