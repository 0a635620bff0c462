"""What partners were told of editions of the terms: each publication with its sums, each notice with its delivery.

Nothing is decided here: partners are told by the publication itself (R83).
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.models.edition_notice import EditionNotice, EditionRelease
from partner_directory.models.message import Delivery, Message
from partner_directory.news import words
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, NeverMadeHere
from program_pages.viewsets.register import RegisterIndexView, RelatedFilter

# Of several people's letters the one that tells most: that it has left, then that a manager must look.
ORDER = (
    Delivery.SENT, Delivery.UNKNOWN, Delivery.GIVEN_UP, Delivery.SENDING, Delivery.WAITING, Delivery.NO_LETTER,
)  # fmt: skip


class ReleaseRegister(DecidedRegister):
    """The publications of editions: how many partners were told, and how many have read it."""

    model = EditionRelease
    menu_label = gettext_lazy("Оповещения о редакциях")
    menu_item_name = "told-editions"
    menu_icon = "history"
    permission_helper_class = NeverMadeHere
    list_display = ("edition", "effective_from", "released_at", "shown_state", "told", "touched", "read", "share_read")
    list_select_related = ("edition", "released_by")
    inspect_view_fields = [
        "edition", "effective_from", "released_at", "released_by", "shown_state", "told_at", "told", "touched", "read",
        "share_read", "withdrawn_at", "withdrawal_told_at", "replaced_at", "shown_notices",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest | None) -> QuerySet[EditionRelease]:
        """With the sums of each release's notices."""
        notices = EditionNotice.objects.filter(release=OuterRef("pk")).order_by().values("release")

        def count(*conditions: Q) -> Subquery:
            return Subquery(notices.filter(*conditions).annotate(n=Count("pk")).values("n"))

        rows: QuerySet[EditionRelease] = super().get_queryset(request)
        return rows.annotate(
            notices_count=count(), touched_count=count(Q(touches=True)), read_count=count(Q(read_at__isnull=False))
        )

    @display(description=gettext_lazy("состояние"))
    def shown_state(self, release: EditionRelease) -> SafeString:
        """How far the telling has come."""
        if release.withdrawn_at:
            said = _("отозвана, все знают") if release.withdrawal_told_at else _("отозвана, оповещаем")
            return state_mark(said, is_primary=not release.withdrawal_told_at)
        if release.replaced_at:
            return state_mark(_("опубликована заново"), is_primary=False)
        return state_mark(_("оповещены все") if release.told_at else _("оповещаем"), is_primary=not release.told_at)

    @display(description=gettext_lazy("извещений"))
    def told(self, release: Any) -> int:
        """How many notices there are."""
        return release.notices_count or 0

    @display(description=gettext_lazy("касается"))
    def touched(self, release: Any) -> int:
        """For how many of them something changes."""
        return release.touched_count or 0

    @display(description=gettext_lazy("прочитали"))
    def read(self, release: Any) -> int:
        """How many were opened."""
        return release.read_count or 0

    @display(description=gettext_lazy("доля прочитавших"))
    def share_read(self, release: Any) -> str:
        """Of all that were told, in whole percent."""
        return share(release.read_count or 0, release.notices_count or 0)

    @display(description=gettext_lazy("извещения партнёров"))
    def shown_notices(self, release: EditionRelease) -> SafeString:
        """The way to them."""
        url = f"{notice_register.url_helper.index_url}?{ReleaseFilter.parameter_name}={release.pk}"
        return format_html('<a href="{}">{}</a>', url, _("Все извещения этой публикации"))


def share(part: int, whole: int) -> str:
    """So many of so many, in whole percent; a dash of nothing."""
    return f"{100 * part // whole} %" if whole else "—"


class ReleaseFilter(SimpleListFilter):
    """By publication of an edition."""

    title = gettext_lazy("редакция")
    parameter_name = "release"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        rows = EditionRelease.objects.select_related("edition")
        return [(str(row.pk), f"{row.edition} · {timezone.localdate(row.released_at):%d.%m.%Y}") for row in rows]

    def queryset(self, request: Any, queryset: QuerySet[EditionNotice]) -> QuerySet[EditionNotice]:
        """The notices of it; all for what is no number."""
        value = self.value() or ""
        return queryset.filter(release=int(value)) if value.isdecimal() and len(value) < 10 else queryset


class LetterFilter(SimpleListFilter):
    """By where the letters of a notice are."""

    title = gettext_lazy("письмо")
    parameter_name = "delivery"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Delivery.choices)

    def queryset(self, request: Any, queryset: QuerySet[EditionNotice]) -> QuerySet[EditionNotice]:
        """The notices with a letter there; all for a place that does not exist."""
        value = self.value()
        if value not in Delivery.values:
            return queryset
        letters = Message.objects.in_delivery(str(value), timezone.now())
        return queryset.filter(pk__in=EditionNotice.objects.with_letter(letters).values("pk"))


class ReadFilter(SimpleListFilter):
    """By whether somebody of the company has opened it."""

    title = gettext_lazy("прочитано")
    parameter_name = "read"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("да")), ("no", _("нет"))]

    def queryset(self, request: Any, queryset: QuerySet[EditionNotice]) -> QuerySet[EditionNotice]:
        """Those that were opened, or not; all for another value."""
        unread = {"yes": False, "no": True}.get(self.value() or "")
        return queryset if unread is None else queryset.filter(read_at__isnull=unread)


