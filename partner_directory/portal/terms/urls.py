"""The addresses of this part of the section; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import path

from partner_directory.portal.terms import views

urlpatterns = [
    path("terms/", views.notices, name="terms"),
    path("terms/<int:key>/", views.notice, name="terms_notice"),
    path("terms/<int:key>/disagree/", views.disagree, name="terms_disagree"),
    path("terms/talks/<int:key>/", views.talk, name="terms_talk"),
]
