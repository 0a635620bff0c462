"""What Wagtail's admin learns of the site's running."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, include, path
from wagtail import hooks

from operations.viewsets import system
from operations.viewsets.csp_reports import REPORTS
from partner_directory.viewsets import reports

hooks.register("register_reports_menu_item", system.SystemMenuItem)


@hooks.register("register_admin_urls")
def system_url() -> list[URLPattern]:
    """The address of the page on how the site is."""
    return [path("reports/system/", system.SystemView.as_view(), name=system.URL_NAME)]


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    """The addresses of the reports on the site's running."""
    return [path("reports/site/", include((reports.routes(REPORTS), "operations_reports")))]


@hooks.register("register_permissions")
def report_permissions() -> QuerySet[Permission]:
    """Who reads them is said in the form of a group; administrators do."""
    rights = ["view_jobrun", "view_cspreport", "export_cspreport"]
    return Permission.objects.filter(content_type__app_label="operations", codename__in=rights)


for place, (name, view) in enumerate(REPORTS.items(), 30):
    report = partial(reports.menu_item, f"operations_reports:{name}", view, place * 10)
    hooks.register("register_reports_menu_item", report)
