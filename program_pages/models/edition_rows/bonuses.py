"""What an edition pays: bonuses, and the points of each at each level."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from program_pages.bilingual import paired, said
from program_pages.models.fields import ClauseCodeField, PercentField, percent_between
from program_pages.models.level import Level
from program_pages.rules.terms import BonusMeasure


class Bonus(ClusterableModel, Orderable):
    """A reward in percentage points (R70-R75)."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="bonuses")
    key = models.SlugField(_("код"), max_length=50)
    measure = models.CharField(
        _("за что"),
        max_length=30,
        choices=[
            (BonusMeasure.REVIEWS_SHARE.value, _("доля отзывов, % от внедрений (R71)")),
            (BonusMeasure.SALES_PLAN.value, _("выполненный план продаж (R72)")),
            (BonusMeasure.EXTRA_SPECIALISTS.value, _("специалисты сверх требований, человек (R73)")),
            (BonusMeasure.EVENT_ATTENDED.value, _("участие в мероприятии (R74)")),
            (BonusMeasure.EVENT_HOSTED.value, _("своё мероприятие (R74)")),
            (BonusMeasure.OTHER.value, _("иное, подтверждает менеджер")),
        ],
    )
    title_ru = models.CharField(_("бонус"), max_length=200)
    title_en = models.CharField(_("бонус на английском"), max_length=200, blank=True)
    clause = ClauseCodeField(_("пункт"))
    threshold = models.DecimalField(
        _("порог"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Процентов или человек — по тому, за что бонус; пусто, где порога нет."),
    )
    strict = models.BooleanField(
        _("строго больше порога"),
        default=False,
        help_text=_("«Более» порога (R71) — строго: ровно порог не даёт бонуса."),
    )
    only_if_agreed = models.BooleanField(
        _("только если согласовано"), default=False, help_text=_("Без согласованного плана бонус неприменим (R72).")
    )
    group = models.SlugField(
        _("группа"), max_length=50, blank=True, help_text=_("Бонусы одного рода, например events.")
    )
    highest_of_group = models.BooleanField(
        _("из группы — только высший"),
        default=False,
        help_text=_("Прочтение A1: из бонусов группы действует высший (R74)."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("бонус")
        verbose_name_plural = _("бонусы")
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="one_bonus_per_edition_and_key"),
            models.CheckConstraint(
                condition=Q(highest_of_group=False) | ~Q(group=""), name="highest_of_group_names_its_group"
            ),
        ]

    def __str__(self) -> str:
        return said(paired(self, "title"))


class BonusPoints(models.Model):
    """How many points a bonus brings at one level; no row, or none, where it brings nothing."""

    bonus = ParentalKey(Bonus, on_delete=models.CASCADE, related_name="points")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    points = PercentField(_("баллы, п. п."), null=True, blank=True)

    class Meta:
        verbose_name = _("баллы бонуса")
        verbose_name_plural = _("баллы бонусов")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bonus", "level"], name="one_points_row_per_bonus_and_level"),
            percent_between("points", "bonus_points_are_a_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.bonus} · {self.level}"
