"""The menu «Программа»: all that programme managers keep, in one place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from program_pages.viewsets.catalogue import EventViewSet, LevelViewSet, ProductLineViewSet, ProductViewSet
from program_pages.viewsets.editions import EditionViewSet
from program_pages.viewsets.prices import PriceRegister
from program_pages.viewsets.readings import ReadingViewSet
from program_pages.viewsets.register import Register


class ProgrammeGroup(SnippetViewSetGroup):
    """Editions first; the price list register stands among the snippets."""

    menu_label = _("Программа")
    menu_name = "programme"
    menu_icon = "clipboard-list"
    menu_order = 150
    items = (EditionViewSet, ReadingViewSet, LevelViewSet, ProductLineViewSet, ProductViewSet, EventViewSet)

    def __init__(self, registers: tuple[Register, ...] = ()) -> None:
        super().__init__()
        self.registers = registers

    def get_submenu_items(self) -> list[Any]:
        items: list[Any] = super().get_submenu_items()
        return [
            *items,
            *(register.get_menu_item(order=len(items) + place) for place, register in enumerate(self.registers, 1)),
        ]


price_register = PriceRegister()
programme_group = ProgrammeGroup(registers=(price_register,))
