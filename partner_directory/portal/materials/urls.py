"""The addresses of materials, licences, trainings and events."""

from __future__ import annotations

from django.urls import path

from partner_directory.portal.materials import event_views, request_views, shelf_views

urlpatterns = [
    path("materials/", shelf_views.shelf_view, name="materials"),
    path("materials/<int:pk>/", shelf_views.material_view, name="material"),
    path("licences/", request_views.licences_view, name="licences"),
    path("licences/demo/", request_views.ask_demo_view, name="ask_demo"),
    path("licences/own-use/", request_views.ask_own_use_view, name="ask_own_use"),
    path("licences/<int:pk>/cancel/", request_views.cancel_licence_view, name="cancel_licence"),
    path("trainings/", request_views.trainings_view, name="trainings"),
    path("trainings/<int:pk>/cancel/", request_views.cancel_seat_view, name="cancel_seat"),
    path("help/", request_views.help_view, name="help"),
    path("help/<int:pk>/cancel/", request_views.cancel_help_view, name="cancel_help"),
    path("events/", event_views.events_view, name="events"),
    path("events/own/", event_views.host_view, name="host_event"),
    path("events/<int:pk>/", event_views.take_part_view, name="take_part"),
    path("events/<int:pk>/file/", event_views.attach_view, name="attach_event"),
    path("events/<int:pk>/withdraw/", event_views.withdraw_view, name="withdraw_event"),
]
