"""The shared base of wagtail-modeladmin registers, which mends what that package lacks.

Breadcrumbs and a true heading everywhere; permissions from Wagtail's policy registry; an export that
is safe to open, readable, and a right of its own; a search that knows Cyrillic letters of both cases on every
database; a message instead of an error for a broken filter. May not import models.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, UserColumn
from wagtail.permissions import policy_registry
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.helpers.search import BaseSearchHandler
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import CreateView, DeleteView, EditView, HistoryView, IndexView, InspectView

from program_pages.formats import BYTE_ORDER_MARK, safe_text


class PolicyPermissionHelper(PermissionHelper):
    """Answers from the permission policy that is registered for the model, as Wagtail's own views do."""

    @property
    def policy(self) -> Any:
        """The policy in Wagtail's registry."""
        return policy_registry.get_by_type(self.model)

    def user_can_list(self, user: Any) -> bool:
        return bool(self.policy.user_has_any_permission(user, {"add", "change", "delete", "view"}))

    def user_can_create(self, user: Any) -> bool:
        return bool(self.policy.user_has_permission(user, "add"))

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        return bool(
            self.inspect_view_enabled
            and self.policy.user_has_any_permission_for_instance(user, {"add", "change", "delete", "view"}, obj)
        )

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return bool(self.policy.user_has_permission_for_instance(user, "change", obj))

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return bool(self.policy.user_has_permission_for_instance(user, "delete", obj))

    def user_can_export(self, user: Any) -> bool:
        """Whether the user may take the whole register away: a permission of its own."""
        return bool(user.has_perm(f"{self.opts.app_label}.{get_permission_codename('export', self.opts)}"))


class RegisterButtonHelper(ButtonHelper):
    """Labels that decline: «Добавить цену», not «Добавить цена»."""

    def add_button(self, classnames_add: Any = None, classnames_exclude: Any = None) -> dict[str, Any]:
        button: dict[str, Any] = super().add_button(classnames_add, classnames_exclude)
        label = self.view.model_admin.add_label or button["label"]
        return button | {"label": label, "title": label}


class AnyCaseSearchHandler(BaseSearchHandler):
    """Every word in some field, in letters of any case, ё as е: SQLite's LIKE knows only Latin case."""

    def search_queryset(self, queryset: QuerySet[Any], search_term: str, **_kwargs: Any) -> QuerySet[Any]:
        for word in search_term.replace("\x00", "").split():
            pattern = re.sub("[её]", "[её]", re.escape(word), flags=re.IGNORECASE)
            queryset = queryset.filter(reduce(or_, (Q(**{f"{name}__iregex": pattern}) for name in self.search_fields)))
        return queryset

    @property
    def show_search_form(self) -> bool:
        return bool(self.search_fields)


class RelatedFilter(RelatedFieldListFilter):
    """A filter by a related row that does not need Django's own admin to be installed."""

    def field_admin_ordering(self, field: Any, request: HttpRequest, model_admin: Any) -> tuple[str, ...]:
        return ()  # the related model's own order


class Trail:
    """Breadcrumbs for a view of a register: home, the register, the row, what is done with it."""

    trail_end: ClassVar[str | Promise] = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way to this view; the last step has no link."""
        items = [
            {"url": reverse("wagtailadmin_home"), "label": _("Главная")},
            {"url": self.index_url, "label": self.model_admin.get_menu_label()},  # type: ignore[attr-defined]
        ]
        if getattr(self, "instance", None) is not None:
            items.append({"url": self._row_url(), "label": str(self.instance)})  # type: ignore[attr-defined]
        if self.trail_end:
            items.append({"url": "", "label": self.trail_end})
        return [*items[:-1], items[-1] | {"url": ""}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"breadcrumbs_items": self.get_breadcrumbs_items()}

    def _row_url(self) -> str:
        user, instance = self.request.user, self.instance  # type: ignore[attr-defined]
        permissions, urls = self.permission_helper, self.url_helper  # type: ignore[attr-defined]
        if permissions.user_can_edit_obj(user, instance):
            return urls.get_action_url("edit", self.pk_quoted)  # type: ignore[attr-defined, no-any-return]
        if permissions.user_can_inspect_obj(user, instance):
            return urls.get_action_url("inspect", self.pk_quoted)  # type: ignore[attr-defined, no-any-return]
        return ""


class RegisterIndexView(Trail, IndexView):
    """The listing and its export."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        exporting = request.GET.get(self.EXPORT_VAR) in self.FORMATS
        if exporting and not self.permission_helper.user_can_export(request.user):
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]
        except (IncorrectLookupParameters, InvalidPage):
            messages.warning(request, _("Такого отбора нет: показан весь список."))
            return redirect(self.index_url)

    def get_filters(self, request: HttpRequest) -> tuple[Any, ...]:
        """The filters that the register offers; any other question to the database is refused."""
        found: tuple[Any, ...] = super().get_filters(request)
        if found[2]:
            raise IncorrectLookupParameters
        return found

    def get_heading(self, queryset: QuerySet[Any], field: str) -> str:
        """A column's label as people write it."""
        return self.model_admin.label_of(field)  # type: ignore[no-any-return]

    def to_row_dict(self, item: Any) -> OrderedDict[str, Any]:
        """A row for export: labels of choices, yes and no in words, local times, no formulas."""
        return OrderedDict((field, self._exported(item, field)) for field in self.list_export)

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[bytes]:
        """The file line by line."""
        yield BYTE_ORDER_MARK.encode()
        yield from super().stream_csv(queryset)

    def _exported(self, item: Any, field: str) -> Any:
        model_field, _attribute, value = lookup_field(field, item, self.model_admin)
        if model_field is not None and getattr(model_field, "choices", None):
            value = getattr(item, f"get_{field}_display")()
        if isinstance(value, bool):
            return _("да") if value else _("нет")
        if isinstance(value, datetime):
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        if value is None:
            return ""
        return safe_text(str(value) if model_field is not None and model_field.is_relation else value)


