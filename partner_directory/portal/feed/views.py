"""The feed: what a person has been told about the company, newest first. Only a press of a button marks as read."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partner_directory.actions import messages as actions
from partner_directory.letterhead import paragraphs_of
from partner_directory.models.message import Message
from partner_directory.portal.access import SeatRequest, member
from partner_directory.wording import absolute, in_language

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with its paragraphs, and where to go on in the reader's language."""

    message: Message
    paragraphs: list[list[SafeString]]
    url: str


class UpTo(forms.Form):
    """The newest message that the person saw when marking all of them as read."""

    up_to = forms.IntegerField(min_value=0, max_value=2**63 - 1)


@member
def feed(request: SeatRequest) -> HttpResponse:
    """A page of the messages to this person about this company."""
    mine = Message.objects.of_seat(request.seat)
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "shown": [_shown(message) for message in page],
        "unread": unread_count(request),
        "newest": mine.order_by("-pk").values_list("pk", flat=True).first(),
        "part": "feed",
    }
    return TemplateResponse(request, "partner_directory/portal/feed.html", context)


@member
@require_POST
def read(request: SeatRequest, key: int) -> HttpResponse:
    """Marks one message as read."""
    message = get_object_or_404(Message.objects.of_seat(request.seat), pk=key)
    actions.mark_read(message=message)
    return redirect(_back(request))


@member
@require_POST
def read_all(request: SeatRequest) -> HttpResponse:
    """Marks as read all that the person has seen."""
    form = UpTo(request.POST)
    if form.is_valid():
        actions.mark_all_read(seat=request.seat, up_to=form.cleaned_data["up_to"])
    else:
        messages.error(request, _("Ничего не отмечено: откройте сообщения заново."))
    return redirect(_back(request))


def unread_count(request: SeatRequest) -> int:
    """How many messages the person has not seen; counted once a request."""
    if not hasattr(request, "_unread_messages"):
        request._unread_messages = Message.objects.of_seat(request.seat).filter(read_at=None).count()  # type: ignore[attr-defined]
    return request._unread_messages  # type: ignore[attr-defined, no-any-return]


def _shown(message: Message) -> Shown:
    link = absolute(message.url, message.language)
    url = in_language(message.url, get_language() or message.language) if message.url else ""
    return Shown(message, paragraphs_of(message.text, link, url), url)


def _back(request: SeatRequest) -> str:
    """The page of the feed that the person was on."""
    page = request.POST.get("page", "")
    is_page = page.isascii() and page.isdigit() and page != "1"
    return reverse("portal:feed") + (f"?page={page}" if is_page else "")
