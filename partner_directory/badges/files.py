"""Every file of an approved version of a mark, as it is handed out before it is stamped (R6, R9).

Made once a version and kept; the same drawings give the same bytes. Checksums are recorded, so that a file is
recognised years later (``record_files``). May not import views or actions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import MappingProxyType
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings

from partner_directory.badges import kept, rendering
from partner_directory.badges.marks import approved_versions
from partner_directory.errand import Errand
from partner_directory.models.mark import VARIANTS, MarkFile, MarkVersion
from program_pages.paper import pdf_available

FORMAT = "1"  # of the set: another one is made anew
SVG, PNG = "svg/", "png/"  # where in an archive they lie
PNG_WIDTHS = (64, 128, 256, 512, 1024, 2048)  # pixels
WEBP_WIDTHS = (512, 1024)
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that an archive knows: files have no day of their own
READABLE = 0o100644 << 16


class FilesDiffer(Exception):
    """The drawings of a version are not those that were approved: none of its files may be handed out."""


def files_of(version: MarkVersion) -> Mapping[str, bytes]:
    """The files of a version by their names, in their order: SVG, PDF, PNG and WebP of every drawing.

    Without PDF where the machine cannot make it (``pdf_available``).
    """
    pack = kept.content_of(_name_of(version), lambda: packed(dict(_made(version))))
    return MappingProxyType(unpacked(pack))


def record_files(version: MarkVersion) -> list[MarkFile]:
    """The recorded files of a version; records those that are not yet, and changes nothing when run again.

    What was approved are the drawings: raises FilesDiffer where one has another checksum than was recorded. What a
    newer library makes of the same drawings is recorded beside what was made before.
    """
    files = files_of(version)
    known = {(row.name, row.sha256) for row in version.files.all()}
    sums = {(name, kept.checksum(content)) for name, content in files.items()}
    if any(name.startswith(SVG) for name, _sum in known - sums):
        raise FilesDiffer(str(version))
    new = [
        MarkFile(version=version, name=name, size=len(files[name]), sha256=said) for name, said in sorted(sums - known)
    ]
    if new:
        MarkFile.objects.bulk_create(new, ignore_conflicts=True)  # somebody may be recording the same
    return [row for row in version.files.all() if (row.name, row.sha256) in sums]


def prepare() -> None:
    """Makes and records what is missing of the files of every approved mark."""
    for version in approved_versions():
        record_files(version)


def unprepared() -> list[MarkVersion]:
    """The approved versions of which no more is recorded than their drawings, as approval leaves them; two queries."""
    made = set(MarkFile.objects.filter(name__startswith=PNG).values_list("version", flat=True).distinct())
    return [version for version in approved_versions() if version.pk not in made]


def prepare_soon() -> None:
    """The same beside whatever goes on, so that the first kit need not wait for them.

    Only where ``JOBS_RUN`` says so: otherwise the worker makes them, ``manage.py prepare_kits``, or the first kit.
    """
    if settings.JOBS_RUN == "beside":
        _maker.wake()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as one archive: in their order, not compressed, without dates, so that the same give the same."""
    found = BytesIO()
    with ZipFile(found, "w", ZIP_STORED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, LONG_AGO)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = READABLE
            archive.writestr(entry, content)
    return found.getvalue()


def unpacked(pack: bytes) -> dict[str, bytes]:
    """The files of an archive of ours."""
    with ZipFile(BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _name_of(version: MarkVersion) -> str:
    drawings = json.dumps(version.drawings, sort_keys=True, ensure_ascii=False)
    folder = kept.folder_of("version", version.mark.slug)
    return kept.name_in(folder, FORMAT, drawings, str(pdf_available()), suffix=".zip")


def _made(version: MarkVersion) -> Iterator[tuple[str, bytes]]:
    stem = version.mark.slug
    drawings = [(key, version.drawings[key]) for key, _layout, _ink in VARIANTS if key in version.drawings]
    with ThreadPoolExecutor(max_workers=1) as beside:  # encoding WebP leaves the interpreter free to draw
        pictures, webps = {}, {}
        for key, svg in drawings:
            for width in sorted({*PNG_WIDTHS, *WEBP_WIDTHS}):
                pictures[key, width] = picture = rendering.png(svg, width=width)
                if width in WEBP_WIDTHS:
                    webps[key, width] = beside.submit(rendering.webp, picture)
        papers = {key: rendering.pdf(svg) for key, svg in drawings} if pdf_available() else {}
    for key, svg in drawings:
        yield f"{SVG}{stem}-{key}.svg", svg.encode()
    for key, paper in papers.items():
        yield f"pdf/{stem}-{key}.pdf", paper
    for key, _svg in drawings:
        for width in PNG_WIDTHS:
            yield f"{PNG}{stem}-{key}-{width}.png", pictures[key, width]
    for key, _svg in drawings:
        for width in WEBP_WIDTHS:
            yield f"webp/{stem}-{key}-{width}.webp", webps[key, width].result()


_maker = Errand("mark files", prepare)
