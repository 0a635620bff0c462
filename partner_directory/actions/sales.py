"""Sales: facts of what was sold to whom, which take a bonus and give it back (R47, R50, R77).

Claimed and decided by ``actions.facts``; here is what is particular to a sale: what cannot be, and the bonus.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from partner_directory.actions import bonuses, facts
from partner_directory.messages import tell_managers
from partner_directory.models.bonus import Sale
from program_pages.models.edition import programme_day
from program_pages.rules.money import WHOLE

FIRST_DAY = date(2000, 1, 1)

Overtaken = facts.Overtaken


def _logged(sale: Sale) -> dict[str, str]:
    return {
        "partner": str(sale.partner),
        "client": sale.client,
        "sold_on": sale.sold_on.isoformat(),
        "list_total": str(sale.list_total),
        "client_discount": str(sale.client_discount),
    }


def _facts(sale: Sale) -> dict[str, str]:
    return {"client": sale.client, "day": f"{sale.sold_on:%d.%m.%Y}"}


def _tell_managers(sale: Sale) -> None:
    said = _facts(sale) | {"partner": str(sale.partner)}
    tell_managers(kind="sale_claimed", key=f"sale:{sale.pk}:claimed", facts=said)


SALE: Final[facts.Manner[Sale]] = facts.Manner(
    name="sale", letter="sale_", page="portal:sales", logged=_logged, facts=_facts, tell_managers=_tell_managers
)
CLAIMED, RECORDED, CONFIRMED, REFUSED = map(
    SALE.action, (facts.CLAIMED, facts.RECORDED, facts.CONFIRMED, facts.REFUSED)
)


def claim(*, sale: Sale, actor: User | None) -> Sale:
    """A partner's own record, which counts once a manager has confirmed it; raises ValidationError by field.

    The same sale within ten minutes is one that was sent twice.
    """
    _refuse_what_cannot_be(sale)
    return facts.claim(fact=sale, actor=actor, manner=SALE)


def record(*, sale: Sale, actor: User | None) -> Sale:
    """A manager's own record: it counts at once. Raises ValidationError by field."""
    _refuse_what_cannot_be(sale)
    return facts.record(fact=sale, actor=actor, manner=SALE)


def confirm(*, sale: Sale, actor: User | None) -> Sale:
    """Lets a sale count; raises Overtaken where it is decided already."""
    return facts.confirm(fact=sale, actor=actor, manner=SALE)


@transaction.atomic
def refuse(*, sale: Sale, actor: User | None, reason: str) -> Sale:
    """A sale does not count, and a bonus spent on it comes back; raises Overtaken where it is decided already."""
    refused = facts.refuse(fact=sale, actor=actor, reason=reason, manner=SALE)
    bonuses.give_back(sale=refused, actor=actor)
    return refused


def _refuse_what_cannot_be(sale: Sale) -> None:
    problems = {
        "client": _("Кому продано?") if not sale.client.strip() else "",
        "sold_on": _day_problem(sale.sold_on),
        "licences": _("Хотя бы одна лицензия.") if sale.licences < 1 else "",
        "list_total": _("Сумма больше нуля.") if sale.list_total <= 0 else "",
        "client_discount": "" if 0 <= sale.client_discount < WHOLE else _("От 0 до 100, не включая 100."),
    }
    found = {name: problem for name, problem in problems.items() if problem}
    if found:
        raise ValidationError(found)


def _day_problem(day: date) -> str:
    if day > programme_day():
        return _("Этот день ещё не наступил.")
    return _("Слишком давно.") if day < FIRST_DAY else ""
