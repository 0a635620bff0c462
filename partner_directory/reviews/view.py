"""The page that a client's link leads to: no login, and nothing happens until a button is pressed.

A mail scanner that follows the link changes nothing. The partner's own people may look, not answer.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partner_directory.actions import reviews as actions
from partner_directory.actions.facts import Overtaken
from partner_directory.models.facts import ClientReview, FactState
from partner_directory.models.people import TeamMember
from partner_directory.reviews import links
from partner_directory.reviews.form import ClientReviewForm
from program_pages.shown import terms_context

PAGE = "partner_directory/client_review_page.html"
GONE, NOT_YOURS = 404, 403


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_view(request: HttpRequest, token: str) -> HttpResponse:
    """Reads the review, or answers it."""
    review = links.to_review(token)
    if review is None:
        return _page(request, "bad_link", status=GONE)
    if review.state != FactState.CLAIMED:
        return _page(request, "confirmed" if review.client_confirmed_at else "closed", review=review)
    if TeamMember.objects.filter(partner=review.partner_id, user=request.user.pk).exists():
        return _page(request, "own", review=review, status=NOT_YOURS)
    form = ClientReviewForm.for_review(review, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _answered(request, review, form):
        return HttpResponseRedirect(request.path)
    return _page(request, "due", review=review, form=form)


def _answered(request: HttpRequest, review: ClientReview, form: ClientReviewForm) -> bool:
    """Whether there is nothing more to do; an answer that was given already counts as it was given."""
    try:
        if "decline" in request.POST:
            actions.decline_by_client(review=review)
        elif form.is_valid():
            actions.confirm_by_client(review=review, **form.cleaned_data)
        else:
            return False
    except Overtaken:
        return True
    return True


def _page(request: HttpRequest, state: str, *, status: int = 200, **context: object) -> HttpResponse:
    shown = {**terms_context(request), **context, "state": state, "noindex": True}
    response = TemplateResponse(request, PAGE, shown, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # the address is the secret
    return response
