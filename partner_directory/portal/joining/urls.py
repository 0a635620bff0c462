"""The addresses of this part of the section; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partner_directory.portal.joining import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", views.register, name="register"),
    path("joining/", views.joining, name="joining"),
    path("joining/<int:key>/", views.application, name="application"),
    path("joining/<int:key>/level/", views.level, name="application-level"),
    path("joining/<int:key>/company/", views.company, name="application-company"),
    path("joining/<int:key>/base/", views.base, name="application-base"),
    path("joining/<int:key>/specialists/", views.people, name="application-specialists"),
    path("joining/<int:key>/scheme/", views.scheme, name="application-scheme"),
    path("joining/<int:key>/review/", views.review, name="application-review"),
    path("joining/<int:key>/withdraw/", views.withdraw, name="application-withdraw"),
    path("joining/<int:key>/signed/<slug:kind>/", views.upload, name="application-signed"),
]
