"""Signing up for the partners' section: an address, a password, and a consent of its own.

Nobody learns here whether an address has an account: both ways store or hash, write one letter, and lead to the same
page. May not import views.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.adapter import AccountAdapter
from accounts.forms import SignupForm as PlainSignupForm
from partner_directory.actions import people as actions
from partner_directory.models.enquiry import ConsentText
from program_pages.models.edition import programme_day


def text_in_force() -> ConsentText | None:
    """The text that people with accounts agree to today; None before the first."""
    return ConsentText.objects.in_force(programme_day(), ConsentText.Purpose.ACCOUNT)


class Adapter(AccountAdapter):
    """allauth in this project."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether there is a text to agree to: without a consent nobody's data are stored."""
        return text_in_force() is not None


class ConsentForm(forms.Form):
    """A box of its own, never ticked beforehand, beside the text in force."""

    consent = forms.BooleanField(
        label=gettext_lazy("Я согласен на обработку моих персональных данных"),
        error_messages={"required": gettext_lazy("Без согласия на обработку данных раздел партнёров не открыть.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current_consent = text_in_force()

    def clean(self) -> dict[str, Any]:
        """Refuses consent to a text that is no longer the one in force: the page names the one that it showed."""
        cleaned = super().clean() or self.cleaned_data
        shown = self.data.get("consent_text", "")
        if cleaned.get("consent") and (self.current_consent is None or shown != str(self.current_consent.pk)):
            self.add_error("consent", _("Текст согласия изменился: прочитайте его и отметьте ещё раз."))
        return cleaned


class SignupForm(ConsentForm, PlainSignupForm):
    """An account with its consent, stored both or neither."""

    field_order = ["email", "password1", "consent"]
    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> Any:
        """A new account, or a letter to the one there is; takes as long either way."""
        if self.account_already_exists:
            get_user_model()().set_password(self.cleaned_data["password1"])  # as slow as the other way, and forgotten
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # somebody signed up with this address a moment ago
            self.account_already_exists = True
            return super().try_save(request)

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Stores which text was agreed to, and when."""
        if self.current_consent is not None:
            actions.give_consent(user=user, text=self.current_consent)
