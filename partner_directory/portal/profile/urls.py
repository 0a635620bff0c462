"""The addresses of a company's public profile."""

from __future__ import annotations

from django.urls import path

from partner_directory.portal.profile import views

urlpatterns = [
    path("profile/", views.profile_view, name="profile"),
    path("profile/edit/", views.edit_view, name="edit_profile"),
    path("profile/preview/", views.preview_view, name="preview_profile"),
    path("profile/discard/", views.discard_view, name="discard_profile"),
    path("profile/submit/", views.submit_view, name="submit_profile"),
    path("profile/take-back/", views.take_back_view, name="take_back_profile"),
]
