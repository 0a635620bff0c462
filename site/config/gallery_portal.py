"""The gallery's parts of the partners' section, in their states: an invented company, on invented days.

Asks no database; what the section would read of a company is written down here on purpose.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.templatetags.static import static

from program_pages.rules.terms import Level, Text

MOMENT = datetime(2031, 2, 3, 9, 30, tzinfo=UTC)
BOXES = [("supply", "Поставка"), ("rollout", "Внедрение"), ("rental", "Аренда образцов для самых длинных проектов")]


class SampleForm(forms.Form):
    """A form of the section."""

    name = forms.CharField(label="Название", help_text="Как в договоре.")
    kind = forms.ChoiceField(label="Вид", choices=[("", "выберите"), *BOXES])


class SampleBoxes(forms.Form):
    """Questions with boxes to tick."""

    few = forms.MultipleChoiceField(label="Услуги", choices=BOXES, widget=forms.CheckboxSelectMultiple, required=False)
    many = forms.MultipleChoiceField(label="Регионы", choices=BOXES, widget=forms.CheckboxSelectMultiple)


class SampleRow(forms.Form):
    """A row of a form of rows."""

    city = forms.CharField(label="Город")
    phone = forms.CharField(label="Телефон", required=False)
    DELETE = forms.BooleanField(label="Удалить", required=False)


def portal_context(levels: tuple[Level, ...]) -> dict[str, Any]:
    """What the gallery shows of the section."""
    wrong = SampleForm({"name": "", "kind": "supply"})
    wrong.is_valid()
    return {
        "panels": [
            {"title": "Членство", "text": "Действует до 31 декабря.", "url": "#", "link_text": "Открыть"},
            {"title": "Требования", "text": "Не хватает одного.", "url": "#", "link_text": "Исправить", "tone": "warn"}
            | {"facts": ["Сертифицированные специалисты: 1 из 2"], "needs_action": True},
            {"title": "Заявка", "text": "Отклонена.", "url": "", "link_text": "", "tone": "bad"},
            {"title": "Бонусы", "text": "Начислены.", "url": "#", "link_text": "Потратить", "tone": "good"},
        ],
        "statuses": [("plain", "черновик"), ("good", "подтверждено"), ("warn", "ждёт проверки"), ("bad", "отклонено")],
        "nav": _nav(),
        "portal_form": SampleForm(),
        "portal_form_wrong": wrong,
        "boxes": SampleBoxes({"few": ["supply"], "many": ["rental"]}),
        "rows": [SampleRow(initial={"city": "Примерск"}), SampleRow()],
        "edition_differences": [
            {"label": "Участие в мероприятиях", "before": "не требуется", "after": "требуется"},
            {"label": "Сертифицированные специалисты", "before": "2", "after": "3"},
        ],
        "profile_differences": [{"label": "Кратко", "before": ["Внедряем образцы"], "after": []}],
        "material_items": [_material(""), _material("Только для уровня «Образец Аренда».")],
        "feed": [_message(1, None), _message(2, MOMENT)],
        "memberships": [_membership(1, levels[0], is_over=False), _membership(2, levels[-1], is_over=True)],
        "logos": [_logo(is_open=True), _logo(is_open=False)],
        "redone": [
            {"label": "Вы платите за лицензии", "before": "80 000 ₽", "after": "79 000 ₽", "is_changed": True},
            {"label": "Обновления для клиента", "before": "20 000 ₽", "after": "20 000 ₽", "is_changed": False},
        ],
        "talk": [
            {"side": "partner", "at": MOMENT, "text": "Порог отзывов нам не по силам: внедрения идут дольше года."},
            {"side": "vendor", "at": MOMENT, "text": "Предлагаем считать отзывы за два года."},
        ],
        "embed": {"badge": {"code": "SAMPLE0000"}, "snippets": [_snippet()]},
        "asked": [
            _request(1, "на рассмотрении", "warn", waits=True),
            _request(2, "отказано", "bad", reason="Лицензии этого года уже выданы."),
        ],
    }


def _nav() -> dict[str, Any]:
    here = {"url": "#", "label": "Обзор"}
    work = [{"url": "#", "label": "Продажи"}, {"url": "#", "label": "Сообщения", "waiting": 3}]
    groups = [{"label": "", "entries": [here]}, {"label": "Работа", "entries": work}]
    return {"groups": groups, "current": here, "waiting": 3}


def _material(why_closed: str) -> dict[str, Any]:
    title, text = Text("Буклет образца", "Sample leaflet"), Text("Коротко о продукте.", "The product in brief.")
    material = {"title": title, "text": text, "is_sample": True}
    return {"material": material, "file_type": "PDF", "size": 123456, "is_open": not why_closed} | {
        "why_closed": why_closed
    }


def _message(pk: int, read_at: datetime | None) -> dict[str, Any]:
    message = {"pk": pk, "subject": "Бонус начислен", "language": "ru", "created_at": MOMENT, "read_at": read_at}
    return {"message": message, "paragraphs": [["Начислено за год."], ["Потратить его можно", "на следующую продажу."]]}


def _membership(pk: int, level: Level, *, is_over: bool) -> dict[str, Any]:
    starts, until = date(2031, 1, 1), date(2031, 12, 31)
    return {
        "membership": {"pk": pk, "level": level, "starts": starts, "until": until, "edition": "Вымышленная редакция"},
        "label": "истекло" if is_over else "действует",
        "tone": "bad" if is_over else "good",
        "runs": not is_over,
        "is_over": is_over,
        "days_left": 40,
        "lapses": date(2032, 1, 1),
        "readiness": {"is_open": True, "can_renew": False, "next_year": 2032, "opens": date(2031, 11, 1)},
        "gaps": ["Сертифицированные сотрудники: не хватает одного"],
        "may_change_level": True,
    }


def _request(pk: int, state: str, tone: str, *, waits: bool = False, reason: str = "") -> dict[str, Any]:
    row = {"pk": pk, "get_state_display": state, "reason": reason}
    words = {"title": "Образец CRM × 1", "below": "для показа", "beside": "3 февраля 2031 г.", "cancel_url": "#"}
    return {"row": row, "tone": tone, "waits": waits, **words}


def _logo(*, is_open: bool) -> dict[str, Any]:
    grounds = [("icons/mark.svg", False, "цветной на светлом"), ("icons/mark.svg", True, "цветной на тёмном")]
    gap = {"title": "Маркетинговые активности", "measure": "0 из 1", "url": "#", "link_text": "Активности"}
    return {
        "version": {
            "name": "Sample Partner",
            "is_sample": True,
            "clear_space": Decimal("0.3"),
            "least_px": 24,
            "least_mm": 8,
        },
        "previews": [{"source": static(path), "is_dark": dark, "label": label} for path, dark, label in grounds],
        "is_open": is_open,
        "kit": "#",
        "code": "SAMPL-E0000",
        "address": "#",
        "until": date(2031, 12, 31),
        "why": "Выполнены не все требования уровня.",
        "gaps": [gap],
        "mend_url": "#",
        "mend_text": "Требования",
    }


def _snippet() -> dict[str, Any]:
    picture = static("icons/mark.svg")
    return {
        "key": "plain",
        "title": "Значок",
        "text": "Ссылка и картинка: подходит для любой страницы.",
        "html": '<a href="https://sample.example/verify/SAMPLE0000/"><img src="…" alt="Образец — партнёр"></a>',
        "on_light": picture,
        "on_dark": picture,
        "width": 264,
        "height": 64,
        "alt": "Образец — партнёр",
    }
