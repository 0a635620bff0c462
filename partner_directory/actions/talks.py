"""A partner disagrees with clauses of an edition: a talk that ends in an Additional Agreement or with an answer (R82).

Each action is one transaction with its audit row, which holds no words of either side. A guarded update of the state
decides who is first. A talk holds up nothing: the terms take effect on their day (R83).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.addresses import address
from partner_directory.letters.kind import Fact
from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models.edition_notice import EditionNotice
from partner_directory.models.overlay import Overlay
from partner_directory.models.talk import GOING_ON, Talk, TalkEntry
from program_pages.bilingual import paired
from program_pages.terms import NoEdition, terms_of_edition

OPENED = "partner_directory.talk.opened"
WRITTEN = "partner_directory.talk.written"
ANSWERED = "partner_directory.talk.answered"
CLOSED = "partner_directory.talk.closed"
AGREED = "partner_directory.talk.agreed"
REOPENED = "partner_directory.talk.reopened"

State, Side = Talk.State, TalkEntry.Side


class Overtaken(ValidationError):
    """The talk has ended in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Этот разговор уже закончен. Откройте его заново."))


def clauses_of(notice: EditionNotice) -> dict[str, str]:
    """The clauses that a talk of a notice may be about: their numbers by their codes, those that change first.

    Every clause of the edition, and those of the earlier one that are gone; those of the notice alone where the edition
    is not published any more.
    """
    changed = {each.code: each.number for each in notice.news.clauses}
    try:
        return changed | {clause.code: clause.number for clause in terms_of_edition(notice.release.edition_id).clauses}
    except NoEdition:
        return changed


@transaction.atomic
def begin(*, notice: EditionNotice, clauses: Iterable[str], text: str, actor: User | None) -> Talk:
    """The partner says with which clauses (codes) it does not agree, and why; managers are told.

    Raises ValidationError, by field: without a clause or with one that the edition lacks, without a word of why; for
    an edition that was withdrawn; where a talk of this notice goes on already.
    """
    chosen = list(dict.fromkeys(clauses))
    if notice.release.withdrawn_at is not None or notice.release.replaced_at is not None:
        raise ValidationError(_("Этой редакции больше нет: спорить не о чем."))
    if not chosen:
        raise ValidationError({"clauses": _("Выберите пункты, с которыми не согласны.")})
    known = clauses_of(notice)
    if unknown := sorted(set(chosen) - known.keys()):
        raise ValidationError(
            {"clauses": _("Такого пункта в этой редакции нет: %(codes)s.") % {"codes": ", ".join(unknown)}}
        )
    try:
        with transaction.atomic():
            talk = Talk.objects.create(
                partner=notice.partner,
                notice=notice,
                clauses=[{"code": code, "number": known[code]} for code in chosen],
                opened_by=actor,
            )
    except IntegrityError as error:
        raise ValidationError(_("Разговор об этой редакции уже идёт.")) from error
    _say(talk, Side.PARTNER, text, actor)
    _tell_managers(talk, "talk_opened", text, "opened")
    return _recorded(talk, OPENED, actor, clauses=", ".join(chosen))


@transaction.atomic
def write(*, talk: Talk, text: str, actor: User | None) -> Talk:
    """The partner says more; it is the vendor's turn. Raises ValidationError without words, Overtaken at its end."""
    _turn(talk, State.OPEN)
    entry = _say(talk, Side.PARTNER, text, actor)
    _tell_managers(talk, "talk_written", text, f"entry:{entry.pk}")
    return _recorded(talk, WRITTEN, actor)


@transaction.atomic
def answer(*, talk: Talk, text: str, actor: User | None) -> Talk:
    """The vendor says something; it is the partner's turn. Raises as ``write`` does."""
    _turn(talk, State.ANSWERED)
    entry = _say(talk, Side.VENDOR, text, actor)
    _tell_partner(talk, "talk_answered", f"entry:{entry.pk}", {"text": text})
    return _recorded(talk, ANSWERED, actor)


@transaction.atomic
def close_with_answer(*, talk: Talk, text: str, actor: User | None) -> Talk:
    """Ends it with the vendor's answer; the terms stay as they are for this partner. Raises as ``write`` does."""
    if not text.strip():
        raise ValidationError({"text": _("Напишите ответ: без него разговор не закрыть.")})
    _end(talk, state=State.CLOSED, answer=text, closed_by=actor)
    _tell_partner(talk, "talk_closed", f"closed:{_times(talk)}", {"text": text})
    return _recorded(talk, CLOSED, actor)


