"""The industries whose clients a partner knows: a list that editors keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from program_pages.bilingual import paired, paired_panel, said
from program_pages.rules.terms import Text


class Industry(models.Model):
    """A branch of the economy."""

    slug = models.SlugField(_("код"), unique=True, help_text=_("Не меняется: на нём держатся ссылки и API."))
    name_ru = models.CharField(_("название"), max_length=100, unique=True)
    name_en = models.CharField(_("название на английском"), max_length=100, blank=True)
    order = models.PositiveSmallIntegerField(_("порядок показа"), default=0)

    panels = [FieldPanel("slug"), paired_panel("name"), FieldPanel("order")]

    class Meta:
        verbose_name = _("отрасль")
        verbose_name_plural = _("отрасли")
        ordering = ["order", "name_ru"]

    def __str__(self) -> str:
        return said(self.name)

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return paired(self, "name")
