"""The form of a company's public profile (R1, R22): what the company may change of itself, and what is refused.

Not here, because others answer for it: the legal person, its numbers, the address of the page. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.forms import SafeImageField
from partner_directory.actions.partners import refuse_services
from partner_directory.enquiries.form import Lines, OneLine
from partner_directory.models.partner import FIRST_YEAR, Office, Partner, Reference
from partner_directory.portal.profile.cities import Cities, CityField, label_of
from partner_directory.portal.profile.prose import to_html, to_plain
from partner_directory.validators import validate_phone
from program_pages.models.catalogue import Product
from program_pages.models.edition import programme_day

LONGEST_DESCRIPTION = 10_000
MOST_ROWS = 30
RELATED = ("products", "industries", "regions")
PROSE = ("description_ru", "description_en")


class SomeDisabled(forms.CheckboxSelectMultiple):
    """Boxes of which those not in ``allowed`` cannot be ticked; None: all can."""

    allowed: frozenset[str] | None = None

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if self.allowed is not None and str(value) not in self.allowed:
            option["attrs"] |= {"disabled": True}
            option["selected"] = False
            option["attrs"].pop("checked", None)
        return option


def _logo_field() -> SafeImageField:
    return SafeImageField(label=gettext_lazy("Новый логотип"), required=False)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields of the profile itself; offices and references are rows beside it."""

    use_required_attribute = False

    description_ru = Lines(
        label=gettext_lazy("О компании"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("Абзацы разделяйте пустой строкой, пункты списка начинайте с «- », заголовки — с «# »."),
    )
    description_en = Lines(
        label=gettext_lazy("О компании на английском"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    logo_file = _logo_field()
    remove_logo = forms.BooleanField(label=gettext_lazy("Убрать логотип"), required=False)

    class Meta:
        model = Partner
        fields = (
            *("name_ru", "name_en", "summary_ru", "summary_en", "site_url", "email", "phones"),
            *("accepts_clients", "services", *RELATED, "languages"),
        )
        widgets = {
            "phones": forms.Textarea(attrs={"rows": 3}),
            "products": forms.CheckboxSelectMultiple,
            "industries": forms.CheckboxSelectMultiple,
            "regions": forms.CheckboxSelectMultiple,
        }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        instance: Partner,
        allowed: frozenset[str] | None = None,
    ) -> None:
        initial = {name: to_plain(getattr(instance, name)) for name in PROSE}
        super().__init__(data, files, instance=instance, initial=initial)
        self.fields["logo_file"] = _logo_field()  # its help is said in the language of the moment it is made
        choices = self.fields["services"].choices  # type: ignore[attr-defined]
        self.fields["services"].widget = SomeDisabled(choices=choices)
        self.fields["services"].widget.allowed = allowed  # type: ignore[attr-defined]
        self.fields["services"].help_text = ""
        self.fields["products"].queryset = Product.objects.filter(on_sale=True)  # type: ignore[attr-defined]

    def clean_services(self) -> Any:
        """The services, where some level of the partner allows each (R22)."""
        services = self.cleaned_data["services"]
        refuse_services(self.instance, services)
        return services

    def apply(self) -> Partner:
        """The draft with all that the form holds, in memory alone."""
        draft: Partner = self.instance
        for name in RELATED:
            getattr(draft, name).set(self.cleaned_data[name])
        for name in PROSE:
            if self.cleaned_data[name] != self.initial[name]:
                setattr(draft, name, to_html(self.cleaned_data[name]))
        if self.cleaned_data["remove_logo"]:
            draft.logo = None
        return draft


class RowForm(forms.Form):
    """A row; one whose fields are all empty is none."""

    use_required_attribute = False
    main = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Every row is read: one that says what it said before would be skipped otherwise, and be lost.
        super().__init__(*args, **{**kwargs, "empty_permitted": False})

    def clean(self) -> dict[str, Any]:
        """Asks for what the row is about where anything else is filled in."""
        cleaned = super().clean() or {}
        about = {name: value for name, value in cleaned.items() if name not in ("DELETE", self.main)}
        if any(about.values()) and not cleaned.get(self.main) and self.main not in self.errors:
            self.add_error(self.main, self.fields[self.main].error_messages["required"])
        return cleaned


class OfficeForm(RowForm):
    """An office; its place on the map is its city's until a manager sets it."""

    main = "city"
    city = CityField(
        label=gettext_lazy("Город"), required=False, widget=forms.TextInput(attrs={"list": "cities"}), max_length=200
    )
    address_ru = OneLine(label=gettext_lazy("Адрес"), max_length=200, required=False)
    address_en = OneLine(label=gettext_lazy("Адрес на английском"), max_length=200, required=False)
    phone = OneLine(label=gettext_lazy("Телефон"), max_length=40, required=False, validators=[validate_phone])

    def __init__(self, *args: Any, cities: Cities, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].cities = cities  # type: ignore[attr-defined]


class ReferenceForm(RowForm):
    """A client that may be named."""

    main = "client_ru"
    client_ru = OneLine(label=gettext_lazy("Клиент"), max_length=150, required=False)
    client_en = OneLine(label=gettext_lazy("Клиент на английском"), max_length=150, required=False)
    product = forms.ModelChoiceField(
        label=gettext_lazy("Продукт"), queryset=Product.objects.none(), required=False, empty_label="—"
    )
    year = forms.IntegerField(label=gettext_lazy("Год"), required=False, min_value=FIRST_YEAR)
    text_ru = Lines(
        label=gettext_lazy("Что сделано"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text_en = Lines(
        label=gettext_lazy("Что сделано, на английском"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent_on = forms.DateField(
        label=gettext_lazy("Согласие клиента от"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Без согласия клиента проект не публикуется."),
    )

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["product"]
        field.queryset = Product.objects.all()
        field.choices = [("", "—"), *products]

    def clean_year(self) -> int | None:
        """A year that has come."""
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > programme_day().year:
            raise ValidationError(_("Этот год ещё не наступил."))
        return year


OfficeRows = formset_factory(
    OfficeForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 1
)
ReferenceRows = formset_factory(
    ReferenceForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 1
)
Rows: TypeAlias = "BaseFormSet[Any]"


def office_rows(data: Any, partner: Partner, cities: Cities) -> Rows:
    """The offices of a draft as rows."""
    initial = [
        {
            "city": label_of(city) if (city := cities.of_key(office.city_id)) else "",
            "address_ru": office.address_ru,
            "address_en": office.address_en,
            "phone": office.phone,
        }
        for office in partner.offices.all()
    ]
    return OfficeRows(data, prefix="offices", initial=initial, form_kwargs={"cities": cities})


def reference_rows(data: Any, partner: Partner) -> Rows:
    """The references of a draft as rows."""
    initial = [
        {name: getattr(row, name) for name in ("client_ru", "client_en", "year", "text_ru", "text_en", "consent_on")}
        | {"product": row.product_id}
        for row in partner.references.all()
    ]
    products = [(product.pk, str(product)) for product in Product.objects.all()]
    return ReferenceRows(data, prefix="references", initial=initial, form_kwargs={"products": products})


def put_rows(draft: Partner, offices: Rows, references: Rows) -> None:
    """Puts the rows into the draft, in memory alone; a row that says the same as before stays the same row."""
    draft.offices.set(_rows(Office, draft.offices.all(), _filled(offices, "city"), ("city_id", "address_ru")))
    draft.references.set(_rows(Reference, draft.references.all(), _filled(references, "client_ru"), ("client_ru",)))


def _filled(rows: Rows, main: str) -> list[dict[str, Any]]:
    cleaned = [dict(form.cleaned_data) for form in rows.forms if getattr(form, "cleaned_data", None)]
    return [row for row in cleaned if not row.pop("DELETE", False) and row.get(main)]


def _rows(model: Any, before: Iterable[Any], wanted: list[dict[str, Any]], same: tuple[str, ...]) -> list[Any]:
    left, found = list(before), []
    for place, values in enumerate(wanted):
        row = model(**values)
        known = next((old for old in left if all(getattr(old, name) == getattr(row, name) for name in same)), None)
        if known is not None:  # it keeps its key, and what only a manager sets: its place on the map
            left.remove(known)
            row = known
            for name, value in values.items():
                setattr(row, name, value)
        row.sort_order = place
        found.append(row)
    return found


def merged(data: QueryDict, base: Partner, latest: Partner) -> QueryDict:
    """What was typed on top of ``base``; of the fields that were left alone, what ``latest`` holds by now."""
    typed, fresh, result = ProfileForm(data, instance=base), ProfileForm(instance=latest), data.copy()
    for name, field in fresh.fields.items():
        if name in typed.changed_data or isinstance(field, forms.FileField):
            continue
        value = field.prepare_value(fresh.get_initial_for_field(field, name))
        if isinstance(field, forms.BooleanField):
            result.setlist(name, ["on"] if value else [])
        elif isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            result.setlist(name, [str(each) for each in value or ()])
        else:
            result[name] = "" if value is None else str(value)
    return result
