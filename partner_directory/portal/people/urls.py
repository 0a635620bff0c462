"""The addresses of this part of the section; each view is one of ``portal.access``, but for two that strangers see."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partner_directory.portal.people import account, invitation, team

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", team.team, name="people"),
    path("people/invite/", team.invite, name="invite"),
    path("people/leave/", team.leave, name="leave"),
    path("people/<int:pk>/role/", team.change_role, name="change_role"),
    path("people/<int:pk>/remove/", team.remove, name="remove_person"),
    path("people/invitations/<int:pk>/revoke/", team.revoke, name="revoke_invitation"),
    path("invitation/<str:secret>/", invitation.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("account/consent/", account.consent, name="consent"),
    path("account/consent/withdraw/", account.withdraw, name="withdraw_consent"),
    path("account/export/", account.export, name="export_data"),
    path("account/erase/", account.erase, name="erase"),
    path("account/erased/", account.erased, name="erased"),
    path("account/switch/", account.switch, name="switch"),
]
