"""Every address of the partners' section."""

from __future__ import annotations

from django.urls import include, path

from partner_directory.portal import files, home

app_name = "portal"

PARTS = ("people", "joining", "records", "year", "bonuses", "materials", "logos", "profile", "feed", "terms")

urlpatterns = [
    path("", home.home, name="home"),
    path("files/<uuid:key>/", files.private_file, name="file"),
    *(path("", include(f"partner_directory.portal.{part}.urls")) for part in PARTS),
]
