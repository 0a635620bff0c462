"""What the directory reads instead of profiles: one row a published partner, made anew whenever its facts change.

Nothing here is a fact: ``directory.projection`` alone writes these rows, and ``manage.py refresh_directory`` can make
them all again. ``DirectoryVersion`` tells every process that something has changed.
"""

from __future__ import annotations

from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from partner_directory.models.partner import Partner


class Listing(models.Model):
    """A published profile as the directory needs it; one unpublished again stays, not ``shown``.

    ``tokens`` are what it can be filtered by, as ``kind:value`` between spaces; ``card`` is what lists show of it, and
    ``profile`` what its own page shows besides: None in a row that an earlier version of the site has made.
    """

    partner = models.OneToOneField(Partner, primary_key=True, on_delete=models.CASCADE, related_name="listing")
    slug = models.SlugField(max_length=80, unique=True)
    words = models.TextField(_("слова для поиска"))
    name_words = models.TextField(_("слова названия"))
    tokens = models.TextField(_("признаки"))
    card = models.JSONField(_("карточка"), default=dict)
    profile = models.JSONField(_("страница"), null=True)
    sort_ru = models.CharField(max_length=160, db_index=True)
    sort_en = models.CharField(max_length=160, db_index=True)
    listed_at = models.DateTimeField(_("впервые опубликован"), db_index=True)
    shown = models.BooleanField(_("опубликован"), default=True)
    gaps = models.JSONField(_("чего не хватает"), default=list)
    completeness = models.PositiveSmallIntegerField(_("заполненность, %"), default=0)
    version = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("запись каталога")
        verbose_name_plural = _("записи каталога")

    def __str__(self) -> str:
        return self.slug


class Word(models.Model):
    """A stem that some listing holds, in its own alphabet and as it is indexed, and a word that it was found in.

    What a misspelt word of a query may have meant.
    """

    text = models.CharField(max_length=60, primary_key=True)
    indexed = models.CharField(max_length=120)
    word = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("слово каталога")
        verbose_name_plural = _("слова каталога")

    def __str__(self) -> str:
        return self.text


class DirectoryVersion(models.Model):
    """The one row that counts changes: ``version`` of the latest, ``whole`` of the latest that touched everything."""

    version = models.BigIntegerField(default=0)
    whole = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("версия каталога")
        verbose_name_plural = _("версии каталога")

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def next(cls, *, whole: bool = False) -> int:
        """Counts one more change, inside the transaction that makes it: until its end every other writer waits here.

        So versions are committed in their order, and whoever asks for what is newer than its own misses nothing.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("A change is counted in the transaction that makes it.")
        changed = {"version": F("version") + 1} | ({"whole": F("version") + 1} if whole else {})
        if not cls.objects.filter(pk=1).update(**changed):
            cls.objects.get_or_create(pk=1)
            cls.objects.filter(pk=1).update(**changed)
        return cls.objects.values_list("version", flat=True).get(pk=1)
