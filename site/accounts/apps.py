"""App configuration of the user model."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The swappable user."""

    name = "accounts"
    verbose_name = _("Учётные записи")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lets sessions note when they began and a second factor was shown, and all processes count tries together."""
        import_module("accounts.lives")
        import_module("accounts.second_factor")
        import_module("accounts.tries").share()
