"""The addresses of live badges: the same in every language, since they stand on others' pages."""

from django.urls import re_path

from partner_directory.badges import live_view

urlpatterns = [re_path(r"^(?P<code>[^/.]+)\.(?P<suffix>svg|png)\Z", live_view.live_badge, name="live_badge")]
