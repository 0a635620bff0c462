"""App configuration of the site's operation."""

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """Jobs, backups, reports of browsers, and the page that shows how the site is."""

    name = "operations"
    verbose_name = _("Работа сайта")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Notices writes, counts queries from the first connection on, and lets the log tell of the site's safety."""
        from operations.page_cache import writes
        from operations.replica import watch

        connection_created.connect(watch, dispatch_uid="operations.replica")
        import_module("operations.queries")
        import_module("operations.security_log").listen()
        connection_created.connect(writes.watch, dispatch_uid="page-cache-writes")
