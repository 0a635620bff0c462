"""Looks for the programme on a partner's page (R34, R41): its badge, a link to this site, or the name of the programme.

A badge counts for the partner that it belongs to, and for nobody else. Names are compared as search compares words: in
any case and form, Latin and Cyrillic letters alike. Reads untrusted pages in one pass, whatever they hold. May not
import models.
"""

from __future__ import annotations

import codecs
import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory import site_checks
from partner_directory.badges.links import badge_code
from program_pages.words import WORD, search_words

MOST_TEXT = 200_000  # characters of a page that are looked at
LONGEST_WORD = 60  # a longer one is no word of a name
AROUND = 120  # characters kept on either side of what was found
LONGEST_LINK = 500
UNSEEN = frozenset({"script", "style", "template", "noscript"})  # whose content nobody sees
VALUE = r"""\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
HREF = re.compile(rf"\bhref{VALUE}", re.IGNORECASE)
SOURCE = re.compile(rf"\bsrc(?:set)?{VALUE}", re.IGNORECASE)
IMAGES = frozenset({"img", "source"})
TAG_NAME = re.compile(r"[a-z][a-z0-9]*", re.IGNORECASE)
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s?=\s?["']?([A-Za-z0-9_-]+)""", re.IGNORECASE)
META_WITHIN = 1024  # bytes of a page in which it names its charset
CHARSETS = frozenset(  # of pages; some other codecs of Python take forever, or are none of texts
    {"ascii", "cp1251", "cp1252", "cp866", "iso8859-1", "iso8859-5", "koi8-r", "koi8-u", "utf-16", "utf-8"}
)

NO_MARK = "no_mark"
OTHER_BADGE, REVOKED_BADGE, UNKNOWN_BADGE = "other_badge", "revoked_badge", "unknown_badge"

