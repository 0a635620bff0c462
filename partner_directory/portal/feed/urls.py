"""The addresses of the section's messages; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import path

from partner_directory.portal.feed import views

urlpatterns = [
    path("feed/", views.feed, name="feed"),
    path("feed/read/", views.read_all, name="feed_read_all"),
    path("feed/<int:key>/read/", views.read, name="feed_read"),
]
