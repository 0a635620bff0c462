"""The people of a partner in the admin: who there is, and the invitation of an owner.

A company that is listed but has nobody in the section yet, or whose only owner is lost, gets one here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages

from partner_directory.actions import people as actions
from partner_directory.enquiries.form import Email
from partner_directory.models.people import Invitation, Role, TeamMember
from partner_directory.viewsets.partner_page import PartnerPage

INVITE = "partner_directory.add_invitation"


class OwnerForm(forms.Form):
    """The address of a company's owner."""

    email = Email(
        label=gettext_lazy("Почта владельца"), help_text=gettext_lazy("На неё придёт ссылка; она действует две недели.")
    )


class PartnerPeopleView(PartnerPage, FormView):
    """Shows a partner's people, and invites an owner."""

    page_title = gettext_lazy("Люди партнёра")
    header_icon = "user"
    form_class = OwnerForm
    template_name = "partner_directory/admin/people.html"
    right = INVITE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = TeamMember.objects.filter(partner=self.partner).select_related("user")
        invitations = Invitation.objects.open().filter(partner=self.partner)
        return super().get_context_data(**kwargs) | {"people": people, "invitations": invitations}

    def form_valid(self, form: OwnerForm) -> HttpResponse:
        """Invites; a refusal is said beside the field."""
        email = form.cleaned_data["email"]
        try:
            actions.invite(
                partner=self.partner,
                email=email,
                role=Role.OWNER,
                actor=self.request.user,  # type: ignore[arg-type]
                language=get_language() or "ru",
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Приглашение отправлено на %(email)s.") % {"email": email})
        return redirect(self.request.path)
