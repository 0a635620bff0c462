"""Where a partner announces its participation, what was found there, and what a manager says of it (R34, R41).

Pages are read before a transaction begins, never within one. What was found is dated evidence: rows are added, never
changed, and the latest decides. A manager's word stands for the calendar year, as long as the address stays the same:
no program contradicts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from accounts.models import User
from partner_directory import messages
from partner_directory.actions.facts import Overtaken
from partner_directory.addresses import address
from partner_directory.announcements import (
    OTHER_BADGE,
    REVOKED_BADGE,
    TROUBLES,
    UNKNOWN_BADGE,
    Marks,
    Seen,
    look,
)
from partner_directory.badges.links import badge_code
from partner_directory.models.badge import Badge
from partner_directory.models.facts import Announcement, AnnouncementCheck
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day
from program_pages.terms import NoEdition, terms_on

SET = "partner_directory.announcement.set"
CHECKED = "partner_directory.announcement.checked"
OVERRULED = "partner_directory.announcement.overruled"

DUE_AFTER = timedelta(days=7)  # a page is looked at again
REST = timedelta(minutes=1)  # between two looks that people ask for
AT_ONCE = 8


@transaction.atomic
def set_page(*, partner: Partner, url: str, actor: User | None) -> Announcement:
    """Says where the partner announces its participation; raises ValidationError, by field, for what is no address."""
    announcement = Announcement.objects.select_for_update().filter(partner=partner).first()
    if announcement is not None and announcement.url == url:
        return announcement
    announcement = announcement or Announcement(partner=partner)
    announcement.url, announcement.set_by, announcement.set_at = url, actor, timezone.now()
    announcement.full_clean(exclude={"set_by"}, validate_unique=False)
    announcement.save()
    log(instance=announcement, action=SET, user=actor, data={"partner": str(partner), "url": url})
    return announcement


def check(*, announcement: Announcement, actor: User | None, overrides: bool = False) -> AnnouncementCheck:
    """Reads the page, then stores what was found; not within a transaction.

    A manager's word stands unless it is a manager who asks (``overrides``). Raises ValidationError where it stands, and
    a moment after the last look; Overtaken where the address was changed meanwhile.
    """
    last = last_check(announcement.partner)
    now = timezone.now()
    if not overrides and word_stands(last, announcement, now):
        raise ValidationError(_("Менеджер программы уже решил об этой странице. Если она изменилась, напишите ему."))
    if last and not last.reason and last.checked_at > now - REST:
        raise ValidationError(_("Страницу только что проверяли. Подождите минуту."))
    own = _badges_of([announcement.partner_id]).get(announcement.partner_id, frozenset())
    return _store(announcement, look(announcement.url, replace(marks(), badges=own)), actor)


@transaction.atomic
def overrule(*, announcement: Announcement, found: bool, actor: User, reason: str) -> AnnouncementCheck:
    """A manager's word on the page, instead of what the program found; the partner learns why."""
    if not reason.strip():
        raise ValidationError({"reason": _("Напишите причину: партнёр прочтёт её.")})
    current = Announcement.objects.select_for_update().select_related("partner").get(pk=announcement.pk)
    if current.url != announcement.url:
        raise Overtaken
    before = last_check(current.partner)
    said = AnnouncementCheck.objects.create(
        partner=current.partner,
        url=current.url,
        found=found,
        evidence=before.evidence if before and before.url == current.url else "",
        overruled_by=actor,
        reason=reason.strip(),
    )
    data = {"partner": str(current.partner), "url": current.url, "found": found, "reason": said.reason}
    log(instance=current, action=OVERRULED, user=actor, data=data)
    _tell(said, "announcement_accepted" if found else "announcement_refused")
    return said


def check_due(*, now: datetime | None = None) -> Iterator[AnnouncementCheck]:
    """Looks at every page whose turn has come, some at a time; yields each answer. Safe to run again at any moment."""
    moment = now or timezone.now()
    due = [each for each, last in _with_last_checks() if _is_due(each, last, moment)]
    signs, badges = marks(), _badges_of([each.partner_id for each in due])

    def read(each: Announcement) -> Seen:
        return look(each.url, replace(signs, badges=badges.get(each.partner_id, frozenset())))

    with ThreadPoolExecutor(AT_ONCE) as pool:  # the threads talk to sites alone, the database is this one's
        for announcement, seen in zip(due, pool.map(read, due), strict=True):
            try:
                yield _store(announcement, seen, None)
            except Overtaken:  # the partner has named another page: its turn comes with the next run
                continue


