"""What the home page says of messages: how many wait to be read, and the latest of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_directory.models.message import Message
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.feed.views import unread_count
from partner_directory.portal.panels import Panel

LATEST = 3


def panel(request: SeatRequest) -> Panel | None:
    """Two queries at most; nothing where nothing is unread."""
    count = unread_count(request)
    if not count:
        return None
    unread = Message.objects.of_seat(request.seat).filter(read_at=None)
    return Panel(
        title=_("Сообщения"),
        text=ngettext("%(count)s непрочитанное сообщение", "%(count)s непрочитанных сообщений", count)
        % {"count": count},
        facts=list(unread.values_list("subject", flat=True)[:LATEST]),
        url=reverse("portal:feed"),
        link_text=_("Читать"),
    )
