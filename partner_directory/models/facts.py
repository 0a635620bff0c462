"""What is recorded of a partner, as evidence for its requirements and bonuses (R29–R31, R34, R37–R41, R71–R74).

A fact is claimed by the partner, and confirmed or refused by a manager; a manager's own entry is confirmed at once.
Only confirmed facts count (``partner_directory.standing``). Written by ``actions.facts`` alone; nothing that was
decided is edited: it is refused, and claimed anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from program_pages.models.catalogue import Product
from program_pages.models.event import Event
from program_pages.recorded import logged_before

LONGEST_TITLE = 200
LONGEST_TEXT = 2000
LOWEST_RATING, HIGHEST_RATING = 1, 5


# What the audit log calls the moments from which a fact counts: of most kinds, of sales, of events, and of reviews.
COUNTED_FROM = frozenset(
    {f"partner_directory.{kind}.{what}" for kind in ("fact", "sale", "event") for what in ("confirmed", "recorded")}
    | {"partner_directory.review.client_confirmed"}
)


class FactState(models.TextChoices):
    """What a manager has said of it."""

    CLAIMED = "claimed", _("ждёт проверки")
    CONFIRMED = "confirmed", _("подтверждено")
    REFUSED = "refused", _("не подтверждено")


class FactQuerySet(models.QuerySet):  # type: ignore[type-arg] # of whichever fact
    """Facts by what was decided of them."""

    def confirmed(self, recorded_by: datetime | None = None) -> Self:
        """Those that count; or those that did before a moment, whatever was decided of them since.

        What was confirmed then and revoked later, the audit log remembers.
        """
        if recorded_by is None:
            return self.filter(state=FactState.CONFIRMED)
        revoked_since = Q(state=FactState.REFUSED, decided_at__gte=recorded_by)
        revoked_since &= Q(logged_before(self.model, COUNTED_FROM, recorded_by))
        return self.filter(Q(state=FactState.CONFIRMED, decided_at__lt=recorded_by) | revoked_since)

    def waiting(self) -> Self:
        """Those a manager has to look at."""
        return self.filter(state=FactState.CLAIMED)


class Fact(models.Model):
    """The common part: whose, who recorded it, what was decided, and the file that shows it."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("партнёр"))
    state = models.CharField(_("состояние"), max_length=10, choices=FactState, default=FactState.CLAIMED)
    evidence = models.ForeignKey(
        PrivateFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("подтверждающий файл"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("записано"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    decision_reason = models.CharField(_("причина"), max_length=500, blank=True)

    waits_for_manager: ClassVar[bool] = True

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="claimed", decided_at__isnull=True)
                | (~Q(state="claimed") & Q(decided_at__isnull=False)),
                name="%(class)s_that_was_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_reason=""), name="%(class)s_that_was_refused_says_why"
            ),
        ]