def last_check(partner: Partner) -> AnnouncementCheck | None:
    """What was found last, or said by a manager."""
    return AnnouncementCheck.objects.filter(partner=partner).order_by("-checked_at", "-pk").first()


def word_stands(last: AnnouncementCheck | None, announcement: Announcement, now: datetime) -> bool:
    """Whether a manager has said the last word on this address in this calendar year."""
    if last is None or not last.reason or last.url != announcement.url:
        return False
    return timezone.localtime(last.checked_at).year == timezone.localtime(now).year


def marks() -> Marks:
    """By what an announcement is known today."""
    hosts = {urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname, *Site.objects.values_list("hostname", flat=True)}
    names = [settings.WAGTAIL_SITE_NAME]
    try:
        levels = terms_on(programme_day()).levels
    except NoEdition:
        levels = ()
    for level in levels:
        names += [level.mark_name, level.name.ru, level.name.en]
    return Marks(frozenset(filter(None, hosts)), tuple(dict.fromkeys(filter(None, names))))


def _badges_of(partners: Iterable[int]) -> dict[int, frozenset[str]]:
    """The codes of the badges that partners (their keys) may show, in one query."""
    found: dict[int, set[str]] = defaultdict(set)
    for partner, code in Badge.objects.current().filter(partner__in=partners).values_list("partner_id", "code"):
        found[partner].add(code)
    return {partner: frozenset(codes) for partner, codes in found.items()}


def _why_not(partner: Partner, seen: Seen) -> str:
    """The trouble, where a badge is what was found: whether it is another's, this partner's no more, or nobody's."""
    if seen.trouble != OTHER_BADGE:
        return seen.trouble
    code = badge_code(seen.evidence, {urlsplit(seen.evidence).hostname or ""})
    badge = Badge.objects.filter(code=code).first()
    if badge is None:
        return UNKNOWN_BADGE
    return REVOKED_BADGE if badge.partner_id == partner.pk else OTHER_BADGE


def _with_last_checks() -> Iterator[tuple[Announcement, AnnouncementCheck | None]]:
    of_partner = AnnouncementCheck.objects.filter(partner=OuterRef("partner")).order_by("-checked_at", "-pk")
    rows = Announcement.objects.select_related("partner")
    keys: dict[int, int | None] = dict(
        rows.annotate(last=Subquery(of_partner.values("pk")[:1])).values_list("partner", "last")
    )
    checks = AnnouncementCheck.objects.in_bulk([key for key in keys.values() if key])
    for announcement in rows:
        yield announcement, checks.get(keys.get(announcement.pk) or 0)


def _is_due(announcement: Announcement, last: AnnouncementCheck | None, now: datetime) -> bool:
    if last is None or last.url != announcement.url:
        return True
    return last.checked_at <= now - DUE_AFTER and not word_stands(last, announcement, now)


@transaction.atomic
def _store(announcement: Announcement, seen: Seen, actor: User | None) -> AnnouncementCheck:
    """Guarded by the address that was read; the partner is told where the announcement is gone."""
    current = Announcement.objects.select_for_update().select_related("partner").filter(pk=announcement.pk).first()
    if current is None or current.url != announcement.url:
        raise Overtaken
    before = last_check(current.partner)
    row = AnnouncementCheck.objects.create(
        partner=current.partner,
        url=current.url,
        found=seen.found,
        trouble=_why_not(current.partner, seen),
        evidence=seen.evidence.replace("\x00", " "),
        sha256=seen.sha256,
    )
    log(instance=current, action=CHECKED, user=actor, data={"url": row.url, "found": row.found, "trouble": row.trouble})
    if before is not None and before.found and not row.found:
        _tell(row, "announcement_lost")
    return row


def _tell(row: AnnouncementCheck, kind: str) -> None:
    messages.tell_partner(
        partner=row.partner,
        kind=kind,
        key=f"announcement:{row.pk}",
        facts={"url": row.url, "reason": row.reason or str(TROUBLES.get(row.trouble, ""))},
        url=address("portal:announcement"),
    )
