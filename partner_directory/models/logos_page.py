"""The public page of the marks: who may use which, how, and what they look like (R5-R9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from partner_directory.badges.marks import approved_versions
from partner_directory.badges.previews import Variant, shown_variants
from partner_directory.models.mark import MarkVersion
from program_pages.models.pages import SinglePage
from program_pages.rules.terms import Level, Terms, UnknownLevel
from program_pages.shown import shown_terms


@dataclass(frozen=True, slots=True)
class Space:
    """A mark with its clear space, as a drawing's box: where it begins, and how large it is."""

    left: int
    width: int
    height: int

    @property
    def box(self) -> str:
        """As a viewBox."""
        return f"{self.left} {self.left} {self.width} {self.height}"


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark on the page: its approved version, its variants by ground, and its level under the edition shown."""

    version: MarkVersion
    level: Level | None
    variants: list[Variant]

    @property
    def on_light(self) -> list[Variant]:
        """The variants for light ground."""
        return [variant for variant in self.variants if not variant.on_dark]

    @property
    def on_dark(self) -> list[Variant]:
        """The variants for dark ground."""
        return [variant for variant in self.variants if variant.on_dark]

    @property
    def main(self) -> Variant | None:
        """The one that stands for all."""
        return self.variants[0] if self.variants else None

    @property
    def space(self) -> Space | None:
        """The main variant with its clear space around it."""
        if self.main is None:
            return None
        margin = round(self.version.clear_space * self.main.height)
        return Space(-margin, self.main.width + 2 * margin, self.main.height + 2 * margin)


class LogosPage(SinglePage):
    """The marks and the rules of their use."""

    needs_terms = True
    template = "partner_directory/logos_page.html"

    class Meta:
        verbose_name = _("страница логотипов")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the marks as approved by the day shown, and where a partner takes its own and anyone checks one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        versions = approved_versions(shown_terms(request).as_of.recorded_by)
        marks = [found for version in versions if (found := _shown(version, context["terms"]))]
        return context | {
            "marks": marks,
            "any_sample": any(mark.version.is_sample for mark in marks),
            "kit_url": _address("portal:logos"),
            "verify_url": _address("verify"),
        }


def _shown(version: MarkVersion, terms: Terms | None) -> ShownMark | None:
    """A mark under the edition shown; none where its level is not in that edition."""
    level = None
    if version.mark.level is not None:
        if terms is None:
            return None
        try:
            level = terms.level(version.mark.level.slug)
        except UnknownLevel:
            return None
    return ShownMark(version, level, shown_variants(version))


def _address(name: str) -> str:
    """Where a part of the site is; nothing while the site does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
