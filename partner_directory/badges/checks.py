"""What is said at the start of a site whose keys for badges are missing or wrong. May not import models."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from partner_directory.badges import keys


def check_keys(**_: Any) -> list[checks.CheckMessage]:
    """An error for keys that cannot be read, and for none where the public is served; a warning where it is not."""
    if settings.DEBUG and not settings.BADGE_KEY:
        hint = "`make setup` makes one for this machine: no badge can be issued without it."
        return [checks.Warning("There is no key to sign badges with.", hint=hint, id="partner_directory.W001")]
    try:
        keys.published()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="partner_directory.E001")]
    return []
