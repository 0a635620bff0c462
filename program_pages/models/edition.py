"""The terms edition: the whole programme as data, from draft through approval to the day it takes effect.

An edition is a snippet with revisions and a workflow. *Published* means approved; which published
edition is *in force* is decided by the day alone: the latest one whose ``effective_from`` has come
(R83). Once in force it is immutable, here and in the database (see ``program_pages.immutability``);
a change is a new edition, made by ``program_pages.actions.editions.copy_edition``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.locks import BaseLock
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from program_pages.bilingual import paired, said
from program_pages.models.fields import WHOLE, PercentField
from program_pages.models.level import Level
from program_pages.rules.terms import (
    CeilingScope,
    DemoLicencesPer,
    NoImplementations,
    OwnUseWithoutMinimum,
    Rounding,
    ServicesBase,
    UpdatesShareRule,
)


def programme_day() -> date:
    """Today where the programme's year turns (A11), by the site's ``PROGRAMME_TIME_ZONE``."""
    return programme_day_of(timezone.now())


def programme_day_of(moment: datetime) -> date:
    """The day of a moment where the programme's year turns (A11)."""
    return moment.astimezone(ZoneInfo(settings.PROGRAMME_TIME_ZONE)).date()


def validate_time_zone(value: str) -> None:
    """Refuses a name that the time-zone database does not know."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("Такого часового пояса нет: %(name)s."), params={"name": value}) from error


# The fields that say how an edition reads what the source leaves open, each one value or a switch (A2-A9).
READING_FIELDS = (
    "ceiling_scope",
    "own_use_without_minimum",
    "updates_share_rule",
    "demo_licences_per",
    "no_implementations",
    "level_change_within_year",
    "all_joining_steps_required",
    "services_base",
    "rounding",
)


class EditionQuerySet(models.QuerySet["TermsEdition"]):
    """Editions by where they are in their life."""

    def published(self) -> Self:
        """Approved editions, in force or to come."""
        return self.filter(live=True)

    def taken_effect(self, day: date) -> Self:
        """Published editions whose date has come by this day, latest first."""
        return self.published().filter(effective_from__lte=day).order_by("-effective_from")

    def approved_by(self, moment: datetime) -> Self:
        """Those whose last approval was before a moment."""
        return self.filter(approved_at__lt=moment)

    def upcoming(self, day: date) -> Self:
        """Published editions that take effect after this day, soonest first."""
        return self.published().filter(effective_from__gt=day).order_by("effective_from")

    def in_force(self, day: date) -> TermsEdition | None:
        """The one edition in force on a day, or None before the first."""
        return self.taken_effect(day).first()


class TermsEdition(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """One edition of the programme's terms (R83): texts, numbers, and the readings A1-A12."""

    name_ru = models.CharField(_("название редакции"), max_length=150)
    name_en = models.CharField(_("название редакции на английском"), max_length=150, blank=True)
    effective_from = models.DateField(
        _("действует с"), help_text=_("С этого дня по московскому времени (R83). Двух редакций с одного дня не бывает.")
    )
    introduction_ru = models.TextField(_("вступление"), blank=True)
    introduction_en = models.TextField(_("вступление на английском"), blank=True)
    closing_ru = models.TextField(_("заключение"), blank=True)
    closing_en = models.TextField(_("заключение на английском"), blank=True)

    ceiling = PercentField(
        _("потолок, %"), help_text=_("Предел скидки вместе с бонусами (R75); что он ограничивает — A2.")
    )
    own_use_cap = PercentField(
        _("лицензии для себя: скидка до, %"), help_text=_("R17, R48; как считается — прочтение A3.")
    )
    updates_percent = PercentField(_("обновления, % от лицензий"), help_text=_("R53; база — прочтение A9."))
    extended_support_percent = PercentField(
        _("расширенная техподдержка, % от лицензий"), help_text=_("R54; база — прочтение A9.")
    )
    bonuses_until = models.DateField(
        _("акция с бонусами действует по"),
        null=True,
        blank=True,
        help_text=_("R79: последний день, когда бонусы можно запросить и использовать. Пусто — срок не назначен."),
    )
    currency = models.CharField(
        _("валюта"),
        max_length=3,
        default="RUB",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Три латинские буквы кода валюты, например RUB."))],
        help_text=_("Прочтение A10."),
    )
    prices_include_vat = models.BooleanField(_("цены включают НДС"), default=False, help_text=_("Прочтение A10."))
    vat_note_ru = models.CharField(_("примечание об НДС"), max_length=200, blank=True)
    vat_note_en = models.CharField(_("примечание об НДС на английском"), max_length=200, blank=True)

    ceiling_scope = models.CharField(
        _("A2: что ограничивает потолок"),
        max_length=30,
        choices=[
            (CeilingScope.DISCOUNT_AND_BONUSES.value, _("скидку вместе с бонусами")),
            (CeilingScope.BONUSES_ONLY.value, _("только бонусы")),
        ],
        default=CeilingScope.DISCOUNT_AND_BONUSES.value,
        help_text=_("R75: бонусы «суммируются с партнёрской скидкой», поэтому потолок общий."),
    )
    own_use_without_minimum = models.CharField(
        _("A3: лицензии для себя без минимальной цены"),
        max_length=30,
        choices=[
            (OwnUseWithoutMinimum.RANGE.value, _("диапазон от скидки уровня до предела")),
            (OwnUseWithoutMinimum.PARTNER_DISCOUNT.value, _("только скидка уровня")),
        ],
        default=OwnUseWithoutMinimum.RANGE.value,
        help_text=_("R48: без минимальной цены точного числа нет, честный ответ — диапазон."),
    )
    updates_share_rule = models.CharField(
        _("A4: доля «до» от обновлений"),
        max_length=30,
        choices=[
            (UpdatesShareRule.AGREED_ONLY.value, _("только по согласованной доле, иначе диапазон")),
            (UpdatesShareRule.MAXIMUM.value, _("по наибольшей доле")),
        ],
        default=UpdatesShareRule.AGREED_ONLY.value,
        help_text=_("R33: «до» не обещает наибольшего."),
    )
    demo_licences_per = models.CharField(
        _("A5: лицензия для показа — на кого"),
        max_length=30,
        choices=[
            (DemoLicencesPer.PARTNER.value, _("одна на партнёра")),
            (DemoLicencesPer.PRODUCT.value, _("одна на каждый продукт")),
        ],
        default=DemoLicencesPer.PARTNER.value,
        help_text=_("R49: «Партнер получает одну лицензию»."),
    )
    no_implementations = models.CharField(
        _("A6: отзывы, когда внедрений не было"),
        max_length=30,
        choices=[
            (NoImplementations.NOT_APPLICABLE.value, _("требование неприменимо")),
            (NoImplementations.NOT_MET.value, _("требование не выполнено")),
        ],
        default=NoImplementations.NOT_APPLICABLE.value,
        help_text=_("R31: доля от нуля не считается. Порог активностей (R30) — в самих требованиях."),
    )
    level_change_within_year = models.BooleanField(
        _("A7: уровень можно сменить в течение года"),
        default=True,
        help_text=_("R12: один уровень на линейку продуктов и год; смена закрывает одно участие и открывает другое."),
    )
    all_joining_steps_required = models.BooleanField(
        _("A8: для участия нужны все три шага"), default=True, help_text=_("R80: регистрация, соглашение, договор.")
    )
    services_base = models.CharField(
        _("A9: база поддержки и обновлений"),
        max_length=30,
        choices=[
            (ServicesBase.FINAL_PRICE.value, _("сколько конечный клиент платит за лицензии")),
            (ServicesBase.LIST_PRICE.value, _("цена по прайс-листу")),
        ],
        default=ServicesBase.FINAL_PRICE.value,
        help_text=_("R51, R53, R54: после скидки клиенту (R50)."),
    )
    rounding = models.CharField(
        _("A10: округление строки до копейки"),
        max_length=30,
        choices=[
            (Rounding.HALF_UP.value, _("половина — вверх")),
            (Rounding.HALF_EVEN.value, _("половина — к чётному")),
        ],
        default=Rounding.HALF_UP.value,
        help_text=_("Итоги — суммы округлённых строк."),
    )
    time_zone = models.CharField(
        _("A11: где сменяется год"),
        max_length=50,
        default="Europe/Moscow",
        validators=[validate_time_zone],
        help_text=_("R44: участие — до 31 декабря; год сменяется в полночь этого пояса."),
    )
    renewal_opens_month = models.PositiveSmallIntegerField(
        _("A11: месяц начала продления"), default=11, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    renewal_opens_day = models.PositiveSmallIntegerField(
        _("A11: день начала продления"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    grace_days = models.PositiveSmallIntegerField(
        _("A11: льготных дней после 31 декабря"), default=0, validators=[MaxValueValidator(366)]
    )
    mark_sample_prices = models.BooleanField(
        _("A12: предупреждать об условных ценах"),
        default=True,
        help_text=_("В источнике нет цен: пока прайс-лист образец, об этом говорит каждая страница и расчёт."),
    )

    approved_at = models.DateTimeField(_("утверждена"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("утвердил"),
    )

    # Levels are held by protected foreign keys; indexing would read the whole edition again for each of its rows.
    wagtail_reference_index_ignore = True

    objects = EditionQuerySet.as_manager()

    search_fields = [
        index.SearchField("name_ru"),
        index.AutocompleteField("name_ru"),
        index.SearchField("name_en"),
        index.FilterField("effective_from"),
    ]

    class Meta:
        verbose_name = _("редакция условий")
        verbose_name_plural = _("редакции условий")
        ordering = ["-effective_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["effective_from"],
                condition=Q(live=True),
                name="one_published_edition_per_day",
                violation_error_message=_("С этого дня уже действует другая утверждённая редакция."),
            ),
            models.CheckConstraint(
                condition=Q(own_use_cap__gte=0, own_use_cap__lte=WHOLE, ceiling__gte=0, ceiling__lte=WHOLE),
                name="edition_limits_are_percents",
            ),
            models.CheckConstraint(
                condition=Q(updates_percent__gte=0, updates_percent__lte=WHOLE)
                & Q(extended_support_percent__gte=0, extended_support_percent__lte=WHOLE),
                name="edition_services_are_percents",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False, live=True),
                name="edition_approval_names_its_approver",
            ),
        ]

    def __str__(self) -> str:
        return said(paired(self, "name"))

    @property
    def is_in_force_or_past(self) -> bool:
        """Published and its day has come: from then on nothing in it may change (R83)."""
        return bool(self.live and self.effective_from and self.effective_from <= programme_day())

    def clean(self) -> None:
        """Refuses a renewal day that some month lacks."""
        super().clean()
        try:
            date(2001, self.renewal_opens_month, self.renewal_opens_day)  # any year that is not a leap year
        except (TypeError, ValueError) as error:
            raise ValidationError({"renewal_opens_day": _("Такого дня в этом месяце нет.")}) from error

    # Bookkeeping of drafts and locks; everything else of an edition in force is frozen.
    MUTABLE_FIELDS = frozenset(
        {"latest_revision", "live_revision", "has_unpublished_changes", "locked", "locked_at", "locked_by"}
    )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; raises ValidationError where the stored edition is already in force."""
        if not self.MUTABLE_FIELDS.issuperset(kwargs.get("update_fields") or ["everything"]):
            self.refuse_when_in_force()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Deletes a draft; raises ValidationError where the edition is already in force."""
        self.refuse_when_in_force()
        return super().delete(*args, **kwargs)

    def refuse_when_in_force(self) -> None:
        """Raises ValidationError where the stored row is published and its day has come."""
        stored = TermsEdition.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.is_in_force_or_past:
            raise ValidationError(
                _("Редакция «%(name)s» уже вступила в силу и не меняется. Скопируйте её в новую редакцию."),
                code="in_force",
                params={"name": str(stored)},
            )

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Approves a revision (R83): checks it whole, publishes it, and records who approved and when.

        Raises ValidationError where the edition is incomplete, has no approver, or is already in force.
        """
        from program_pages.completeness import refuse_incomplete  # it reads this model

        with transaction.atomic():
            self.refuse_when_in_force()
            if user is None:
                raise ValidationError(_("У утверждения редакции должен быть автор."), code="approver_missing")
            refuse_incomplete(revision.as_object())
            edition = TermsEdition.objects.filter(pk=self.pk)
            edition.update(approved_at=None, approved_by=None)
            result = super().publish(revision, user=user, **kwargs)
            # Last, because from here on the database refuses changes once the day has come.
            edition.update(approved_at=timezone.now(), approved_by=user)
        return result

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        """Withdraws an edition before its day; raises ValidationError once it is in force."""
        with transaction.atomic():
            self.refuse_when_in_force()
            TermsEdition.objects.filter(pk=self.pk).update(approved_at=None, approved_by=None)
            self.approved_at = self.approved_by = None
            return super().unpublish(*args, **kwargs)

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> Any:
        """A revision's rows; one query finds the levels that still exist, where the check of a row would ask twice."""
        if check_fks:
            data = _of_known_levels(data, set(Level.objects.values_list("pk", flat=True)))
        return super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """A revision as an object; it is not approved until ``publish`` says so."""
        edition = super().with_content_json(content)
        edition.approved_at = edition.approved_by = None
        return edition

    def get_lock(self) -> BaseLock | None:
        """An edition in force is locked for everybody."""
        return InForceLock(self) if self.is_in_force_or_past else super().get_lock()

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "program_pages/terms_page.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The terms page as the public would see this draft."""
        from program_pages.models.pages import TermsPage
        from program_pages.terms import terms_of

        page = TermsPage.objects.live().filter(locale__language_code="ru").first() or TermsPage(title=str(self))
        request.programme_terms = terms_of(self)  # type: ignore[attr-defined]
        return page.get_context(request)


def _of_known_levels(data: dict[str, Any], levels: set[int]) -> dict[str, Any]:
    """Serialized rows without those of a level that has since been deleted."""
    return {
        name: [_of_known_levels(row, levels) for row in value if row.get("level") is None or row["level"] in levels]
        if isinstance(value, list)
        else value
        for name, value in data.items()
    }


class InForceLock(BaseLock):
    """Holds everybody off an edition that has taken effect."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> Any:
        return _("Редакция вступила в силу и не меняется. Чтобы изменить условия, скопируйте её в новую редакцию.")

    def get_description(self, user: Any) -> Any:
        return self.get_message(user)

    def get_locked_by(self, user: Any) -> Any:
        return _("Вступила в силу")
