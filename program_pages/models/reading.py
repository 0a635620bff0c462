"""The register of readings: where the source leaves room, how it may be read, and what was decided by whom and when.

A reading's text may be mended; a decision may not. Whether a reading is decided on a day is told by the rows of
``ReadingDecision`` alone: the last one of that day or before. They are written by ``program_pages.actions.readings``,
and the database refuses to change or delete them (``program_pages.immutability``).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, RevisionMixin

from program_pages.bilingual import paired, paired_panel, said
from program_pages.models.edition import READING_FIELDS, TermsEdition, programme_day
from program_pages.models.fields import split_codes, validate_codes
from program_pages.rules.ranges import HighestOfGroup, Setting
from program_pages.rules.terms import Text

HIGHEST_OF_GROUP = Setting.HIGHEST_OF_GROUP.value
YES, NO = "yes", "no"  # how an alternative writes a setting that is a switch

# The fields of an edition that alternatives may name a value of; A1 is set in the rows of bonuses.
SETTINGS = {
    HIGHEST_OF_GROUP: _("бонусы одной группы"),
    **{name: TermsEdition._meta.get_field(name).verbose_name for name in (*READING_FIELDS, "mark_sample_prices")},
}


def values_of(setting: str) -> list[str]:
    """What an alternative may write for a setting, in the edition's own order; nothing where no setting is named."""
    if not setting:
        return []
    if setting == HIGHEST_OF_GROUP:
        return [value.value for value in HighestOfGroup]
    choices = TermsEdition._meta.get_field(setting).choices
    return [str(value) for value, _label in choices] if choices else [YES, NO]


def switch_text(value: bool) -> str:
    """A switch as an alternative writes it."""
    return YES if value else NO


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings by what is decided of them."""

    def undecided(self, day: date) -> Self:
        """Those that were in the register on a day, and that nobody had decided by then."""
        decisions = ReadingDecision.objects.filter(reading=OuterRef("pk"), decided_on__lte=day).order_by("-number")
        stands = self.filter(opened_on__lte=day).annotate(last=Subquery(decisions.values("kind")[:1]))
        return stands.filter(Q(last__isnull=True) | Q(last=ReadingDecision.Kind.REOPENED))


class Reading(RevisionMixin, ClusterableModel):
    """A place where the source can be read in more ways than one (A1-A12, and those to come)."""

    code = models.CharField(
        _("код"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^A[1-9]\d*\Z", _("Латинская A и номер, например A13."))],
        help_text=_("Не меняется: по нему прочтение находят на странице условий."),
    )
    title_ru = models.CharField(_("о чём"), max_length=150)
    title_en = models.CharField(_("о чём, на английском"), max_length=150)
    source_ru = models.TextField(
        _("слова источника"), help_text=_("Как сказано в программе. Числа — подстановками, например {edition.ceiling}.")
    )
    source_en = models.TextField(_("слова источника на английском"))
    clauses = models.CharField(
        _("пункты"), max_length=200, validators=[validate_codes], help_text=_("Через запятую: R51, R53.")
    )
    setting = models.CharField(
        _("настройка редакции"),
        max_length=30,
        blank=True,
        choices=list(SETTINGS.items()),
        help_text=_("Что в редакции решает это прочтение; пусто, если настройки нет и прочтение — только слова."),
    )
    authority_ru = models.CharField(_("кто решает"), max_length=150, help_text=_("Должность, а не имя: её увидят все."))
    authority_en = models.CharField(_("кто решает, на английском"), max_length=150)
    opened_on = models.DateField(
        _("в реестре с"), default=programme_day, help_text=_("Расчёты на более ранние дни его не учитывают.")
    )

    objects = ReadingQuerySet.as_manager()

    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("clauses"), FieldPanel("opened_on")]),
        paired_panel("title"),
        paired_panel("source"),
        MultiFieldPanel(
            [
                FieldPanel("setting"),
                InlinePanel(
                    "alternatives",
                    panels=[paired_panel("text"), FieldPanel("value")],
                    heading=_("Как можно прочесть"),
                    label=_("прочтение"),
                    min_num=1,
                ),
            ],
            heading=_("Альтернативы"),
        ),
        paired_panel("authority"),
    ]

    class Meta:
        verbose_name = _("прочтение")
        verbose_name_plural = _("прочтения")
        ordering = ["pk"]
        permissions = [("decide_reading", _("Может решать о прочтениях"))]

    def __str__(self) -> str:
        return f"{self.code}. {said(self.title)}"

    @property
    def title(self) -> Text:
        """What it is about."""
        return paired(self, "title")

    @property
    def codes(self) -> list[str]:
        """The clauses it reads."""
        return split_codes(self.clauses)

    @property
    def number(self) -> int:
        """Its place in the register."""
        return int(self.code[1:])

    def decision_on(self, day: date) -> ReadingDecision | None:
        """The decision that stood on a day, None where none did. Of prefetched rows no question is asked."""
        by_then = [row for row in self.decisions.all() if row.decided_on <= day]
        last = max(by_then, key=lambda row: row.number, default=None)
        return last if last is not None and last.kind == ReadingDecision.Kind.DECIDED else None


class ReadingAlternative(Orderable):
    """One way to read; ``value`` is what the edition's setting would be."""

    reading = ParentalKey(Reading, on_delete=models.CASCADE, related_name="alternatives")
    text_ru = models.TextField(_("прочтение"))
    text_en = models.TextField(_("прочтение на английском"))
    value = models.CharField(_("значение настройки"), max_length=30, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("альтернатива")
        verbose_name_plural = _("альтернативы")
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "value"], condition=~Q(value=""), name="one_alternative_per_reading_and_value"
            )
        ]

    def __str__(self) -> str:
        return said(self.text)

    @property
    def text(self) -> Text:
        """The reading in both languages."""
        return paired(self, "text")


