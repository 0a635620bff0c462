"""Files as people send them: small documents and pictures, good and bad."""

from __future__ import annotations

import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from partner_directory.models import Partner, PrivateFile
from partner_directory.uploads import keep_upload


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A small PDF with these objects in it."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 2))
    catalog = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return b"%PDF-1.7\n" + catalog + body + b"trailer\n<< /Root 1 0 R " + trailer + b">>\nstartxref\n9\n%%EOF\n"


def packed(content: bytes) -> bytes:
    """An object that holds others, packed."""
    stream = zlib.compress(content)
    return b"<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    """A picture of one colour."""
    stream = BytesIO()
    Image.new("RGB", size, "navy").save(stream, kind)
    return stream.getvalue()


def upload(content: bytes | None = None, name: str = "Сертификат.pdf") -> SimpleUploadedFile:
    """A file as a browser sends it; a good document unless told."""
    return SimpleUploadedFile(name, pdf() if content is None else content)


def kept(partner: Partner, *, name: str = "Сертификат.pdf") -> PrivateFile:
    """A private file of a partner."""
    return keep_upload(partner=partner, upload=upload(name=name), name=name, actor=None)
