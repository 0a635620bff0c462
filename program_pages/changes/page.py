"""The page of what changes from one published edition to another: what it shows, and its form. May not import pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.changes import CHANGES
from program_pages.changes.pairs import Listed, Pair
from program_pages.changes.words import said_changes
from program_pages.kept import keep_for_strangers
from program_pages.rules.terms import Level
from program_pages.shown import shown_terms
from program_pages.terms import NoEdition, terms_of_edition


class ChooseEditionsForm(forms.Form):
    """Which two editions to compare, each by the day it takes effect, and for which level (slug)."""

    old = forms.ChoiceField(label=_("Прежняя редакция"))
    new = forms.ChoiceField(label=_("Новая редакция"))
    level = forms.CharField(label=_("Для уровня"), required=False, max_length=50, widget=forms.Select)

    def __init__(self, *args: Any, editions: Sequence[Listed], levels: Iterable[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(edition.day, in_words(edition)) for edition in editions]
        slugs = [("", _("для всех уровней")), *((level.slug, said(level.name)) for level in levels)]
        self.fields["old"].choices = self.fields["new"].choices = days  # type: ignore[attr-defined]
        self.fields["level"].widget.choices = slugs  # type: ignore[attr-defined]

    def address(self) -> str:
        """Where what was chosen is shown, below the page of changes."""
        chosen = self.cleaned_data
        query = f"?{urlencode({'level': chosen['level']})}" if chosen["level"] else ""
        return f"{chosen['old']}/{chosen['new']}/{query}"


def in_words(edition: Listed) -> str:
    """An edition in a list: its day and its name."""
    return f"{formats.day(edition.effective_from, get_language() or 'ru')} — {said(edition.name)}"


def sent_form(request: HttpRequest, editions: Sequence[Listed]) -> ChooseEditionsForm | None:
    """The form as it was sent; None where nothing was chosen."""
    terms = shown_terms(request).terms
    sent = {"old", "new"} & set(request.GET)
    return ChooseEditionsForm(request.GET, editions=editions, levels=terms.levels if terms else ()) if sent else None


def changes_context(
    request: HttpRequest,
    terms_url: str,
    editions: Sequence[Listed],
    pair: Pair | None,
    form: ChooseEditionsForm | None = None,
) -> dict[str, Any]:
    """What the page shows: the difference, of the level in ``?level=`` where there is such a one, and the form.

    Raises Http404 where an edition has just been withdrawn.
    """
    if pair is None:
        return {"pair": None}
    try:
        before, after = (terms_of_edition(edition.number) for edition in (pair.old, pair.new))
    except NoEdition as error:
        raise Http404 from error
    key = ("said changes", pair, get_language())
    found = keep_for_strangers(request, key, lambda: said_changes(before, after))
    asked = request.GET.get("level", "")
    level = next((each for each in found.levels if each.slug == asked), None)
    initial = {"old": pair.old.day, "new": pair.new.day, "level": level.slug if level else ""}
    return {
        "pair": pair,
        "pair_url": f"{terms_url}{CHANGES}{pair.old.day}/{pair.new.day}/",
        "old_url": f"{terms_url}?on={pair.old.day}",
        "new_url": f"{terms_url}?on={pair.new.day}",
        "found": found.touching(level.slug) if level else found,
        "level": level,
        "level_is_unknown": bool(asked) and level is None,
        "is_upcoming": pair.new.effective_from > shown_terms(request).day,
        "form": form or ChooseEditionsForm(initial=initial, editions=editions, levels=found.levels),
    }