@transaction.atomic
def end_in_agreement(*, talk: Talk, overlay: Overlay, actor: User | None) -> Talk:
    """Ends it in an Additional Agreement with this partner, made since the talk began (R82).

    Raises ValidationError for any other overlay, Overtaken once the talk has ended.
    """
    if not agreements_for(talk).filter(pk=overlay.pk).exists():
        raise ValidationError(
            {"overlay": _("Нужно Дополнительное соглашение с этим партнёром, записанное после начала разговора.")}
        )
    _end(talk, state=State.AGREED, overlay=overlay, closed_by=actor)
    facts: dict[str, Fact] = {"overlay": str(overlay), "overlay_starts": overlay.starts}
    _tell_partner(talk, "talk_agreed", f"agreed:{overlay.pk}", facts, address("portal:conditions"))
    return _recorded(talk, AGREED, actor, overlay=str(overlay))


def agreements_for(talk: Talk) -> Any:
    """The Additional Agreements that a talk may end in."""
    made = Overlay.objects.filter(partner=talk.partner_id, kind=Overlay.Kind.AGREEMENT)
    return made.filter(made_at__gte=talk.opened_at)


@transaction.atomic
def reopen_for(*, overlay: Overlay, actor: User | None) -> int:
    """An agreement is withdrawn before it began: the talks that it ended go on; how many.

    Raises ValidationError where another talk of the same notice goes on.
    """
    ended = list(Talk.objects.filter(overlay=overlay, state=State.AGREED).select_related("notice__release__edition"))
    for talk in ended:
        again = {
            "state": State.OPEN,
            "overlay": None,
            "closed_by": None,
            "closed_at": None,
            "ball_since": timezone.now(),
        }
        try:
            with transaction.atomic():
                Talk.objects.filter(pk=talk.pk, overlay=overlay).update(**again)
        except IntegrityError as error:
            raise ValidationError(
                _("Этим соглашением закончился разговор, а о той же редакции уже идёт другой: сначала закончите его.")
            ) from error
        _tell_partner(talk, "talk_reopened", f"reopened:{overlay.pk}", {})
        _recorded(talk, REOPENED, actor, overlay=str(overlay))
    return len(ended)


def _turn(talk: Talk, state: Talk.State) -> None:
    """It goes on, and from now on somebody else acts next; whose turn it is stays where the same side says more."""
    going_on = Talk.objects.filter(pk=talk.pk, state__in=GOING_ON)
    if going_on.exclude(state=state).update(state=state, ball_since=timezone.now()):
        return
    if not going_on.update(state=state):
        raise Overtaken


def _end(talk: Talk, **values: Any) -> None:
    now = timezone.now()
    if not Talk.objects.filter(pk=talk.pk, state__in=GOING_ON).update(closed_at=now, ball_since=now, **values):
        raise Overtaken


def _say(talk: Talk, side: TalkEntry.Side, text: str, actor: User | None) -> TalkEntry:
    if not text.strip():
        raise ValidationError({"text": _("Напишите хотя бы слово.")})
    return TalkEntry.objects.create(talk=talk, side=side, author=actor, text=text)


def _times(talk: Talk) -> int:
    """How much was said, so that a talk closed again is told of again."""
    return TalkEntry.objects.filter(talk=talk).count()


def _facts(talk: Talk, **more: Fact) -> dict[str, Fact]:
    return {
        "edition": paired(talk.notice.release.edition, "name"),
        "clauses": talk.numbers,
        **more,
    }


def _tell_managers(talk: Talk, kind: str, text: str, happening: str) -> None:
    tell_managers(
        kind=kind,
        key=f"talk:{talk.pk}:{happening}",
        facts=_facts(talk, company=paired(talk.partner, "name"), text=text),
        url=address("partner_directory_talk_modeladmin_inspect", talk.pk),
    )


def _tell_partner(talk: Talk, kind: str, happening: str, facts: dict[str, Fact], url: str = "") -> None:
    tell_partner(
        partner=talk.partner,
        kind=kind,
        key=f"talk:{talk.pk}:{happening}",
        facts=_facts(talk, **facts),
        url=url or address("portal:terms_talk", talk.pk),
    )


def _recorded(talk: Talk, action: str, actor: User | None, **data: str) -> Talk:
    """The row as it is now, its audit row written."""
    current = Talk.objects.select_related("partner", "notice__release__edition", "overlay").get(pk=talk.pk)
    about = {"partner": str(current.partner), "edition": str(current.notice.release.edition)}
    log(instance=current, action=action, user=actor, data=about | data)
    return current
