"""What Wagtail's admin learns of the partners."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from partner_directory.audit_words import register_words
from partner_directory.models.edition_notice import EditionRelease
from partner_directory.models.enquiry import ConsentText
from partner_directory.portal.materials.hook import guard_materials
from partner_directory.portal.people import accounts_hook  # noqa: F401 - registers its hooks
from partner_directory.viewsets import (
    fact_queue,
    impact_note,
    impact_urls,
    impacts,
    kits,
    person_sessions,
    reports,
    year_reports,
)
from partner_directory.viewsets.bulk import BULK_ACTIONS
from partner_directory.viewsets.menu import partner_group, registers, section_group
from partner_directory.viewsets.messages import TroubledLettersPanel
from partner_directory.viewsets.trail import TRAIL, TrailReport
from partner_directory.viewsets.trail import urlpatterns as trail_urlpatterns
from partner_directory.viewsets.waiting_panel import WaitingPanel
from program_pages.models.edition import TermsEdition

register_snippet(partner_group)
register_snippet(section_group)
for register in registers:
    register.register_with_wagtail()
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action)
hooks.register("register_log_actions", register_words)
hooks.register("before_serve_document", guard_materials, order=-1)  # before Wagtail's own restrictions


@hooks.register("construct_homepage_panels")
def troubled_letters(request: HttpRequest, panels: list[Any]) -> None:
    """Letters that have not left, before those who may send them once more."""
    panel = TroubledLettersPanel(request.user)
    if panel.count:
        panels.append(panel)


@hooks.register("construct_homepage_panels")
def waiting_queues(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for a decision, before those who take it."""
    panel = WaitingPanel(request)
    if panel.queues:
        panels.append(panel)


@hooks.register("register_permissions")
def further_permissions() -> QuerySet[Permission]:
    """The rights over people of companies, rehearsals, the trail and sessions, for the form of a group."""
    return Permission.objects.filter(
        content_type__app_label__in=["partner_directory", "accounts", "usersessions"],
        codename__in=[
            "add_invitation",
            "view_invitation",
            "view_teammember",
            "add_impact",
            "view_impact",
            "export_impact",
            "view_trail",
            "export_trail",
            "delete_usersession",
        ],
    )


@hooks.register("insert_global_admin_css")
def partner_admin_css() -> SafeString:
    """The look of our own panels."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/partners.css"))


REPORTS = {
    **reports.REPORTS,
    "rehearsal": year_reports.RehearsalReport,
    "turn": year_reports.TurnReport,
    "marks": kits.UseReport,
    "impacts": impacts.ImpactsReport,
}


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    """The addresses of the reports, of the queue of facts, and of rehearsals."""
    return [
        path("reports/partners/", include((reports.routes(REPORTS), "partner_reports"))),
        path("partners/facts/", include(fact_queue.urlpatterns)),
        path("impacts/", include((impact_urls.urlpatterns, "impacts"))),
        path("reports/trail/", include((trail_urlpatterns, "trail"))),
        path("people/sessions/", include(person_sessions.urlpatterns)),
    ]


for place, (name, view) in enumerate(REPORTS.items(), 10):
    hooks.register(
        "register_reports_menu_item", partial(reports.menu_item, f"partner_reports:{name}", view, place * 10)
    )
hooks.register("register_reports_menu_item", partial(reports.menu_item, TRAIL, TrailReport, 5))


@hooks.register("construct_reports_menu")
def one_trail(request: HttpRequest, items: list[Any]) -> None:
    """Our report stands for Wagtail's, which anybody in the admin could read and export."""
    items[:] = [item for item in items if item.name != "site-history"]


hooks.register("register_edition_note", impact_note.edition_note)
hooks.register("register_user_listing_buttons", person_sessions.listing_buttons)


@hooks.register("register_account_menu_item")
def own_sign_in(request: HttpRequest) -> dict[str, Any]:
    """From one's account in the admin to where one is signed in."""
    return {
        "url": reverse("usersessions_list"),
        "label": _("Где вы вошли"),
        "help_text": _("Сеансы на ваших устройствах: лишние можно завершить."),
    }


@hooks.register("before_delete_snippet")
def keep_used_consents(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Says why a text that somebody has agreed to cannot go, one or many at once."""
    for instance in instances:
        if request.method != "POST" or not isinstance(instance, ConsentText):
            continue
        try:
            instance.refuse_when_used()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(reverse(ConsentText.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
    return None


@hooks.register("before_delete_snippet")
def keep_told_editions(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Says why an edition that partners were told of cannot go, though it was withdrawn before its day."""
    editions = [each for each in instances if isinstance(each, TermsEdition)]
    told = EditionRelease.objects.filter(edition__in=editions, notices__isnull=False).select_related("edition").first()
    if request.method != "POST" or told is None:
        return None
    words = _("О редакции «%(name)s» уже написали партнёрам: она остаётся в истории.")
    messages.error(request, words % {"name": told.edition})
    return redirect(reverse(TermsEdition.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
