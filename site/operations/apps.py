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
        """Notices writes, counts queries from the first connection on, and lets the log tell of the site's safety."""
        from operations import queries, replica, security_log
        from operations.page_cache import writes

        for watcher in (replica, queries, writes):
            connection_created.connect(watcher.watch, dispatch_uid=watcher.__name__)
        security_log.listen()
