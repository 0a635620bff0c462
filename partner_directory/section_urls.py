"""Addresses of the partners' section as messages name them: in the site's first language, whoever causes the message.

May not import views.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def section_url(name: str, *args: Any) -> str:
    """The address of a page of the section by its name."""
    with override(settings.LANGUAGE_CODE):
        return reverse(f"portal:{name}", args=args)
