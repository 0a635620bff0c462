"""The register of badges (R5, R9): found by code or partner, inspected with every credential, reissued and revoked.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.actions import badges as actions
from partner_directory.badges import codes
from partner_directory.badges.verdict import VERDICT_LABELS, Shown, Verdict, shown_on, with_history
from partner_directory.models.badge import Badge, Credential
from partner_directory.models.membership import Membership
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, ReasonForm
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.viewsets.register import AnyCaseSearchHandler, RelatedFilter

DAY = "%d.%m.%Y"


def _is_current(badge: Badge) -> bool:
    return badge.revoked_at is None


def _is_last(badge: Badge) -> bool:
    return not hasattr(badge, "replaced_by")


DECISIONS = {
    "reissue": Decision(
        label=gettext_lazy("Выдать заново"),
        question=gettext_lazy(
            "Партнёр получит новый код, прежний будет отвечать, что отозван. Свидетельства подпишутся заново."
        ),
        done=gettext_lazy("Значок выдан заново: %(it)s."),
        act=actions.reissue,
        makes_sense=_is_last,
        form_class=ReasonForm,
        is_guarded=True,
    ),
    "revoke": Decision(
        label=gettext_lazy("Отозвать"),
        question=gettext_lazy("Код и всё, что под ним подписано, станут недействительны, пока значок не выдан заново."),
        done=gettext_lazy("Значок отозван: %(it)s."),
        act=actions.revoke,
        makes_sense=_is_current,
        form_class=ReasonForm,
        is_serious=True,
        is_guarded=True,
    ),
}


class CodeSearchHandler(AnyCaseSearchHandler):
    """By a code as anybody writes it, otherwise by words."""

    def search_queryset(self, queryset: QuerySet[Any], search_term: str, **kwargs: Any) -> QuerySet[Any]:
        try:
            coded = queryset.filter(code=codes.read_code(search_term))
        except codes.NotACode:
            coded = queryset.none()
        return coded if coded.exists() else super().search_queryset(queryset, search_term, **kwargs)


class StateFilter(SimpleListFilter):
    """By what a badge says today."""

    title = gettext_lazy("состояние")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (str(Verdict.VALID), VERDICT_LABELS[Verdict.VALID]),
            (str(Verdict.SUSPENDED), VERDICT_LABELS[Verdict.SUSPENDED]),
            (str(Verdict.REVOKED), VERDICT_LABELS[Verdict.REVOKED]),
            ("other", gettext_lazy("срок истёк или не начался")),
        ]

    def queryset(self, request: Any, queryset: QuerySet[Badge]) -> QuerySet[Badge]:
        """The badges of the state; all for one that does not exist."""
        of_badge = Membership.objects.filter(partner=OuterRef("partner"), product_line=OuterRef("product_line"))
        running = of_badge.running(programme_day())
        suspended = Exists(running.filter(state=Membership.State.SUSPENDED))
        current = queryset.filter(revoked_at__isnull=True)
        found = {
            str(Verdict.VALID): current.filter(Exists(running), ~suspended),
            str(Verdict.SUSPENDED): current.filter(suspended),
            str(Verdict.REVOKED): queryset.filter(revoked_at__isnull=False),
            "other": current.filter(~Exists(running)),
        }
        return found.get(str(self.value()), queryset)


class BadgeRegister(DecidedRegister):
    """Whose code is which, what it says today, and what was signed under it."""

    model = Badge
    decisions = DECISIONS
    argument = "badge"
    menu_label = gettext_lazy("Значки партнёров")
    menu_item_name = "badges"
    menu_icon = "success"
    permission_helper_class = NeverMadeHere
    search_handler_class = CodeSearchHandler
    list_display = ("written_code", "partner", "product_line", "level", "verdict", "issued_at")
    list_filter = (StateFilter, ("product_line", RelatedFilter), "issued_at")
    search_fields = ("code", "partner__name_ru", "partner__name_en", "partner__inn", "partner__slug")
    export_fields = (
        "written_code", "partner", "inn", "product_line", "level", "since", "until", "verdict_label", "issued_at",
        "revoked_at", "reason",
    )  # fmt: skip
    export_filename = "badges"
    inspect_view_fields = [
        "written_code", "partner", "product_line", "level", "since", "until", "verdict_label", "credentials",
        "issued_at", "issued_by", "replaces", "replaced_by", "revoked_at", "revoked_by", "reason",
    ]  # fmt: skip

    def get_queryset(self, request: Any) -> QuerySet[Badge]:
        return with_history(super().get_queryset(request)).select_related("partner", "product_line", "replaced_by")

    @display(description=gettext_lazy("код"), ordering="code")
    def written_code(self, badge: Badge) -> str:
        """As it is printed."""
        return codes.written(badge.code)

    @display(description=gettext_lazy("ИНН"))
    def inn(self, badge: Badge) -> str:
        """The partner's."""
        return badge.partner.inn

    @display(description=gettext_lazy("уровень"))
    def level(self, badge: Badge) -> str:
        """The one that it speaks of today."""
        level = _shown(badge).level
        return said(level.short_name) if level else ""

    @display(description=gettext_lazy("с"))
    def since(self, badge: Badge) -> Any:
        """The first day of this level without a break."""
        since = _shown(badge).since
        return since.strftime(DAY) if since else ""

    @display(description=gettext_lazy("по"))
    def until(self, badge: Badge) -> Any:
        """The last day."""
        until = _shown(badge).until
        return until.strftime(DAY) if until else ""

    @display(description=gettext_lazy("состояние"))
    def verdict(self, badge: Badge) -> str:
        """What it says today."""
        shown = _shown(badge)
        return state_mark(VERDICT_LABELS[shown.verdict], is_primary=shown.is_valid)

    @display(description=gettext_lazy("состояние"))
    def verdict_label(self, badge: Badge) -> str:
        """What it says today, in words."""
        return str(VERDICT_LABELS[_shown(badge).verdict])

    @display(description=gettext_lazy("заменён на"))
    def replaced_by(self, badge: Badge) -> str:
        """The one that was issued in its place."""
        return "" if _is_last(badge) else str(badge.replaced_by)

    @display(description=gettext_lazy("свидетельства"))
    def credentials(self, badge: Badge) -> str:
        """Everything that was signed under the code, the newest first."""
        rows = badge.credentials.select_related("level", "membership")
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((_told(row),) for row in rows)))


def _shown(badge: Badge) -> Shown:
    """What it says today, worked out once for a row."""
    if not hasattr(badge, "shown_today"):
        badge.shown_today = shown_on(badge)  # type: ignore[attr-defined]
    return badge.shown_today  # type: ignore[attr-defined, no-any-return]


def _told(row: Credential) -> str:
    """A credential in a line."""
    words = {
        "level": said(row.level.short_name),
        "starts": row.membership.starts.strftime(DAY),
        "until": row.membership.until.strftime(DAY),
        "index": row.index,
        "issued": localtime(row.issued_at).strftime(DAY),
    }
    told = _("%(level)s, с %(starts)s по %(until)s; № %(index)s, подписано %(issued)s") % words
    if row.closed_at is None:
        return told
    closing = {"how": row.get_closed_how_display(), "on": localtime(row.closed_at).strftime(DAY)}
    return told + _("; %(how)s %(on)s") % closing


badge_register = BadgeRegister()
