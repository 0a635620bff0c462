"""The marks as the page shows them: open or closed, why, and where to mend it. May not import views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.badges import codes
from partner_directory.badges.gate import Access, Why
from partner_directory.badges.links import verify_url
from partner_directory.models.mark import DARK_GROUNDS, Ink, Layout, MarkVersion, variant_key
from partner_directory.models.people import TeamMember
from partner_directory.portal.logos.links import kit_url
from partner_directory.portal.records.checklist import MENDED, measure_of
from program_pages.bilingual import said

PREVIEWED = (Ink.LIGHT_GROUND, Ink.DARK_GROUND)

# What is said, and where it is mended: the name of a page, and what its link says.
WORDS: Mapping[Why, tuple[str | Promise, str, str | Promise]] = {
    Why.NOT_JOINED: (_("Знаки — для партнёров: сначала присоединитесь к программе."), "joining", _("Присоединиться")),
    Why.UPCOMING: (_("Ваш уровень ещё не начал действовать."), "year", _("Участие")),
    Why.SUSPENDED: (_("Ваше членство приостановлено."), "year", _("Участие")),
    Why.LAPSED: (_("Срок вашего членства закончился: продлите его."), "year", _("Участие")),
    Why.ENDED: (_("Ваше членство прекращено."), "year", _("Участие")),
    Why.OTHER_LEVEL: (_("Этот знак — для партнёров другого уровня."), "year", _("Участие")),
    Why.MISSING: (_("Выполнены не все требования уровня."), "standing", _("Требования")),
    Why.NO_BADGE: (_("Код значка ещё не выдан: его выдаёт менеджер программы."), "", ""),
    Why.NO_TERMS: (_("Условия программы для этого уровня ещё не опубликованы."), "", ""),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that is not met: its title, how much there is, and where to mend it."""

    title: str
    measure: str
    url: str
    link_text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture of a mark on the ground that it is made for."""

    source: str
    is_dark: bool
    label: str


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark on the page; ``kit`` is the link to its kit, empty where it is closed."""

    version: MarkVersion
    previews: tuple[Preview, ...]
    kit: str
    code: str
    address: str
    until: date | None
    why: str
    gaps: tuple[Gap, ...]
    mend_url: str
    mend_text: str

    @property
    def is_open(self) -> bool:
        """Whether the kit may be taken."""
        return bool(self.kit)


def shown(access: Access, seat: TeamMember) -> ShownMark:
    """A mark as a person of a company sees it."""
    badge = access.badge
    why, page, link_text = WORDS[access.why] if access.why else ("", "", "")
    return ShownMark(
        version=access.version,
        previews=previews_of(access.version),
        kit=kit_url(seat, access.version) if badge else "",
        code=codes.written(badge.code) if badge else "",
        address=verify_url(badge.code) if badge else "",
        until=access.until,
        why=str(why),
        gaps=gaps_of(access),
        mend_url=reverse(f"portal:{page}") if page else "",
        mend_text=str(link_text),
    )


def gaps_of(access: Access) -> tuple[Gap, ...]:
    """What is missing of the requirements, and where to mend each."""
    found = []
    for item in access.missing:
        page, link_text = MENDED.get(item.requirement.kind, ("", ""))
        title = said(item.requirement.title)
        found.append(Gap(title, measure_of(item), reverse(page) if page else "", str(link_text)))
    return tuple(found)


def previews_of(version: MarkVersion) -> tuple[Preview, ...]:
    """The mark on a light and on a dark ground, as everybody may see it."""
    found = []
    for ink in PREVIEWED:
        key = variant_key(Layout.HORIZONTAL, ink)
        if key in version.drawings:
            found.append(Preview(reverse("mark_preview", args=[version.pk, key]), ink in DARK_GROUNDS, str(ink.label)))
    return tuple(found)
