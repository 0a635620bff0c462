"""The addresses of this part of the section; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partner_directory.portal.year import view

urlpatterns: list[URLPattern | URLResolver] = [
    path("year/", view.year, name="year"),
    path("year/<int:pk>/renew/", view.renew, name="year_renew"),
    path("year/<int:pk>/level/", view.change_level, name="year_level"),
    path("year/<int:pk>/leave/", view.leave, name="year_leave"),
    path("year/level/<int:pk>/cancel/", view.cancel_change, name="year_cancel_change"),
]
