"""Partners are told of a new edition of the terms, once each, and that it was withdrawn (R83).

A release is recorded in the transaction that publishes the edition; partners are told after it, in chunks, each one
transaction. A run may be killed and run again, twice at once: who is told has a notice, and is passed over. The notice
and the letter are of one transaction. Nothing here holds up the edition, and reading gates nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import messages
from partner_directory.addresses import address
from partner_directory.errand import Errand
from partner_directory.letters.kind import Fact
from partner_directory.models.edition_notice import EditionNotice, EditionRelease
from partner_directory.models.membership import Membership
from partner_directory.models.message import Message
from partner_directory.news.content import Content
from partner_directory.news.making import contents_of, editions_of, with_last_calculations
from partner_directory.news.words import letter_changes, letter_sale
from program_pages.bilingual import paired
from program_pages.models.edition import TermsEdition, programme_day

ANNOUNCED = "partner_directory.edition.announced"
TAKEN_BACK = "partner_directory.edition.taken_back"
CHUNK = 200  # partners told in one transaction

Made = tuple[Membership, Content]
logger = logging.getLogger(__name__)


class Incomplete(RuntimeError):
    """Some partners could not be told: the others were, and the next run tells the rest."""


# --- An edition is published, or withdrawn ---


@transaction.atomic
def release(*, edition: TermsEdition, revision: int, actor: User | None) -> EditionRelease | None:
    """Records that a version (its number) of an edition was published, and has partners told of it after the commit.

    None for one of a day that has passed, and for the programme's first: there is nothing to tell. Published again, the
    earlier release is replaced.
    """
    if edition.effective_from < programme_day():
        return None
    if not TermsEdition.objects.published().filter(effective_from__lt=edition.effective_from).exists():
        return None
    held = EditionRelease.objects.current().filter(edition=edition)
    same = held.filter(revision=revision).first()
    if same is not None:
        return same
    held.update(replaced_at=timezone.now())
    made = EditionRelease.objects.create(
        edition=edition, revision=revision, effective_from=edition.effective_from, released_by=actor
    )
    transaction.on_commit(_wake, robust=True)
    return made


@transaction.atomic
def take_back(*, edition: TermsEdition) -> bool:
    """Records that an edition was withdrawn: no further letters leave, and those told are told of it after the commit.

    Answers whether there was anything to withdraw.
    """
    if not EditionRelease.objects.current().filter(edition=edition).update(withdrawn_at=timezone.now()):
        return False
    transaction.on_commit(_wake, robust=True)
    return True


def _wake() -> None:
    """Tells partners as ``JOBS_RUN`` says: beside the request, within it, or by the worker and the turn of the day."""
    if settings.JOBS_RUN == "beside":
        _teller.wake()
    elif settings.JOBS_RUN == "inline":
        announce_due()


# --- The telling ---


def announce_due(*, day: date | None = None) -> int:
    """Tells whoever has still to be told of editions published or withdrawn; how many. Raises Incomplete.

    For the turn of the day, which so completes what was interrupted, and tells partners that joined meanwhile.
    """
    today = day or programme_day()
    told = failed = 0
    due: list[tuple[Callable[..., int], EditionRelease]] = [
        *((tell_of_withdrawal, each) for each in EditionRelease.objects.withdrawn_untold().select_related("edition")),
        *((announce, each) for each in EditionRelease.objects.untold(today).select_related("edition")),
    ]
    for tell, each in due:
        try:
            told += tell(edition=each.edition, actor=None)
        except Exception:
            logger.exception("The edition %s: not everybody was told", each.edition_id)
            failed += 1
    if failed:
        raise Incomplete(f"{failed} editions not told of to the end")
    return told


def announce(*, edition: TermsEdition, actor: User | None) -> int:
    """Tells each partner with a membership in force what an edition changes for it; how many are told now.

    In chunks of constant memory and a constant number of queries each. Raises Incomplete.
    """
    held = EditionRelease.objects.current().filter(edition=edition).first()
    if held is None:
        return 0
    told, missed, after = 0, 0, 0
    while (done := _announce_chunk(held.pk, after)) is not None:
        told, missed, after = told + done.told, missed + done.missed, done.last
    if missed:
        raise Incomplete(f"{missed} not told, {told} told")
    _finish(held, actor)
    return told


@dataclass(frozen=True, slots=True)
class _Done:
    """What a chunk has come to: how many are told, how many could not be, and its last membership (key)."""

    told: int
    missed: int
    last: int


@transaction.atomic
def _announce_chunk(key: int, after: int) -> _Done | None:
    """Tells the next partners whose memberships come after a key; None at the end."""
    held = _locked(key)
    if held is None:
        return None
    today = programme_day()
    notices = EditionNotice.objects.filter(release=held, partner=OuterRef("partner"), level=OuterRef("level"))
    untold = Membership.objects.in_force(today).filter(~Exists(notices), pk__gt=after).order_by("pk")
    rows = list(with_last_calculations(untold).select_related("partner", "level")[:CHUNK])
    editions = editions_of(held.edition)
    if not rows or editions is None:
        return None
    by_place = {(row.partner_id, row.level_id): row for row in rows}  # of two years, in days of grace, the later one
    made = list(contents_of(list(by_place.values()), editions, today))
    return _Done(_tell(held, made), len(by_place) - len(made), rows[-1].pk)


def _locked(key: int) -> EditionRelease | None:
    """The release, held against a withdrawal until the transaction ends; None where it holds no more."""
    rows = EditionRelease.objects.current().select_related("edition").select_for_update(of=("self",))
    return rows.filter(pk=key).first()


def _tell(held: EditionRelease, made: Sequence[Made]) -> int:
    """A notice and a letter each; where an earlier publication has told the same, its notice stays. How many new."""
    earlier = _earlier(held, [row.partner_id for row, _content in made])
    kept = [old for row, content in made if (old := earlier.get(_place(row))) and _says_the_same(old, held, content)]
    EditionNotice.objects.filter(pk__in=[old.pk for old in kept]).update(release=held)
    stay = {(old.partner_id, old.level_id) for old in kept}
    new = [(row, content) for row, content in made if _place(row) not in stay]
    _drop_unsent(old.key for row, _content in new if (old := earlier.get(_place(row))))
    notices = EditionNotice.objects.bulk_create(_notice(held, row, content) for row, content in new)
    messages.tell_partners(
        _news(held, notice, row, content) for notice, (row, content) in zip(notices, new, strict=True)
    )
    return len(new)


def _place(row: Membership) -> tuple[int, int]:
    return row.partner_id, row.level_id


def _earlier(held: EditionRelease, partners: Iterable[int]) -> Mapping[tuple[int, int], EditionNotice]:
    """What these partners were told of earlier publications of the edition, the latest of each."""
    replaced = Q(release__edition=held.edition_id, release__replaced_at__isnull=False)
    rows = EditionNotice.objects.filter(replaced, partner__in=partners).select_related("release").order_by("pk")
    return {(row.partner_id, row.level_id): row for row in rows}


def _says_the_same(old: EditionNotice, held: EditionRelease, content: Content) -> bool:
    """Whether a notice tells what a new publication does; what was sold meanwhile makes no news."""
    was, will_be = (replace(each, sale=None, bonus=None) for each in (old.news, content))
    return was == will_be and old.release.effective_from == held.effective_from


def _notice(held: EditionRelease, row: Membership, content: Content) -> EditionNotice:
    return EditionNotice(
        release=held,
        partner=row.partner,
        level=row.level,
        key=f"edition:{held.pk}:{row.partner_id}:{row.level_id}",
        content=content.as_json(),
        touches=content.touches,
    )


def _news(held: EditionRelease, notice: EditionNotice, row: Membership, content: Content) -> messages.News:
    facts = _facts(held, row)
    if content.touches:
        facts |= {"changes": letter_changes(content), "sale": letter_sale(content)}
    kind = "edition_announced" if content.touches else "edition_announced_same"
    url = address("portal:terms_notice", notice.pk)
    return messages.News(partner=row.partner, kind=kind, key=notice.key, facts=facts, url=url)


def _facts(held: EditionRelease, about: Membership | EditionNotice) -> dict[str, Fact]:
    return {"edition": paired(held.edition, "name"), "starts": held.effective_from, "level": about.level.short_name}


def _drop_unsent(keys: Iterable[str]) -> None:
    """Letters that have not left and will not: they would tell what is no longer so."""
    waiting = Message.objects.filter(key__in=list(keys), sent_at=None, claimed_at=None, given_up_at=None, read_at=None)
    waiting.exclude(email="").delete()


@transaction.atomic
def _finish(held: EditionRelease, actor: User | None) -> None:
    """Everybody is told; written down once."""
    if EditionRelease.objects.current().filter(pk=held.pk, told_at=None).update(told_at=timezone.now()):
        told = EditionNotice.objects.filter(release=held).count()
        log(instance=held.edition, action=ANNOUNCED, user=actor or held.released_by, data={"told": told})


# --- The withdrawal ---


def tell_of_withdrawal(*, edition: TermsEdition, actor: User | None) -> int:
    """Tells those who were told of an edition that it was withdrawn; how many, in chunks as ``announce`` does.

    Told are those whose letter has left or whose people have seen it; the other letters are dropped.
    """
    told = 0
    for held in EditionRelease.objects.withdrawn_untold().filter(edition=edition).select_related("edition"):
        while (done := _take_back_chunk(held)) is not None:
            told += done
        _finish_withdrawal(held, actor)
    return told


@transaction.atomic
def _take_back_chunk(held: EditionRelease) -> int | None:
    of_edition = EditionNotice.objects.filter(release__edition=held.edition_id, taken_back_at=None)
    rows = of_edition.filter(Q(release=held) | Q(release__replaced_at__isnull=False))
    notices = list(rows.select_related("partner", "level").select_for_update(of=("self",)).order_by("pk")[:CHUNK])
    if not notices:
        return None
    keys = [notice.key for notice in notices]
    _drop_unsent(keys)
    told_keys = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    told = [notice for notice in notices if notice.read_at or notice.key in told_keys]
    messages.tell_partners(
        messages.News(
            partner=notice.partner,
            kind="edition_withdrawn",
            key=f"edition:{held.pk}:{notice.partner_id}:{notice.level_id}:withdrawn",
            facts=_facts(held, notice),
            url=address("portal:terms_notice", notice.pk),
        )
        for notice in told
    )
    EditionNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(taken_back_at=timezone.now())
    return len(told)


@transaction.atomic
def _finish_withdrawal(held: EditionRelease, actor: User | None) -> None:
    if EditionRelease.objects.withdrawn_untold().filter(pk=held.pk).update(withdrawal_told_at=timezone.now()):
        log(instance=held.edition, action=TAKEN_BACK, user=actor)


# --- Reading ---


@transaction.atomic
def mark_read(*, notice: EditionNotice, actor: User) -> None:
    """Somebody of the company has opened it; the first one is recorded, again changes nothing.

    That person's message of it has been read by that, too. Reading is no consent (R83).
    """
    now = timezone.now()
    EditionNotice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now, read_by=actor)
    Message.objects.filter(key=notice.key, user=actor, read_at=None).update(read_at=now)


_teller = Errand("editions", announce_due)
