"""The addresses of this part of the section; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
