"""Has partners told when an edition is published or withdrawn, in the transaction of the publication itself (R83)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.signals import published, unpublished

from partner_directory.actions import edition_notices
from program_pages.models.edition import TermsEdition


@receiver(published, sender=TermsEdition, dispatch_uid="news-edition-published")
def _edition_published(instance: TermsEdition, revision: Any, **_: Any) -> None:
    edition_notices.release(edition=instance, revision=revision.pk, actor=get_active_log_context().user)


@receiver(unpublished, sender=TermsEdition, dispatch_uid="news-edition-withdrawn")
def _edition_withdrawn(instance: TermsEdition, **_: Any) -> None:
    edition_notices.take_back(edition=instance)
