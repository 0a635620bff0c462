"""The kinds of fields that editions are made of: percents and clause codes. May not import models."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from program_pages.rules import money

WHOLE = int(money.WHOLE)  # the whole of anything, in percentage points

validate_clause_code = RegexValidator(
    r"^[A-Z]+\d+\Z", _("Код пункта: латинские прописные буквы и число, например R50.")
)


validate_codes = RegexValidator(
    r"^[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*\Z", _("Коды пунктов и прочтений через запятую, например R50, A9.")
)


def split_codes(text: str) -> list[str]:
    """The codes of a list that ``validate_codes`` passes."""
    return [code.strip() for code in text.split(",") if code.strip()]


class PercentField(models.DecimalField):
    """Percentage points from 0 to 100 with two decimals."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 5)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", [MinValueValidator(0), MaxValueValidator(WHOLE)])
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class ClauseCodeField(models.CharField):
    """The code of a clause of the same edition."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("validators", [validate_clause_code])
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


def percent_between(field: str, name: str) -> models.CheckConstraint:
    """A database constraint that holds a percent field (null allowed) within 0 and 100."""
    within = Q(**{f"{field}__gte": 0}) & Q(**{f"{field}__lte": WHOLE})
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | within, name=name)