class RegisterCreateView(Trail, CreateView):
    """A new row."""

    trail_end = gettext_lazy("Новая запись")


class RegisterEditView(Trail, EditView):
    """A row's form."""


class RegisterInspectView(Trail, InspectView):
    """A row to read."""

    trail_end = gettext_lazy("Просмотр")

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        return self.model_admin.label_of(field_name)  # type: ignore[no-any-return]

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        """A value in words; a method of the register may say it better than the row."""
        if hasattr(self.model_admin, field_name):
            method = getattr(self.model_admin, field_name)
            value = method(self.instance)
            nothing = getattr(method, "empty_value_display", self.model_admin.get_empty_value_display(field_name))
            return nothing if value in (None, "") else value
        value = super().get_field_display_value(field_name, field)
        return {True: _("да"), False: _("нет")}.get(value, value) if isinstance(value, bool) else value


class RegisterDeleteView(Trail, DeleteView):
    """Asks before it deletes."""

    trail_end = gettext_lazy("Удаление")


class RegisterHistoryView(Trail, HistoryView):
    """What has been done with a row, and by whom; for those who may see the row."""

    trail_end = gettext_lazy("История")
    columns = [
        Column("message", label=gettext_lazy("Что сделано")),
        UserColumn("user", label=gettext_lazy("Кто"), blank_display_name=gettext_lazy("система")),
        DateColumn("timestamp", label=gettext_lazy("Когда")),
    ]

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_list(user))

    def get_header_title(self) -> str:
        """Names the row, not the model."""
        return _("История: %(name)s") % {"name": self.instance}


class Register(ModelAdmin):
    """A register whose rows are decided, faceted, inspected and exported, and never drafted.

    ``export_fields`` are exported by those who hold ``export_<model>``; ``add_label`` is the button's text;
    ``labels`` name fields that their models leave without a name.
    """

    add_to_admin_menu = False  # the group of the programme shows it
    add_label: str | Promise = ""
    export_fields: Iterable[str] = ()
    labels: Mapping[str, str | Promise] = {}
    inspect_view_enabled = True
    permission_helper_class = PolicyPermissionHelper
    button_helper_class = RegisterButtonHelper
    search_handler_class = AnyCaseSearchHandler
    index_view_class = RegisterIndexView
    create_view_class = RegisterCreateView
    edit_view_class = RegisterEditView
    inspect_view_class = RegisterInspectView
    delete_view_class = RegisterDeleteView
    history_view_class = RegisterHistoryView
    index_template_name = "program_pages/admin/register/index.html"
    create_template_name = "program_pages/admin/register/create.html"
    edit_template_name = "program_pages/admin/register/edit.html"
    inspect_template_name = "program_pages/admin/register/inspect.html"
    delete_template_name = "program_pages/admin/register/delete.html"
    empty_value_display = "—"

    def label_of(self, field: str) -> str:
        """What a field is called where a row is read and exported."""
        return capfirst(str(self.labels.get(field) or label_for_field(field, model=self.model, model_admin=self)))

    def get_list_export(self, request: HttpRequest) -> list[str]:
        """The columns of the export; none, and so no button, for those who may not export."""
        return list(self.export_fields) if self.permission_helper.user_can_export(request.user) else []
