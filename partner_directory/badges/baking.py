"""A credential inside the picture of its level's mark: SVG and PNG, as Open Badges bakes them.

The same credential over the same drawing gives the same bytes. What was baked is recognised later over every version
of the mark that was ever approved, so that neither another level's picture nor a recoloured one passes (R6, R9). May
not import actions or views.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from xml.etree.ElementTree import canonicalize

from django.core.cache import cache
from django.db.models import QuerySet
from openbadgeslib import baking
from PIL import Image

from partner_directory.badges.rendering import png
from partner_directory.models.badge import Credential
from partner_directory.models.mark import Ink, Layout, MarkVersion, variant_key
from program_pages.models.level import Level

SVG, PNG = "svg", "png"
TYPES = {SVG: "image/svg+xml", PNG: "image/png"}
VARIANT = variant_key(Layout.VERTICAL, Ink.LIGHT_GROUND)  # nearest to the square that wallets show
WIDTH = 512  # pixels of a baked PNG
SECONDS_KEPT = 24 * 60 * 60  # what is kept never changes
MOST_PIXELS = 4_000_000  # of a picture that is looked into
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"


class NotAPicture(ValueError):
    """Neither a PNG nor an SVG that can be read."""


def versions_of(level: Level) -> QuerySet[MarkVersion]:
    """Every approved version of a level's mark, the newest first."""
    return MarkVersion.objects.filter(mark__level=level).order_by("-number")


def baked(credential: Credential, suffix: str) -> bytes | None:
    """A credential in its level's newest mark, as ``SVG`` or ``PNG``; None where the level has no mark yet."""
    version = versions_of(credential.level).first()
    drawing = drawing_of(version) if version else ""
    if not drawing:
        return None
    picture = hashlib.sha256(drawing.encode()).hexdigest()
    key = f"badges:baked:{hashlib.sha256(credential.token.encode()).hexdigest()}:{picture}:{suffix}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = bake(drawing, credential.token, suffix)
        cache.set(key, found, SECONDS_KEPT)
    return found


def drawing_of(version: MarkVersion) -> str:
    """The drawing of a version that badges are baked into; empty where it has none."""
    return str(version.drawings.get(VARIANT, ""))


def bake(drawing: str, token: str, suffix: str) -> bytes:
    """A token inside a drawing, as ``SVG`` or ``PNG``."""
    if suffix == SVG:
        return baking.bake_svg(drawing.encode(), token, element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3)
    return baking.bake_png(png(drawing, width=WIDTH), token, keyword=baking.ITXT_KEYWORD_OB3)


def suffix_of(content: bytes) -> str:
    """What a file is, told by its content; anything that does not begin as a PNG is taken for an SVG."""
    return PNG if content.startswith(PNG_BEGINS) else SVG


def token_in(content: bytes) -> str | None:
    """The token that a picture holds, None where there is none; raises NotAPicture for what cannot be read."""
    try:
        if suffix_of(content) == PNG:
            found: str | None = baking.extract_png(content, keyword=baking.ITXT_KEYWORD_OB3)
        else:
            found = baking.extract_svg(content, element=baking.SVG_ELEMENT_OB3)
    except Exception as error:  # the library's parsers raise whatever they stumble over
        raise NotAPicture from error
    return found


def is_the_picture_of(credential: Credential, content: bytes) -> bool:
    """Whether a file shows the mark of its credential's level, in a version that was ever approved.

    The file is one in which ``token_in`` has found the credential's token.
    """
    suffix = suffix_of(content)
    shown = _look(content, suffix)
    drawings = filter(None, map(drawing_of, versions_of(credential.level).iterator()))
    return shown is not None and any(
        _look(bake(drawing, credential.token, suffix), suffix) == shown for drawing in drawings
    )


def _look(content: bytes, suffix: str) -> bytes | None:
    """What a picture comes to, however it was written: its pixels, or its elements; None for one that is too big."""
    try:
        if suffix == PNG:
            return _pixels(content)
        # Entities are declared nowhere in it: the token was read from it by a parser that refuses them.
        return canonicalize(content.decode(), strip_text=True).encode()
    except Exception:  # a broken picture is no picture of ours
        return None


def _pixels(content: bytes) -> bytes | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS or getattr(image, "n_frames", 1) > 1:
                return None
            return b"%d:%d:" % image.size + image.convert("RGBA").tobytes()
