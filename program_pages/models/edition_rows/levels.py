"""What an edition says of a level, and what a level asks."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from program_pages.bilingual import paired, said
from program_pages.models.fields import ClauseCodeField, PercentField, percent_between
from program_pages.models.level import Level
from program_pages.rules.terms import RequirementKind


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
