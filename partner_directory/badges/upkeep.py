"""Keeps the marks up with the levels: a new level has its mark at once, without code (R13).

In the transaction of the change itself, so that nobody sees a level without its mark.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context

from partner_directory.actions.marks import ensure_mark
from program_pages.models.level import Level


@receiver(post_save, sender=Level, dispatch_uid="marks-level-saved")
def _level_saved(instance: Level, raw: bool = False, **_: Any) -> None:
    if not raw:
        ensure_mark(level=instance, actor=get_active_log_context().user)
