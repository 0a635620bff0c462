"""Letters about the people of a company, and the one that invites somebody into it. May not import actions or views."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from partner_directory.letters.kind import Kind
from partner_directory.models.people import Invitation
from program_pages.formats import day

KINDS: tuple[Kind, ...] = (
    Kind(
        key="people_joined",
        label=_("Сотрудник принял приглашение"),
        subject=_("{company}: в команде новый человек"),
        text=_("{person} теперь работает в кабинете компании {company}.\n\nКоманда: {link}"),
        sample={"person": "Анна Петрова"},
    ),
)

# The letter holds the secret of its link, and no other place does: no outbox keeps it.
SUBJECT = _("Приглашение в компанию {company}")
TEXT = _(
    "Вас приглашают в раздел партнёров ASoft: вы сможете работать в кабинете компании {company}. Роль: {role}.\n\n"
    "Чтобы принять приглашение, откройте ссылку и войдите или зарегистрируйтесь с этой почтой:\n\n{link}\n\n"
    "Если вы не ждали приглашения, ничего делать не нужно. Оно действует до {until}"
)


def invitation_letter(invitation: Invitation, secret: str, language: str) -> EmailMessage:
    """The invitation in the language of whoever sent it."""
    with override(language):
        path = reverse("portal:invitation", args=[secret])
        facts = {
            "company": str(invitation.partner),
            "role": str(invitation.get_role_display()),
            "link": settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path,
            "until": day(timezone.localdate(invitation.expires_at), language),
        }
        subject, text = str(SUBJECT).format_map(facts), str(TEXT).format_map(facts)
    return EmailMessage(
        " ".join(subject.split()), f"{text}\n", to=[invitation.email], headers={"Auto-Submitted": "auto-generated"}
    )
