"""How partners are narrowed in the admin: by level, state, region, completeness, and the state of the profile."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from partner_directory.models.geography import Region
from partner_directory.models.membership import STATUS_LABELS, Membership
from partner_directory.models.partner import Office, Partner
from partner_directory.viewsets.holdings import partners_in
from program_pages.models.edition import programme_day
from program_pages.models.level import Level

NO_LEVEL = "none"
BANDS = {
    "low": (_("меньше половины"), 0, 49),
    "middle": (_("больше половины"), 50, 79),
    "high": (_("почти всё"), 80, 99),
    "whole": (_("всё"), 100, 100),
}
PROFILES = {"live": _("опубликован"), "draft": _("черновик"), "changed": _("есть неопубликованные правки")}
BOXES = {"widget": forms.CheckboxSelectMultiple}


class PartnerFilterSet(WagtailFilterSet):
    """The filters of the listing."""

    level = django_filters.ModelMultipleChoiceFilter(
        label=_("Уровень"), queryset=Level.objects.all(), method="by_level", **BOXES
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Состояние"),
        choices=[*((str(key), label) for key, label in STATUS_LABELS.items()), (NO_LEVEL, _("уровня не было"))],
        method="by_status",
        **BOXES,
    )
    region = django_filters.ModelMultipleChoiceFilter(
        label=_("Регион"), queryset=Region.objects.all(), method="by_region", **BOXES
    )
    completeness = django_filters.ChoiceFilter(
        label=_("Заполнено"),
        choices=[(key, label) for key, (label, _low, _high) in BANDS.items()],
        method="by_completeness",
        widget=forms.RadioSelect,
    )
    profile = django_filters.ChoiceFilter(
        label=_("Профиль"), choices=list(PROFILES.items()), method="by_profile", widget=forms.RadioSelect
    )

    class Meta:
        model = Partner
        fields = ["level", "status", "region", "completeness", "profile", "is_sample"]

    def by_level(self, partners: QuerySet[Partner], _name: str, levels: Any) -> QuerySet[Partner]:
        """Those who hold one of the levels today."""
        if not levels:
            return partners
        holding = Membership.objects.running(programme_day()).filter(level__in=levels)
        return partners.filter(pk__in=holding.values("partner"))

    def by_status(self, partners: QuerySet[Partner], _name: str, statuses: list[str]) -> QuerySet[Partner]:
        """Those whose membership that counts is in one of the states."""
        if not statuses:
            return partners
        found = partners_in(partners, [status for status in statuses if status != NO_LEVEL])
        if NO_LEVEL in statuses:
            found = found | partners.filter(counting_pk__isnull=True)
        return found

    def by_region(self, partners: QuerySet[Partner], _name: str, regions: Any) -> QuerySet[Partner]:
        """Those with an office or a presence in one of the regions."""
        if not regions:
            return partners
        offices = Office.objects.filter(city__region__in=regions).values("partner")
        present = Partner.regions.through.objects.filter(region__in=regions).values("partner")
        return partners.filter(Q(pk__in=offices) | Q(pk__in=present))

    def by_completeness(self, partners: QuerySet[Partner], _name: str, band: str) -> QuerySet[Partner]:
        """Published profiles as full as the band says."""
        _label, low, high = BANDS[band]
        return partners.filter(listing__shown=True, listing__completeness__range=(low, high))

    def by_profile(self, partners: QuerySet[Partner], _name: str, profile: str) -> QuerySet[Partner]:
        """Published ones, drafts, or published ones with a newer draft."""
        if profile == "changed":
            return partners.filter(live=True, has_unpublished_changes=True)
        return partners.filter(live=profile == "live")
