"""Tells partners and managers what has happened, and writes to people outside on their behalf.

A row in the outbox within the transaction it tells of, a letter once that is committed (``outbox``). Whoever tells of
the same happening twice (``key``) tells nobody twice. A mail server that is down delays nothing. May not import actions
or views.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from partner_directory import outbox
from partner_directory.letters.kind import Fact
from partner_directory.models.message import LetterText, Message
from partner_directory.models.partner import Partner
from partner_directory.models.people import TeamMember
from partner_directory.wording import KINDS, Words, absolute, filled, in_language, own_words
from program_pages.bilingual import paired
from program_pages.formats import language_of
from program_pages.groups import PARTNER_MANAGERS

__all__ = ["KINDS", "News", "tell_managers", "tell_partner", "tell_partners", "write_to"]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whom a message is for, where a letter reaches them (nowhere: empty), and the language they read."""

    user: User | None
    email: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is told to everybody alike, as ``tell_partner`` takes it; the facts are worded for each reader."""

    partner: Partner | None
    kind: str
    key: str
    facts: Mapping[str, Fact]
    url: str = ""
    about: str = ""


def tell_partner(
    *, partner: Partner, kind: str, key: str, facts: Mapping[str, Fact] | None = None, url: str = ""
) -> None:
    """Tells each person of a company, in that person's language; where it has none, its public address in Russian.

    ``kind`` names the wording (``messages.KINDS``), ``facts`` fill its placeholders, ``url`` is the address within
    the site where the reader goes on. A fact may be a text, or a lazy text, a Text or a day, which each reader gets in
    their language. Sample partners are told in the section, and no letter leaves.
    Raises ValueError for an unknown kind, and for one whose facts are not all given.
    """
    news = News(partner=partner, kind=kind, key=key, facts=facts or {}, url=url)
    _tell([(_with_company(news), _readers_of(partner))])


def tell_partners(news: Iterable[News]) -> None:
    """Tells each partner something of its own; raises what ``tell_partner`` does.

    Three queries for any number of partners, which the caller keeps within what one statement and the memory hold.
    """
    told = list(news)
    people: dict[int, list[User]] = defaultdict(list)
    partners = {each.partner.pk for each in told if each.partner}
    seats = TeamMember.objects.filter(partner__in=partners, user__is_active=True).select_related("user")
    for seat in seats.order_by("user_id"):
        people[seat.partner_id].append(seat.user)
    _tell([(_with_company(each), _readers(each.partner, people[each.partner.pk])) for each in told if each.partner])


def tell_managers(*, kind: str, key: str, facts: Mapping[str, Fact] | None = None, url: str = "") -> None:
    """Tells every manager of partners, in the language of that person's admin; administrators where there is none.

    Takes and raises what ``tell_partner`` does; {company} is empty unless it is among the facts.
    """
    news = News(partner=None, kind=kind, key=key, facts={"company": "", **(facts or {})}, url=url)
    _tell([(news, [_Reader(user, user.email, _language_of_admin(user)) for user in _managers()])])


def write_to(
    *, email: str, language: str, partner: Partner | None, kind: str, key: str, about: str, facts: Mapping[str, Fact]
) -> None:
    """Writes to somebody outside, such as a client, in a language; ``partner`` is the company that it is about, if any.

    The kind's link proves who its reader is: it is made when the letter is built, from ``about`` and the address, and
    is stored nowhere. Nobody's feed shows it. Raises what ``tell_partner`` does.
    """
    news = News(partner=partner, kind=kind, key=key, facts=facts, about=about)
    _tell([(_with_company(news), [_Reader(None, email, language_of(language))])])


def _with_company(news: News) -> News:
    company: dict[str, Fact] = {"company": paired(news.partner, "name") if news.partner else ""}
    return replace(news, facts=company | dict(news.facts))


def _readers_of(partner: Partner) -> list[_Reader]:
    return _readers(partner, _users().filter(companies__partner=partner, is_active=True).order_by("pk"))


def _readers(partner: Partner, people: Iterable[User]) -> list[_Reader]:
    readers = [_Reader(user, "" if partner.is_sample else user.email, _language(user)) for user in people]
    return readers or [_Reader(None, "" if partner.is_sample else partner.email, settings.LANGUAGE_CODE)]


def _managers() -> Iterable[User]:
    people = _users().filter(is_active=True).select_related("wagtail_userprofile").order_by("pk")
    return people.filter(groups__name=PARTNER_MANAGERS).distinct() or people.filter(is_superuser=True)


def _users() -> QuerySet[User]:
    return get_user_model().objects.all()


def _language(user: User) -> str:
    return language_of(getattr(user, "language", "") or settings.LANGUAGE_CODE)


def _language_of_admin(user: User) -> str:
    profile = getattr(user, "wagtail_userprofile", None)
    return language_of((profile and profile.preferred_language) or settings.LANGUAGE_CODE)


def _tell(told: Iterable[tuple[News, Iterable[_Reader]]]) -> None:
    """A row for each reader; none for one who has been told. The letters leave once all of it is committed."""
    told = list(told)
    for news, _people in told:
        _refuse_half_told(news)
    texts = {text.kind: text for text in LetterText.objects.filter(kind__in={news.kind for news, _people in told})}
    rows = [_row(news, texts.get(news.kind), reader) for news, readers in told for reader in readers]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.email for row in rows):
        transaction.on_commit(outbox.wake, robust=True)


def _refuse_half_told(news: News) -> None:
    if news.kind not in KINDS:
        raise ValueError(f"No such kind of message: {news.kind}")
    if bool(news.about) != (KINDS[news.kind].link is not None):
        raise ValueError(f"A message {news.kind} is about something if, and only if, its link is made from that")
    if missing := set(KINDS[news.kind].sample) - set(news.facts):
        raise ValueError(f"Facts that a message {news.kind} lacks: {', '.join(sorted(missing))}")


def _row(news: News, text: LetterText | None, reader: _Reader) -> Message:
    words: Words = text.words(reader.language) if text else own_words(news.kind, reader.language)
    link = {} if news.about else {"link": absolute(news.url, reader.language)}
    said = filled(words, {**news.facts, **link}, reader.language)
    return Message(
        partner=news.partner,
        user=reader.user,
        kind=news.kind,
        key=news.key,
        email=reader.email,
        language=reader.language,
        subject=said.subject,
        text=said.text,
        url=in_language(news.url, settings.LANGUAGE_CODE),
        about=news.about,
    )
