"""Everything the site stores about a person, as JSON can hold it: for that person alone. May not import views.

What is about the person is told in full; where their account is only named, the row is named. No secret is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model
from django.db.models.fields.reverse_related import ManyToOneRel
from wagtail.models import ModelLogEntry, PageLogEntry

from accounts.models import User
from partner_directory.actions.people import addresses_of
from partner_directory.models.enquiry import Enquiry
from partner_directory.models.message import Message
from partner_directory.models.people import AccountConsent, Invitation, TeamMember
from partner_directory.models.talk import TalkEntry
from program_pages.bilingual import said

TOLD_IN_FULL = {
    EmailAddress,
    Authenticator,
    UserSession,
    AccountConsent,
    TeamMember,
    Message,
    TalkEntry,
    ModelLogEntry,
    PageLogEntry,
}

Facts = dict[str, Any]


def everything_about(user: User) -> Facts:
    """All of it, by kind; moments as ISO 8601 with their zone."""
    return {
        "account": {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "language": user.language,
            "joined": _moment(user.date_joined),
            "last_login": _moment(user.last_login),
        },
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": [
            {"kind": row.type, "added": _moment(row.created_at), "last_used": _moment(row.last_used_at)}
            for row in Authenticator.objects.filter(user=user)
        ],
        "sessions": [
            {
                "device": row.user_agent,
                "address": row.ip,
                "began": _moment(row.created_at),
                "seen": _moment(row.last_seen_at),
            }
            for row in UserSession.objects.filter(user=user)
        ],
        "consents": [
            {"text": said(row.text.text), "given": _moment(row.given_at), "withdrawn": _moment(row.withdrawn_at)}
            for row in AccountConsent.objects.filter(user=user).select_related("text")
        ],
        "companies": [
            {"company": str(row.partner), "role": row.role, "since": _moment(row.since)}
            for row in TeamMember.objects.filter(user=user).select_related("partner")
        ],
        "messages": [
            {"subject": row.subject, "text": row.text, "written": _moment(row.created_at)}
            for row in Message.objects.filter(user=user)
        ],
        "talks": [
            {"about": row.talk.numbers, "text": row.text, "written": _moment(row.at)}
            for row in TalkEntry.objects.filter(author=user).select_related("talk")
        ],
        "deeds": [
            {"action": row.action, "about": row.label, "when": _moment(row.timestamp)}
            for model in (ModelLogEntry, PageLogEntry)
            for row in model.objects.filter(user=user)
        ],
        **_by_address(user),
        "named_in": list(_named_in(user)),
    }


def _by_address(user: User) -> Facts:
    """What was sent to or by a confirmed address of the person."""
    invitations: list[Facts] = []
    enquiries: list[Facts] = []
    for email in sorted(addresses_of(user)):
        invitations += [
            {"company": str(row.partner), "role": row.role, "sent": _moment(row.created_at)}
            for row in Invitation.objects.filter(email__iexact=email).select_related("partner")
        ]
        enquiries += [
            {"name": row.name, "company": row.company, "email": row.email, "phone": row.phone, "text": row.text,
             "sent": _moment(row.created_at)}
            for row in Enquiry.objects.filter(email__iexact=email)
        ]  # fmt: skip
    return {"invitations": invitations, "enquiries": enquiries}


def _named_in(user: User) -> Iterator[Facts]:
    """Every other row that points at the account: who recorded, asked, decided."""
    for relation in user._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model in TOLD_IN_FULL:
            continue
        model: type[Model] = relation.related_model
        rows = model._base_manager.filter(**{relation.field.name: user.pk}).values_list("pk", flat=True)
        yield from (
            {"record": str(model._meta.verbose_name), "number": str(pk), "as": str(relation.field.verbose_name)}
            for pk in rows
        )


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None
