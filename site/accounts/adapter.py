"""How allauth behaves here: whom it leads where, what it writes, and in which words. May not import any other app."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.letters import FROM_WHERE, LETTERS, SAID
from accounts.mail import send_soon
from accounts.models import User
from accounts.sealing import seal, unseal
from accounts.second_factor import ENTER_ADMIN, is_required
from tracing.events import security

WAYS = {
    "reauthenticate": _("Пароль"),
    "mfa_reauthenticate": _("Код из приложения или запасной код"),
    "mfa_reauthenticate:webauthn": _("Ключ доступа"),
}
NO_ADDRESS = "::"
FACTS = (
    "code", "email", "signup_url", "password_reset_url", "from_email", "to_email", "deleted_email", "ip", "user_agent",
)  # fmt: skip


class AccountAdapter(DefaultAccountAdapter):
    """E-mail as the login, our own words, letters sent beside the answer."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Эта учётная запись закрыта."),
        "cannot_remove_primary_email": _("Основную почту убрать нельзя."),
        "duplicate_email": _("Это и есть ваша почта."),
        "email_password_mismatch": _("Почта или пароль не подходят."),
        "email_taken": _("Учётная запись с этой почтой уже есть."),
        "enter_current_password": _("Это не нынешний пароль."),
        "incorrect_code": _("Код не подходит."),
        "incorrect_password": _("Пароль не подходит."),
        "invalid_or_expired_key": _("Ссылка не действует: её срок вышел или ею уже воспользовались."),
        "invalid_login": _("Почта или пароль не подходят."),
        "invalid_password_reset": _("Ссылка не действует: её срок вышел или ею уже воспользовались."),
        "same_as_current": _("Это и есть ваша почта."),
        "too_many_login_attempts": _("Слишком много попыток. Подождите несколько минут."),
        "unverified_primary_email": _("Сначала подтвердите почту."),
        "rate_limited": _("Слишком часто. Подождите несколько минут."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What is wrong, in words; that somebody has tried too often, the log tells, too."""
        if code == "too_many_login_attempts":
            security("limit.reached", what="login")
        return super().validation_error(code, *args)  # type: ignore[no-any-return]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose limits count; where a server in front names nobody, one address for all such requests."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return NO_ADDRESS

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Notes in which language the person signed up: letters will be in it."""
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever works in the admin goes there, everybody else to the partners' section."""
        if request.user.has_perm(ENTER_ADMIN):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)  # type: ignore[no-any-return]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the section, where a notice says that it is done."""
        return super().get_login_redirect_url(request)  # type: ignore[no-any-return]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody shows once more who they are: whoever has a second factor, by that alone.

        Otherwise a session from before, in the hands of somebody who knows the password, could add a factor of its own.
        """
        ways = [way | {"description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]
        return [way for way in ways if way["id"] != "reauthenticate"] or ways

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """A letter in the language of the page that asked for it, from our own wording."""
        letter = LETTERS[template_prefix]
        facts = {name: str(context.get(name, "")) for name in FACTS}
        if "timestamp" in context:
            facts["timestamp"] = localize(localtime(context["timestamp"]))
        paragraphs = [str(letter.text), *([str(FROM_WHERE)] if letter.is_notice else [])]
        text = "\n\n".join(paragraph.format_map(facts) for paragraph in paragraphs)
        return EmailMessage(
            " ".join(str(letter.subject).format_map(facts).split()),
            f"{text}\n\n{settings.WAGTAIL_SITE_NAME}\n",
            self.get_from_email(),
            [email] if isinstance(email, str) else email,
            headers={"Auto-Submitted": "auto-generated", **(headers or {})},
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Words the letter now, sends it beside the answer."""
        send_soon(self.render_mail(template_prefix, email, {"email": email, **context}))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Says what is worth saying, in our own words."""
        if message_template and message_template in SAID:
            message = str(SAID[message_template]).format_map(message_context or {})
        if message:
            super().add_message(request, level, message=message, extra_tags=extra_tags)


class MfaAdapter(DefaultMFAAdapter):
    """The second factor in our own words; whoever must have one keeps at least one."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Пока включён второй фактор, вторую почту добавить нельзя."),
        "cannot_delete_authenticator": _("Второй фактор нужен для вашей работы: сначала настройте другой способ."),
        "cannot_generate_recovery_codes": _("Запасные коды создаются вместе со вторым фактором."),
        "incorrect_code": _("Код не подходит."),
        "unverified_email": _("Сначала подтвердите почту."),
    }

    def _get_site_name(self) -> str:
        """The name that an app or a key shows; not the host, which may change."""
        return str(settings.WAGTAIL_SITE_NAME)

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - allauth's name
        """A name for a new key, which its owner may change."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("Ключ {number}")).format(number=number)

    def encrypt(self, text: str) -> str:
        """What the database, and so a backup, holds of a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; raises Unreadable where its key is gone."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not the last factor of somebody who must have one."""
        factors = Authenticator.objects.filter(user=authenticator.user)
        others = factors.exclude(pk=authenticator.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return not is_required(authenticator.user) or others.exists()
