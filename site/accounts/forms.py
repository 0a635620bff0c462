"""allauth's forms under our own labels: what a field is called, and no hint that vanishes as one types.

May not import any other app.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, Any]

LONGEST_EMAIL = 254  # as it is stored
EMAIL, PASSWORD, CODE = _("Электронная почта"), _("Пароль"), _("Код")
NEW_PASSWORD, AGAIN = _("Новый пароль"), _("Новый пароль ещё раз")


def _said_of_passwords() -> str:
    return " ".join(filter(None, password_validators_help_texts()))


password_help = lazy(_said_of_passwords, str)


class OwnLabels(forms.Form):
    """Gives fields the project's labels and helps, and takes away what repeats them."""

    labels: ClassVar[Labels] = {}
    helps: ClassVar[Mapping[str, Any]] = {}
    use_required_attribute = False  # what is missing is said in words, beside the field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.validators.append(MaxLengthValidator(LONGEST_EMAIL))


class LoginForm(OwnLabels, account.LoginForm):
    """Signing in."""

    labels = {"login": EMAIL, "password": PASSWORD, "remember": _("Запомнить меня на этом устройстве")}


class SignupForm(OwnLabels, account.SignupForm):
    """Signing up; the partners' section adds the consent."""

    labels = {"email": EMAIL, "password1": PASSWORD}
    helps = {"email": _("На неё придёт код подтверждения."), "password1": password_help()}


class ChangeEmailForm(OwnLabels, account.AddEmailForm):
    """Another address in place of the present one, once its code is entered."""

    labels = {"email": _("Новая почта")}
    helps = {"email": _("На неё придёт код. До подтверждения вы входите по прежней почте.")}


class ChangePasswordForm(OwnLabels, account.ChangePasswordForm):
    """Another password, by whoever knows the present one."""

    labels = {"oldpassword": _("Нынешний пароль"), "password1": NEW_PASSWORD, "password2": AGAIN}
    helps = {"password1": password_help()}


class SetPasswordForm(OwnLabels, account.SetPasswordForm):
    """A first password."""

    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}
    helps = {"password1": password_help()}


class ResetPasswordForm(OwnLabels, account.ResetPasswordForm):
    """To which address a link to a new password goes."""

    labels = {"email": EMAIL}


class ResetPasswordKeyForm(OwnLabels, account.ResetPasswordKeyForm):
    """A new password, by whoever holds the link."""

    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}
    helps = {"password1": password_help()}


class ConfirmEmailForm(OwnLabels, account.ConfirmEmailVerificationCodeForm):
    """The code from the letter."""

    labels = {"code": _("Код из письма")}


class ReauthenticateForm(OwnLabels, account.ReauthenticateForm):
    """The password once more."""

    labels = {"password": PASSWORD}


class AuthenticateForm(OwnLabels, mfa.AuthenticateForm):
    """The second factor at sign-in."""

    labels = {"code": CODE}
    helps = {"code": _("Из приложения или один из запасных кодов.")}


class MfaReauthenticateForm(OwnLabels, mfa.ReauthenticateForm):
    """The second factor once more."""

    labels = {"code": CODE}
    helps = {"code": _("Из приложения или один из запасных кодов.")}


class ActivateTotpForm(OwnLabels, totp.ActivateTOTPForm):
    """The first code of an app."""

    labels = {"code": _("Код из приложения")}


class AddKeyForm(OwnLabels, webauthn.AddWebAuthnForm):
    """A new key."""

    labels = {"name": _("Название"), "passwordless": _("Входить этим ключом без пароля")}
    helps = {"passwordless": _("Устройство при входе спросит отпечаток, лицо или PIN.")}


class EditKeyForm(OwnLabels, webauthn.EditWebAuthnForm):
    """A key's name."""

    labels = {"name": _("Название")}
