"""Which edition of the terms is in force, which follows, and what waits for approval. May not import views."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from operations.state import Alarm, Fact, Gauge, judged
from program_pages.models.edition import TermsEdition, programme_day


def editions() -> Iterator[Fact]:
    """The edition of today, the one after it, and how many things are in a workflow."""
    today = programme_day()
    current = TermsEdition.objects.in_force(today)
    following = TermsEdition.objects.upcoming(today).first()
    value = _written(current) if current else _("нет")
    yield judged(_("Действует"), value, Alarm.NO_EDITION, is_well=current is not None, worse=True)
    yield Fact(_("Следующая"), _written(following) if following else _("не утверждена"))
    waiting = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).count()
    gauge = Gauge("site_workflows_waiting", "Drafts that wait for an approval", waiting)
    yield Fact(_("Ждут утверждения"), str(waiting), gauges=(gauge,))


def _written(edition: TermsEdition) -> str:
    return _("%(name)s, с %(day)s") % {"name": edition, "day": f"{edition.effective_from:%d.%m.%Y}"}
