"""What Wagtail's admin learns of the programme."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from program_pages.actions.editions import COPIED
from program_pages.actions.readings import DECIDED, REOPENED
from program_pages.models.edition import TermsEdition
from program_pages.viewsets.dashboard import ProgrammePanel
from program_pages.viewsets.editions import COPY_LABEL, say_problems
from program_pages.viewsets.menu import price_register, programme_group

register_snippet(programme_group)
price_register.register_with_wagtail()


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """The levels' colours, as everywhere on the site, and the look of our own panels."""
    sheets = (reverse("level_colours"), static("css/admin/programme.css"))
    return format_html('<link rel="stylesheet" href="{}"><link rel="stylesheet" href="{}">', *sheets)


@hooks.register("construct_homepage_panels")
def programme_on_the_dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """The programme stands first."""
    panel = ProgrammePanel(request, price_register.url_helper.index_url)
    if panel.is_shown:
        panels.append(panel)


@hooks.register("construct_homepage_summary_items", order=1000)
def quiet_summary(request: HttpRequest, items: list[Any]) -> None:
    """Counts of images and documents tell an editor nothing to do; pages stay as a way in."""
    items[:] = [item for item in items if isinstance(item, PagesSummaryItem)]


@hooks.register("construct_help_menu", order=1000)
def quiet_help(request: HttpRequest, items: list[Any]) -> None:
    """News of the framework in another language, on another host, are no help to an editor."""
    items[:] = [item for item in items if not getattr(item, "url", "").startswith("http")]


class CopyEditionMenuItem(ActionMenuItem):
    """The one thing to do with an edition in force."""

    name = "action-copy-edition"
    label = COPY_LABEL
    icon_name = "copy"
    template_name = "program_pages/admin/copy_menu_item.html"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return True

    def get_url(self, parent_context: dict[str, Any]) -> str:
        instance = parent_context["instance"]
        return reverse(instance.snippet_viewset.get_url_name("copy"), args=[instance.pk])


@hooks.register("construct_snippet_action_menu")
def copy_instead_of_editing(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """An edition in force offers a copy in place of the actions that it refuses."""
    edition = context.get("instance")
    if isinstance(edition, TermsEdition) and edition.is_in_force_or_past:
        may_add = request.user.has_perm("program_pages.add_termsedition")
        menu_items[:] = [CopyEditionMenuItem(order=0)] if may_add else menu_items


@hooks.register("before_delete_snippet")
def refuse_deletion(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Says why a row cannot go, one or many at once, instead of failing half-way."""
    if request.method != "POST":
        return None
    for instance in instances:
        try:
            if isinstance(instance, TermsEdition):
                instance.refuse_when_in_force()
            Collector(using="default", origin=instance).collect([instance])
        except ValidationError as error:
            say_problems(request, error)
        except ProtectedError as error:
            kinds = sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects})
            text = _("«%(name)s» нельзя удалить: на эту запись ссылаются %(kinds)s.")
            messages.error(request, text % {"name": instance, "kinds": ", ".join(kinds)})
        else:
            continue
        return redirect(instance.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    return None


@hooks.register("register_log_actions")
def programme_log_actions(actions: Any) -> None:
    """How the audit log words our own actions."""

    @actions.register_action(COPIED)
    class CopyEditionFormatter(LogFormatter):
        label = gettext_lazy("Скопировать редакцию")

        def format_message(self, log_entry: Any) -> str:
            source = log_entry.data.get("source", {}).get("name", "")
            return _("Создана копированием редакции «%(name)s»") % {"name": source}

    @actions.register_action(DECIDED)
    class DecideReadingFormatter(LogFormatter):
        label = gettext_lazy("Решить о прочтении")

        def format_message(self, log_entry: Any) -> str:
            return _("Решено: %(text)s") % {"text": log_entry.data.get("text", "")}

    @actions.register_action(REOPENED)
    class ReopenReadingFormatter(LogFormatter):
        label = gettext_lazy("Открыть прочтение заново")

        def format_message(self, log_entry: Any) -> str:
            return _("Открыто заново: %(reason)s") % {"reason": log_entry.data.get("reason", "")}
