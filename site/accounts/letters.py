"""The wording of the letters about accounts, and of what a page says after a change.

Keys are the names that allauth asks for. Texts have {placeholders}; a notice of a change also says where it came from.
May not import any other app.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Letter:
    """``is_notice`` adds from where and when the account was changed."""

    subject: str | Promise
    text: str | Promise
    is_notice: bool = False


CODE = Letter(
    _("Код подтверждения: {code}"),
    _(
        "Код подтверждения почты для раздела партнёров:\n\n{code}\n\nВведите его на открытой странице; код действует "
        "15 минут. Если вы ничего не запрашивали, ничего делать не нужно."
    ),
)
FROM_WHERE = _(
    "Изменение сделано {timestamp} с адреса {ip}, браузер: {user_agent}.\n\nЕсли это были не вы, сразу смените пароль "
    "и напишите нам."
)

LETTERS: Mapping[str, Letter] = {
    f"{app}/email/{name}": letter
    for app, letters in {
        "account": {
            "email_confirmation": CODE,
            "email_confirmation_signup": CODE,
            "account_already_exists": Letter(
                _("У вас уже есть учётная запись"),
                _(
                    "Кто-то, возможно вы, регистрируется в разделе партнёров с почтой {email}. Учётная запись с этой "
                    "почтой уже есть.\n\nЕсли вы забыли пароль, задайте новый:\n\n{password_reset_url}\n\nЕсли это "
                    "были не вы, ничего делать не нужно."
                ),
            ),
            "unknown_account": Letter(
                _("Учётной записи с этой почтой нет"),
                _(
                    "Кто-то, возможно вы, хотел войти в раздел партнёров с почтой {email}. Учётной записи с этой "
                    "почтой нет.\n\nЗарегистрироваться можно здесь:\n\n{signup_url}\n\nЕсли это были не вы, ничего "
                    "делать не нужно."
                ),
            ),
            "password_reset_key": Letter(
                _("Новый пароль"),
                _(
                    "Чтобы задать новый пароль для раздела партнёров, откройте ссылку:\n\n{password_reset_url}\n\nЕсли "
                    "вы этого не просили, ничего делать не нужно: пароль останется прежним."
                ),
            ),
            "password_reset": Letter(_("Пароль задан заново"), _("Пароль учётной записи задан заново."), True),
            "password_changed": Letter(_("Пароль изменён"), _("Пароль учётной записи изменён."), True),
            "password_set": Letter(_("Пароль задан"), _("У учётной записи появился пароль."), True),
            "email_changed": Letter(
                _("Почта изменена"), _("Почта учётной записи изменена: была {from_email}, стала {to_email}."), True
            ),
            "email_deleted": Letter(_("Почта убрана"), _("Из учётной записи убрана почта {deleted_email}."), True),
            "email_confirm": Letter(_("Почта подтверждена"), _("Почта учётной записи подтверждена."), True),
        },
        "mfa": {
            "totp_activated": Letter(
                _("Вход с кодом включён"), _("К учётной записи подключено приложение, которое показывает коды."), True
            ),
            "totp_deactivated": Letter(
                _("Вход с кодом выключен"), _("Приложение, которое показывает коды, отключено от учётной записи."), True
            ),
            "webauthn_added": Letter(_("Добавлен ключ доступа"), _("К учётной записи добавлен ключ доступа."), True),
            "webauthn_removed": Letter(_("Ключ доступа удалён"), _("Из учётной записи удалён ключ доступа."), True),
            "recovery_codes_generated": Letter(
                _("Новые запасные коды"),
                _("Для учётной записи созданы запасные коды. Прежние больше не действуют."),
                True,
            ),
        },
    }.items()
    for name, letter in letters.items()
}

# What the next page says; whatever is not here needs no words beside what the page itself shows.
SAID: Mapping[str, str | Promise] = {
    "account/messages/email_confirmed.txt": _("Почта {email} подтверждена."),
    "account/messages/email_confirmation_failed.txt": _("Почта {email} уже принадлежит другой учётной записи."),
    "account/messages/email_deleted.txt": _("Почта {email} убрана."),
    "account/messages/cannot_delete_primary_email.txt": _("Единственную почту убрать нельзя: по ней вы входите."),
    "account/messages/password_changed.txt": _("Пароль изменён."),
    "account/messages/password_set.txt": _("Пароль задан."),
    "account/messages/primary_email_set.txt": _("Почта изменена."),
    "account/messages/unverified_primary_email.txt": _("Сначала подтвердите эту почту."),
    "mfa/messages/totp_activated.txt": _("Приложение с кодами подключено."),
    "mfa/messages/totp_deactivated.txt": _("Приложение с кодами отключено."),
    "mfa/messages/webauthn_added.txt": _("Ключ доступа добавлен."),
    "mfa/messages/webauthn_removed.txt": _("Ключ доступа удалён."),
    "mfa/messages/recovery_codes_generated.txt": _("Запасные коды созданы. Сохраните их."),
}
