"""Notices and talks as pages of the section show them. May not import views."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from partner_directory.models.edition_notice import EditionNotice
from partner_directory.models.talk import Talk
from partner_directory.news import words
from partner_directory.news.making import ONE_DAY
from program_pages.difference_words import SaidDifference
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_of_edition, terms_on

TALK_TONES = {
    Talk.State.OPEN: "warn",
    Talk.State.ANSWERED: "warn",
    Talk.State.CLOSED: "plain",
    Talk.State.AGREED: "good",
}


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice in the list, and at the top of its page: where its edition is in its life, in a word."""

    notice: EditionNotice
    status: str
    tone: str

    @property
    def is_unread(self) -> bool:
        """Whether nobody of the company has opened what still holds."""
        return self.notice.read_at is None and not self.notice.is_withdrawn


@dataclass(frozen=True, slots=True)
class ShownTalk:
    """A talk with its state in a word, and a colour."""

    talk: Talk
    tone: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of a notice.

    ``terms`` are the edition's own while it is published; ``is_overtaken`` says that other editions were published or
    withdrawn since, so that the numbers of before are not those that it will follow.
    """

    shown: ShownNotice
    terms: Terms | None
    is_overtaken: bool
    newer: EditionNotice | None
    differences: list[SaidDifference]
    fixed: list[words.SaidFixed]
    agreements: list[words.SaidAgreement]
    clauses: list[words.SaidClause]
    sale_lines: list[words.SaidLine]
    bonus_lines: list[words.SaidLine]
    talks: list[ShownTalk]

    @property
    def may_disagree(self) -> bool:
        """Whether a talk may be begun: of an edition that is published, where none goes on."""
        release = self.shown.notice.release
        holds = release.withdrawn_at is None and release.replaced_at is None
        return holds and not any(each.talk.goes_on for each in self.talks)


def shown(notice: EditionNotice) -> ShownNotice:
    """With its state in a word."""
    release = notice.release
    if release.withdrawn_at is not None:
        return ShownNotice(notice, _("отозвана"), "bad")
    if release.replaced_at is not None:
        return ShownNotice(notice, _("опубликована заново"), "plain")
    if release.effective_from > programme_day():
        return ShownNotice(notice, _("ещё не действует"), "warn")
    return ShownNotice(notice, _("вступила в силу"), "good")


def page_of(notice: EditionNotice) -> Page:
    """The page of a notice, in a constant number of queries."""
    content, release = notice.news, notice.release
    return Page(
        shown=shown(notice),
        terms=_terms(release.edition_id),
        is_overtaken=release.withdrawn_at is None and _is_overtaken(notice),
        newer=_newer(notice) if release.replaced_at is not None else None,
        differences=words.differences_of(content),
        fixed=words.fixed_of(content),
        agreements=words.agreements_of(content),
        clauses=words.clauses_of(content),
        sale_lines=words.sale_lines(content.sale) if content.sale else [],
        bonus_lines=words.bonus_lines(content.bonus) if content.bonus else [],
        talks=[shown_talk(talk) for talk in notice.talks.all()],
    )


def shown_talk(talk: Talk) -> ShownTalk:
    """With its colour."""
    return ShownTalk(talk, TALK_TONES[Talk.State(talk.state)])


def _terms(edition: int) -> Terms | None:
    try:
        return terms_of_edition(edition)
    except NoEdition:
        return None


def _is_overtaken(notice: EditionNotice) -> bool:
    """Whether the edition follows another one now than the one that the notice compares it with."""
    try:
        return terms_on(notice.release.effective_from - ONE_DAY).edition != notice.news.compared
    except NoEdition:
        return True


def _newer(notice: EditionNotice) -> EditionNotice | None:
    """What was told of the edition when it was published anew."""
    same = EditionNotice.objects.shown().filter(partner=notice.partner_id, level=notice.level_id)
    return same.filter(release__edition=notice.release.edition_id).first()
