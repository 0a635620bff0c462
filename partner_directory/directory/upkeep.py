"""Keeps the directory up with what changes: profiles, specialists, what partners hold, and the names of things.

Everything here runs in the transaction of the change itself, so no reader sees one without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import published, unpublished

from partner_directory.directory import projection
from partner_directory.models.geography import City, Country, Region
from partner_directory.models.industry import Industry
from partner_directory.models.listing import DirectoryVersion
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from program_pages.models.catalogue import Product
from program_pages.models.level import Level

NAMED = (City, Country, Region, Industry, Product, Level)  # whose names the directory shows


def partners_changed(partners: Iterable[int]) -> None:
    """What these partners (keys) are or hold has changed."""
    projection.refresh(partners)


def everything_changed() -> None:
    """Something that every process has read as a whole has changed."""
    with transaction.atomic():
        DirectoryVersion.next(whole=True)


@receiver([published, unpublished], sender=Partner)
def _profile_changed(instance: Partner, **_: Any) -> None:
    partners_changed([instance.pk])


@receiver(post_delete, sender=Partner)
def _partner_deleted(**_: Any) -> None:
    everything_changed()


@receiver(post_save, sender=Specialist)
def _specialist_changed(instance: Specialist, raw: bool = False, **_: Any) -> None:
    if not raw:
        partners_changed([instance.partner_id])


@receiver(post_delete, sender=Specialist)
def _specialist_deleted(instance: Specialist, origin: Any, **_: Any) -> None:
    """Not where the whole partner goes: its listing must not come back while its rows are being deleted."""
    if (origin.model if isinstance(origin, QuerySet) else type(origin)) is Specialist:
        partners_changed([instance.partner_id])


def _name_changed(raw: bool = False, **_: Any) -> None:
    if not raw:
        everything_changed()


for model in NAMED:
    post_save.connect(_name_changed, sender=model, dispatch_uid=f"directory-{model.__name__}-saved")
    post_delete.connect(_name_changed, sender=model, dispatch_uid=f"directory-{model.__name__}-deleted")
