"""The pages of an application as its list of pages shows them. May not import views."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.applying import Gap, Page, level_of, pages_of
from partner_directory.models.application import Application
from program_pages.rules.terms import Terms

LABELS: dict[Page, str | Promise] = {
    Page.LEVEL: _("Уровень"),
    Page.COMPANY: _("Компания"),
    Page.BASE: _("Техническая база и обучение"),
    Page.SPECIALISTS: _("Специалисты и сертификаты"),
    Page.SCHEME: _("Схема SaaS"),
}
OPTIONAL = frozenset({Page.SPECIALISTS, Page.SCHEME})  # an application may be submitted without


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page: where it is, whether it is filled, and what it lacks. ``state``: "done", "missing" or "optional"."""

    page: Page
    label: str | Promise
    url: str
    state: str
    gaps: tuple[str, ...]


def address(application: Application, page: Page) -> str:
    """Where a page of an application is."""
    return reverse(f"portal:application-{page}", args=[application.pk])


def pages_shown(application: Application, terms: Terms, gaps: tuple[Gap, ...], *, specialists: int) -> list[PageShown]:
    """The pages of an application; ``specialists`` is how many the company has named."""
    filled = {
        Page.SPECIALISTS: bool(specialists),
        Page.SCHEME: application.talk_wanted or bool(application.saas_scheme),
    }
    shown = []
    for page in pages_of(level_of(application, terms)):
        lacking = tuple(gap.text for gap in gaps if gap.page is page)
        empty = page in OPTIONAL and not filled[page]
        state = "missing" if lacking else "optional" if empty else "done"
        shown.append(PageShown(page, LABELS[page], address(application, page), state, lacking))
    return shown


def following(application: Application, terms: Terms, page: Page) -> str:
    """Where the page after this one is: the last is the review."""
    pages = pages_of(level_of(application, terms))
    place = pages.index(page) + 1 if page in pages else len(pages)
    if place < len(pages):
        return address(application, pages[place])
    return reverse("portal:application-review", args=[application.pk])
