"""What each public action is run with where it is killed, in order of the actions' modules.

A case prepares the database, and answers the keyword arguments of its action. ``CASES`` has one for every action,
``MORE`` further ones of actions that write more under some circumstances. ``RUNS`` are those that do many things, each
all or nothing by itself: run again after a kill, they go on from there. ``NO_CASE`` says why a function has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from partner_directory.actions import (
    announcements,
    applications,
    badges,
    bonuses,
    companies,
    edition_notices,
    enquiries,
    events,
    facts,
    impacts,
    imports,
    kits,
    level_changes,
    marks,
    memberships,
    messages,
    overlays,
    partners,
    people,
    plans,
    profiles,
    renewals,
    requests,
    reviews,
    sales,
    sessions,
    site_checks,
    specialists,
    talks,
    trail,
    year,
)
from partner_directory.badges.marks import approved_versions
from partner_directory.exchange.reading import Sheet
from partner_directory.ledger import Way
from partner_directory.models import (
    City,
    ConsentText,
    EditionNotice,
    EditionRelease,
    Enquiry,
    Invitation,
    JoiningStep,
    Membership,
    Message,
    Overlay,
    Partner,
    Region,
    SalesPlan,
    Specialist,
)
from partner_directory.models.badge import Credential
from partner_directory.models.facts import ClientReview, MarketingActivity
from partner_directory.models.mark import Mark
from partner_directory.models.people import Role, TeamMember
from program_pages.actions import editions, readings
from program_pages.groups import PARTNER_MANAGERS
from program_pages.models import Level, Product, Reading, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.rules.overlay import Change
from program_pages.rules.terms import Text
from tests.admin.conftest import member_of
from tests.factories.applications import make_application, make_company, new_inn, new_ogrn, step
from tests.factories.badges import make_badge, make_credential
from tests.factories.bonuses import (
    make_implementation,
    make_overlay,
    make_plan,
    make_request,
    make_sale,
    unsaved_sale,
    with_balance,
)
from tests.factories.catalogue import make_event
from tests.factories.editions import draft_edition, publish_edition
from tests.factories.enquiries import draft, listed_partner, make_enquiry
from tests.factories.files import kept, picture, upload
from tests.factories.messages import make_message
from tests.factories.news import announced as told_edition
from tests.factories.news import make_talk, notice_of, withdraw
from tests.factories.partners import make_partner
from tests.factories.portal import make_member, make_person
from tests.factories.readings import make_reading
from tests.factories.records import make_activity, make_check, make_review, make_specialist
from tests.factories.users import make_user

Given = dict[str, Any]
Prepare = Callable[[], Given]
WHY = "Так решили"
Kind = JoiningStep.Kind


@dataclass(frozen=True)
class Case:
    """An action, and what it is run with."""

    action: Callable[..., Any]
    prepare: Prepare
    circumstances: str = ""

    def __str__(self) -> str:
        module = self.action.__module__.rsplit(".", 1)[-1]
        return "-".join(filter(None, (f"{module}.{self.action.__name__}", self.circumstances)))


def level(slug: str) -> Level:
    return Level.objects.get(slug=slug)


def product() -> Product:
    return Product.objects.get(slug="asoft-crm")


def competent(**fields: Any) -> Partner:
    """A partner with a level in force and an owner."""
    return make_member(make_partner(level="competency", **fields)).partner


def held(**fields: Any) -> Membership:
    return Membership.objects.get(partner=competent(**fields))


def tomorrow() -> date:
    return programme_day() + timedelta(days=1)


# --- Announcements ---


def announced() -> Given:
    """A page on which the announcement was found once, and is not any more: the partner is told."""
    partner = competent()
    page = announcements.set_page(partner=partner, url="https://partner.example/about", actor=None)
    make_check(partner, checked_at=timezone.now() - timedelta(days=30))
    return {"announcement": page, "actor": make_user()}


def two_announced() -> Given:
    announced(), announced()
    return {}


# --- Applications ---


def applied(reached: str) -> Prepare:
    return lambda: {"application": make_application(reached), "actor": make_user()}


def joining(reached: str) -> Prepare:
    return lambda: {"step": step(make_application(reached), Kind.ACCESSION), "actor": make_user()}


def the_last_mark() -> Given:
    application = make_application("signed")
    applications.mark_signed(step=step(application, Kind.ACCESSION), actor=None)
    return {"step": step(application, Kind.LICENCE), "actor": make_user()}


def signed_copy() -> Given:
    application = make_application("accepted")
    return {"step": step(application, Kind.ACCESSION), "signed": kept(application.partner), "actor": make_user()}


# --- Badges ---


def badge() -> Given:
    return {"badge": make_credential(competent()).badge, "actor": make_user(), "reason": WHY}


def badge_of_a_member() -> Given:
    credential = make_credential(competent())
    return {"membership": credential.membership, "how": Credential.Closing.ENDED, "actor": make_user()}


def two_without_badges() -> Given:
    held(), held()
    return {"actor": make_user()}


# --- Bonuses ---


def asked_bonus() -> Given:
    return {"request": make_request(held()), "actor": make_user()}


def spending(**fields: Any) -> Given:
    partner = with_balance(competent())
    return {"sale": make_sale(partner, **fields), "way": Way.DISCOUNT, "points": Decimal(1), "actor": make_user()}


def spent_sale(**fields: Any) -> Given:
    given = spending(**fields)
    bonuses.spend(**given)
    return {"sale": given["sale"], "actor": make_user()}


def expired_bonuses() -> Given:
    with_balance(competent()), with_balance(competent())
    publish_edition(effective_from=tomorrow(), bonuses_until=tomorrow())
    return {"day": tomorrow() + timedelta(days=1)}


# --- Companies ---


def company_facts(**said: Any) -> companies.CompanyFacts:
    given = {
        "legal_name": "ООО «Василёк»",
        "name": "Василёк",
        "name_en": "Cornflower",
        "inn": new_inn(),
        "ogrn": new_ogrn(),
        "phone": "+7 495 123-45-67",
        "email": "office@cornflower.example",
        "site_url": "https://cornflower.example/",
        "city": City.objects.get(slug="kazan"),
    }
    return companies.CompanyFacts(**given | said)


# --- Editions ---


def to_be_told() -> Given:
    """Two partners, a person of each: one has been told of an earlier publication, which said something else."""
    earlier = told_of()["notice"]
    competent()
    release = earlier.release
    EditionRelease.objects.filter(pk=release.pk).update(replaced_at=timezone.now())
    EditionNotice.objects.filter(pk=earlier.pk).update(content=earlier.content | {"differences": []})
    edition_notices.release(edition=release.edition, revision=release.revision + 1, actor=None)
    return {"edition": release.edition, "actor": make_user()}


def two_to_be_told() -> Given:
    to_be_told()
    return {"day": programme_day()}


def told_of() -> Given:
    partner = competent()
    return {"notice": notice_of(partner), "actor": TeamMember.objects.get(partner=partner).user}


def withdrawn() -> Given:
    """Of two partners that were told one's letter has left, the other's is dropped."""
    first, second = competent(), competent()
    edition = told_edition(effective_from=programme_day() + timedelta(days=300))  # the database has a clock of its own
    Message.objects.filter(partner=first).update(sent_at=timezone.now())
    withdraw(edition)
    assert second.pk != first.pk
    return {"edition": edition, "actor": make_user()}


def a_republication() -> Given:
    release = told_of()["notice"].release
    return {"edition": release.edition, "revision": release.revision + 1, "actor": make_user()}


def a_talk() -> Given:
    make_member(make_partner())
    return {"talk": make_talk(competent()), "text": "Потому что", "actor": make_user()}


def an_agreed_talk() -> Given:
    talk = a_talk()["talk"]
    agreement = make_overlay(talk.partner, starts=tomorrow())
    talks.end_in_agreement(talk=talk, overlay=agreement, actor=None)
    return {"overlay": agreement, "actor": make_user()}


def an_agreement_to_end_in() -> Given:
    talk = a_talk()["talk"]
    return {"talk": talk, "overlay": make_overlay(talk.partner), "actor": make_user()}


# --- Enquiries ---


def written(**fields: Any) -> Given:
    listed_partner(), listed_partner()
    return {"draft": draft(**fields), "proven": True, "actor": None}


def enquired(**fields: Any) -> Given:
    listed_partner(), listed_partner()
    return {"enquiry": make_enquiry(**fields), "actor": make_user()}


def forgettable() -> Given:
    long_ago = timezone.now() - timedelta(days=400)
    for _each in range(2):
        enquiries.close(**enquired())
    enquired(proven=False)
    Enquiry.objects.update(created_at=long_ago)
    Enquiry.objects.filter(closed_at__isnull=False).update(closed_at=long_ago)
    return {"over_before": timezone.now() - timedelta(days=300), "actor": None}


def old_messages() -> Given:
    long_ago = timezone.now() - timedelta(days=400)
    for _each in range(2):
        make_message(competent(), sent_at=long_ago, created_at=long_ago)
    return {"written_before": timezone.now() - timedelta(days=300)}


# --- Events ---


def participation() -> Given:
    row = events.take_part(partner=competent(), event=make_event(starts_in_days=0), actor=None)
    return {"participation": row, "actor": make_user()}


def another_paper() -> Given:
    given = participation()
    return given | {"evidence": kept(given["participation"].partner)}


# --- Facts ---


def activity(partner: Partner, **fields: Any) -> MarketingActivity:
    return MarketingActivity(partner=partner, title="Вебинар", done_on=programme_day(), **fields)


def fact(state: str) -> Prepare:
    def prepare() -> Given:
        partner = competent()
        return {"fact": make_activity(partner, state=state, evidence=kept(partner)), "actor": make_user()}

    return prepare


def another_file() -> Given:
    given = fact("claimed")()
    return given | {"evidence": kept(given["fact"].partner)}


def new_fact() -> Given:
    partner = competent()
    return {"fact": activity(partner, evidence=kept(partner)), "actor": make_user()}


# --- Imports ---


def spreadsheet() -> Given:
    """Of a published partner that changes, and of a new one."""
    actor, known = member_of(PARTNER_MANAGERS), make_company(name_ru="Ромашка")
    known.get_latest_revision().publish()
    rows = [(2, [known.inn, "Ромашка плюс"]), (3, [new_inn(), "Лютик"])]
    planned = imports.plan(Sheet(["inn", "name_ru"], rows), actor)
    assert len(planned.written) == len(rows), planned.fates
    return {"planned": planned, "actor": actor}


# --- Levels and memberships ---


def another_level() -> Given:
    wish = {"level": level("retail"), "wish": "Меньше работы", "actor": make_user()}
    return {"membership": held(), **wish}


def asked_level() -> Given:
    return {"change": level_changes.ask(**another_level()), "actor": make_user()}


def renewable() -> Given:
    """A partner that meets every requirement of its level."""
    partner = competent(specialists=2)
    make_activity(partner)
    make_check(partner)
    return {"membership": partner.memberships.get(), "actor": make_user()}


def leaving() -> Given:
    """The year goes, the next one, and the wish for another level."""
    given = renewable()
    level_changes.ask(membership=given["membership"], level=level("retail"), wish=WHY, actor=None)
    memberships.renew(membership=given["membership"], actor=None)
    return given | {"reason": WHY}


# --- Overlays and plans ---


def agreement() -> overlays.Draft:
    return overlays.Draft(
        partner=competent(),
        kind=Overlay.Kind.AGREEMENT,
        number="7",
        signed_on=programme_day(),
        starts=programme_day(),
        until=None,
        reason=WHY,
        changes=(Change("discount", Decimal("22.5"), "competency"), Change("discount", Decimal(21), "retail")),
        document=upload(name="Соглашение.pdf"),
    )


def overlay(**fields: Any) -> Given:
    return {"overlay": make_overlay(competent(), **fields), "actor": make_user(), "reason": WHY}


def new_plan(side: plans.Side) -> Given:
    days = {"starts": tomorrow(), "until": tomorrow()}
    return {"partner": competent(), **days, "target": Decimal(100), "side": side, "actor": make_user()}


def plan_with_discounts() -> Given:
    """One discount holds and ends, one is to come and is withdrawn."""
    agreed: SalesPlan = make_plan(competent())
    for starts, until in ((programme_day(), programme_day() + timedelta(days=3)), (agreed.until, agreed.until)):
        make_overlay(
            agreed.partner,
            kind=Overlay.Kind.PLAN_DISCOUNT,
            plan=agreed,
            number="",
            signed_on=None,
            starts=starts,
            until=until,
        )
    return {"plan": agreed, "side": plans.Side.VENDOR, "actor": make_user(), "reason": WHY}


# --- Partners and profiles ---


def drafted() -> Partner:
    """A published company with a draft that says something else."""
    partner = competent()
    partner.name_ru = "Новое имя"
    partner.save_revision(user=make_user())
    return Partner.objects.get(pk=partner.pk)


def checked() -> Given:
    partner = drafted()
    profiles.submit(partner=partner, actor=TeamMember.objects.get(partner=partner).user)
    return {"partner": partner, "actor": member_of(PARTNER_MANAGERS)}


def submitted() -> Given:
    partner = drafted()
    return {"partner": partner, "actor": TeamMember.objects.get(partner=partner).user}


def sent_back() -> Given:
    given = checked()
    profiles.send_back(**given, reason=WHY)
    return {"partner": given["partner"], "actor": make_user()}


def redrafted() -> Given:
    given = submitted()
    return {
        "draft": given["partner"].get_latest_revision_as_object(),
        "version": given["partner"].latest_revision_id,
        "actor": given["actor"],
        "logo": upload(picture(), "Логотип.png"),
    }


# --- People ---


def invited() -> Given:
    person, partner = make_person(), competent()
    sent = people.invite(partner=partner, email=person.email, role=Role.STAFF, actor=None, language="ru")
    return {"invitation": sent.invitation, "actor": person}


def invited_twice() -> Given:
    given = invited()
    return {
        "partner": given["invitation"].partner,
        "email": given["actor"].email,
        "role": Role.OWNER,
        "actor": make_user(),
        "language": "ru",
    }


def colleague() -> TeamMember:
    return make_member(competent(), role=Role.STAFF)


def erased() -> Given:
    """Somebody of two companies, with an invitation and a message."""
    seat = colleague()
    make_member(competent())
    TeamMember.objects.create(partner=competent(), user=seat.user, role=Role.STAFF)
    Invitation.objects.create(
        partner=competent(),
        email=seat.user.email,
        role=Role.STAFF,
        secret_hash="0" * 64,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return {"user": seat.user, "actor": seat.user}


def agreed_anew() -> Given:
    """Somebody who has agreed to an earlier text."""
    user = make_person()
    text = ConsentText.objects.create(purpose="account", effective_from=programme_day(), text_ru="Новый текст")
    return {"user": user, "text": text}


# --- Marks and kits ---


def recoloured() -> Level:
    """A level whose colour has changed, and its sample artwork not yet."""
    Level.objects.filter(slug="retail").update(colour="#102030")
    return level("retail")


def recoloured_marks() -> Given:
    recoloured()
    return {"actor": make_user()}


def another_mark() -> Given:
    """A mark with other drawings than its newest version has."""
    mark = Mark.objects.get(level__slug="retail")
    mark.least_px += 1
    return {"mark": mark, "actor": make_user()}


def a_kit() -> Given:
    """A retail partner asks for its mark: the level requires nothing."""
    member = make_member(make_partner(level="retail"))
    make_badge(member.partner)
    version = next(found for found in approved_versions() if found.mark.level and found.mark.level.slug == "retail")
    return {"partner": member.partner, "version": version, "sha256": "0" * 64, "actor": member.user}


# --- Requests ---


def asked_seat() -> Given:
    return {"asked": requests.ask_seat(partner=competent(), person="Анна", actor=None), "actor": make_user()}


def asked_licence() -> Given:
    return {"asked": requests.ask_demo(partner=competent(), product=product(), actor=None), "actor": make_user()}


def asked_help() -> Given:
    return {
        "asked": requests.ask_help(partner=competent(), kind="reference-visits", actor=None),
        "actor": make_user(),
    }


# --- Reviews ---


def review_wanted() -> Given:
    return {
        "implementation": make_implementation(competent()),
        "contact": "Анна",
        "email": "client@client.example",
        "text": "Довольны",
        "language": "ru",
        "actor": make_user(),
    }


def review(**fields: Any) -> ClientReview:
    return make_review(make_implementation(competent()), state="claimed", **fields)


# --- Sites ---


def two_sites() -> Given:
    competent(site_url="https://one.example/"), competent(site_url="https://two.example/")
    return {}


# --- Specialists ---


def claimed_specialist() -> Given:
    partner = competent()
    return {"specialist": make_specialist(partner, state="claimed", scan=kept(partner)), "actor": make_user()}


def certified() -> Given:
    partner = competent()
    return {
        "partner": partner,
        "name_ru": "Анна Первая",
        "certificate": "REC-9999",
        "certified_on": programme_day(),
        "scan": kept(partner),
        "actor": make_user(),
    }


def leaving_specialist() -> Given:
    specialist = Specialist.objects.filter(partner=competent(specialists=2)).first()
    return {"specialist": specialist, "left_on": programme_day(), "actor": make_user()}


# --- The year ---


def late_in_the_year() -> Given:
    held(), held()
    return {"day": programme_day().replace(month=12, day=10)}


def next_year() -> Given:
    held(), held()
    return {"day": date(programme_day().year + 1, 1, 15)}


# --- Readings ---


def undecided_reading() -> Given:
    reading = make_reading()
    return {"reading": reading, "alternative": reading.alternatives.first(), "actor": make_user()}


# --- Rehearsals of editions ---


def dearer() -> Given:
    """A draft under which two partners pay more."""
    for _each in range(2):
        competent()
    draft = draft_edition(effective_from=date(programme_day().year + 1, 1, 1), discounts={"competency": "19"})
    return {"edition": draft, "actor": make_user()}


# --- Sessions, and the trail ---


def signed_in_twice() -> Given:
    """Somebody is signed in on two devices."""
    person = make_user()
    for _device in range(2):
        store = SessionStore()
        store.create()
        UserSession.objects.create(user=person, session_key=store.session_key, ip="192.0.2.1")
    return {"user": person, "sessions": list(UserSession.objects.filter(user=person)), "actor": person}


CASES: dict[Callable[..., Any], Prepare] = {
    announcements.set_page: lambda: {"partner": competent(), "url": "https://partner.example/us", "actor": make_user()},
    announcements.check: announced,
    announcements.overrule: lambda: announced() | {"found": False, "reason": WHY},
    announcements.check_due: two_announced,
    applications.start: lambda: {"partner": make_company(), "level": level("retail"), "actor": make_user()},
    applications.save: lambda: applied("filled")() | {"answers": {"training": "Учим"}, "level": level("retail")},
    applications.submit: applied("filled"),
    applications.withdraw: applied("submitted"),
    applications.upload_signed: signed_copy,
    applications.accept: applied("submitted"),
    applications.send_back: lambda: applied("submitted")() | {"reason": WHY},
    applications.reject: lambda: applied("submitted")() | {"reason": WHY},
    applications.return_signed: lambda: joining("signed")() | {"reason": WHY},
    applications.mark_signed: joining("signed"),
    badges.issue_for: lambda: {"membership": held(), "actor": make_user()},
    badges.close_for: badge_of_a_member,
    badges.reissue: badge,
    badges.revoke: badge,
    badges.issue_missing: two_without_badges,
    badges.issue_for_samples: lambda: {"memberships": [held(), held()]},
    bonuses.ask: lambda: {"membership": held(specialists=3), "actor": make_user()},
    bonuses.confirm: asked_bonus,
    bonuses.correct: lambda: asked_bonus() | {"points": Decimal(5), "reason": WHY},
    bonuses.refuse: lambda: asked_bonus() | {"reason": WHY},
    bonuses.spend: spending,
    bonuses.give_back: spent_sale,
    bonuses.expire: lambda: {"partner": with_balance(competent()), "last": programme_day()},
    bonuses.end_expired: expired_bonuses,
    companies.register_company: lambda: {"facts": company_facts(), "actor": make_user()},
    companies.correct_facts: lambda: {"partner": make_company(), "facts": company_facts(), "actor": make_user()},
    edition_notices.release: a_republication,
    edition_notices.take_back: lambda: {"edition": a_republication()["edition"]},
    edition_notices.announce: to_be_told,
    edition_notices.announce_due: two_to_be_told,
    edition_notices.tell_of_withdrawal: withdrawn,
    edition_notices.mark_read: told_of,
    enquiries.send: written,
    enquiries.confirm: lambda: enquired(proven=False),
    enquiries.hand_on: enquired,
    enquiries.answered: enquired,
    enquiries.close: enquired,
    enquiries.mark_as_spam: enquired,
    enquiries.forget: forgettable,
    events.take_part: lambda: {"partner": competent(), "event": make_event(), "actor": make_user()},
    events.host_own: lambda: {"partner": competent(), "title": "Семинар", "held_on": tomorrow(), "actor": make_user()},
    events.attach: another_paper,
    events.withdraw: participation,
    events.confirm: participation,
    events.refuse: lambda: participation() | {"reason": WHY},
    facts.claim: new_fact,
    facts.attach: another_file,
    facts.record: new_fact,
    facts.confirm: fact("claimed"),
    facts.refuse: lambda: fact("claimed")() | {"reason": WHY},
    facts.revoke: lambda: fact("confirmed")() | {"reason": WHY},
    facts.withdraw: fact("claimed"),
    facts.tell_managers_that_facts_wait: dict,
    facts.forget_file: lambda: {"file": kept(competent())},
    impacts.start: dearer,
    impacts.run: lambda: {"impact": impacts.start(**dearer()), "patience": timedelta(0)},
    imports.carry_out: spreadsheet,
    level_changes.ask: another_level,
    level_changes.cancel: asked_level,
    level_changes.grant: asked_level,
    level_changes.refuse: lambda: asked_level() | {"reason": WHY},
    kits.record_download: a_kit,
    marks.keep_version: another_mark,
    marks.ensure_mark: lambda: {"level": recoloured(), "actor": make_user()},
    marks.ensure_marks: recoloured_marks,
    memberships.grant: lambda: {"partner": make_partner(level=None), "level": level("retail"), "actor": make_user()},
    memberships.renew: lambda: {"membership": held(), "actor": make_user()},
    memberships.change_level: lambda: {
        "membership": held(), "level": level("retail"), "actor": make_user(), "reason": WHY,
    },
    memberships.suspend: lambda: {"membership": held(), "actor": make_user(), "reason": WHY},
    memberships.resume: lambda: {"membership": held(state="suspended"), "actor": make_user()},
    memberships.end: lambda: {
        "membership": held(), "how": Membership.Ending.TERMINATED, "actor": make_user(), "reason": WHY,
    },
    messages.forget: old_messages,
    messages.mark_read: lambda: {"message": make_message(competent())},
    messages.mark_all_read: lambda: {
        "seat": TeamMember.objects.get(partner=make_message(competent()).partner), "up_to": 10**9,
    },
    messages.resend: lambda: {
        "message": make_message(competent(), given_up_at=timezone.now(), attempts=14), "actor": make_user(),
    },
    overlays.make: lambda: {"draft": agreement(), "actor": make_user()},
    overlays.end: overlay,
    overlays.withdraw: lambda: overlay(starts=tomorrow()),
    partners.save_change: lambda: {"partner": competent(), "actor": member_of(PARTNER_MANAGERS)},
    partners.publish: lambda: {"partner": drafted(), "actor": member_of(PARTNER_MANAGERS)},
    partners.unpublish: lambda: {"partner": drafted(), "actor": member_of(PARTNER_MANAGERS)},
    partners.add_regions: lambda: {
        "partner": drafted(), "regions": list(Region.objects.all()[:3]), "actor": member_of(PARTNER_MANAGERS),
    },
    partners.write_to: lambda: {
        "partners": [competent(), competent()], "subject": "Новость", "text": "Здравствуйте", "actor": make_user(),
    },
    people.invite: invited_twice,
    people.accept: invited,
    people.revoke: invited,
    people.change_role: lambda: {"member": colleague(), "role": Role.OWNER, "actor": make_user()},
    people.remove: lambda: {"member": colleague(), "actor": make_user()},
    people.leave: lambda: {"member": colleague()},
    people.give_consent: agreed_anew,
    people.withdraw_consent: lambda: {"user": make_person()},
    people.erase: erased,
    plans.propose: lambda: new_plan(plans.Side.PARTNER),
    plans.agree_as_partner: lambda: {"plan": plans.propose(**new_plan(plans.Side.VENDOR)), "actor": make_user()},
    plans.agree_as_vendor: lambda: {"plan": plans.propose(**new_plan(plans.Side.PARTNER)), "actor": make_user()},
    plans.cancel: plan_with_discounts,
    profiles.save_draft: redrafted,
    profiles.discard_draft: lambda: sent_back() | {"version": Partner.objects.latest("pk").latest_revision_id},
    profiles.submit: submitted,
    profiles.take_back: checked,
    profiles.approve: checked,
    profiles.send_back: lambda: checked() | {"reason": WHY},
    renewals.renew_by_partner: renewable,
    renewals.leave: leaving,
    requests.ask_demo: lambda: {"partner": competent(), "product": product(), "actor": make_user()},
    requests.ask_own_use: lambda: {
        "partner": competent(), "product": product(), "quantity": 2, "actor": make_user(),
    },
    requests.ask_seat: lambda: {"partner": competent(), "person": "Анна", "actor": make_user()},
    requests.ask_help: lambda: {"partner": competent(), "kind": "reference-visits", "actor": make_user()},
    requests.grant: asked_licence,
    requests.refuse: lambda: asked_seat() | {"reason": WHY},
    requests.cancel: asked_help,
    reviews.ask: review_wanted,
    reviews.ask_again: lambda: {"review": review(), "language": "ru", "actor": make_user()},
    reviews.confirm_by_client: lambda: {"review": review(), "rating": 5, "text": "Довольны"},
    reviews.decline_by_client: lambda: {"review": review()},
    sales.claim: lambda: {"sale": unsaved_sale(competent()), "actor": make_user()},
    sales.record: lambda: {"sale": unsaved_sale(competent()), "actor": make_user()},
    sales.confirm: lambda: {"sale": make_sale(competent(), confirmed=False), "actor": make_user()},
    sales.refuse: lambda: {"sale": make_sale(competent(), confirmed=False), "actor": make_user(), "reason": WHY},
    site_checks.check_sites: two_sites,
    specialists.claim: certified,
    specialists.confirm: claimed_specialist,
    specialists.refuse: lambda: claimed_specialist() | {"reason": WHY},
    specialists.depart: leaving_specialist,
    specialists.set_name_public: lambda: {
        "specialist": make_specialist(competent()), "is_public": True, "actor": make_user(),
    },
    specialists.withdraw: claimed_specialist,
    talks.begin: lambda: {
        "notice": told_of()["notice"], "clauses": ("R25",), "text": "Мало", "actor": make_user(),
    },
    talks.write: a_talk,
    talks.answer: a_talk,
    talks.close_with_answer: a_talk,
    talks.end_in_agreement: an_agreement_to_end_in,
    talks.reopen_for: an_agreed_talk,
    year.open_renewal: late_in_the_year,
    year.remind: late_in_the_year,
    year.tell_of_lapses: next_year,
    readings.decide: undecided_reading,
    readings.reopen: lambda: {
        "reading": Reading.objects.get(code="A9"), "reason": Text(WHY), "actor": make_user(),
    },
    sessions.end: signed_in_twice,
    trail.record_export: lambda: {"actor": make_user(), "kind": "csv", "rows": 1, "asked": {}},
    editions.copy_edition: lambda: {"edition": TermsEdition.objects.published().first(), "actor": make_user()},
}  # fmt: skip

MORE = (
    Case(applications.mark_signed, the_last_mark, "the-last-one"),
    Case(bonuses.spend, lambda: spending() | {"way": Way.LICENCES, "points": Decimal(10)}, "as-licences"),
    Case(enquiries.send, lambda: written() | {"proven": False}, "to-be-confirmed"),
    Case(requests.grant, asked_seat, "a-seat"),
    Case(requests.grant, asked_help, "help"),
    Case(overlays.withdraw, lambda: an_agreed_talk() | {"reason": WHY}, "that-ended-a-talk"),
    Case(sales.refuse, lambda: spent_sale(confirmed=False) | {"reason": WHY}, "with-a-bonus-spent-on-it"),
)

RUNS = {announcements.check_due, badges.issue_missing, bonuses.end_expired, edition_notices.announce,
        edition_notices.announce_due, edition_notices.tell_of_withdrawal, impacts.run, site_checks.check_sites,
        year.open_renewal, year.remind, year.tell_of_lapses}  # fmt: skip

READS = "writes nothing"
NO_CASE = {
    announcements.last_check: READS,
    announcements.word_stands: READS,
    announcements.marks: READS,
    bonuses.reckoned: READS,
    bonuses.spending_of: READS,
    companies.inn_is_taken: READS,
    companies.taken_inn: READS,
    imports.columns_of: READS,
    imports.plan: READS,
    imports.marks_of: READS,
    level_changes.is_changeable: READS,
    level_changes.levels_to_choose: READS,
    partners.refuse_services: READS,
    partners.refuse_locked: READS,
    marks.sample_of: READS,
    marks.with_samples: READS,
    people.addresses_of: READS,
    people.consent_of: READS,
    people.refuse_to_lose_owners: READS,
    requests.demo_used: READS,
    sessions.may_end: READS,
    talks.clauses_of: READS,
    talks.agreements_for: READS,
    year.due_reminder: READS,
    editions.proposed_day: READS,
    overlays.end_with_plan: "a part of plans.cancel, in its transaction: the case of plan_with_discounts",
}

ALL = (*(Case(action, prepare) for action, prepare in CASES.items()), *MORE)
