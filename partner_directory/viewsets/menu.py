"""The menus of partner managers: who the partners are, and what they do in their section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from partner_directory.viewsets import fact_queue
from partner_directory.viewsets.announcements import announcement_register
from partner_directory.viewsets.applications import application_register
from partner_directory.viewsets.badges import badge_register
from partner_directory.viewsets.bonuses import bonus_request_register, ledger_register
from partner_directory.viewsets.edition_notices import notice_register, release_register
from partner_directory.viewsets.enquiries import ConsentTextViewSet, enquiry_register
from partner_directory.viewsets.facts import fact_registers
from partner_directory.viewsets.geography import CityViewSet, CountryViewSet, IndustryViewSet, RegionViewSet
from partner_directory.viewsets.kits import kit_register
from partner_directory.viewsets.letters import LetterTextViewSet
from partner_directory.viewsets.level_changes import level_change_register
from partner_directory.viewsets.marks import MarkViewSet
from partner_directory.viewsets.materials import MaterialViewSet
from partner_directory.viewsets.memberships import membership_register
from partner_directory.viewsets.messages import message_register
from partner_directory.viewsets.overlays import overlay_register
from partner_directory.viewsets.participations import participation_register
from partner_directory.viewsets.partners import PartnerViewSet
from partner_directory.viewsets.requests import help_register, licence_register, seat_register
from partner_directory.viewsets.sales import plan_register, sale_register
from partner_directory.viewsets.specialists import specialist_register
from partner_directory.viewsets.talks import talk_register
from program_pages.viewsets.register import Register

# Each in its menu's order.
OF_PARTNERS: tuple[Register, ...] = (
    application_register,
    membership_register,
    badge_register,
    level_change_register,
    specialist_register,
    enquiry_register,
)
OF_SECTION: tuple[Register, ...] = (
    sale_register,
    plan_register,
    bonus_request_register,
    ledger_register,
    overlay_register,
    talk_register,
    release_register,
    notice_register,
    licence_register,
    seat_register,
    help_register,
    participation_register,
    kit_register,
    message_register,
)
# Reached from the queue of facts, whose entry stands in the menu for all of them.
QUEUED: tuple[Register, ...] = (*fact_registers, announcement_register)
registers = (*OF_PARTNERS, *OF_SECTION, *QUEUED)


class RegisterGroup(SnippetViewSetGroup):
    """A menu in which registers stand among the snippets, after the first of these."""

    registers: ClassVar[tuple[Register, ...]] = ()

    def get_submenu_items(self) -> list[Any]:
        first, *others = super().get_submenu_items()
        items = [first, *(register.get_menu_item() for register in self.registers), *self.more_items(), *others]
        for place, item in enumerate(items, 1):
            item.order = place
        return items

    def more_items(self) -> Iterable[MenuItem]:
        """Entries that are neither snippets nor registers."""
        return ()


class PartnerGroup(RegisterGroup):
    """Partners first, then the registers, then the lists that profiles choose from."""

    menu_label = _("Партнёры")
    menu_name = "partners"
    menu_icon = "group"
    menu_order = 160
    items = (PartnerViewSet, IndustryViewSet, CountryViewSet, RegionViewSet, CityViewSet, ConsentTextViewSet)
    registers = OF_PARTNERS

    def more_items(self) -> Iterable[MenuItem]:
        return (fact_queue.menu_item(),)


class SectionGroup(RegisterGroup):
    """What partners ask for, sell and read in their section."""

    menu_label = _("Раздел партнёров")
    menu_name = "section"
    menu_icon = "folder-open-inverse"
    menu_order = 165
    items = (MaterialViewSet, MarkViewSet, LetterTextViewSet)
    registers = OF_SECTION


partner_group = PartnerGroup()
section_group = SectionGroup()
