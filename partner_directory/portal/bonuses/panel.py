"""What the home page says of plans and bonuses."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from partner_directory.ledger import balance_of
from partner_directory.models.bonus import BonusRequest, Sale, SalesPlan
from partner_directory.models.facts import FactState
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel
from partner_directory.sales import Progress, progress
from program_pages.formats import money, number, points
from program_pages.models.edition import programme_day


def sales_panel(request: SeatRequest) -> Panel | None:
    """How the plans go, and what waits for the company's word."""
    partner = request.seat.partner
    open_plans = SalesPlan.objects.filter(
        partner=partner, cancelled_at__isnull=True, until__gte=programme_day()
    ).order_by("starts")
    found = progress(partner, open_plans)
    waiting = [each for each in found if not each.plan.partner_agreed_at]
    claimed = Sale.objects.filter(partner=partner, state=FactState.CLAIMED).count()
    facts = [_fact(each) for each in found if each.plan.is_agreed]
    if claimed:
        text = ngettext("%(count)s продажа ждёт проверки", "%(count)s продаж ждут проверки", claimed)
        facts.append(text % {"count": number(claimed, get_language() or "ru")})
    if waiting and request.seat.is_owner:
        return Panel(
            title=_("Продажи"),
            text=_("ASoft предлагает план продаж: согласитесь или откажитесь."),
            url=reverse("portal:plans"),
            link_text=_("Посмотреть план"),
            tone="warn",
            facts=facts,
            needs_action=True,
        )
    text = "" if facts else _("Записывайте продажи: из них складывается план, на них тратятся бонусы.")
    return Panel(_("Продажи"), text, reverse("portal:sales"), _("К продажам"), facts=facts)


def bonuses_panel(request: SeatRequest) -> Panel | None:
    """What is left to spend, and whether a request is looked at."""
    partner = request.seat.partner
    balance = balance_of(partner)
    asked = BonusRequest.objects.filter(membership__partner=partner, state=BonusRequest.State.ASKED).exists()
    facts = [_("Запрос бонуса на проверке у менеджера")] if asked else []
    text = (
        _("На следующую продажу: %(points)s") % {"points": points(balance, get_language() or "ru")}
        if balance
        else _("Бонусы рассчитываются по вашему запросу и возвращаются на следующей продаже.")
    )
    return Panel(
        _("Бонусы"), text, reverse("portal:bonuses"), _("К бонусам"), tone="good" if balance else "plain", facts=facts
    )


def _fact(found: Progress) -> str:
    language = get_language() or "ru"
    sums = {"sold": money(found.sold, language), "target": money(found.plan.target, language)}
    return _("План: %(sold)s из %(target)s") % sums
