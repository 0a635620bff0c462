"""What a partner may ask for: the forms of licences, trainings and events. May not import views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from partner_directory.enquiries.form import Lines, OneLine
from partner_directory.entitlements import Entitlement
from partner_directory.models.facts import LONGEST_TEXT, LONGEST_TITLE
from partner_directory.models.material import HelpRequest
from partner_directory.portal.fields import PrivateUploadField
from partner_directory.portal.records.forms import FILE
from program_pages.models.catalogue import Product
from program_pages.rules.deal import MAX_QUANTITY

LONGEST_PERSON = 150
MOST_PEOPLE = 10_000


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even where it is nothing at all; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


class PortalForm(forms.Form):
    """A form whose mistakes are said in words beside the field."""

    use_required_attribute = False


def _note(label: Any) -> Lines:
    return Lines(label=label, max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3}))


def products_for(held: Entitlement) -> QuerySet[Product]:
    """The products on sale of the lines of which the partner holds a level; modules are no licences by themselves."""
    lines = {level.product_line for level in held.levels}
    return Product.objects.filter(product_line__slug__in=lines, on_sale=True, is_module=False).select_related(
        "product_line"
    )


class DemoForm(PortalForm):
    """A licence to demonstrate with (R49)."""

    product = forms.ModelChoiceField(label=_("Продукт"), queryset=Product.objects.none(), empty_label=_("выберите"))
    quantity = forms.IntegerField(label=_("Сколько"), min_value=1, max_value=MAX_QUANTITY, initial=1)
    note = _note(_("Пояснение, если нужно"))

    def __init__(self, *args: Any, held: Entitlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products_for(held)  # type: ignore[attr-defined]


class OwnUseForm(DemoForm):
    """Licences for the partner itself (R48)."""


class SeatForm(PortalForm):
    """A specialist's seat at a training (R56)."""

    person = OneLine(label=_("Имя и фамилия специалиста"), max_length=LONGEST_PERSON)
    course = OneLine(
        label=_("Курс"), max_length=LONGEST_TITLE, required=False, help_text=_("Пусто — «Администратор ASoft CRM».")
    )
    note = _note(_("Когда удобно и что ещё важно"))


class HelpForm(PortalForm):
    """Something to do together (R60, R61, R63): of the kinds that the partner's levels have."""

    kind = forms.ChoiceField(label=_("Что"))
    wished_on = forms.DateField(
        label=_("Желаемый день"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Пусто — договоримся."),
    )
    note = _note(_("Что важно знать: клиент, тема, сколько человек"))

    def __init__(self, *args: Any, held: Entitlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in HelpRequest.Kind if held.levels_with(kind.value)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class TakePartForm(PortalForm):
    """How many come to an event."""

    people = forms.IntegerField(label=_("Сколько человек придёт"), min_value=1, max_value=MOST_PEOPLE, initial=1)
    text = _note(_("Пояснение, если нужно"))
    evidence = PrivateUploadField(label=FILE, required=False)


class HostForm(TakePartForm):
    """An event that the partner holds itself (R74), of the vendor's list or not."""

    title = OneLine(label=_("Название мероприятия"), max_length=LONGEST_TITLE)
    held_on = forms.DateField(label=_("День"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    field_order = ["title", "held_on", "people", "text", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].label = _("Сколько человек ждёте")
        self.fields["text"].label = _("О чём мероприятие и где оно пройдёт")


class HostListedForm(TakePartForm):
    """An event of the vendor's list that the partner holds itself: its name and day are known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].label = _("Сколько человек ждёте")


class EvidenceForm(PortalForm):
    """A file that shows that the company was there: it comes after the event."""

    evidence = PrivateUploadField(label=_("Подтверждающий файл"))
