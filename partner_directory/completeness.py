"""What the public misses in a profile: the report's lines and the share that is there. May not import views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from partner_directory.models.partner import Partner


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a good profile has; ``key`` names it in data and addresses."""

    key: str
    label: str | Promise
    is_there: Callable[[Any], object]  # asked of a Partner


CHECKS = (
    Check("logo", _("нет логотипа"), lambda partner: partner.logo_id),
    Check("summary_ru", _("нет краткого описания"), lambda partner: partner.summary_ru),
    Check("summary_en", _("нет краткого описания на английском"), lambda partner: partner.summary_en),
    Check("description_ru", _("нет описания"), lambda partner: partner.description_ru),
    Check("description_en", _("нет описания на английском"), lambda partner: partner.description_en),
    Check("name_en", _("нет названия на английском"), lambda partner: partner.name_en),
    Check("inn", _("нет ИНН"), lambda partner: partner.inn),
    Check("site", _("нет сайта"), lambda partner: partner.site_url),
    Check("email", _("нет почты"), lambda partner: partner.email),
    Check("phones", _("нет телефона"), lambda partner: partner.phones.strip()),
    Check("offices", _("нет офиса"), lambda partner: partner.offices.all()),
    Check("regions", _("нет регионов присутствия"), lambda partner: partner.regions.all()),
    Check("products", _("нет продуктов"), lambda partner: partner.products.all()),
    Check("services", _("нет услуг"), lambda partner: partner.services),
    Check("industries", _("нет отраслей"), lambda partner: partner.industries.all()),
    Check("languages", _("нет языков"), lambda partner: partner.languages),
    Check(
        "references",
        _("нет проектов с согласием клиента"),
        lambda partner: [reference for reference in partner.references.all() if reference.consent_on],
    ),
)
LABELS = {check.key: check.label for check in CHECKS}


def gaps_of(partner: Partner) -> list[str]:
    """The keys of what a profile lacks, in the order of ``CHECKS``."""
    return [check.key for check in CHECKS if not check.is_there(partner)]


def completeness(gaps: list[str]) -> int:
    """How much of a whole profile is there, in percent, rounded down."""
    return (len(CHECKS) - len(gaps)) * 100 // len(CHECKS)
