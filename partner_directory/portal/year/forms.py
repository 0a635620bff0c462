"""What a company says when it asks for another level, and when it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_directory.models.level_change import LONGEST_REASON, LONGEST_WISH
from program_pages.bilingual import said
from program_pages.models.level import Level


class LevelChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A level by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return said(obj.name)


class LevelChangeForm(forms.Form):
    """To which level, and why."""

    level = LevelChoice(label=_("Новый уровень"), queryset=Level.objects.none(), empty_label=_("— выберите —"))
    wish = forms.CharField(
        label=_("Почему"),
        max_length=LONGEST_WISH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Это прочтёт менеджер ASoft, который примет решение."),
    )

    def __init__(self, *args: Any, levels: Iterable[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [level.pk for level in levels]
        self.fields["level"].queryset = Level.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """Why, and that it is meant."""

    reason = forms.CharField(
        label=_("Почему компания выходит"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4})
    )
    understood = forms.BooleanField(label=_("Да, компания выходит из программы сегодня"))
