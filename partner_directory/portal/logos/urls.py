"""The addresses of logos; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import path

from partner_directory.portal.logos import views

urlpatterns = [
    path("logos/", views.logos, name="logos"),
    path("logos/kit/<str:token>/", views.kit, name="kit"),
]
