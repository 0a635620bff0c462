"""Badges are issued, closed, issued anew and revoked (R5, R9): by these actions alone, and never edited.

A membership's beginning issues a credential under the badge of its partner and product line, in the same transaction
(``actions.memberships``), and its end closes it; the partner learns of both from the letter about the membership. A
badge that was revoked stays so, whatever becomes of memberships, until it is issued anew. Of two who issue at the same
moment the database lets one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.addresses import address
from partner_directory.badges import codes, credentials, keys, status_lists, tokens
from partner_directory.messages import tell_partner
from partner_directory.models.badge import Badge, Credential
from partner_directory.models.membership import Membership, MembershipQuerySet
from program_pages.models.edition import programme_day

ISSUED = "partner_directory.badge.issued"
CLOSED = "partner_directory.badge.closed"
REISSUED = "partner_directory.badge.reissued"
REVOKED = "partner_directory.badge.revoked"

ATTEMPTS = 5  # of issuing, where others issue at the same moment
BATCH = 500  # memberships that are issued at once

Closing = Credential.Closing
Pair = tuple[int, int]  # a partner and a product line


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, значок изменил кто-то другой. Откройте его заново."))


@transaction.atomic
def issue_for(*, membership: Membership, actor: User | None) -> Credential | None:
    """A credential for a membership, under its partner's badge, which is made where there is none.

    One that is open already is answered as it is. None where the badge was revoked and not issued anew.
    """
    for _attempt in repeat(None, ATTEMPTS):
        try:
            with transaction.atomic():
                _issue([_whole().get(pk=membership.pk)], actor)
        except IntegrityError:  # another was quicker, or chance has drawn the same number
            continue
        return Credential.objects.filter(membership=membership, closed_at__isnull=True).first()
    raise Overtaken


@transaction.atomic
def close_for(*, membership: Membership, how: Credential.Closing, actor: User | None) -> bool:
    """Closes the credential of a membership that has ended, and answers whether there was one.

    It counts as revoked once the membership's last day is over.
    """
    row = Credential.objects.filter(membership=membership, closed_at__isnull=True).select_related("badge").first()
    if row is None or not _close(Credential.objects.filter(pk=row.pk), how):
        return False
    _record(row.badge, CLOSED, actor, membership=membership, how=how)
    return True


@transaction.atomic
def reissue(*, badge: Badge, actor: User | None, reason: str) -> Badge:
    """A new code in place of one, current or revoked; what was signed under the old one is taken back.

    Raises Overtaken where another has replaced or revoked it since it was read.
    """
    _lock([badge.partner_id])
    if badge.revoked_at is None:
        _take_back(badge, Closing.REISSUED, actor, reason)
    try:
        with transaction.atomic():
            new = _made(badge.partner_id, badge.product_line_id, actor, replaces=badge)
            new.save()
    except IntegrityError as error:
        raise Overtaken from error
    held = _holding().filter(partner=badge.partner_id, product_line=badge.product_line_id)
    _issue(list(held), actor)
    _record(new, REISSUED, actor, replaces=badge.code, reason=reason)
    _tell(new, "reissued", reason, old=badge)
    return new


@transaction.atomic
def revoke(*, badge: Badge, actor: User | None, reason: str) -> Badge:
    """Takes a code back with all that was signed under it; raises Overtaken where that is done already."""
    _take_back(badge, Closing.REVOKED, actor, reason)
    current = Badge.objects.select_related("partner").get(pk=badge.pk)
    _record(current, REVOKED, actor, reason=reason)
    _tell(current, "revoked", reason, old=current)
    return current


def issue_missing(*, actor: User | None) -> Iterator[int]:
    """Issues for every membership in force or to come that has no credential; yields how many after each batch.

    Each batch is a transaction of its own, so that what was issued stays if it is interrupted.
    """
    is_open = Credential.objects.filter(membership=OuterRef("pk"), closed_at__isnull=True)
    missing = _holding().exclude(state=Membership.State.ENDED).filter(~Exists(is_open)).order_by("pk")
    last, issued = 0, 0
    while batch := list(missing.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        issued += _issue_batch(batch, actor)
        yield issued


@transaction.atomic
def issue_for_samples(*, memberships: Iterable[Membership]) -> None:
    """For memberships of invented partners, which were made without an audit row: so are their badges."""
    keys_of = [membership.pk for membership in memberships]
    _issue(list(_holding().filter(pk__in=keys_of)), None, is_recorded=False)


def _issue_batch(batch: Sequence[Membership], actor: User | None) -> int:
    """At once where nobody issues beside us, one by one otherwise."""
    try:
        with transaction.atomic():
            return len(_issue(batch, actor))
    except IntegrityError:
        return sum(issue_for(membership=membership, actor=actor) is not None for membership in batch)


def _issue(batch: Sequence[Membership], actor: User | None, *, is_recorded: bool = True) -> list[Credential]:
    """Credentials for those that have none open; in a number of queries that does not grow, but for the audit rows.

    Raises IntegrityError where another issues for one of them at the same moment.
    """
    held = Credential.objects.filter(membership__in=batch, closed_at__isnull=True)
    done = set(held.values_list("membership", flat=True))
    waiting = [membership for membership in batch if membership.pk not in done]
    badges = _badges_for(waiting, actor)
    waiting = [membership for membership in waiting if _pair(membership) in badges]
    if not waiting:
        return []
    rows = _signed(waiting, badges)
    Credential.objects.bulk_create(rows)
    for row in rows if is_recorded else ():
        _record(row.badge, ISSUED, actor, membership=row.membership)
    return rows


def _signed(memberships: Sequence[Membership], badges: dict[Pair, Badge]) -> list[Credential]:
    now, ground, key_id = timezone.now(), credentials.ground(), keys.current().key_id
    rows = []
    for membership, index in zip(memberships, _free_indices(len(memberships)), strict=True):
        badge = badges[_pair(membership)]
        claims = credentials.claims_of(
            membership=membership, code=badge.code, index=index, issued_at=now, ground=ground
        )
        rows.append(
            Credential(
                badge=badge,
                membership=membership,
                level_id=membership.level_id,
                index=index,
                key_id=key_id,
                token=tokens.sign(claims),
                issued_at=now,
            )
        )
    return rows


def _badges_for(memberships: Sequence[Membership], actor: User | None) -> dict[Pair, Badge]:
    """The current badge of each partner and product line, made where there has never been one."""
    pairs = {_pair(membership): membership for membership in memberships}
    partners = {partner for partner, _line in pairs}
    _lock(partners)
    rows = Badge.objects.filter(partner__in=partners).order_by("issued_at", "pk")
    newest = {(badge.partner_id, badge.product_line_id): badge for badge in rows}
    made = [_made(*pair, actor) for pair in pairs if pair not in newest]
    Badge.objects.bulk_create(made)
    newest |= {(badge.partner_id, badge.product_line_id): badge for badge in made}
    found = {pair: badge for pair, badge in newest.items() if pair in pairs and badge.revoked_at is None}
    for pair, badge in found.items():
        badge.partner = pairs[pair].partner
    return found


def _lock(partners: Iterable[int]) -> None:
    """Whoever revokes or reissues a badge of theirs comes before us or after us: what is read next is true."""
    list(Badge.objects.filter(partner__in=partners).order_by("pk").select_for_update().values_list("pk"))


def _made(partner: int, product_line: int, actor: User | None, replaces: Badge | None = None) -> Badge:
    return Badge(
        partner_id=partner,
        product_line_id=product_line,
        code=codes.new_code(),
        issued_at=timezone.now(),
        issued_by=actor,
        replaces=replaces,
    )


def _free_indices(count: int) -> list[int]:
    """Places in the lists of status at random, none of them taken."""
    free: list[int] = []
    while len(free) < count:
        drawn = {secrets.randbelow(status_lists.BITS) for _place in range(count - len(free))}.difference(free)
        free += drawn.difference(Credential.objects.filter(index__in=drawn).values_list("index", flat=True))
    return free


def _whole() -> MembershipQuerySet:
    rows: MembershipQuerySet = Membership.objects.select_related("partner", "level", "edition")
    return rows


def _holding() -> MembershipQuerySet:
    """Memberships that are not over, those that have not begun among them."""
    today = programme_day()
    running = Membership.objects.running(today).values("pk")
    return _whole().filter(Q(pk__in=running) | Q(starts__gt=today))


def _pair(membership: Membership) -> Pair:
    return membership.partner_id, membership.product_line_id


def _take_back(badge: Badge, how: Credential.Closing, actor: User | None, reason: str) -> None:
    """Guarded by its being current."""
    values = {"revoked_at": timezone.now(), "revoked_by": actor, "reason": reason}
    if not Badge.objects.current().filter(pk=badge.pk).update(**values):
        raise Overtaken
    _close(badge.credentials.all(), how)


def _close(rows: QuerySet[Credential], how: Credential.Closing) -> int:
    closed = rows.filter(closed_at__isnull=True).update(closed_at=timezone.now(), closed_how=how)
    transaction.on_commit(status_lists.forget, robust=True)
    return closed


def _record(
    badge: Badge, action: str, actor: User | None, *, membership: Membership | None = None, **data: str
) -> None:
    about: dict[str, str] = {}
    if membership is not None:
        starts, until = membership.starts.isoformat(), membership.until.isoformat()
        about = {"level": membership.level.slug, "starts": starts, "until": until}
    log(instance=badge, action=action, user=actor, data={"code": badge.code, **about, **data})


def _tell(badge: Badge, what: str, reason: str, old: Badge) -> None:
    """Tells the partner, once for this badge."""
    tell_partner(
        partner=badge.partner,
        kind=f"badge_{what}",
        key=f"badge:{badge.pk}:{what}",
        facts={"code": codes.written(badge.code), "old": codes.written(old.code), "reason": reason},
        url=address("portal:home"),
    )
