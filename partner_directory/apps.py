"""App configuration of the partners."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnerDirectoryConfig(AppConfig):
    """Partners. May import the programme, never the other way round."""

    name = "partner_directory"
    verbose_name = _("Партнёры")
    default_auto_field = "django.db.models.BigAutoField"
