"""Images and documents with a description asked for, in both languages.

Exists before the first migration so that it can grow. May not import the programme or the partners.
"""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class SiteImage(AbstractImage):
    """An image; its description is what a screen reader says, so the file name never is."""

    description_en = models.CharField(_("Описание на английском"), max_length=255, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "description_en")

    class Meta(AbstractImage.Meta):
        verbose_name = _("изображение")
        verbose_name_plural = _("изображения")

    @property
    def default_alt_text(self) -> str:
        """The description in the reader's language; Russian where English is missing."""
        english = (get_language() or "").startswith("en")
        return (self.description_en if english else self.description) or self.description

    def generate_rendition_file(self, *args: Any, **kwargs: Any) -> ContentFile:
        """Closes the temporary file that Wagtail draws into and leaves open."""
        with super().generate_rendition_file(*args, **kwargs) as file:
            file.seek(0)
            return ContentFile(file.read(), name=file.name)


class SiteRendition(AbstractRendition):
    """A scaled copy of an image."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]


def private_storage() -> Storage:
    """Where documents lie: outside MEDIA_ROOT, so that only a view that has asked who is asking serves them."""
    return storages["private"]


class SiteDocument(AbstractDocument):
    """A file offered for download, without an address of its own beside the view that serves it."""

    file = models.FileField(_("файл"), upload_to="documents", storage=private_storage)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("документ")
        verbose_name_plural = _("документы")
