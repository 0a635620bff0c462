"""What is done with terms editions besides editing them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from program_pages.models.edition import TermsEdition, programme_day

COPIED = "program_pages.copy_edition"  # the name of this action in the audit log

# What belongs to the life of one edition and does not pass to its copy.
OWN_LIFE = frozenset(
    {
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "go_live_at",
        "expire_at",
        "expired",
        "live_revision",
        "latest_revision",
        "locked",
        "locked_at",
        "locked_by",
        "approved_at",
        "approved_by",
    }
)


def proposed_day() -> date:
    """The day a new edition would take effect (R44, R83): 1 January after the latest edition, and after today."""
    latest: date | None = TermsEdition.objects.aggregate(latest=Max("effective_from"))["latest"]
    today = programme_day()
    return date(max(latest or today, today).year + 1, 1, 1)


@transaction.atomic
def copy_edition(*, edition: TermsEdition, actor: AbstractBaseUser, effective_from: date | None = None) -> TermsEdition:
    """A new draft with everything that an edition says, its rows and their cells included (R83).

    Copies what is in force where the edition is, otherwise its latest draft. Takes effect on
    ``effective_from``, or on ``proposed_day()``. Writes the audit row in the same transaction.
    """
    source = edition if edition.is_in_force_or_past else edition.get_latest_revision_as_object()
    copied: TermsEdition = TermsEdition.from_serializable_data(
        _without_identity(source.serializable_data()), check_fks=False
    )
    copied.live = False
    copied.has_unpublished_changes = True
    copied.effective_from = effective_from or proposed_day()
    copied.name_ru = _as_copy(source.name_ru, "ru", "name_ru")
    copied.name_en = _as_copy(source.name_en, "en", "name_en")
    copied.save()
    revision = copied.save_revision(user=actor, log_action=False)
    log(
        instance=copied,
        action=COPIED,
        user=actor,
        revision=revision,
        content_changed=True,
        data={"source": {"pk": edition.pk, "name": str(source)}},
    )
    return copied


def _without_identity(data: dict[str, Any]) -> dict[str, Any]:
    """Serialized rows without primary keys and without the life of the edition they came from."""
    kept = {
        name: [_without_identity(row) for row in value] if isinstance(value, list) else value
        for name, value in data.items()
        if name not in OWN_LIFE
    }
    return kept | {"pk": None}


def _as_copy(name: str, language: str, field: str) -> str:
    """The name marked as a copy in its language, within the field's length."""
    if not name:
        return ""
    with override(language):
        mark = f" ({_('копия')})"
    longest = TermsEdition._meta.get_field(field).max_length or len(name + mark)
    return name[: longest - len(mark)] + mark
