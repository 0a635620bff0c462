"""The register of announcements (R34, R41): the dated evidence of each page, and a manager's word on it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.actions import announcements as actions
from partner_directory.announcements import TROUBLES
from partner_directory.models.facts import Announcement, AnnouncementCheck
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, ReasonForm

MOST_SHOWN = 20


class FoundFilter(SimpleListFilter):
    """By what was found last."""

    title = gettext_lazy("объявление найдено")
    parameter_name = "found"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("да")), ("no", _("нет")), ("never", _("не проверялось"))]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The pages of that answer; all for one that does not exist."""
        answers: dict[str | None, bool | None] = {"yes": True, "no": False, "never": None}
        return queryset.filter(last_found=answers[self.value()]) if self.value() in answers else queryset


class AnnouncementRegister(DecidedRegister):
    """One row a partner."""

    model = Announcement
    argument = "announcement"
    permission_helper_class = NeverMadeHere
    menu_label = gettext_lazy("Объявления")
    menu_icon = "site"
    decisions = {
        "check": Decision(
            label=gettext_lazy("Проверить сейчас"),
            question=gettext_lazy("Страница будет прочитана заново; то, что на ней найдено, заменит прежнее решение."),
            done=gettext_lazy("Страница проверена."),
            act=partial(actions.check, overrides=True),
        ),
        "accept": Decision(
            label=gettext_lazy("Принять"),
            question=gettext_lazy("Объявление будет считаться до конца года, что бы ни нашла программа."),
            done=gettext_lazy("Объявление принято."),
            act=partial(actions.overrule, found=True),
            form_class=ReasonForm,
        ),
        "reject": Decision(
            label=gettext_lazy("Не принять"),
            question=gettext_lazy("Объявление не будет считаться до конца года, что бы ни нашла программа."),
            done=gettext_lazy("Объявление не принято."),
            act=partial(actions.overrule, found=False),
            form_class=ReasonForm,
            is_serious=True,
        ),
    }
    list_display = ("partner", "url", "shown_found", "checked_at", "set_at")
    list_filter = (FoundFilter, "set_at")
    list_select_related = ("partner",)
    search_fields = ("url", "partner__name_ru", "partner__name_en")
    export_fields = ("partner", "url", "found_in_words", "checked_at", "set_at")
    export_filename = "announcements"
    inspect_view_fields = ["partner", "url", "set_by", "set_at", "evidence"]

    def get_queryset(self, request: HttpRequest | None) -> Any:
        last = AnnouncementCheck.objects.filter(partner=OuterRef("partner")).order_by("-checked_at", "-pk")
        rows = super().get_queryset(request)
        return rows.annotate(
            last_found=Subquery(last.values("found")[:1]), last_checked_at=Subquery(last.values("checked_at")[:1])
        )

    @display(description=gettext_lazy("найдено"))
    def shown_found(self, row: Any) -> str:
        """What was found last, standing out where nothing was."""
        return state_mark(self.found_in_words(row), is_primary=not row.last_found)

    @display(description=gettext_lazy("найдено"))
    def found_in_words(self, row: Any) -> str:
        """What was found last, in words."""
        return {True: _("да"), False: _("нет")}.get(row.last_found, _("не проверялось"))

    @display(description=gettext_lazy("проверено"))
    def checked_at(self, row: Any) -> Any:
        """When it was last looked at."""
        return row.last_checked_at

    @display(description=gettext_lazy("что найдено"))
    def evidence(self, row: Announcement) -> str:
        """The dated evidence, the latest first."""
        checks = AnnouncementCheck.objects.filter(partner=row.partner_id).select_related("overruled_by")[:MOST_SHOWN]
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((_said(each),) for each in checks)))


def _said(check: AnnouncementCheck) -> str:
    moment = date_format(timezone.localtime(check.checked_at), "SHORT_DATETIME_FORMAT")
    result = _("найдено") if check.found else _("не найдено")
    why = check.reason or check.evidence or str(TROUBLES.get(check.trouble, ""))
    who = str(check.overruled_by) if check.overruled_by else _("программа")
    return f"{moment} · {who} · {result} · {check.url} · {why} · {check.sha256[:12]}"


announcement_register = AnnouncementRegister()
