"""The sessions of a person in the admin, and the button that ends them all: once a laptop is stolen.

For administrators, and for managers where the person works for a company alone (``actions.sessions``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from accounts import devices, lives
from accounts.models import User
from partner_directory.actions import sessions as actions

NAME = "person_sessions"


class PersonSessionsView(WagtailAdminTemplateMixin, TemplateView):
    """Where somebody is signed in; a POST ends all of it."""

    page_title = gettext_lazy("Сеансы")
    header_icon = "lock"
    template_name = "partner_directory/admin/sessions.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actions.may_end(user=self.person, actor=request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    @cached_property
    def person(self) -> User:
        """Whose sessions."""
        return get_object_or_404(User, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [{"row": row, "device": devices.in_words(row.user_agent)} for row in lives.running(self.person)]
        return super().get_context_data(**kwargs) | {"sessions": rows, "person": self.person}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ends them."""
        running = lives.running(self.person)
        ended = actions.end(user=self.person, sessions=running, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Завершено сеансов: %(count)s.") % {"count": ended})
        return redirect(request.path)


def listing_buttons(user: User, request_user: User) -> Iterator[Button]:
    """The way there from Wagtail's list of users."""
    if actions.may_end(user=user, actor=request_user):
        yield Button(_("Сеансы"), url=reverse(NAME, args=[user.pk]), icon_name="lock", priority=40)


urlpatterns = [path("<int:pk>/", PersonSessionsView.as_view(), name=NAME)]
