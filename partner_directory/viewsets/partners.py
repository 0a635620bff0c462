"""Partners in the admin: the listing with what they hold, the form by tabs, the export."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.images import get_image_model
from wagtail.models import WorkflowState
from wagtail.snippets.views.snippets import EditView

from partner_directory.completeness import completeness, gaps_of
from partner_directory.exchange.columns import BY_KEY, COLUMNS
from partner_directory.models.partner import Office, Partner, Reference
from partner_directory.viewsets.choosers import PartnerChooserViewSet
from partner_directory.viewsets.holdings import holdings_of, with_holdings
from partner_directory.viewsets.imports import ImportView
from partner_directory.viewsets.partner_filters import PartnerFilterSet
from partner_directory.viewsets.partner_panels import edit_handler
from partner_directory.viewsets.people import INVITE, PartnerPeopleView
from partner_directory.viewsets.standing import VIEW, PartnerStandingView
from program_pages.formats import BYTE_ORDER_MARK, safe_text
from program_pages.viewsets.base import ProgrammeViewSet
from program_pages.viewsets.catalogue import SearchedIndexView

THUMBNAIL = "max-96x40|format-webp|preserve-svg"
SEARCHED = ["name_ru", "name_en", "legal_name_ru", "legal_name_en", "inn", "slug"]


def logo_figure(partner: Partner) -> str:
    """The logo, small; an image whose file is lost is no reason to lose the listing."""
    if partner.logo is None:
        return ""
    try:
        rendition = partner.logo.get_rendition(THUMBNAIL)
    except OSError:
        return ""
    return render_to_string("partner_directory/admin/logo.html", {"logo": rendition})


def levels_figure(partner: Partner) -> str:
    """What the partner holds: shape, name and state of each."""
    return render_to_string("partner_directory/admin/holdings.html", {"holdings": holdings_of(partner)})


def expiry(partner: Partner) -> str:
    """The last day of what the partner holds."""
    day = partner.expires  # type: ignore[attr-defined]
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def main_region(partner: Partner) -> str:
    """The region of the main office; of a partner without an office, the first of its presence."""
    offices, regions = list(partner.offices.all()), list(partner.regions.all())
    return str(offices[0].city.region) if offices else str(regions[0]) if regions else ""


def profile_state(partner: Partner) -> str:
    """Where the profile is on its way to the public, by what ``get_queryset`` annotated."""
    if partner.is_waiting:  # type: ignore[attr-defined]
        return _("ждёт проверки")
    if partner.is_scheduled:  # type: ignore[attr-defined]
        return _("запланирован")
    if partner.live:
        return _("опубликован, есть правки") if partner.has_unpublished_changes else _("опубликован")
    return _("черновик")


def fullness(partner: Partner) -> str:
    """How full the profile is: as published, or as its draft is."""
    listing = getattr(partner, "listing", None)
    value = listing.completeness if partner.live and listing else completeness(gaps_of(partner))
    return f"{value} %"


class PartnerIndexView(SearchedIndexView):
    """The listing; its export needs a permission of its own and holds no formulas."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export and not self.may_export:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    @property
    def may_export(self) -> bool:
        """Whether the user may take the whole list away."""
        return bool(self.request.user.has_perm("partner_directory.export_partner"))

    @cached_property
    def show_export_buttons(self) -> bool:
        return self.may_export

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if self.request.user.has_perm("partner_directory.import_partner"):
            url = reverse(Partner.snippet_viewset.get_url_name("import"))  # type: ignore[attr-defined]
            buttons = [*buttons, Button(_("Загрузить из таблицы"), url=url, icon_name="upload", priority=110)]
        return buttons

    def get_list_more_buttons(self, instance: Partner) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("partner_directory.add_membership"):
            buttons.append(Button(_("Присвоить уровень"), url=grant_url(instance), icon_name="plus", priority=15))
        return [*buttons, *people_buttons(self.request.user, instance)]

    def get_heading(self, queryset: QuerySet[Partner], field: str) -> str:
        return capfirst(str(BY_KEY[field].label))

    def to_row_dict(self, item: Partner) -> OrderedDict[str, Any]:
        return OrderedDict((column.key, safe_text(column.shown(item))) for column in COLUMNS)

    def stream_csv(self, queryset: QuerySet[Partner]) -> Iterator[bytes]:
        """Line by line; by the mark spreadsheets know that the file is UTF-8."""
        yield BYTE_ORDER_MARK.encode()
        yield from super().stream_csv(queryset)


