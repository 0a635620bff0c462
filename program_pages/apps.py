"""App configuration of the programme."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ProgramPagesConfig(AppConfig):
    """The programme and the pages that publish it."""

    name = "program_pages"
    verbose_name = _("Программа")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers system checks, and keeps editions in force immutable in the database itself."""
        from program_pages import immutability, paper  # noqa: F401

        pre_migrate.connect(immutability.lift, sender=self, dispatch_uid="editions-immutability")
        post_migrate.connect(immutability.enforce, sender=self, dispatch_uid="editions-immutability")
