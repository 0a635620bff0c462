"""The programme's marks (R9): their artwork as it is worked on, and every version that was ever approved.

A mark is drafted, checked and published as a snippet; each publication is kept for good as a ``MarkVersion`` with the
checksums of its files (R6), so that a file is recognised years later. Written by ``actions.marks`` alone, but for the
draft. Drawings are SVG text with outlines for letters, keyed by ``variant_key``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from program_pages.models.level import Level

if TYPE_CHECKING:
    from django.http import HttpRequest

PROGRAMME_SLUG = "programme"


class Layout(models.TextChoices):
    """How a mark is laid out."""

    HORIZONTAL = "horizontal", _("горизонтальный")
    VERTICAL = "vertical", _("вертикальный")
    SYMBOL = "symbol", _("знак без надписи")


class Ink(models.TextChoices):
    """In what a mark is printed, and on what ground."""

    LIGHT_GROUND = "light", _("цветной на светлом")
    DARK_GROUND = "dark", _("цветной на тёмном")
    BLACK = "black", _("одноцветный чёрный")
    WHITE = "white", _("одноцветный белый")


DARK_GROUNDS = frozenset({Ink.DARK_GROUND, Ink.WHITE})  # that these inks are made for


def variant_key(layout: str, ink: str) -> str:
    """The key of a drawing, and the stem of its files: ``horizontal-light``."""
    return f"{layout}-{ink}"


VARIANTS: tuple[tuple[str, str, str], ...] = tuple(
    (variant_key(layout, ink), layout, ink) for layout in Layout.values for ink in Ink.values
)


class Artwork(models.Model):
    """What a draft and an approved version have in common."""

    drawings = models.JSONField(_("рисунки"), default=dict, blank=True, help_text=_("SVG по раскладке и краске."))
    is_sample = models.BooleanField(
        _("образец"), default=True, help_text=_("Нарисован сайтом: подлинные файлы ещё не загружены (R9).")
    )
    clear_space = models.DecimalField(
        _("свободное поле"),
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Долей высоты знака, со всех сторон."),
    )
    least_px = models.PositiveSmallIntegerField(
        _("наименьшая высота на экране, пикселей"), validators=[MinValueValidator(1)]
    )
    least_mm = models.PositiveSmallIntegerField(_("наименьшая высота в печати, мм"), validators=[MinValueValidator(1)])

    class Meta:
        abstract = True


class Mark(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, Artwork):
    """One mark: the programme's, for any active partner, or a level's, for the partners of that level only (R9)."""

    level = models.OneToOneField(
        Level,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mark",
        verbose_name=_("уровень"),
        help_text=_("Пусто у знака самой программы: он для любого действующего партнёра (R9)."),
    )
    slug = models.SlugField(_("код"), unique=True, help_text=_("В именах файлов; не меняется."))
    name = models.CharField(_("надпись"), max_length=100, help_text=_("Надпись на знаке, на всех языках одна (R9)."))

    class Meta:
        verbose_name = _("знак программы")
        verbose_name_plural = _("знаки программы")
        ordering = [models.F("level__order").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True, slug=PROGRAMME_SLUG)
                | (Q(level__isnull=False) & ~Q(slug=PROGRAMME_SLUG)),
                name="one_mark_without_a_level_the_programme_s",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Publishes a revision and keeps it as a version, both or neither (R6); whoever opens which door."""
        from partner_directory.actions.marks import keep_version  # it reads this model

        with transaction.atomic():
            result = super().publish(revision, user=user, **kwargs)
            current = Mark.objects.get(pk=self.pk)
            if current.live and current.live_revision_id == revision.pk:  # else it is for a day to come
                keep_version(mark=current, actor=user)
        return result

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Every variant on its ground."""
        return "partner_directory/mark_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The draft's own drawings, which were cleaned when they were uploaded."""
        from partner_directory.badges.previews import drawn_variants  # it reads this model

        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return context | {"mark": self, "variants": drawn_variants(self)}


class MarkVersion(Artwork):
    """A mark as it was approved: never changed, so that what was handed out can be recognised for good (R6)."""

    mark = models.ForeignKey(Mark, on_delete=models.PROTECT, related_name="versions", verbose_name=_("знак"))
    number = models.PositiveSmallIntegerField(_("версия"))
    name = models.CharField(_("надпись"), max_length=100)
    approved_at = models.DateTimeField(_("утверждена"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("кто утвердил")
    )

    class Meta:
        verbose_name = _("версия знака")
        verbose_name_plural = _("версии знаков")
        ordering = ["mark", "-number"]
        constraints = [models.UniqueConstraint(fields=["mark", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.name} · {self.number}"


class MarkFile(models.Model):
    """A file of an approved version as it is handed out, before it is stamped with its taker's code (R6).

    A picture of the same name is recorded again where a newer library has drawn it otherwise: both are recognised.
    """

    version = models.ForeignKey(MarkVersion, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("файл"), max_length=100)  # png/asoft-retail-partner-horizontal-light-512.png
    size = models.PositiveIntegerField(_("размер, байт"))
    sha256 = models.CharField(_("контрольная сумма"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("файл знака")
        verbose_name_plural = _("файлы знаков")
        ordering = ["version", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name", "sha256"], name="each_file_of_a_version_is_recorded_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
