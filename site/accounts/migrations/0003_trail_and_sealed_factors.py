"""Rights over the trail of what people did; second factors are sealed."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from accounts import factors, sealing


def seal(apps: Any, _editor: Any) -> None:
    """What was plain so far."""
    factors.rewrite(apps.get_model("mfa", "Authenticator").objects, _sealed)


def unseal(apps: Any, _editor: Any) -> None:
    """For the version before, which cannot open them."""
    factors.rewrite(apps.get_model("mfa", "Authenticator").objects, sealing.unseal)


def _sealed(value: str) -> str:
    return value if sealing.is_sealed(value) else sealing.seal(value)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_language_of_letters"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [
                    ("view_trail", "Читать журнал действий"),
                    ("export_trail", "Выгружать журнал действий"),
                ],
                "verbose_name": "user",
                "verbose_name_plural": "users",
            },
        ),
        migrations.RunPython(seal, unseal),
    ]
