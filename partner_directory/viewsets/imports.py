"""The import of partners: a file, what each of its rows would do, and after confirmation what each has done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from partner_directory.actions.imports import Kind, Plan, carry_out, plan
from partner_directory.exchange import keeping
from partner_directory.exchange.reading import MOST_BYTES, MOST_ROWS, read
from partner_directory.models.partner import Partner

KIND_LABELS = {
    Kind.NEW: gettext_lazy("новый"),
    Kind.CHANGED: gettext_lazy("изменён"),
    Kind.UNCHANGED: gettext_lazy("без изменений"),
    Kind.WRONG: gettext_lazy("ошибка"),
}


class UploadForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("Таблица"),
        help_text=gettext_lazy("Файл .xlsx или .csv с колонками выгрузки; лишние колонки можно убрать."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        """The rows of the file; raises ValidationError for one that cannot be read."""
        return read(self.cleaned_data["file"])


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Nothing is written before what was shown is confirmed; what has changed since is shown again."""

    model = Partner
    permission_required = "import"
    page_title = gettext_lazy("Загрузка партнёров")
    header_icon = "upload"
    form_class = UploadForm
    template_name = "partner_directory/admin/import.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = reverse(Partner.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
        return [
            *WagtailAdminTemplateMixin.breadcrumbs_items,
            {"url": listing, "label": _("Партнёры")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        limits = {"megabytes": MOST_BYTES // 1024 // 1024, "most_rows": MOST_ROWS}
        return super().get_context_data(**kwargs) | limits

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get("token", "")
        return self.confirm(token) if token else super().post(request, *args, **kwargs)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """The dry run."""
        sheet = form.cleaned_data["file"]
        try:
            planned = plan(sheet, self.request.user)
        except ValidationError as error:
            form.add_error("file", error)
            return self.form_invalid(form)
        token = keeping.keep(sheet, planned.digest, self._user) if planned.written else ""
        return self.shown(planned, token=token)

    def confirm(self, token: str) -> HttpResponse:
        """Writes what was shown; where it would now do something else, shows that instead."""
        try:
            kept = keeping.kept(token, self._user)
        except keeping.Lost:
            messages.error(self.request, _("Загрузка устарела или уже записана: выберите файл снова."))
            return self.render_to_response(self.get_context_data(form=UploadForm()))
        with transaction.atomic():
            planned = plan(kept.sheet, self.request.user)
            as_shown = planned.digest == kept.digest
            if as_shown:
                carry_out(planned=planned, actor=self.request.user)
                keeping.forget(kept.key)
        if as_shown:
            return self.shown(planned, is_done=True)
        keeping.forget(kept.key)
        messages.warning(
            self.request, _("Пока вы смотрели, данные изменились: посмотрите ещё раз. Ничего не записано.")
        )
        return self.shown(planned, token=keeping.keep(kept.sheet, planned.digest, self._user))

    def shown(self, planned: Plan, *, token: str = "", is_done: bool = False) -> HttpResponse:
        """The rows with their fates, mistakes first."""
        order = list(KIND_LABELS)
        fates = sorted(planned.fates, key=lambda fate: (fate.kind != Kind.WRONG, order.index(fate.kind), fate.number))
        counts = [(KIND_LABELS[kind], planned.counts[kind]) for kind in order]
        rows = [{"fate": fate, "label": KIND_LABELS[fate.kind], "is_wrong": fate.kind == Kind.WRONG} for fate in fates]
        context = {"rows": rows, "counts": counts, "token": token, "is_done": is_done, "written": len(planned.written)}
        return self.render_to_response(self.get_context_data(form=UploadForm(), **context))

    @property
    def _user(self) -> int:
        return self.request.user.pk or 0
