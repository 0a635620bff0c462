"""What registers show in their cells: a state that may stand out, a private file by its name. May not import views."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partner_directory.models.private_file import PrivateFile


def state_mark(label: str | Promise, *, is_primary: bool) -> SafeString:
    """A state in words, standing out where it deserves the eye."""
    return format_html('<span class="w-status{}">{}</span>', " w-status--primary" if is_primary else "", label)


def file_link(file: PrivateFile | None) -> str:
    """A private file as a link that asks who is asking; empty where there is none."""
    return format_html('<a href="{}">{}</a>', reverse("portal:file", args=[file.pk]), file.name) if file else ""
