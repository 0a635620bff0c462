"""What partners offer, and which of it their level allows (R22, R32, R35, R43). May not import models."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from program_pages.rules.terms import Level


class Service(TextChoices):
    """A kind of work for the end client."""

    SUPPLY = "supply", _("поставка лицензий")
    IMPLEMENTATION = "implementation", _("внедрение")
    CUSTOMISATION = "customisation", _("доработка")
    TRAINING = "training", _("обучение пользователей")
    SUPPORT = "support", _("техническая поддержка")
    RENTING = "renting", _("аренда (SaaS)")


def allowed_by(level: Level) -> frozenset[str]:
    """The services that a level's terms allow: supply always; the rest as its edition says (R22, R32, R35, R43)."""
    allowed: set[str] = {Service.SUPPLY}
    if level.may_implement:
        allowed |= {Service.IMPLEMENTATION, Service.CUSTOMISATION, Service.TRAINING}
    if level.may_maintain:
        allowed.add(Service.SUPPORT)
    if level.may_rent_out:
        allowed.add(Service.RENTING)
    return frozenset(allowed)


def allowed_by_any(levels: Iterable[Level]) -> frozenset[str]:
    """The services that at least one of the levels allows; without levels, none."""
    return frozenset[str]().union(*map(allowed_by, levels))
