"""The people of a company: who may act for a partner, who is invited, and what each has agreed to.

Written by ``actions.people`` alone. That a company keeps an owner is held there, under a lock.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partner_directory.models.enquiry import ConsentText
from partner_directory.models.partner import Partner


class Role(models.TextChoices):
    """What a person may do for the company: an owner also invites people, signs and leaves."""

    OWNER = "owner", _("владелец")
    STAFF = "staff", _("сотрудник")


class TeamMember(models.Model):
    """A person who acts for a partner."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="team", verbose_name=_("партнёр"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="companies", verbose_name=_("человек")
    )
    role = models.CharField(_("роль"), max_length=10, choices=Role, default=Role.STAFF)
    since = models.DateTimeField(_("с"), default=timezone.now)

    class Meta:
        verbose_name = _("сотрудник компании")
        verbose_name_plural = _("сотрудники компаний")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "user"],
                name="one_role_per_person_and_company",
                violation_error_message=_("Этот человек уже работает в кабинете компании."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.partner} · {self.get_role_display()}"

    @property
    def is_owner(self) -> bool:
        """Whether the person may decide for the company."""
        return self.role == Role.OWNER


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by whether they can be taken up."""

    def open(self) -> Self:
        """Neither taken up nor revoked nor expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A letter that lets the holder of an address join a company; the letter's secret is kept as a hash alone."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("почта"))
    role = models.CharField(_("роль"), max_length=10, choices=Role, default=Role.STAFF)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто пригласил"),
    )
    created_at = models.DateTimeField(_("приглашён"), default=timezone.now)
    expires_at = models.DateTimeField(_("действует до"))
    accepted_at = models.DateTimeField(_("принято"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(_("отозвано"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("приглашение")
        verbose_name_plural = _("приглашения")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_is_accepted_or_revoked_not_both",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_lasts_a_while"),
            models.UniqueConstraint(
                "partner",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_company_and_address",
                violation_error_message=_("Этому адресу приглашение уже отправлено."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.partner}"


class AccountConsent(models.Model):
    """That a person agreed to the processing of personal data: to which text, when, until when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="account_consents", verbose_name=_("текст")
    )
    given_at = models.DateTimeField(_("дано"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("отозвано"), null=True, blank=True)

    class Meta:
        verbose_name = _("согласие сотрудника")
        verbose_name_plural = _("согласия сотрудников")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_is_withdrawn_after_it_was_given",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at__isnull=True), name="one_consent_in_force_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.text}"
