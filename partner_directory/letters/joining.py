"""What is written about applications: to managers when something waits for them, to companies at each decision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Kind

SAMPLE = {"number": "12", "level": "Competency"}
REASONED = {**SAMPLE, "reason": "Приложите, пожалуйста, сертификат второго специалиста."}

KINDS: tuple[Kind, ...] = (
    Kind(
        key="application-submitted",
        label=_("Компания подала заявку (менеджерам)"),
        subject=_("{company}: заявка № {number} на уровень {level}"),
        text=_("Компания {company} подала заявку № {number} на уровень {level}. Она ждёт вашего решения: {link}"),
        sample=SAMPLE,
    ),
    Kind(
        key="application-withdrawn",
        label=_("Компания отозвала заявку (менеджерам)"),
        subject=_("{company}: заявка № {number} отозвана"),
        text=_("Компания {company} отозвала заявку № {number} на уровень {level}. Делать ничего не нужно. {link}"),
        sample=SAMPLE,
    ),
    Kind(
        key="application-signed",
        label=_("Компания прислала подписанные договоры (менеджерам)"),
        subject=_("{company}: договоры по заявке № {number} подписаны"),
        text=_(
            "Компания {company} загрузила подписанные договоры по заявке № {number}, уровень {level}. "
            "Проверьте их и отметьте подписание: {link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="application-accepted",
        label=_("Заявка принята"),
        subject=_("{company}: заявка № {number} принята, подпишите договоры"),
        text=_(
            "Заявка № {number} на уровень {level} принята. Скачайте Договор присоединения и Лицензионный договор, "
            "подпишите их и загрузите подписанные копии: {link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="application-returned",
        label=_("Заявка возвращена с вопросами"),
        subject=_("{company}: вопросы по заявке № {number}"),
        text=_(
            "По заявке № {number} на уровень {level} есть вопросы:\n\n{reason}\n\n"
            "Дополните заявку и подайте её ещё раз: {link}"
        ),
        sample=REASONED,
    ),
    Kind(
        key="application-rejected",
        label=_("Заявка отклонена"),
        subject=_("{company}: заявка № {number} отклонена"),
        text=_("Заявка № {number} на уровень {level} отклонена. Причина:\n\n{reason}\n\n{link}"),
        sample=REASONED,
    ),
    Kind(
        key="application-signature-returned",
        label=_("Подписанная копия договора не подошла"),
        subject=_("{company}: пришлите договор по заявке № {number} ещё раз"),
        text=_(
            "Подписанная копия договора по заявке № {number} не подошла:\n\n{reason}\n\n"
            "Загрузите исправленную копию: {link}"
        ),
        sample=REASONED,
    ),
    Kind(
        key="application-joined",
        label=_("Компания присоединилась"),
        subject=_("{company}: вы партнёр программы, уровень {level}"),
        text=_(
            "Договоры по заявке № {number} подписаны, уровень {level} действует по {until}. "
            "Профиль компании опубликован в каталоге партнёров. {link}"
        ),
        sample={**SAMPLE, "until": "31.12.2026"},
    ),
)
