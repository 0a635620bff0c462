"""Letters about the people of a company, and the one that invites somebody into it. May not import actions or views."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Kind
from partner_directory.sealed_links import invitation_path

KINDS: tuple[Kind, ...] = (
    Kind(
        key="people_joined",
        label=_("Сотрудник принял приглашение"),
        subject=_("{company}: в команде новый человек"),
        text=_("{person} теперь работает в кабинете компании {company}.\n\nКоманда: {link}"),
        sample={"person": "Анна Петрова"},
    ),
    Kind(
        key="people_invited",
        label=_("Приглашение в компанию"),
        subject=_("Приглашение в компанию {company}"),
        text=_(
            "Вас приглашают в раздел партнёров ASoft: вы сможете работать в кабинете компании {company}. "
            "Роль: {role}.\n\n"
            "Чтобы принять приглашение, откройте ссылку и войдите или зарегистрируйтесь с этой почтой:\n\n{link}\n\n"
            "Если вы не ждали приглашения, ничего делать не нужно. Оно действует до {until}."
        ),
        sample={"role": _("сотрудник"), "until": date(2026, 12, 31)},
        link=invitation_path,
    ),
)
