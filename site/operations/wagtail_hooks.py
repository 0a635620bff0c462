"""What Wagtail's admin learns of the site's running."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail import hooks

from operations.viewsets import system

hooks.register("register_reports_menu_item", system.SystemMenuItem)


@hooks.register("register_admin_urls")
def system_url() -> list[URLPattern]:
    """The address of the page on how the site is."""
    return [path("reports/system/", system.SystemView.as_view(), name=system.URL_NAME)]


@hooks.register("register_permissions")
def system_permission() -> QuerySet[Permission]:
    """Whom administrators let see it is said in the form of a group."""
    return Permission.objects.filter(content_type__app_label="operations", codename="view_jobrun")
