"""App configuration of the partners."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PartnerDirectoryConfig(AppConfig):
    """Partners. May import the programme, never the other way round."""

    name = "partner_directory"
    verbose_name = _("Партнёры")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keeps what the database itself holds of partners, and the directory up with what changes."""
        from partner_directory import guards, profile_news  # noqa: F401 - connects its receivers
        from partner_directory.badges import upkeep as marks_upkeep  # noqa: F401 - connects its receivers
        from partner_directory.badges.checks import check_keys
        from partner_directory.directory import upkeep  # noqa: F401 - connects its receivers
        from partner_directory.news import upkeep as news_upkeep  # noqa: F401 - connects its receivers

        register(check_keys, Tags.security)
        pre_migrate.connect(guards.lift, sender=self, dispatch_uid="partners-guards")
        post_migrate.connect(guards.enforce, sender=self, dispatch_uid="partners-guards")
