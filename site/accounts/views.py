"""The one door to the admin: the same sign-in as everybody's. May not import any other app."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from accounts.second_factor import ENTER_ADMIN


def admin_login(request: HttpRequest) -> HttpResponse:
    """Leads to the sign-in and from there to the admin; whoever is signed in and may not enter it, where they may."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("wagtailadmin_home")
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
    return redirect("wagtailadmin_home" if request.user.has_perm(ENTER_ADMIN) else settings.LOGIN_REDIRECT_URL)
