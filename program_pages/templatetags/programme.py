"""What templates say about the programme: texts, numbers, days and clauses in the reader's language.

A builtin library: every template may use it. May not import page models.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.html import escape, strip_spaces_between_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from program_pages import bilingual, formats
from program_pages.kept import keep_for_strangers
from program_pages.placeholders import placeholders_of
from program_pages.rules.terms import Benefit, BenefitCell, Bonus, Terms, Text

register = template.Library()

MOST_BADGES = 64  # kept drawn: a few levels by two names in two languages, with a link or without


def _language() -> str:
    return get_language() or "ru"


@register.filter
def said(text: Text | None) -> str:
    """A Text in the reader's language."""
    return bilingual.said(text) if text else ""


@register.filter
def percent(value: Decimal | None) -> str:
    """Points as a percentage: «2,5 %», "2.5%"; a dash for none."""
    return "—" if value is None else formats.percent(Decimal(value), _language())


@register.filter
def points(value: Decimal | None) -> str:
    """Bonus points: «+2,5 %», "+2.5%"; a dash for none."""
    return "—" if value is None else formats.points(Decimal(value), _language())


@register.filter
def number(value: Decimal | int | None) -> str:
    """A number with the language's separators."""
    return "" if value is None else formats.number(value, _language())


@register.filter
def money(amount: Decimal | None, currency: str = "RUB") -> str:
    """Money in the reader's typography; a dash for none."""
    return "—" if amount is None else formats.money(Decimal(amount), _language(), currency)


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A date in words; that of a moment where the site is."""
    return "" if value is None else formats.day(value, _language())


@register.filter
def lines(text: str) -> list[str]:
    """The non-empty lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def zipped(one: Iterable[Any], other: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Two rows of equal length side by side."""
    return list(zip(one, other, strict=True))


@register.filter
def paragraphs(text: str) -> list[tuple[str, list[str]]]:
    """A text as paragraphs, each with its list: a line that ends in a colon leads the lines after it,
    up to the one that ends in a full stop.
    """
    found: list[tuple[str, list[str]]] = []
    listing = False
    for line in lines(text):
        leads = line.endswith(":")
        if listing and not leads:
            found[-1][1].append(line)
        else:
            found.append((line, []))
        listing = leads or (listing and not line.endswith("."))
    return found


@register.simple_tag(takes_context=True)
def filled(context: template.Context, html: Any) -> str:
    """An editor's text or HTML with its placeholders filled from the terms shown, if any are."""
    terms: Terms | None = context.get("terms")
    if not terms or "{" not in str(html):
        return html  # type: ignore[no-any-return]
    values = placeholders_of(terms)
    safe = isinstance(html, SafeString) or hasattr(html, "__html__")
    source = str(html) if safe else escape(str(html))
    text = values.fill(Text(ru=source, en=source)).in_language(_language())
    return mark_safe(text)  # noqa: S308 - the source is safe or was escaped, the values are numbers and names


@register.filter
def cell(benefit: Benefit, level: str) -> BenefitCell:
    """A benefit's cell at a level (slug)."""
    return benefit.cell(level)


@register.filter
def bonuses_over(terms: Terms, day: date | None) -> bool:
    """Whether the bonuses of the terms are over by a day (R79)."""
    return terms.bonuses_are_over(day or None)


@register.filter
def points_at(bonus: Bonus, level: str) -> Decimal | None:
    """A bonus's points at a level (slug)."""
    return bonus.points.get(level)


@register.filter
def clause_of(terms: Terms | None, code: str) -> Any:
    """The clause with a code, or None."""
    return terms.clause(code) if terms else None


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, model: str) -> str:
    """The address of the site's one page of a model ("termspage") in the reader's language, kept on the day shown."""
    url: str = context["shell"].addresses.get(model, "")
    return url and edition_url(context, url)


