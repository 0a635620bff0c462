"""The addresses of the links in letters about enquiries, in each language."""

from django.urls import path

from partner_directory.enquiries import view

urlpatterns = [
    path("confirm/<str:token>/", view.confirm_view, name="enquiry_confirm"),
    path("answered/<str:token>/", view.answered_view, name="enquiry_answered"),
]
