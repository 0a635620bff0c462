"""How settings read the environment: django-environ, that takes a variable set to nothing for one that is not set.

So a file for systemd or compose may keep every name of ``.env.example``, filled in or not. What ``NAME_FILE`` names is
read for ``NAME``: a vault, systemd's credentials or compose's secrets put it there, and no list of variables shows it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """Raises ImproperlyConfigured, naming the variable, for a value that cannot be what it should."""

    def __init__(self) -> None:
        super().__init__()
        self.ENVIRON = {name: value for name, value in os.environ.items() if value}

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """The value of a variable, as what it is asked for."""
        place = self.ENVIRON.get(f"{var}_FILE")
        try:
            if place and var not in self.ENVIRON:
                self.ENVIRON[var] = Path(place).read_text(encoding="utf-8").strip()
            return super().get_value(var, *args, **kwargs)
        except (ValueError, OSError) as error:
            raise ImproperlyConfigured(f"{var}: {error}.") from error
