"""App configuration of the media library."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    """Images and documents."""

    name = "library"
    verbose_name = _("Медиатека")
    default_auto_field = "django.db.models.BigAutoField"
