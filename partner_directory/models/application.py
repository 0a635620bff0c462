"""A company asks for a level, and the three steps by which it joins (R80, A8).

Written by ``actions.applications`` alone; which state may follow which is said there, once.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level, ProductLine

LONGEST_ANSWER = 4000


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications by where they are."""

    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(state__in=Application.OPEN)

    def with_vendor(self) -> Self:
        """Those for which a manager has the ball."""
        return self.filter(ball=Application.Ball.VENDOR)


class Application(models.Model):
    """One company's request for one level of a product line; ``ball`` says who acts next, and since when."""

    class State(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft", _("черновик")
        SUBMITTED = "submitted", _("на рассмотрении")
        RETURNED = "returned", _("возвращена с вопросами")
        ACCEPTED = "accepted", _("принята, подписываем договоры")
        JOINED = "joined", _("компания присоединилась")
        REJECTED = "rejected", _("отклонена")
        WITHDRAWN = "withdrawn", _("отозвана")

    class Ball(models.TextChoices):
        """Who acts next."""

        COMPANY = "company", _("компания")
        VENDOR = "vendor", _("ASoft")
        NOBODY = "nobody", _("никто: всё решено")

    OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED)

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="applications", verbose_name=_("компания")
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="applications", verbose_name=_("уровень"))
    product_line = models.ForeignKey(
        ProductLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("линейка продуктов")
    )
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.DRAFT)
    ball = models.CharField(_("ход за"), max_length=10, choices=Ball, default=Ball.COMPANY)
    ball_since = models.DateTimeField(_("ход с"), default=timezone.now)
    technical_base = models.TextField(
        _("техническая база"),
        max_length=LONGEST_ANSWER,
        blank=True,
        help_text=_("Чем компания располагает, чтобы продавать и сопровождать CRM (R4)."),
    )
    training = models.TextField(
        _("обучение специалистов"),
        max_length=LONGEST_ANSWER,
        blank=True,
        help_text=_("Кто и где обучен или будет обучен (R4, R68)."),
    )
    saas_scheme = models.TextField(
        _("схема SaaS"),
        max_length=LONGEST_ANSWER,
        blank=True,
        help_text=_("Что хочется обсудить: схему определяют вместе с сотрудником ASoft (R42)."),
    )
    talk_wanted = models.BooleanField(_("обсудить схему с ASoft"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто начал")
    )
    created_at = models.DateTimeField(_("начата"), default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(_("подана"), null=True, blank=True)
    edition = models.ForeignKey(
        TermsEdition,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("редакция условий"),
        help_text=_("По которой подана (R80, R81)."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто решил"),
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    reason = models.TextField(_("вопросы или причина"), blank=True)
    membership = models.OneToOneField(
        Membership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="application",
        verbose_name=_("членство"),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("заявка")
        verbose_name_plural = _("заявки")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("decide_application", "Может решать по заявкам"),
            ("export_application", "Может выгружать заявки"),
        ]
        indexes = [models.Index(fields=["state", "ball_since"])]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "product_line"],
                condition=Q(state__in=["draft", "submitted", "returned", "accepted"]),
                name="one_open_application_per_company_and_product_line",
                violation_error_message=_("По этой линейке у компании уже есть незаконченная заявка."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False, edition__isnull=False),
                name="application_that_was_submitted_says_when_by_which_edition",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "withdrawn"]) | Q(decided_at__isnull=False),
                name="application_that_was_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "rejected"]) | ~Q(reason=""),
                name="application_sent_back_or_rejected_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="joined", membership__isnull=False)
                | (~Q(state="joined") & Q(membership__isnull=True)),
                name="application_that_joined_has_its_membership",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Заявка № %(number)s") % {"number": self.pk})

    @property
    def is_editable(self) -> bool:
        """Whether the company may still change it."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}


class JoiningStep(models.Model):
    """One of the three steps of joining (R80), with its document, its day, its person and its edition.

    ``document`` is what was filled from the application, ``signed`` the signed copy; the registration has neither.
    """

    class Kind(models.TextChoices):
        """What is done."""

        REGISTRATION = "registration", _("регистрация в разделе партнёров")
        ACCESSION = "accession", _("Договор присоединения")
        LICENCE = "licence", _("Лицензионный договор")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("шаг"), max_length=12, choices=Kind)
    edition = models.ForeignKey(
        TermsEdition, on_delete=models.PROTECT, related_name="+", verbose_name=_("редакция условий")
    )
    contract_code = models.CharField(_("код договора"), max_length=10, blank=True, help_text=_("R84"))
    document = models.ForeignKey(PrivateFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed = models.ForeignKey(PrivateFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(_("отмечено"), null=True, blank=True)

    class Meta:
        verbose_name = _("шаг присоединения")
        verbose_name_plural = _("шаги присоединения")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="each_joining_step_once_an_application"),
            models.CheckConstraint(
                condition=Q(kind="registration") | Q(done_at__isnull=True) | Q(signed__isnull=False),
                name="contract_is_marked_once_its_signed_copy_is_there",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_to_mark(self) -> bool:
        """Whether its signed copy waits for a manager."""
        return self.signed_id is not None and self.done_at is None
