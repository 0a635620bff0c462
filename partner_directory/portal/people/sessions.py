"""Where one is signed in: every session with its device, one ended, or all others. For partners and editors alike."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import devices, lives
from partner_directory.actions import sessions as actions

OTHERS = "others"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(allow_get=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """The list; a POST ends the session it names, or all but this one, once the person has shown again who they are.

    404 for a session of somebody else.
    """
    found = lives.running(request.user)
    own = request.session.session_key
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        chosen = [each for each in found if each.session_key != own and wanted in (OTHERS, str(each.pk))]
        if not chosen and wanted != OTHERS:
            raise Http404
        ended = actions.end(user=request.user, sessions=chosen, actor=request.user)  # type: ignore[arg-type]
        words = _("Завершено сеансов: %(count)s.") % {"count": ended} if ended else _("Других сеансов нет.")
        messages.success(request, words)
        return redirect("usersessions_list")
    rows = [
        {"row": each, "device": devices.in_words(each.user_agent), "is_own": each.session_key == own} for each in found
    ]
    context = {"sessions": sorted(rows, key=lambda row: not row["is_own"])}
    return TemplateResponse(request, "account/sessions.html", context)
