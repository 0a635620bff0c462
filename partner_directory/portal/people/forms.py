"""What people write about themselves and their colleagues. May not import views."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import ReauthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import OwnLabels
from accounts.models import User
from partner_directory.enquiries.form import Email, OneLine
from partner_directory.models.people import Role

LONGEST_NAME = 150


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    use_required_attribute = False

    email = Email(
        label=_("Почта коллеги"),
        help_text=_("На неё придёт ссылка; она действует две недели."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Роль"),
        choices=Role.choices,
        initial=Role.STAFF,
        help_text=_("Владелец также приглашает людей и решает за компанию."),
    )


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(choices=Role.choices)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's name, and the language of letters."""

    use_required_attribute = False

    first_name = OneLine(
        label=_("Имя"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = OneLine(
        label=_("Фамилия"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["first_name", "last_name", "language"]


class EraseForm(OwnLabels, ReauthenticateForm):
    """Who is erasing, and that they mean it; without a password, the address in its place."""

    labels = {
        "password": _("Пароль"),
        "email": _("Почта этой учётной записи"),
        "sure": _("Я понимаю, что вернуть учётную запись будет нельзя"),
    }

    sure = forms.BooleanField(error_messages={"required": _("Отметьте, что вы это понимаете.")})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not user.has_usable_password():
            del self.fields["password"]
            self.fields = {"email": Email(label=self.labels["email"]), **self.fields}

    def clean_email(self) -> str:
        """Their own address."""
        email: str = self.cleaned_data["email"]
        if email.lower() != self.user.email.lower():
            raise forms.ValidationError(_("Это не почта этой учётной записи."))
        return email