class NoticeIndexView(RegisterIndexView):
    """The list, with the share of those of it that were read."""

    @cached_property
    def read_share(self) -> dict[str, Any]:
        """Of what is filtered: how many there are, how many were read."""
        rows = EditionNotice.objects.filter(
            pk__in=self.queryset.order_by().values("pk")
        )  # where letters are costs time
        found = rows.aggregate(told=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
        return found | {"share": share(found["read"], found["told"])}


class NoticeRegister(DecidedRegister):
    """Who was told of which edition, whether the letter has left, who has read it and when."""

    model = EditionNotice
    menu_label = gettext_lazy("Извещения о редакциях")
    menu_item_name = "edition-notices"
    menu_icon = "mail"
    permission_helper_class = NeverMadeHere
    index_view_class = NoticeIndexView
    index_template_name = "partner_directory/admin/edition_notices.html"
    list_display = ("partner", "edition", "level", "is_touched", "shown_delivery", "read_at", "read_by")
    list_filter = (ReleaseFilter, ("level", RelatedFilter), LetterFilter, ReadFilter, "touches", "created_at")
    list_select_related = ("partner", "release__edition", "level", "read_by")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn")
    inspect_view_fields = [
        "partner", "edition", "level", "touches", "created_at", "shown_letters", "read_at", "read_by", "taken_back_at",
        "shown_changes", "shown_fixed", "shown_sale", "shown_talks",
    ]  # fmt: skip
    export_fields = (
        "edition", "partner", "level", "touches", "created_at", "delivery", "read_at", "read_by", "taken_back_at",
    )  # fmt: skip
    export_filename = "edition-notices"

    def get_queryset(self, request: HttpRequest | None) -> QuerySet[EditionNotice]:
        """With where the letters of each are, which one query finds for a whole page."""
        now = timezone.now()
        letters = {place: Message.objects.in_delivery(place, now).filter(key=OuterRef("key")) for place in ORDER}
        rows: QuerySet[EditionNotice] = super().get_queryset(request)
        return rows.annotate(**{f"is_{place.value}": Exists(found) for place, found in letters.items()})

    @display(description=gettext_lazy("редакция"), ordering="release__effective_from")
    def edition(self, notice: EditionNotice) -> str:
        """Of which edition it tells."""
        return str(notice.release.edition)

    @display(description=gettext_lazy("касается партнёра"), ordering="touches")
    def is_touched(self, notice: EditionNotice) -> str:
        """Whether anything changes for the partner."""
        return _("да") if notice.touches else _("нет")

    @display(description=gettext_lazy("письмо"))
    def shown_delivery(self, notice: EditionNotice) -> SafeString:
        """Where its letter is, standing out where a manager has to look."""
        place = _place(notice)
        troubled = place in {Delivery.UNKNOWN, Delivery.GIVEN_UP}
        return state_mark(place.label, is_primary=troubled) if place else SafeString("—")

    @display(description=gettext_lazy("письмо"))
    def delivery(self, notice: EditionNotice) -> str:
        """The same, for the export."""
        place = _place(notice)
        return str(place.label) if place else ""

    @display(description=gettext_lazy("письма"))
    def shown_letters(self, notice: EditionNotice) -> SafeString:
        """Each reader's letter, with the way to it."""
        rows = Message.objects.filter(key=notice.key).select_related("user").order_by("pk")
        return format_html_join(
            "",
            '<div><a href="{}">{}</a> · {}</div>',
            (
                (reverse("partner_directory_message_modeladmin_inspect", args=[row.pk]), row.email or row.user, label)
                for row in rows
                for label in [row.delivery.label]
            ),
        )

    @display(description=gettext_lazy("что меняется"))
    def shown_changes(self, notice: EditionNotice) -> SafeString:
        """What the partner was told."""
        lines = (f"{each.label}: {each.before} → {each.after}" for each in words.differences_of(notice.news))
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    @display(description=gettext_lazy("что держит соглашение"))
    def shown_fixed(self, notice: EditionNotice) -> SafeString:
        """The numbers that an agreement keeps from changing."""
        rows = (
            (each.label, each.own, each.before, each.after, f"{each.until:%d.%m.%Y}" if each.until else "—")
            for each in words.fixed_of(notice.news)
        )
        return format_html_join("", "<div>{}: {} ({} → {}) · {}</div>", rows)

    @display(description=gettext_lazy("последняя продажа заново"))
    def shown_sale(self, notice: EditionNotice) -> SafeString:
        """Its lines, old and new."""
        sale = notice.news.sale
        lines = words.sale_lines(sale) if sale else []
        return format_html_join("", "<div>{}: {} → {}</div>", ((each.label, each.before, each.after) for each in lines))

    @display(description=gettext_lazy("разговоры"))
    def shown_talks(self, notice: EditionNotice) -> SafeString:
        """The talks about it."""
        return format_html_join(
            "",
            '<div><a href="{}">{}</a> · {}</div>',
            (
                (reverse("partner_directory_talk_modeladmin_inspect", args=[talk.pk]), talk, talk.get_state_display())
                for talk in notice.talks.select_related("partner")
            ),
        )


def _place(notice: EditionNotice) -> Delivery | None:
    """Where the letter is that tells most of a notice; None where there is none any more."""
    return next((place for place in ORDER if getattr(notice, f"is_{place.value}")), None)


release_register = ReleaseRegister()
notice_register = NoticeRegister()
