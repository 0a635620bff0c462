"""The form of a partner by tabs, and the check that only a form can make: services against levels (R22)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from partner_directory.actions.partners import refuse_services
from program_pages.bilingual import paired_panel


class PartnerForm(WagtailAdminModelForm):
    """Refuses services that the partner's levels in force do not allow, beside the field."""

    def clean_services(self) -> Any:
        """The services, where some level allows each."""
        services = self.cleaned_data["services"]
        refuse_services(self.instance, services)
        return services

    def clean(self) -> dict[str, Any]:
        """Refuses an office with one coordinate before the database does."""
        cleaned: dict[str, Any] = super().clean()
        for office in self.formsets["offices"].forms if "offices" in self.formsets else ():
            values = getattr(office, "cleaned_data", {})
            if (values.get("latitude") is None) != (values.get("longitude") is None):
                office.add_error("longitude", ValidationError(_("Координаты — это и широта, и долгота.")))
        return cleaned


def _boxes(name: str) -> FieldPanel:
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple, classname="partner-boxes")


profile = [
    paired_panel("name", _("Название")),
    FieldPanel("logo"),
    paired_panel("summary", _("Кратко")),
    FieldPanel("description_ru"),
    FieldPanel("description_en"),
    FieldPanel("slug"),
]
facts = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("legal_name_ru"), FieldPanel("legal_name_en")]),
            FieldRowPanel([FieldPanel("inn"), FieldPanel("ogrn")]),
        ],
        heading=_("Юридическое лицо"),
    ),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("site_url"), FieldPanel("email")]), FieldPanel("phones")], heading=_("Контакты")
    ),
    MultiFieldPanel([FieldPanel("accepts_clients"), FieldPanel("is_sample")], heading=_("Отметки")),
]
offers = [
    FieldPanel("services", classname="partner-boxes"),
    _boxes("products"),
    _boxes("industries"),
    FieldPanel("languages", classname="partner-boxes"),
]
presence = [
    InlinePanel(
        "offices",
        heading=_("Офисы"),
        label=_("Офис"),
        help_text=_("Первый офис — главный."),
        panels=[
            FieldPanel("city"),
            FieldRowPanel([FieldPanel("address_ru"), FieldPanel("address_en")]),
            FieldPanel("phone"),
            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
        ],
    ),
    _boxes("regions"),
]
references = [
    InlinePanel(
        "references",
        heading=_("Проекты"),
        label=_("Проект"),
        panels=[
            FieldRowPanel([FieldPanel("client_ru"), FieldPanel("client_en")]),
            FieldRowPanel([FieldPanel("product", widget=forms.Select), FieldPanel("year"), FieldPanel("consent_on")]),
            FieldPanel("text_ru"),
            FieldPanel("text_en"),
        ],
    )
]

edit_handler = TabbedInterface(
    [
        ObjectList(profile, heading=_("Профиль")),
        ObjectList(facts, heading=_("Реквизиты и контакты")),
        ObjectList(offers, heading=_("Предложение")),
        ObjectList(presence, heading=_("Присутствие")),
        ObjectList(references, heading=_("Проекты")),
        ObjectList([PublishingPanel()], heading=_("Публикация")),
    ],
    base_form_class=PartnerForm,
)
