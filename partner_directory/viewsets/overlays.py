"""Terms of one partner alone in the admin: edited as a diff over the programme's numbers (R47, R82).

The form lists each number with the programme's value beside the partner's own; empty means unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from accounts.models import User
from partner_directory.actions import overlays as actions
from partner_directory.models.bonus import SalesPlan
from partner_directory.models.overlay import Overlay
from partner_directory.models.partner import Partner
from partner_directory.models.talk import Talk
from partner_directory.overlay_words import LABELS, number_text
from partner_directory.viewsets.cells import file_link
from partner_directory.viewsets.choosers import PartnerChooser
from partner_directory.viewsets.decided import DecidedRegister, Decision, NewRowView, ReasonForm
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.rules.money import BadValue
from program_pages.rules.overlay import LEVEL_NUMBERS, TERMS_NUMBERS, Change, Measure, measure_of, read_change
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_on

PREFIX = "number"


class OverlayForm(forms.Form):
    """What was agreed with whom, for which days, and every number that is another one."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Партнёр"), queryset=Partner.objects.all(), widget=PartnerChooser
    )
    kind = forms.ChoiceField(label=gettext_lazy("Вид"), choices=Overlay.Kind.choices)
    number = forms.CharField(
        label=gettext_lazy("Номер соглашения"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Для Дополнительного соглашения (R82)."),
    )
    signed_on = forms.DateField(label=gettext_lazy("Подписано"), required=False, widget=AdminDateInput)
    plan = forms.ModelChoiceField(
        label=gettext_lazy("План продаж"),
        queryset=SalesPlan.objects.none(),
        required=False,
        help_text=gettext_lazy("Для скидки по плану (R47): согласованный план этого партнёра; меняется только скидка."),
    )
    starts = forms.DateField(label=gettext_lazy("Действует с"), widget=AdminDateInput)
    until = forms.DateField(
        label=gettext_lazy("По"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("Последний день; пусто — без срока."),
    )
    reason = forms.CharField(label=gettext_lazy("Основание"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.FileField(label=gettext_lazy("Подписанный документ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = programme_day()
        agreed = SalesPlan.objects.filter(
            partner_agreed_at__isnull=False, vendor_agreed_at__isnull=False, cancelled_at__isnull=True, until__gte=today
        )
        self.fields["plan"].queryset = agreed.select_related("partner")  # type: ignore[attr-defined]
        self.numbers = dict(_numbers())
        self.fields |= {name: field for name, (_key, field) in self.numbers.items()}

    def clean(self) -> dict[str, Any]:
        """With ``changes``: the numbers that were written."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["changes"] = [change for name in self.numbers if (change := self._change(name, cleaned)) is not None]
        return cleaned

    def _change(self, field: str, cleaned: dict[str, Any]) -> Change | None:
        text = (cleaned.pop(field, None) or "").strip().replace(",", ".")
        if not text:
            return None
        (name, level), _field = self.numbers[field]
        try:
            return read_change(name, text, level)
        except BadValue as error:
            self.add_error(field, ValidationError(_bound(measure_of(name, at_level=level is not None), error)))
            return None


def _bound(measure: Measure, error: BadValue) -> str:
    if measure is Measure.COUNT:
        return _("Нужно целое число, не отрицательное и не больше %(limit)s.") % {"limit": error.limit or "1000"}
    return _("Нужны проценты от 0 до 100, не больше двух знаков после запятой.")


def _numbers() -> Iterator[tuple[str, tuple[tuple[str, str | None], forms.CharField]]]:
    """A field for each number of today's edition: its name in the form, what it changes, and the field."""
    try:
        terms = terms_on(programme_day())
    except NoEdition:
        return
    for name, measure in TERMS_NUMBERS.items():
        yield _number(terms, name, measure, None)
    for level in terms.levels:
        for name, measure in LEVEL_NUMBERS.items():
            yield _number(terms, name, measure, level.slug)


def _number(
    terms: Terms, name: str, measure: Measure, level: str | None
) -> tuple[str, tuple[tuple[str, str | None], forms.CharField]]:
    held = terms.level(level) if level else None
    value = getattr(held or terms, name)
    label = f"{said(held.short_name)}: {LABELS[name]}" if held else str(LABELS[name])
    field = forms.CharField(
        label=label,
        required=False,
        max_length=20,
        help_text=_("В программе — %(value)s. Пусто — без изменений.") % {"value": number_text(value, measure)},
    )
    return f"{PREFIX}:{level or ''}:{name}", ((name, level), field)


def _make(*, actor: User, document: Any, kind: str, **agreed: Any) -> Overlay:
    draft = actions.Draft(**agreed, kind=Overlay.Kind(kind), document=document)
    return actions.make(draft=draft, actor=actor)


MAKE = Decision(
    label=gettext_lazy("Записать особые условия"),
    done=gettext_lazy("Особые условия записаны."),
    act=_make,
    form_class=OverlayForm,
)


class MakeOverlayView(NewRowView):
    """A new overlay."""

    decision = MAKE

    chosen = {"partner": "partner", "talk": "talk"}

    def get_initial(self) -> dict[str, Any]:
        """From today; where a talk leads here, from its edition's first day and about its clauses (R82)."""
        given = super().get_initial()
        talk = Talk.objects.filter(pk=given.pop("talk", None)).select_related("notice__release").first()
        if talk is None:
            return given | {"starts": programme_day()}
        return given | {
            "partner": talk.partner_id,
            "kind": Overlay.Kind.AGREEMENT,
            "starts": max(programme_day(), talk.notice.release.effective_from),
            "reason": _("Разговор № %(number)s о пунктах %(clauses)s") % {"number": talk.pk, "clauses": talk.numbers},
        }


class EndForm(ReasonForm):
    """The last day, and why."""

    on = forms.DateField(label=gettext_lazy("Последний день"), widget=AdminDateInput, initial=programme_day)
    field_order = ["on", "reason"]


def _holds(row: Overlay) -> bool:
    today = programme_day()
    return row.starts <= today and (row.until is None or row.until > today)


class WhenFilter(SimpleListFilter):
    """By whether it holds today."""

    title = gettext_lazy("когда")
    parameter_name = "when"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("действует")), ("later", _("ещё не действует")), ("over", _("закончилось"))]

    def queryset(self, request: Any, queryset: QuerySet[Overlay]) -> QuerySet[Overlay]:
        """Those of that time; all for one that does not exist."""
        today = programme_day()
        conditions = {
            "now": Q(starts__lte=today) & (Q(until__isnull=True) | Q(until__gte=today)),
            "later": Q(starts__gt=today),
            "over": Q(until__lt=today),
        }
        value = self.value()
        return queryset.filter(conditions[value]) if value in conditions else queryset


class OverlayRegister(DecidedRegister):
    """What holds for single partners instead of the programme's terms."""

    model = Overlay
    argument = "overlay"
    menu_label = gettext_lazy("Особые условия")
    menu_item_name = "overlays"
    menu_icon = "doc-full"
    add_label = gettext_lazy("Записать особые условия")
    list_display = ("partner", "kind", "number", "starts", "until", "shown_changes")
    list_filter = ("kind", WhenFilter)
    list_select_related = ("partner", "plan", "document", "made_by")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn", "number", "reason")
    inspect_view_fields = [
        "partner", "kind", "number", "signed_on", "starts", "until", "plan", "shown_changes", "reason",
        "shown_document", "made_by", "made_at",
    ]  # fmt: skip
    export_fields = ("partner", "kind", "number", "signed_on", "starts", "until", "written_changes", "reason")
    export_filename = "overlays"
    create_view_class = MakeOverlayView
    decisions = {
        "end": Decision(
            label=gettext_lazy("Закончить"),
            done=gettext_lazy("Последний день назначен."),
            act=actions.end,
            makes_sense=_holds,
            form_class=EndForm,
            is_serious=True,
            is_guarded=True,
        ),
        "withdraw": Decision(
            label=gettext_lazy("Отозвать"),
            done=gettext_lazy("Особые условия отозваны."),
            act=actions.withdraw,
            makes_sense=lambda row: row.starts > programme_day(),
            form_class=ReasonForm,
            is_serious=True,
        ),
    }

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("changes__level")

    @display(description=gettext_lazy("что меняется"))
    def shown_changes(self, overlay: Overlay) -> str:
        """Each number with what it becomes."""
        return format_html_join("", "<div>{}</div>", ((line,) for line in _lines(overlay)))

    @display(description=gettext_lazy("что меняется"))
    def written_changes(self, overlay: Overlay) -> str:
        """The same for a spreadsheet."""
        return "; ".join(_lines(overlay))

    @display(description=gettext_lazy("документ"))
    def shown_document(self, overlay: Overlay) -> str:
        """The signed paper."""
        return file_link(overlay.document)


def _lines(overlay: Overlay) -> Iterator[str]:
    for change in overlay.changes.all():
        level = change.level.slug if change.level else None
        read = read_change(change.name, change.value, level)
        value = number_text(read.value, measure_of(change.name, at_level=level is not None))
        whose = f"{said(change.level.short_name)}: " if change.level else ""
        yield f"{whose}{LABELS[change.name]} — {value}"


overlay_register = OverlayRegister()