class ReadingDecision(models.Model):
    """That a reading was decided, or opened again: by whom, when and why; in the words of that day."""

    class Kind(models.TextChoices):
        """What was done."""

        DECIDED = "decided", _("решено")
        REOPENED = "reopened", _("открыто заново")

    reading = models.ForeignKey(
        Reading, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("прочтение")
    )
    number = models.PositiveSmallIntegerField(_("номер по порядку"))
    kind = models.CharField(_("что сделано"), max_length=10, choices=Kind)
    text_ru = models.TextField(_("как решено"), blank=True)
    text_en = models.TextField(_("как решено, на английском"), blank=True)
    value = models.CharField(_("значение настройки"), max_length=30, blank=True)
    reason_ru = models.TextField(_("почему"), blank=True)
    reason_en = models.TextField(_("почему, на английском"), blank=True)
    authority_ru = models.CharField(_("кем"), max_length=150)
    authority_en = models.CharField(_("кем, на английском"), max_length=150)
    decided_on = models.DateField(_("с какого дня"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("записал")
    )
    recorded_at = models.DateTimeField(_("записано"), default=timezone.now)

    class Meta:
        verbose_name = _("решение о прочтении")
        verbose_name_plural = _("решения о прочтениях")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "number"], name="decisions_of_a_reading_follow_each_other"),
            models.CheckConstraint(
                condition=(Q(kind="decided") & ~Q(text_ru="")) | Q(kind="reopened", text_ru="", value=""),
                name="a_decision_says_what_was_decided",
            ),
            models.CheckConstraint(
                condition=Q(kind="decided") | ~Q(reason_ru=""), name="a_reading_is_reopened_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reading.code}: {self.get_kind_display()}"

    @property
    def text(self) -> Text:
        """What was decided."""
        return paired(self, "text")

    @property
    def reason(self) -> Text:
        """Why."""
        return paired(self, "reason")

    @property
    def authority(self) -> Text:
        """By whom: the position, not the person."""
        return paired(self, "authority")


def problems_of(setting: str, values: list[str]) -> list[str]:
    """What is wrong with the values that the alternatives of a setting name."""
    if not setting:
        return [gettext("Без настройки редакции значение не пишется.") for value in values if value][:1]
    known = values_of(setting)
    unknown = [value for value in values if value not in known]
    if unknown:
        return [gettext("Значение настройки — одно из: %(known)s.") % {"known": ", ".join(known)}]
    if len(set(values)) < len(values) or len(values) < 2:
        return [gettext("У настройки — не меньше двух разных прочтений.")]
    return []


def check_alternatives(reading: Reading, alternatives: Any) -> None:
    """Passes alternatives that the reading's setting knows. Raises ValidationError."""
    found = problems_of(reading.setting, [row.value for row in alternatives])
    if found:
        raise ValidationError(found)
