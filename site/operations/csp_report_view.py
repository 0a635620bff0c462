"""Where browsers send their reports on the content policies. Nothing of the sender is kept."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from operations.csp_reports import MOST_BYTES, read, record
from operations.models import CspReport
from partner_directory import limits

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def csp_reports(request: HttpRequest, policy: str) -> HttpResponse:
    """Adds up what a browser reports; whatever is sent, the answer is empty and the same."""
    try:
        limits.count(request, "csp", settings.CSP_REPORTS_LIMIT, is_closed=True)
    except limits.TooOften:
        return HttpResponse(status=204)
    violations = read(request.read(MOST_BYTES + 1), request.get_host())
    if violations and policy in CspReport.Policy:
        try:
            record(policy, violations, timezone.localdate())
        except DatabaseError:
            logger.exception("Reports on the content policy could not be stored.")
    return HttpResponse(status=204)
