"""The menu «Партнёры»: all that partner managers keep, in one place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from partner_directory.viewsets.enquiries import ConsentTextViewSet, enquiry_register
from partner_directory.viewsets.geography import CityViewSet, CountryViewSet, IndustryViewSet, RegionViewSet
from partner_directory.viewsets.materials import MaterialViewSet
from partner_directory.viewsets.memberships import membership_register
from partner_directory.viewsets.participations import participation_register
from partner_directory.viewsets.partners import PartnerViewSet
from partner_directory.viewsets.requests import licence_register, seat_register
from partner_directory.viewsets.specialists import specialist_register
from program_pages.viewsets.register import Register

registers: tuple[Register, ...] = (  # in the menu's order
    membership_register,
    specialist_register,
    enquiry_register,
    licence_register,
    seat_register,
    participation_register,
)


class PartnerGroup(SnippetViewSetGroup):
    """Partners first, then the registers, then the lists that profiles choose from."""

    menu_label = _("Партнёры")
    menu_name = "partners"
    menu_icon = "group"
    menu_order = 160
    items = (
        PartnerViewSet,
        MaterialViewSet,
        IndustryViewSet,
        CountryViewSet,
        RegionViewSet,
        CityViewSet,
        ConsentTextViewSet,
    )

    def get_submenu_items(self) -> list[Any]:
        partners, *lists = super().get_submenu_items()
        items = [partners, *(register.get_menu_item() for register in registers), *lists]
        for place, item in enumerate(items, 1):
            item.order = place
        return items


partner_group = PartnerGroup()