class MarketingActivity(Fact):
    """Something done to promote the CRM (R30)."""

    title = models.CharField(_("что сделано"), max_length=LONGEST_TITLE)
    done_on = models.DateField(_("когда"))
    url = models.URLField(_("где увидеть"), blank=True)
    text = models.TextField(_("подробности"), max_length=LONGEST_TEXT, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("маркетинговая активность")
        verbose_name_plural = _("маркетинговые активности")
        permissions = [("export_marketingactivity", "Может выгружать маркетинговые активности")]
        ordering = ["-done_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class Implementation(Fact):
    """A CRM put to work at a client (the base of R31 and R71)."""

    client = models.CharField(_("клиент"), max_length=LONGEST_TITLE)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("продукт")
    )
    finished_on = models.DateField(_("завершено"))
    with_asoft = models.BooleanField(_("вместе с ASoft"), default=False, help_text=_("R60, R66"))

    class Meta(Fact.Meta):
        verbose_name = _("внедрение")
        verbose_name_plural = _("внедрения")
        permissions = [("export_implementation", "Может выгружать внедрения")]
        ordering = ["-finished_on", "-pk"]

    def __str__(self) -> str:
        return self.client


class ClientReview(Fact):
    """A client's review given to ASoft (R31, R71); it counts once the client has confirmed it by the letter's link."""

    waits_for_manager = False  # but for its client

    implementation = models.ForeignKey(
        Implementation, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("внедрение")
    )
    contact = models.CharField(_("кто от клиента"), max_length=120)
    email = models.EmailField(_("почта клиента"))
    rating = models.PositiveSmallIntegerField(
        _("оценка"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LOWEST_RATING), MaxValueValidator(HIGHEST_RATING)],
    )
    text = models.TextField(_("отзыв"), max_length=LONGEST_TEXT, blank=True)
    asked_at = models.DateTimeField(_("письмо клиенту"), null=True, blank=True)
    client_confirmed_at = models.DateTimeField(_("клиент подтвердил"), null=True, blank=True)
    client_declined_at = models.DateTimeField(_("клиент отказался"), null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("отзыв клиента")
        verbose_name_plural = _("отзывы клиентов")
        permissions = [("export_clientreview", "Может выгружать отзывы клиентов")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(client_confirmed_at__isnull=True) | Q(client_declined_at__isnull=True),
                name="review_is_confirmed_or_declined_by_the_client",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(client_confirmed_at__isnull=False),
                name="review_counts_once_its_client_has_confirmed_it",
            ),
            models.UniqueConstraint(
                fields=["implementation"],
                condition=~Q(state="refused"),
                name="one_review_per_implementation",
                violation_error_code="unique",  # said beside the implementation
                violation_error_message=_("По этому внедрению отзыв уже есть."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.implementation}: {self.contact}"


class Purchase(Fact):
    """What a partner has bought to rent licences out (R38–R40)."""

    class Kind(models.TextChoices):
        """What was bought."""

        MODULE = "module", _("модуль «Изоляция»")
        RENTED_LICENCES = "rented_licences", _("лицензии, сдаваемые в аренду")
        EXTENDED_SUPPORT = "extended_support", _("расширенная техническая поддержка на год")

    kind = models.CharField(_("что куплено"), max_length=20, choices=Kind)
    bought_on = models.DateField(_("когда"))
    until = models.DateField(_("оплачено по"), null=True, blank=True, help_text=_("Последний оплаченный день."))
    quantity = models.PositiveIntegerField(_("количество"), null=True, blank=True)
    agreed = models.PositiveIntegerField(
        _("о скольких договорились"), null=True, blank=True, help_text=_("Сколько лицензий решено выкупить (R39).")
    )
    document_number = models.CharField(_("номер документа"), max_length=60, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("покупка")
        verbose_name_plural = _("покупки")
        permissions = [("export_purchase", "Может выгружать покупки")]
        ordering = ["-bought_on", "-pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind="rented_licences") | Q(quantity__gt=0), name="rented_licences_say_how_many"
            ),
            models.CheckConstraint(
                condition=~Q(kind="extended_support") | Q(until__isnull=False), name="extended_support_says_until_when"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("bought_on")), name="purchase_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class EventParticipation(Fact):
    """A partner at an event of the vendor's list, or an event of its own (R21, R63, R74)."""

    class Kind(models.TextChoices):
        """Takes part, or holds its own."""

        ATTENDED = "attended", _("участие")
        HOSTED = "hosted", _("своё мероприятие")

    kind = models.CharField(_("вид"), max_length=10, choices=Kind)
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("мероприятие")
    )
    title = models.CharField(_("название"), max_length=LONGEST_TITLE, blank=True)
    held_on = models.DateField(_("день"))
    people = models.PositiveSmallIntegerField(_("сколько человек"), default=1, validators=[MinValueValidator(1)])
    text = models.TextField(_("подробности"), max_length=LONGEST_TEXT, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("участие в мероприятии")
        verbose_name_plural = _("участия в мероприятиях")
        permissions = [("export_eventparticipation", "Может выгружать участия в мероприятиях")]
        ordering = ["-held_on", "-pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(event__isnull=False) | ~Q(title=""), name="participation_names_its_event"
            ),
            models.UniqueConstraint(
                fields=["partner", "event", "kind"],
                condition=Q(event__isnull=False) & ~Q(state="refused"),
                name="one_participation_per_partner_and_event",
                violation_error_message=_("Об участии в этом мероприятии уже записано."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event) if self.event else self.title


class RequirementConfirmation(Fact):
    """A manager's word that an editor's own requirement or bonus is fulfilled in a term."""

    key = models.SlugField(_("ключ"), max_length=60, help_text=_("Ключ требования или бонуса в редакции условий."))
    starts = models.DateField(_("с"))
    until = models.DateField(_("по"))

    class Meta(Fact.Meta):
        verbose_name = _("подтверждение требования")
        verbose_name_plural = _("подтверждения требований")
        permissions = [("export_requirementconfirmation", "Может выгружать подтверждения требований")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(starts__lte=F("until")), name="confirmation_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.key


class Announcement(models.Model):
    """Where a partner announces that it takes part in the programme (R34, R41)."""

    partner = models.OneToOneField(Partner, primary_key=True, on_delete=models.CASCADE, related_name="announcement")
    url = models.URLField(_("страница с объявлением"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(_("указана"), default=timezone.now)

    class Meta:
        verbose_name = _("объявление об участии")
        verbose_name_plural = _("объявления об участии")
        permissions = [("export_announcement", "Может выгружать объявления об участии")]

    def __str__(self) -> str:
        return self.url


class AnnouncementCheck(models.Model):
    """What was found on a partner's announcement page on a day: dated evidence, never changed.

    A manager's overruling is a row of its own with ``overruled_by``; the latest row decides.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="announcement_checks")
    url = models.URLField(_("страница"))
    checked_at = models.DateTimeField(_("проверено"), default=timezone.now)
    found = models.BooleanField(_("объявление найдено"))
    trouble = models.CharField(_("что не так"), max_length=30, blank=True)
    evidence = models.TextField(_("что прочитано"), blank=True)
    sha256 = models.CharField(_("контрольная сумма страницы"), max_length=64, blank=True)
    overruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("причина"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("проверка объявления")
        verbose_name_plural = _("проверки объявлений")
        ordering = ["-checked_at", "-pk"]
        indexes = [models.Index(fields=["partner", "-checked_at"])]

    def __str__(self) -> str:
        return f"{self.url}: {timezone.localdate(self.checked_at).isoformat()}"