class PartnerEditView(EditView):
    """The form, with the ways to the partner's people and to how it stands."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        user, partner = self.request.user, self.object
        return [*super().header_more_buttons, *people_buttons(user, partner), *standing_buttons(user, partner)]


def people_buttons(user: Any, partner: Partner) -> list[Button]:
    """The way to a partner's people, for those who may invite."""
    if not user.has_perm(INVITE):
        return []
    url = reverse(Partner.snippet_viewset.get_url_name("people"), args=[partner.pk])  # type: ignore[attr-defined]
    return [Button(_("Люди партнёра"), url=url, icon_name="user", priority=16)]


def standing_buttons(user: Any, partner: Partner) -> list[Button]:
    """The way to how a partner stands, for those who decide on levels."""
    if not user.has_perm(VIEW):
        return []
    url = reverse(Partner.snippet_viewset.get_url_name("standing"), args=[partner.pk])  # type: ignore[attr-defined]
    return [Button(_("Положение партнёра"), url=url, icon_name="tasks", priority=17)]


def grant_url(partner: Partner) -> str:
    """Where a level is granted to a partner."""
    return f"{reverse('partner_directory_membership_modeladmin_create')}?partner={partner.pk}"


class PartnerViewSet(ProgrammeViewSet):
    """Partners' profiles (R1, R11): drafted, checked, published."""

    model = Partner
    icon = "group"
    menu_label = gettext_lazy("Партнёры")
    edit_handler = edit_handler
    index_view_class = PartnerIndexView
    edit_view_class = PartnerEditView
    chooser_viewset_class = PartnerChooserViewSet
    copy_view_enabled = False
    filterset_class = PartnerFilterSet
    search_fields = SEARCHED
    list_export = [column.key for column in COLUMNS]
    export_filename = "partners"
    ordering = ["name_ru", "pk"]
    list_display = [
        "name_ru",
        Column("logo", label=gettext_lazy("Логотип"), accessor=logo_figure),
        Column("levels", label=gettext_lazy("Уровень"), accessor=levels_figure),
        Column("expires", label=gettext_lazy("По"), accessor=expiry, sort_key="expires"),
        Column("region", label=gettext_lazy("Регион"), accessor=main_region),
        Column("fullness", label=gettext_lazy("Заполнено"), accessor=fullness, sort_key="listing__completeness"),
        StatusTagColumn(
            "profile", label=gettext_lazy("Профиль"), accessor=profile_state, primary=lambda partner: partner.live
        ),
    ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_index_view_kwargs(**kwargs), "add_item_label": gettext_lazy("Добавить партнёра")}

    def get_urlpatterns(self) -> list[Any]:
        """The import stands beside the listing, a partner's people and standing beside its form."""
        return [
            *super().get_urlpatterns(),
            path("import/", self.construct_view(ImportView), name="import"),
            path("<int:pk>/people/", PartnerPeopleView.as_view(), name="people"),
            path("<int:pk>/standing/", PartnerStandingView.as_view(), name="standing"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        """Partners with all that a row shows, in a constant number of queries."""
        waiting = WorkflowState.objects.active().filter(
            base_content_type=ContentType.objects.get_for_model(Partner),
            object_id=Cast(OuterRef("pk"), CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
        scheduled = Partner.objects.filter(pk=OuterRef("pk"), _revisions__approved_go_live_at__isnull=False)
        logos = get_image_model().objects.prefetch_renditions(THUMBNAIL)
        return with_holdings(
            Partner.objects.annotate(is_waiting=Exists(waiting), is_scheduled=Exists(scheduled))
            .select_related("listing")
            .prefetch_related(
                Prefetch("logo", logos),
                Prefetch("offices", Office.objects.select_related("city__region")),
                Prefetch("references", Reference.objects.all()),
                "regions",
                "products",
                "industries",
            )
        )
