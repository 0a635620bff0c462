"""A company registers in the partners' section, and corrects what it says of itself before it has joined (R4, R80).

Its profile is a draft that nobody else sees until it joins; whoever registers it is its first owner.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.actions.partners import save_change
from partner_directory.models.geography import City
from partner_directory.models.partner import Office, Partner
from partner_directory.models.people import Role, TeamMember

REGISTERED = "partner_directory.partner.registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    """What a company says of itself; ``inn`` and ``ogrn`` are empty for companies of other countries."""

    legal_name: str
    name: str
    name_en: str
    inn: str
    ogrn: str
    phone: str
    email: str
    site_url: str
    city: City


@transaction.atomic
def register_company(*, facts: CompanyFacts, actor: User) -> TeamMember:
    """A new company, known to nobody but its owner, the actor.

    Raises ValidationError, by field: where another company has the ИНН; where the actor has registered too many.
    """
    registered = TeamMember.objects.filter(user=actor, role=Role.OWNER).count()
    if registered >= settings.COMPANIES_OF_ONE_PERSON:
        raise ValidationError(_("Вы уже зарегистрировали несколько компаний: чтобы добавить ещё, напишите в ASoft."))
    partner = _with_facts(Partner(live=False), facts)
    _store(partner, actor)
    log(instance=partner, action=REGISTERED, user=actor, data={"inn": partner.inn})
    return TeamMember.objects.create(partner=partner, user=actor, role=Role.OWNER)


@transaction.atomic
def correct_facts(*, partner: Partner, facts: CompanyFacts, actor: User) -> Partner:
    """Other facts of a company that the public does not know yet.

    Raises ValidationError, by field, as ``register_company``; and for a published profile, which goes through a check.
    """
    stored = Partner.objects.get(pk=partner.pk)
    if stored.live:
        raise ValidationError(_("Профиль опубликован: его меняют на странице профиля, с проверкой."))
    draft = _with_facts(stored.get_latest_revision_as_object(), facts)
    _store(draft, actor)
    return draft


def inn_is_taken(inn: str, *, but: int | None = None) -> bool:
    """Whether another company than the one with this key has the ИНН."""
    return bool(inn) and Partner.objects.filter(inn=inn).exclude(pk=but).exists()


def taken_inn() -> ValidationError:
    """What is said of an ИНН that another company has."""
    return ValidationError(
        _(
            "Компания с таким ИНН уже зарегистрирована. Попросите её владельца пригласить вас; "
            "если он недоступен, напишите в ASoft."
        )
    )


def _with_facts(partner: Partner, facts: CompanyFacts) -> Partner:
    partner.legal_name_ru, partner.name_ru, partner.name_en = facts.legal_name, facts.name, facts.name_en
    partner.inn, partner.ogrn = facts.inn, facts.ogrn
    partner.phones, partner.email, partner.site_url = facts.phone, facts.email, facts.site_url
    offices = list(partner.offices.all()) if partner.pk else []
    if not offices or offices[0].city_id != facts.city.pk:
        partner.offices = [Office(city=facts.city), *offices[1:]]
    return partner


def _store(partner: Partner, actor: User) -> None:
    if inn_is_taken(partner.inn, but=partner.pk):
        raise ValidationError({"inn": taken_inn()})
    partner.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            save_change(partner=partner, actor=actor)
    except IntegrityError as error:  # another has registered it in the meantime
        if not inn_is_taken(partner.inn, but=partner.pk):
            raise
        raise ValidationError({"inn": taken_inn()}) from error
