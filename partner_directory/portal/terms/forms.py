"""What a company says when it does not agree with clauses, and in a talk about them (R82)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_directory.models.talk import LONGEST_TEXT


class TalkForm(forms.Form):
    """What one side says."""

    text = forms.CharField(
        label=_("Сообщение"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}), strip=True
    )


class DisagreeForm(TalkForm):
    """With which clauses, and why."""

    clauses = forms.MultipleChoiceField(
        label=_("С какими пунктами вы не согласны"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Такого пункта в списке нет: %(value)s.")},
    )
    others = forms.CharField(
        label=_("Другие пункты"),
        required=False,
        max_length=200,
        help_text=_("Номера через запятую, как на странице условий."),
    )
    field_order = ["clauses", "others", "text"]

    def __init__(self, *args: Any, changed: list[tuple[str, str]], known: dict[str, str], **kwargs: Any) -> None:
        """``changed`` are the clauses to tick with their words, ``known`` the numbers of all by their codes.

        Whoever knows a clause by its code may write that.
        """
        super().__init__(*args, **kwargs)
        self.known = {code.casefold(): code for code in known} | {number: code for code, number in known.items()}
        self.fields["clauses"].choices = changed  # type: ignore[attr-defined]
        self.fields["text"].label = _("Что не так и чего вы хотите вместо этого")
        if not changed:
            del self.fields["clauses"]

    def clean_others(self) -> list[str]:
        """The codes of the clauses that were written."""
        parts = (part.strip() for part in self.cleaned_data["others"].replace(";", ",").split(","))
        written = [part for part in parts if part]
        unknown = [part for part in written if part.casefold() not in self.known]
        if unknown:
            raise forms.ValidationError(
                _("Такого пункта в этой редакции нет: %(codes)s."), params={"codes": ", ".join(unknown)}
            )
        return [self.known[part.casefold()] for part in written]

    def clean(self) -> dict[str, Any]:
        """With all clauses in one list; refuses none."""
        cleaned: dict[str, Any] = super().clean() or {}
        others = cleaned.pop("others", [])
        cleaned["clauses"] = list(dict.fromkeys([*cleaned.get("clauses", []), *others]))
        if not cleaned["clauses"] and not self.errors.keys() & {"clauses", "others"}:
            field = "clauses" if "clauses" in self.fields else "others"
            self.add_error(field, _("Выберите пункты, с которыми не согласны."))
        return cleaned
