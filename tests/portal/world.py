"""A company that has one of everything, for whoever asks who may reach it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from partner_directory.actions import badges, bonuses, events, level_changes, people, plans, requests
from partner_directory.badges.marks import approved_versions
from partner_directory.impact import drafts
from partner_directory.models import Application, Impact, Invitation, Material, Partner
from partner_directory.models.badge import KitDownload
from partner_directory.models.people import Role
from program_pages.models import Event, Level, Product, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.rules import whatif
from tests.factories.applications import make_application
from tests.factories.badges import make_badge
from tests.factories.files import kept
from tests.factories.messages import make_message
from tests.factories.news import make_talk
from tests.factories.partners import make_partner
from tests.factories.portal import make_member
from tests.factories.records import (
    make_activity,
    make_implementation,
    make_purchase,
    make_review,
    make_specialist,
)


def world() -> tuple[Partner, dict[str, dict[str, str]]]:
    """The company, and the keys of its rows by the beginning of the route that names one."""
    company = make_partner(level="competency", specialists=3)
    today = programme_day()
    membership = company.memberships.get()
    badges.issue_for(membership=membership, actor=None)
    colleague = make_member(company, role=Role.STAFF)
    people.invite(partner=company, email="colleague@partner.example", role=Role.STAFF, actor=None, language="ru")
    joining = make_application("draft")
    Application.objects.filter(pk=joining.pk).update(partner=company)
    implementation = make_implementation(company, state="claimed")
    claimed = {
        "specialists": make_specialist(company, state="claimed"),
        "activities": make_activity(company, state="claimed"),
        "implementations": implementation,
        "purchases": make_purchase(company, state="claimed"),
        "reviews": make_review(make_implementation(company), state="claimed"),
    }
    plan = plans.propose(
        partner=company, starts=today, until=today, target=Decimal(1), side=plans.Side.VENDOR, actor=None
    )
    change = level_changes.ask(
        membership=membership, level=Level.objects.get(slug="retail"), wish="Меньше работы", actor=None
    )
    product = Product.objects.first()
    assert product is not None
    event, attended = (
        Event.objects.create(title_ru=title, starts=today + timedelta(days=5), category="attend")
        for title in ("Встреча", "Форум")
    )
    talk = make_talk(company)
    given = {
        "portal/files/": kept(company),
        "portal/people/invitations/": Invitation.objects.get(partner=company),
        "portal/people/": colleague,
        "portal/joining/": joining,
        **{f"portal/{part}/": row for part, row in claimed.items()},
        "portal/year/level/": change,
        "portal/year/": membership,
        "portal/plans/": plan,
        "portal/bonuses/ask/": membership,
        "portal/bonuses/": bonuses.ask(membership=membership, actor=None),
        "portal/materials/": Material.objects.first(),
        "portal/licences/": requests.ask_demo(partner=company, product=product, actor=None),
        "portal/trainings/": requests.ask_seat(partner=company, person="Анна Смирнова", actor=None),
        "portal/help/": requests.ask_help(partner=company, kind="reference-visits", actor=None),
        "portal/feed/": make_message(company),
        "portal/terms/": talk.notice,
        "portal/terms/talks/": talk,
    }
    keys = {route: str(row.pk) for route, row in given.items() if row is not None}
    participation = events.take_part(partner=company, event=attended, actor=None)
    rows = {route: {"pk": key, "key": key, "kind": "licence"} for route, key in keys.items()}
    for route in ("portal/events/%(pk)s/withdraw", "portal/events/%(pk)s/file"):
        rows[route] = {"pk": str(participation.pk)}
    rows["portal/events/"] = {"pk": str(event.pk)}
    rows["portal/calculator/"] = {"kind": "csv"}
    badge = company.badges.first() or make_badge(company)
    KitDownload.objects.create(partner=company, badge=badge, version=approved_versions()[0], sha256="0" * 64)
    rows["admin/impacts/"] = {"pk": str(a_rehearsal().pk)}
    return company, rows


def a_rehearsal() -> Impact:
    """One that is finished, of an edition beside itself: nothing changes for nobody."""
    edition = TermsEdition.objects.published().earliest("effective_from")
    content, today = drafts.content_of(edition), programme_day()
    return Impact.objects.create(
        edition=edition,
        content=content,
        base_content=content,
        day=today,
        effect_day=today,
        groups=whatif.as_json(whatif.Groups()),
        finished_at=timezone.now(),
    )
