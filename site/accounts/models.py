"""The user of the site: a person who signs in with an e-mail address.

Exists before the first migration so that it can grow. May not import any other app.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address, compared without regard to case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user with every right."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address in any case of letters."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person; the e-mail address is the login name."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(
        _("Электронная почта"),
        unique=True,
        error_messages={"unique": _("Пользователь с таким адресом уже есть.")},
    )
    language = models.CharField(
        _("Язык писем"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        # Over the trail of what people did; its rows are Wagtail's.
        permissions = [
            ("view_trail", _("Читать журнал действий")),
            ("export_trail", _("Выгружать журнал действий")),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_address_in_any_case",
                violation_error_message=_("Пользователь с таким адресом уже есть."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email
