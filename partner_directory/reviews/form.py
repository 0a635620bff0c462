"""What a client says of an implementation. May not import views."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_directory.enquiries.form import Lines
from partner_directory.models.facts import HIGHEST_RATING, LONGEST_TEXT, LOWEST_RATING, ClientReview

RATINGS = [(number, str(number)) for number in range(HIGHEST_RATING, LOWEST_RATING - 1, -1)]


class ClientReviewForm(forms.Form):
    """A rating, and the words that the client may change."""

    use_required_attribute = False  # what is missing is said here, in words, beside the field

    rating = forms.TypedChoiceField(
        label=_("Ваша оценка"),
        help_text=_("От 1 — плохо до 5 — отлично."),
        choices=[("", _("выберите")), *RATINGS],
        coerce=int,
        error_messages={
            "required": _("Поставьте оценку."),
            "invalid_choice": _("Оценка — целое число от 1 до 5."),
        },
    )
    text = Lines(
        label=_("Отзыв"),
        help_text=_("Напишите своими словами или исправьте то, что предложил партнёр."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Напишите отзыв: хватит одного предложения.")},
    )

    @classmethod
    def for_review(cls, review: ClientReview, data: object = None) -> ClientReviewForm:
        """Begins with what the partner has proposed."""
        return cls(data, initial={"text": review.text})  # type: ignore[arg-type]
