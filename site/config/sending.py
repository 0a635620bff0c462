"""The backend that both Wagtail's documents and the partners' files are sent through (``SENDFILE_BACKEND``).

Wagtail names a file by a string, django-sendfile2's backends ask for a path; ``SENDFILE_THROUGH`` is what sends.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def sendfile(request: HttpRequest, filename: str | Path, **kwargs: Any) -> HttpResponseBase:
    """The answer that sends a file, or has the web server send it."""
    backend = import_module(settings.SENDFILE_THROUGH)
    response: HttpResponseBase = backend.sendfile(request, Path(filename), **kwargs)
    return response
