"""The address of a client's link, in each language."""

from django.urls import path

from partner_directory.reviews import view

urlpatterns = [path("review/<str:token>/", view.review_view, name="client_review")]
