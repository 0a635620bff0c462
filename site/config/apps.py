"""App configuration of the house itself: commands and context that belong to no other app."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses, commands."""

    name = "config"
