"""Addresses of this site as messages name them: in the site's first language, whoever causes the message.

May not import views.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def address(name: str, *args: Any) -> str:
    """The address of a page by its name: ``address("portal:bonus", 7)``."""
    with override(settings.LANGUAGE_CODE):
        return reverse(name, args=args)
