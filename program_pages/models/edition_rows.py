"""The rows of a terms edition: levels, requirements, benefits, bonuses, sections, clauses and worked examples.

Every row belongs to one edition and is frozen with it. A row cites its clause by the clause's
code ("R50"), which survives copying to a new edition; ``program_pages.completeness`` refuses codes that do not exist.
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from program_pages.bilingual import paired, said
from program_pages.calculator.case_json import validate_expected, validate_request
from program_pages.models.fields import ClauseCodeField, PercentField, percent_between, split_codes, validate_codes
from program_pages.models.level import Level
from program_pages.rules.terms import BonusMeasure, CellKind, ClauseKind, RequirementKind, Text, Topic


class LevelTerms(Orderable):
    """What an edition gives and allows at one level (R15, R18, R22, R25, R33, R35, R51, R52, R62-R66)."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="level_terms")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    summary_ru = models.CharField(_("коротко об уровне"), max_length=200, blank=True)
    summary_en = models.CharField(_("коротко об уровне на английском"), max_length=200, blank=True)
    discount = PercentField(
        _("скидка, %"), null=True, blank=True, help_text=_("Партнёрская скидка на лицензии (R15, R25, R35, R46).")
    )
    may_implement = models.BooleanField(_("может внедрять сам"), default=False, help_text=_("R22, R62."))
    may_maintain = models.BooleanField(_("может сопровождать и обучать"), default=False, help_text=_("R22, R32."))
    may_rent_out = models.BooleanField(_("может сдавать в аренду"), default=False, help_text=_("R35."))
    demo_licences = models.PositiveSmallIntegerField(
        _("бесплатных лицензий для показа"), default=0, help_text=_("R18, R49; на кого считать, решает прочтение A5.")
    )
    updates_share = PercentField(
        _("доля от обновлений, до %"),
        null=True,
        blank=True,
        help_text=_("Наибольшая доля (R33), пусто, если её нет; как считать «до», решает прочтение A4."),
    )
    own_implementation_share = PercentField(
        _("доля от своего внедрения, %"), null=True, blank=True, help_text=_("R65; пусто, если внедрять нельзя.")
    )
    asoft_implementation_share = PercentField(
        _("доля от внедрения силами ASoft, %"), null=True, blank=True, help_text=_("R66; пусто, если доли нет.")
    )
    support_percent = PercentField(
        _("техподдержка, % от лицензий"),
        null=True,
        blank=True,
        help_text=_("R51; пусто — «по договорённости», по SLA (R52)."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("условия уровня")
        verbose_name_plural = _("условия уровней")
        constraints = [
            models.UniqueConstraint(fields=["edition", "level"], name="one_level_terms_per_edition_and_level"),
            percent_between("discount", "level_discount_is_a_percent"),
            percent_between("updates_share", "updates_share_is_a_percent"),
            percent_between("own_implementation_share", "own_implementation_share_is_a_percent"),
            percent_between("asoft_implementation_share", "asoft_implementation_share_is_a_percent"),
            percent_between("support_percent", "support_is_a_percent"),
        ]

    def __str__(self) -> str:
        return str(self.level)


class Requirement(Orderable):
    """What an edition asks of a level's partners (R29-R31, R34, R37-R41)."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="requirements")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    key = models.SlugField(
        _("код"), max_length=50, help_text=_("Один и тот же у одинаковых требований разных уровней.")
    )
    kind = models.CharField(
        _("что измеряется"),
        max_length=30,
        choices=[
            (RequirementKind.CERTIFIED_SPECIALISTS.value, _("сертифицированные сотрудники, человек")),
            (RequirementKind.MARKETING_ACTIVITIES.value, _("маркетинговые активности за срок, штук")),
            (RequirementKind.REVIEWS_SHARE.value, _("отзывы клиентов, % от внедрений")),
            (RequirementKind.ANNOUNCEMENT.value, _("анонс участия на своём сайте")),
            (RequirementKind.MODULE_PURCHASED.value, _("покупка модуля")),
            (RequirementKind.RENTED_LICENCES.value, _("покупка лицензий для аренды")),
            (RequirementKind.EXTENDED_SUPPORT.value, _("оплата расширенной техподдержки")),
            (RequirementKind.OTHER.value, _("иное, подтверждает менеджер")),
        ],
    )
    title_ru = models.CharField(_("требование"), max_length=150)
    title_en = models.CharField(_("требование на английском"), max_length=150, blank=True)
    description_ru = models.TextField(_("пояснение"), blank=True)
    description_en = models.TextField(_("пояснение на английском"), blank=True)
    threshold = models.DecimalField(
        _("порог"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Человек, штук или процентов — по виду требования; пусто, где порога нет."),
    )
    strict = models.BooleanField(_("строго больше порога"), default=False, help_text=_("Иначе порог входит (R31)."))
    clause = ClauseCodeField(_("пункт"))

    class Meta(Orderable.Meta):
        verbose_name = _("требование")
        verbose_name_plural = _("требования")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "level", "key"], name="one_requirement_per_edition_level_and_key"
            )
        ]

    def __str__(self) -> str:
        return said(paired(self, "title"))


class BenefitSource(models.TextChoices):
    """Where the cells of a benefit come from: entered by hand, or read from the level's own terms."""

    ENTERED = "", _("вписано в таблице")
    DISCOUNT = "discount", _("скидка уровня (R64)")
    OWN_IMPLEMENTATION = "own_implementation_share", _("доля от своего внедрения (R65)")
    ASOFT_IMPLEMENTATION = "asoft_implementation_share", _("доля от внедрения силами ASoft (R66)")
    MAY_IMPLEMENT = "may_implement", _("может внедрять сам (R62)")
    DEMO_LICENCES = "demo_licences", _("лицензии для показа (R59)")


class Benefit(ClusterableModel, Orderable):
    """A row of the benefits table (R55-R67)."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="benefits")
    key = models.SlugField(_("код"), max_length=50)
    title_ru = models.CharField(_("преимущество"), max_length=200)
    title_en = models.CharField(_("преимущество на английском"), max_length=200, blank=True)
    clause = ClauseCodeField(_("пункт"))
    source = models.CharField(
        _("откуда значения"),
        max_length=30,
        choices=BenefitSource,
        blank=True,
        default=BenefitSource.ENTERED,
        help_text=_("Одно число живёт в одном месте: скидка и доли берутся из условий уровня."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("преимущество")
        verbose_name_plural = _("преимущества")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_benefit_per_edition_and_key")]

    def __str__(self) -> str:
        return said(paired(self, "title"))


class BenefitCell(models.Model):
    """One benefit at one level: yes, no, or a value."""

    benefit = ParentalKey(Benefit, on_delete=models.CASCADE, related_name="cells")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("уровень"))
    kind = models.CharField(
        _("есть ли"),
        max_length=5,
        choices=[(CellKind.YES.value, _("есть")), (CellKind.NO.value, _("нет")), (CellKind.VALUE.value, _("значение"))],
        default=CellKind.NO.value,
    )
    value_ru = models.CharField(_("значение"), max_length=100, blank=True)
    value_en = models.CharField(_("значение на английском"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("ячейка преимущества")
        verbose_name_plural = _("ячейки преимуществ")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["benefit", "level"], name="one_cell_per_benefit_and_level"),
            models.CheckConstraint(
                condition=~Q(kind=CellKind.VALUE.value) | ~Q(value_ru=""), name="benefit_value_is_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} · {self.level}"


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


class GoldenCase(Orderable):
    """A worked example of an edition: a deal with every price in it, and what must come out of it."""

    edition = ParentalKey("program_pages.TermsEdition", on_delete=models.CASCADE, related_name="cases")
    key = models.SlugField(_("код"), max_length=60, help_text=_("По нему пример находят от редакции к редакции."))
    title_ru = models.CharField(_("пример"), max_length=200)
    title_en = models.CharField(_("пример на английском"), max_length=200, blank=True)
    explanation_ru = models.TextField(
        _("как посчитано"), help_text=_("Арифметика от руки: по ней пример проверяет человек.")
    )
    explanation_en = models.TextField(_("как посчитано, на английском"), blank=True)
    clauses = models.CharField(
        _("пункты и прочтения"),
        max_length=200,
        blank=True,
        validators=[validate_codes],
        help_text=_("Через запятую: R50, A9."),
    )
    request = models.JSONField(
        _("запрос"),
        default=dict,
        validators=[validate_request],
        help_text=_("Сделка в том же виде, в каком её принимает API расчёта, с ценой прайс-листа в каждой строке."),
    )
    expected = models.JSONField(
        _("ожидается"),
        default=dict,
        validators=[validate_expected],
        help_text=_("Строки по ключу и итоги, как в ответе API; чего здесь нет, то не проверяется."),
    )
    confirmed = models.BooleanField(
        _("проверено человеком"),
        default=False,
        help_text=_("Числа сверены с правилами. Без этой отметки редакция не утверждается."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("пример расчёта")
        verbose_name_plural = _("примеры расчёта")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_case_per_edition_and_key")]

    def __str__(self) -> str:
        return said(paired(self, "title"))

    @property
    def codes(self) -> list[str]:
        """The codes of the clauses and readings it works out."""
        return split_codes(self.clauses)
