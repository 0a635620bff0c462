"""A word that goes with a profile to the manager. May not import views."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_directory.enquiries.form import Lines

LONGEST_NOTE = 1000


class NoteForm(forms.Form):
    """What the company says beside the draft, or answers to remarks."""

    note = Lines(
        label=_("Пояснение менеджеру или ответ на замечания"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