@register.simple_tag(takes_context=True)
def level_url(context: template.Context, slug: str) -> str:
    """The address of a level's page (slug), kept on the day shown; "" while there is no such page."""
    url: str = context["shell"].addresses.get("levelspage", "")
    return url and edition_url(context, f"{url}{slug}/")


@register.simple_tag(takes_context=True)
def edition_url(context: template.Context, url: str) -> str:
    """An address of this site that stays on the edition shown through ``?on=``."""
    on = context.get("on")
    return f"{url}?on={on.isoformat()}" if on else url


@register.inclusion_tag("components/clause_ref.html", takes_context=True)
def clause_ref(context: template.Context, code: str) -> dict[str, Any]:
    """A chip that links to a clause of the terms."""
    terms: Terms | None = context.get("terms")
    clause = terms.clause(code) if terms else None
    return {"clause": clause, "code": code, "url": f"{page_url(context, 'termspage')}#{code.lower()}"}


@register.simple_tag
def constant(name: str) -> str:
    """A component that is the same on every page of a language, drawn once a process; while DEBUG is on, each time."""
    return (_draw if settings.DEBUG else _drawn)(name, _language())


def _draw(name: str, language: str) -> str:
    return get_template(name).render({"language": language})


_drawn = cache(_draw)


@register.simple_tag(takes_context=True)
def kept_component(context: template.Context, name: str, **props: Any) -> str:
    """A component around pages, drawn once a moment for strangers (``program_pages.kept``).

    For those that depend on nothing but their props, the host, the language and the edition shown.
    """
    request, terms, on = context["request"], context.get("terms"), context.get("on")
    key = (name, request.get_host(), _language(), terms.edition if terms else None, on, *sorted(props.items()))

    def draw() -> str:
        surroundings: Any = context.flatten()
        return get_template(name).render(surroundings | props, request)

    return mark_safe(keep_for_strangers(request, key, draw))  # noqa: S308 - drawn by a template


@register.simple_tag
@cache
def icon(name: str, size: int = 20) -> SafeString:
    """A line drawing by its name (components/icon.html): drawn once, since pages show many."""
    return _tight(get_template("components/icon.html").render({"name": name, "size": size}))


@register.simple_tag
@cache
def level_shape(shape: str, size: int = 16) -> SafeString:
    """A level's shape in the colour of the nearest [data-level] (components/level_shape.html)."""
    return _tight(get_template("components/level_shape.html").render({"shape": shape, "size": size}))


@register.simple_tag
def level_badge(level: Any, *, short: bool = False, url: str = "") -> SafeString:
    """A level in one line (components/level_badge.html), by its short name where asked, as a link with an address."""
    return _badge(level.slug, level.shape, said(level.short_name if short else level.name), url)


@lru_cache(maxsize=MOST_BADGES)
def _badge(slug: str, shape: str, name: str, url: str) -> SafeString:
    """Drawn once: lists show the same few again and again."""
    badge = {"slug": slug, "shape": shape, "name": name, "url": url}
    return _tight(get_template("components/level_badge.html").render(badge))


def _tight(drawing: str) -> SafeString:
    """A drawing without the space between its elements; it stands within words."""
    return mark_safe(strip_spaces_between_tags(drawing.strip()))  # noqa: S308 - drawn by a template of ours


@register.simple_tag
def level_abilities(level: Any) -> SafeString:
    """What a level may and may not do, as items of a list (components/level_abilities.html)."""
    return _abilities(level.may_implement, level.may_maintain, level.may_rent_out, _language())


@cache
def _abilities(implements: bool, maintains: bool, rents_out: bool, _language: str) -> SafeString:
    """Drawn once: there are a few answers in each language, and every profile shows one."""
    props = {"implements": implements, "maintains": maintains, "rents_out": rents_out}
    return _tight(get_template("components/level_abilities.html").render(props))


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> Any:
    """This page in each language it is published in."""
    return context["shell"].alternates(context.get("page"))
