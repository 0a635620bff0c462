"""Addresses of what machines ask of badges; those under ``/.well-known/`` are named by standards."""

from django.urls import path

from partner_directory.badges import credential_views as views

urlpatterns = [
    path(".well-known/jwks.json", views.jwks, name="jwks"),
    path(".well-known/did.json", views.did, name="did"),
    path(".well-known/openbadges/issuer.json", views.issuer, name="badge_issuer"),
    path("badges/status/<slug:purpose>/", views.status, name="badge_status"),
    path("badges/<str:code>/credential.json", views.credential_json, name="credential"),
    path("badges/<str:code>/credential.jwt", views.credential_token, name="credential_token"),
    path("badges/<str:code>/badge.svg", views.badge_picture, {"suffix": "svg"}, name="badge_svg"),
    path("badges/<str:code>/badge.png", views.badge_picture, {"suffix": "png"}, name="badge_png"),
]