TROUBLES: Mapping[str, str | Promise] = {
    "no_such_host": _("такого сайта нет"),
    "not_public": _("адрес не публичный"),
    "no_answer": _("сайт не отвечает"),
    "bad_certificate": _("неверный сертификат"),
    "error": _("сайт отвечает ошибкой"),
    "redirects": _("слишком много переадресаций"),
    "too_slow": _("сайт отвечает слишком долго"),
    "too_big": _("страница слишком большая"),
    "not_a_page": _("по адресу не страница, а файл"),
    "packed": _("страница сжата непонятным способом"),
    NO_MARK: _("на странице нет ни значка, ни ссылки на наш сайт, ни названия программы"),
    OTHER_BADGE: _("на странице значок другого партнёра"),
    REVOKED_BADGE: _("значок на странице отозван: поставьте новый"),
    UNKNOWN_BADGE: _("на странице значок, которого мы не выдавали"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on a page: ``trouble`` is a key of TROUBLES, or "" where the programme is announced.

    ``evidence`` is the words around the name, or the address that was found: with OTHER_BADGE that of the badge.
    ``sha256`` is of the page's bytes.
    """

    trouble: str = ""
    evidence: str = ""
    sha256: str = ""

    @property
    def found(self) -> bool:
        """Whether the programme is announced."""
        return not self.trouble


@dataclass(frozen=True, slots=True)
class Marks:
    """By what an announcement is known: the hosts of this site, and the names of the programme and its levels.

    ``badges`` are the codes of the partner whose page it is.
    """

    hosts: frozenset[str]
    names: tuple[str, ...]
    badges: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Visible:
    """What a page shows: its words, where its links lead, and where its pictures come from."""

    text: str
    links: list[str]
    pictures: list[str]


def look(url: str, marks: Marks) -> Seen:
    """Reads a page, and looks for the marks on it; raises nothing. Takes seconds: never within a transaction."""
    try:
        page = site_checks.fetch(url)
    except site_checks.Trouble as trouble:
        return Seen(trouble=str(trouble))
    why_not, evidence = judged(decoded(page.content, page.charset), page.url, marks)
    return Seen(why_not, evidence, hashlib.sha256(page.content).hexdigest())


def judged(source: str, url: str, marks: Marks) -> tuple[str, str]:
    """What keeps a page from announcing the programme, or "", and the evidence (as ``Seen`` has them)."""
    seen = visible(source)
    badges = dict.fromkeys(link for link in (*seen.links, *seen.pictures) if badge_code(link, marks.hosts, url))
    own = next((link for link in badges if badge_code(link, marks.hosts, url) in marks.badges), None)
    if own is not None:
        return "", _absolute(url, own)[:LONGEST_LINK]
    for link in seen.links:
        address = _absolute(url, link)
        if address and link not in badges and urlsplit(address).hostname in marks.hosts:
            return "", address[:LONGEST_LINK]
    named = named_in(seen.text, marks.names)
    if named:
        return "", named
    other = next(iter(badges), None)
    return (OTHER_BADGE, _absolute(url, other)[:LONGEST_LINK]) if other is not None else (NO_MARK, "")


def codes_on(page: site_checks.Page, hosts: Iterable[str]) -> list[str]:
    """The codes of the badges that a page shows or links to, each once, whoever's they are."""
    seen = visible(decoded(page.content, page.charset))
    codes = (badge_code(link, hosts, page.url) for link in (*seen.links, *seen.pictures))
    return list(dict.fromkeys(code for code in codes if code))


def _absolute(url: str, link: str) -> str:
    try:
        address = urljoin(url, link.strip())
        return address if urlsplit(address).hostname else ""
    except ValueError:  # no address at all
        return ""


def decoded(content: bytes, charset: str) -> str:
    """A page's text by the charset that the server or the page names, else as UTF-8; never raises."""
    named = META_CHARSET.search(content[:META_WITHIN])
    for name in (charset, named[1].decode("ascii") if named else ""):
        if _codec(name) in CHARSETS:
            return content.decode(name, "replace")
    return content.decode("utf-8", "replace")


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""


def visible(source: str) -> Visible:
    """What a reader of a page sees of it; in one pass."""
    lowered = source.lower() if len(source.lower()) == len(source) else source
    words: list[str] = []
    found = Visible("", [], [])
    place = 0
    while (start := source.find("<", place)) >= 0:
        words.append(source[place:start])
        place = _after_tag(lowered, start, source, found)
    words.append(source[place:])
    text = html.unescape(" ".join(words))[:MOST_TEXT].replace("<", " ").replace("\x00", " ")
    return Visible(text, found.links, found.pictures)


def _after_tag(lowered: str, start: int, source: str, found: Visible) -> int:
    """Where the page goes on after the tag or comment that starts here; what never ends hides the rest."""
    if lowered.startswith("<!--", start):
        return _end_of("-->", lowered, start + len("<!--"))
    end = _end_of(">", lowered, start)
    name = TAG_NAME.match(lowered, start + 1)
    if name is None:
        return end
    if name[0] == "a":
        found.links.extend(_values(HREF, source[start:end]))
    elif name[0] in IMAGES:
        found.pictures.extend(part for value in _values(SOURCE, source[start:end]) for part in value.split())
    if name[0] in UNSEEN:
        return _end_of(">", lowered, _end_of(f"</{name[0]}", lowered, end))
    return end


def _values(attribute: re.Pattern[str], tag: str) -> list[str]:
    return [html.unescape("".join(parts)) for parts in attribute.findall(tag)]


def _end_of(sign: str, lowered: str, start: int) -> int:
    found = lowered.find(sign, start)
    return len(lowered) if found < 0 else found + len(sign)


def named_in(text: str, names: Iterable[str]) -> str:
    """The words around the first of the names that a text holds, or ""."""
    words = [
        (normal, found.start(), found.end())
        for found in WORD.finditer(text)
        if found.end() - found.start() <= LONGEST_WORD and (normal := search_words(found[0]))
    ]
    normals = [normal for normal, _start, _end in words]
    for name in names:
        wanted = search_words(name).split()
        place = _place_of(wanted, normals)
        if place is not None:
            start, end = words[place][1], words[place + len(wanted) - 1][2]
            return " ".join(text[max(start - AROUND, 0) : end + AROUND].split())
    return ""


def _place_of(wanted: list[str], normals: list[str]) -> int | None:
    if not wanted:
        return None
    places = (place for place, normal in enumerate(normals) if normal == wanted[0])
    return next((place for place in places if normals[place : place + len(wanted)] == wanted), None)
