"""The addresses at which badges are checked, in each language; a code works without the slash at its end as well."""

from django.urls import path

from partner_directory.badges import verify_view

urlpatterns = [
    path("", verify_view.verify, name="verify"),
    path("<str:code>", verify_view.code_page),
    path("<str:code>/", verify_view.code_page, name="verify_code"),
]
