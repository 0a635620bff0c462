"""Sessions are ended: by the person whose they are, or for them, once a device is lost.

One transaction with its audit row, which holds neither address nor device. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from accounts.second_factor import ENTER_ADMIN

ENDED = "partner_directory.sessions.ended"
END = "usersessions.delete_usersession"


def may_end(*, user: User, actor: User) -> bool:
    """Whether somebody may end another's sessions: administrators anybody's, managers those of companies' people."""
    return actor.is_superuser or (actor.has_perm(END) and not user.has_perm(ENTER_ADMIN))


@transaction.atomic
def end(*, user: User, sessions: Iterable[UserSession], actor: User) -> int:
    """Ends those of the sessions that are the user's, at once; answers how many that were.

    Raises ValidationError where the actor may not.
    """
    if actor.pk != user.pk and not may_end(user=user, actor=actor):
        raise ValidationError(_("Эти сеансы завершает администратор."))
    ended = [session for session in sessions if session.user_id == user.pk]
    for session in ended:
        session.end()
    if ended:
        log(instance=user, action=ENDED, user=actor, data={"ended": len(ended)})
    return len(ended)
