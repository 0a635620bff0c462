"""What an editor sets once for the whole site: the vendor's names, sites and contacts (R11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from program_pages.bilingual import paired, paired_panel
from program_pages.rules.terms import Text


@register_setting(icon="site", order=100)
class VendorSettings(BaseSiteSetting):
    """The vendor as the public meets it; the partners are listed on its site (R11)."""

    organisation_ru = models.CharField(_("название компании"), max_length=100, default="ASoft")
    organisation_en = models.CharField(_("название компании на английском"), max_length=100, blank=True)
    vendor_site_url = models.URLField(_("сайт компании"), default="https://www.asoft.ru/", help_text=_("R11, R19."))
    product_site_url = models.URLField(_("сайт о продуктах"), default="http://www.asoftcrm.com/", help_text=_("R11."))
    email = models.EmailField(_("почта для партнёров"), blank=True)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    address_ru = models.CharField(_("адрес"), max_length=200, blank=True)
    address_en = models.CharField(_("адрес на английском"), max_length=200, blank=True)

    panels = [
        paired_panel("organisation", _("Компания")),
        FieldRowPanel([FieldPanel("vendor_site_url"), FieldPanel("product_site_url")]),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]), paired_panel("address")],
            heading=_("Контакты"),
        ),
    ]

    class Meta:
        verbose_name = _("Компания и контакты")

    @property
    def organisation(self) -> Text:
        """The vendor's name in both languages."""
        return paired(self, "organisation")

    @property
    def address(self) -> Text:
        """The vendor's address in both languages."""
        return paired(self, "address")
