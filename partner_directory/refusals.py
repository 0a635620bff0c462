"""What an action refuses, said where its reader looks for it: beside the fields of the form. May not import models."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm


def say_refusal(form: BaseForm, error: ValidationError) -> None:
    """An action's refusal beside the fields that it names; above the form where it names none of them."""
    for name, errors in getattr(error, "error_dict", {NON_FIELD_ERRORS: [error]}).items():
        form.add_error(name if name in form.fields else None, errors)
