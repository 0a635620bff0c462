"""The vendor's list of events (R21, R74): the ones a partner takes part in, and the ones it holds itself."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from program_pages.bilingual import paired, paired_panel, said
from program_pages.rules.terms import BonusMeasure, Text


class EventQuerySet(models.QuerySet["Event"]):
    """Events by their day; an event without an end lasts one day."""

    def upcoming(self, day: date) -> Self:
        """Events not over on this day, soonest first."""
        return self.alias(last=Coalesce("ends", "starts")).filter(last__gte=day).order_by("starts", "pk")

    def past(self, day: date) -> Self:
        """Events over before this day, latest first."""
        return self.alias(last=Coalesce("ends", "starts")).filter(last__lt=day).order_by("-starts", "pk")


class Event(models.Model):
    """One event of the list; its category decides which bonus of R74 it counts for."""

    class Category(models.TextChoices):
        """Takes part, or holds its own."""

        ATTEND = "attend", _("партнёр участвует")
        HOST = "host", _("партнёр проводит сам")

    title_ru = models.CharField(_("название"), max_length=150)
    title_en = models.CharField(_("название на английском"), max_length=150, blank=True)
    description_ru = models.TextField(_("описание"), blank=True)
    description_en = models.TextField(_("описание на английском"), blank=True)
    place_ru = models.CharField(_("место"), max_length=150, blank=True)
    place_en = models.CharField(_("место на английском"), max_length=150, blank=True)
    starts = models.DateField(_("начало"))
    ends = models.DateField(_("конец"), null=True, blank=True)
    category = models.CharField(_("категория"), max_length=10, choices=Category)
    url = models.URLField(_("подробности"), blank=True)
    is_sample = models.BooleanField(_("образец"), default=False)

    objects = EventQuerySet.as_manager()

    panels = [
        paired_panel("title"),
        paired_panel("description"),
        paired_panel("place"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
                FieldPanel("category"),
                FieldPanel("url"),
                FieldPanel("is_sample"),
            ],
            heading=_("Когда и для чего"),
        ),
    ]

    class Meta:
        verbose_name = _("мероприятие")
        verbose_name_plural = _("мероприятия")
        ordering = ["-starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="event_ends_after_it_starts",
                violation_error_message=_("Мероприятие не может кончиться раньше, чем начнётся."),
            )
        ]

    def __str__(self) -> str:
        return said(self.title)

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return paired(self, "title")

    @property
    def description(self) -> Text:
        """The description in both languages."""
        return paired(self, "description")

    @property
    def place(self) -> Text:
        """The place in both languages."""
        return paired(self, "place")

    @property
    def measure(self) -> BonusMeasure:
        """The bonus this event counts for (R74)."""
        return BonusMeasure.EVENT_HOSTED if self.category == self.Category.HOST else BonusMeasure.EVENT_ATTENDED
