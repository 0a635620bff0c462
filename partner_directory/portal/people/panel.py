"""What the home page says of people: first that one's own sign-in is safe, then that the company is not one alone."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import second_factor
from partner_directory.models.people import Invitation, TeamMember
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel


def panel(request: SeatRequest) -> Panel | None:
    """A hint about the second factor, or about colleagues; None where both are there."""
    if not second_factor.is_set_up(request.user):
        return Panel(
            _("Защитите вход"),
            _("С ключом доступа или кодом из приложения никто не войдёт за вас, даже зная пароль."),
            reverse("mfa_index"),
            _("Настроить второй фактор"),
        )
    partner = request.seat.partner
    is_alone = not TeamMember.objects.filter(partner=partner).exclude(pk=request.seat.pk).exists()
    if not (request.seat.is_owner and is_alone) or Invitation.objects.open().filter(partner=partner).exists():
        return None
    return Panel(
        _("Пригласите коллег"),
        _("Вы работаете в кабинете компании один. Пригласите второго владельца: так доступ не пропадёт."),
        reverse("portal:people"),
        _("Пригласить"),
    )
