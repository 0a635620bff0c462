"""The words of an edition: sections, and the clauses that its rows cite."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from program_pages.bilingual import paired, said
from program_pages.models.fields import ClauseCodeField
from program_pages.models.level import Level
from program_pages.rules.terms import ClauseKind, Text, Topic


class TermsSection(Orderable):
    """A numbered section of the terms."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField(_("номер"), validators=[MinValueValidator(1)])
    title_ru = models.CharField(_("заголовок"), max_length=200)
    title_en = models.CharField(_("заголовок на английском"), max_length=200, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("раздел условий")
        verbose_name_plural = _("разделы условий")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="one_section_per_edition_and_number")]

    def __str__(self) -> str:
        return f"{self.number}. {said(paired(self, 'title'))}"


class Clause(Orderable):
    """A numbered, linkable piece of the terms' text; numbers stand in it as placeholders."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="clauses")
    code = ClauseCodeField(_("код"), help_text=_("Не меняется от редакции к редакции: R50 — это /terms/#r50."))
    section = models.PositiveSmallIntegerField(_("раздел"), validators=[MinValueValidator(1)])
    kind = models.CharField(
        _("роль"),
        max_length=12,
        choices=[
            (ClauseKind.TEXT.value, _("текст")),
            (ClauseKind.ADVANTAGE.value, _("преимущество уровня")),
            (ClauseKind.RESTRICTION.value, _("ограничение уровня")),
            (ClauseKind.RIGHT.value, _("право уровня")),
        ],
        default=ClauseKind.TEXT.value,
    )
    level = models.ForeignKey(
        Level, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("уровень")
    )
    topic = models.CharField(
        _("что регулирует"),
        max_length=30,
        blank=True,
        choices=[
            (Topic.LEVELS.value, _("уровни участия")),
            (Topic.TERM.value, _("срок участия")),
            (Topic.RENEWAL.value, _("продление")),
            (Topic.DISCOUNT.value, _("скидка на лицензии")),
            (Topic.PLAN_DISCOUNT.value, _("скидка по плану продаж")),
            (Topic.OWN_USE.value, _("лицензии для себя")),
            (Topic.DEMO_LICENCE.value, _("лицензия для показа")),
            (Topic.CLIENT_DISCOUNT.value, _("скидка конечному клиенту")),
            (Topic.SUPPORT_PERCENT.value, _("цена техподдержки")),
            (Topic.SUPPORT_BY_AGREEMENT.value, _("техподдержка по договорённости")),
            (Topic.UPDATES.value, _("цена обновлений")),
            (Topic.UPDATES_SHARE.value, _("доля партнёра от обновлений")),
            (Topic.EXTENDED_SUPPORT.value, _("расширенная техподдержка")),
            (Topic.OWN_IMPLEMENTATION.value, _("своё внедрение")),
            (Topic.ASOFT_IMPLEMENTATION.value, _("внедрение силами ASoft")),
            (Topic.RENTING.value, _("сдача в аренду")),
            (Topic.CEILING.value, _("потолок скидки и бонусов")),
            (Topic.BONUS_RETURN.value, _("возврат бонуса")),
            (Topic.EVENTS.value, _("мероприятия")),
            (Topic.LOGO_RIGHT.value, _("право на логотип")),
            (Topic.LOGO_USE.value, _("использование логотипа")),
        ],
        help_text=_("По этой отметке расчёт находит пункт, на который сослаться."),
    )
    text_ru = models.TextField(
        _("текст"),
        help_text=_(
            "Числа вписываются подстановками, например {retail.discount}: тогда текст не расходится с условиями."
        ),
    )
    text_en = models.TextField(_("текст на английском"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("пункт условий")
        verbose_name_plural = _("пункты условий")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_clause_per_edition_and_code"),
            models.UniqueConstraint(
                fields=["edition", "topic", "level"],
                condition=~Q(topic="") & Q(level__isnull=False),
                name="one_clause_per_edition_topic_and_level",
            ),
            models.UniqueConstraint(
                fields=["edition", "topic"],
                condition=~Q(topic="") & Q(level__isnull=True),
                name="one_general_clause_per_edition_and_topic",
            ),
            models.CheckConstraint(
                condition=Q(kind=ClauseKind.TEXT.value) | Q(level__isnull=False),
                name="clause_with_a_role_names_its_level",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def text(self) -> Text:
        """The text in both languages, placeholders unfilled."""
        return paired(self, "text")
