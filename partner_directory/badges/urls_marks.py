"""The addresses of the marks' pictures."""

from django.urls import path

from partner_directory.badges.views_marks import preview

urlpatterns = [path("<int:version>/<slug:variant>.webp", preview, name="mark_preview")]
