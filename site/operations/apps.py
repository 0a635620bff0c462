"""App configuration of the site's operation."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """Jobs, backups, reports of browsers, and the page that shows how the site is."""

    name = "operations"
    verbose_name = _("Работа сайта")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Watches what is recorded, from the first statement of every connection on."""
        from operations.page_cache import writes

        connection_created.connect(writes.watch, dispatch_uid="page-cache-writes")
