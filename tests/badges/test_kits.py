"""Files of a mark and kits made of them: the same bytes everywhere, each looked at, each stamped (R5–R8)."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pypdfium2
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.storage import FileSystemStorage, storages
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from partner_directory.badges import codes, files, kept, kits, rendering
from partner_directory.badges.marks import approved_versions
from partner_directory.badges.stamps import check_text, unstamped, verify_url
from partner_directory.models.mark import VARIANTS, Ink, MarkFile, MarkVersion
from partner_directory.partner_terms import terms_for
from program_pages import paper
from program_pages.terms import terms_on
from tests.factories.badges import make_badge
from tests.factories.marks import COLOUR, INK, PAPER, PRINTED, SIZES, drawings, make_version
from tests.factories.partners import make_partner

from . import kit_of_a_process
from .test_drawing import PAINT

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
TODAY, UNTIL = date(2026, 11, 24), date(2026, 12, 31)
SUMS = Path(__file__).with_name("files.sha256")
SHIPPED = ("programme", "retail", "competency", "saas")  # the marks that the project draws itself
TOLERANCE = 2  # of 255, of a colour in a flat place
ALIKE = 1.5  # of 255, on average, between a picture and a document of one drawing
LEGIBLE = 128  # pixels of width, from which on letters are thick enough to have their colour somewhere
SEVERAL = 1 << 16  # more colours than the edges of a picture have
POINTS_A_PIXEL = 0.75  # of a PDF page
SVG = "{http://www.w3.org/2000/svg}"
OUTLINES = {f"{SVG}svg", f"{SVG}path", f"{SVG}metadata"}

needs_pdf = pytest.mark.skipif(not paper.pdf_available(), reason="no Pango here")
Colour = tuple[int, int, int]


@pytest.fixture
def version() -> MarkVersion:
    return make_version("retail")


@pytest.fixture
def asked(version: MarkVersion) -> kits.Asked:
    partner = make_partner(level="retail")
    return kits.Asked(version, make_badge(partner), UNTIL, terms_for(partner, TODAY))


def opened(content: bytes) -> dict[str, bytes]:
    return files.unpacked(content)


def rgb(code: str) -> Colour:
    return tuple(bytes.fromhex(code[1:]))  # type: ignore[return-value]


def painted(layout: str, ink: str) -> Iterator[tuple[tuple[float, float], Colour | None]]:
    """Places of a drawing of the factory, as shares of its size, with their colour; None where nothing is."""
    width, height = SIZES[layout]  # type: ignore[index]
    fill = rgb(PRINTED.get(ink, COLOUR))
    word = rgb(PRINTED.get(ink, PAPER if ink == Ink.DARK_GROUND else INK))
    side = min(width, height)
    yield (15 / width, 15 / height), fill
    yield (0.0, 0.0), None
    yield (side / 2 / width, side / 2 / height), None
    if layout == "horizontal":
        yield (200 / width, 40 / height), word
    if layout == "vertical":
        yield (80 / width, 175 / height), word


def at(image: Image.Image, place: tuple[float, float]) -> tuple[int, ...]:
    found = image.getpixel((min(int(place[0] * image.width), image.width - 1), int(place[1] * image.height)))
    assert isinstance(found, tuple)
    return found


def assert_painted(image: Image.Image, layout: str, ink: str, ground: Colour | None = None) -> None:
    for place, colour in painted(layout, ink):
        pixel = at(image, place)
        if colour is None and ground is None:
            assert pixel[3] == 0, (layout, ink, place)
            continue
        wanted = colour or ground
        assert wanted is not None
        assert all(abs(one - other) <= TOLERANCE for one, other in zip(pixel, wanted, strict=False)), (place, pixel)
        assert len(pixel) == 3 or pixel[3] == 255


@cache
def shipped(slug: str) -> tuple[dict[str, str], Mapping[str, bytes]]:
    """The drawings of a mark that the project ships, and the files that are made of them here and now."""
    version = next(each for each in approved_versions() if each.mark.slug == slug)
    return version.drawings, dict(files._made(version))


def near(one: Iterable[int], other: Iterable[int]) -> bool:
    return all(abs(mine - yours) <= TOLERANCE for mine, yours in zip(one, other, strict=True))


def flat_colours(image: Image.Image) -> set[Colour]:
    """What is wholly covered has these."""
    found = image.convert("RGBA").getcolors(SEVERAL)
    assert found is not None
    return {pixel[:3] for _count, pixel in found if pixel[3] == 255}  # type: ignore[index,misc]


class TestFiles:
    def test_every_variant_is_there_in_every_format_and_size(self, version: MarkVersion) -> None:
        names = {
            *(f"svg/retail-{key}.svg" for key, _, _ in VARIANTS),
            *(f"pdf/retail-{key}.pdf" for key, _, _ in VARIANTS if paper.pdf_available()),
            *(f"png/retail-{key}-{width}.png" for key, _, _ in VARIANTS for width in (64, 2048)),
        }
        found = files.files_of(version)
        assert names <= set(found)
        assert {PurePosixPath(name).suffix for name in found} == {".svg", ".png", ".webp"} | (
            {".pdf"} if paper.pdf_available() else set()
        )

    def test_a_master_is_the_drawing_itself(self, version: MarkVersion) -> None:
        found = files.files_of(version)
        assert all(found[f"svg/retail-{key}.svg"] == svg.encode() for key, svg in version.drawings.items())

    @pytest.mark.parametrize(("key", "layout", "ink"), VARIANTS, ids=[key for key, _, _ in VARIANTS])
    def test_each_picture_has_its_size_its_transparency_and_its_colours(
        self, version: MarkVersion, key: str, layout: str, ink: str
    ) -> None:
        width, height = SIZES[layout]  # type: ignore[index]
        looked_at = 0
        for name, content in files.files_of(version).items():
            if f"-{key}-" not in name:
                continue
            with Image.open(io.BytesIO(content)) as image:
                asked_for = int(PurePosixPath(name).stem.rsplit("-", 1)[1])
                assert image.width == asked_for
                assert abs(image.height - asked_for * height / width) <= 1
                assert image.mode == "RGBA"
                assert_painted(image.convert("RGBA"), layout, ink)
            looked_at += 1
        assert looked_at == len(files.PNG_WIDTHS) + len(files.WEBP_WIDTHS)

    @pytest.mark.parametrize("slug", SHIPPED)
    def test_each_picture_of_the_shipped_marks_has_its_size_its_transparency_and_its_colours(self, slug: str) -> None:
        drawn, found = shipped(slug)
        for key, _layout, _ink in VARIANTS:
            inks = {rgb(code) for code in PAINT.findall(drawn[key])}
            width, height = rendering.size_of(drawn[key])
            for asked_for in files.PNG_WIDTHS:
                with Image.open(io.BytesIO(found[f"png/{slug}-{key}-{asked_for}.png"])) as image:
                    assert (image.mode, image.width) == ("RGBA", asked_for)
                    assert abs(image.height - asked_for * height / width) <= 1
                    assert image.getchannel("A").getextrema() == (0, 255)
                    colours = flat_colours(image)
                assert all(any(near(colour, ink) for ink in inks) for colour in colours), (key, asked_for)
                if asked_for >= LEGIBLE:
                    assert all(any(near(colour, ink) for colour in colours) for ink in inks), (key, asked_for)

    @needs_pdf
    @pytest.mark.parametrize("slug", SHIPPED)
    def test_each_document_of_the_shipped_marks_is_the_picture_of_the_same_drawing(self, slug: str) -> None:
        """As a reader shows it that had no part in making it; the ground shows through where the picture's does."""
        drawn, found = shipped(slug)
        ground = (120, 160, 90)  # that no ink is like
        for key, _layout, _ink in VARIANTS:
            sides = tuple(side * POINTS_A_PIXEL for side in rendering.size_of(drawn[key]))
            with Image.open(io.BytesIO(found[f"png/{slug}-{key}-1024.png"])) as image:
                picture = Image.alpha_composite(Image.new("RGBA", image.size, ground), image).convert("RGB")
            document = pypdfium2.PdfDocument(found[f"pdf/{slug}-{key}.pdf"])
            assert len(document) == 1
            assert document[0].get_size() == pytest.approx(sides, abs=0.01)
            shown = document[0].render(scale=picture.width / sides[0], fill_color=(*ground, 255)).to_pil()
            document.close()
            fitted = shown.convert("RGB").resize(picture.size)  # its height is rounded up, the picture's to the nearest
            assert max(ImageStat.Stat(ImageChops.difference(fitted, picture)).mean) <= ALIKE, key
            colours = flat_colours(shown)
            for ink in (*map(rgb, PAINT.findall(drawn[key])), ground):
                assert any(near(colour, ink) for colour in colours), (key, ink)

    def test_a_webp_has_lost_nothing(self, version: MarkVersion) -> None:
        found = files.files_of(version)
        for name in (name for name in found if name.startswith("webp/")):
            twin = name.replace("webp/", "png/").replace(".webp", ".png")
            with Image.open(io.BytesIO(found[name])) as one, Image.open(io.BytesIO(found[twin])) as other:
                visible = [image.convert("RGBA") for image in (one, other)]
                assert visible[0].getchannel("A").tobytes() == visible[1].getchannel("A").tobytes()
                grounds = [Image.alpha_composite(Image.new("RGBA", each.size, "white"), each) for each in visible]
                assert grounds[0].tobytes() == grounds[1].tobytes()

    @needs_pdf
    @pytest.mark.parametrize(("key", "layout", "ink"), VARIANTS, ids=[key for key, _, _ in VARIANTS])
    def test_each_document_is_the_drawing_and_nothing_more(
        self, version: MarkVersion, key: str, layout: str, ink: str
    ) -> None:
        """As a reader shows it that had no part in making it."""
        content = files.files_of(version)[f"pdf/retail-{key}.pdf"]
        document = pypdfium2.PdfDocument(content)
        assert len(document) == 1
        width, height = SIZES[layout]  # type: ignore[index]
        assert document[0].get_size() == (width * POINTS_A_PIXEL, height * POINTS_A_PIXEL)
        ground = (120, 160, 90)  # that no ink is like
        image = document[0].render(scale=4, fill_color=(*ground, 255)).to_pil().convert("RGB")
        document.close()
        assert_painted(image, layout, ink, ground)

    @needs_pdf
    def test_a_document_is_made_of_lines_without_fonts_pictures_and_dates(self, version: MarkVersion) -> None:
        for name, content in files.files_of(version).items():
            if not name.startswith("pdf/"):
                continue
            resources: Any = PdfReader(io.BytesIO(content)).pages[0]["/Resources"]
            assert not resources["/Font"].get_object()
            assert not resources["/XObject"].get_object()
            assert not any(word in content for word in (b"Date", b"/ID", b"/FontFile", b"/Subtype /Image", b"Flate"))

    def test_a_drawing_has_outlines_for_letters(self, version: MarkVersion) -> None:
        for name, content in files.files_of(version).items():
            if name.startswith("svg/"):
                assert {element.tag for element in ElementTree.fromstring(content).iter()} <= OUTLINES  # noqa: S314

    def test_they_are_made_once(self, version: MarkVersion, monkeypatch: pytest.MonkeyPatch) -> None:
        before = dict(files.files_of(version))
        monkeypatch.setattr(rendering, "png", lambda *_args, **_more: pytest.fail("rendered again"))
        assert files.files_of(version) == before

    def test_one_that_was_damaged_is_made_again(self, version: MarkVersion) -> None:
        before = dict(files.files_of(version))
        storage, name = storages["private"], files._name_of(version)
        with storage.open(name, "r+b") as file:
            content = file.read()
        storage.delete(name)
        storage.save(name, io.BytesIO(content[:-100]))
        assert files.files_of(version) == before
        assert kept.find(name) is not None

    def test_what_cannot_be_kept_is_there_all_the_same(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "private").touch()  # a file stands where the folder should be
        monkeypatch.setattr(kept, "storage", lambda: FileSystemStorage(tmp_path / "private"))

        assert kept.content_of("badges/one", lambda: b"made") == b"made"

    def test_where_no_pdf_can_be_made_all_else_is_there_and_later_the_pdf_too(
        self, version: MarkVersion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as without:
            without.setattr(files, "pdf_available", lambda: False)
            assert not any(name.startswith("pdf/") for name in files.files_of(version))
        if paper.pdf_available():
            assert any(name.startswith("pdf/") for name in files.files_of(version))


class TestChecksums:
    def test_every_file_is_recorded_once_however_often_it_is_asked(self, version: MarkVersion) -> None:
        files.record_files(version)
        again = files.record_files(version)
        assert {row.name: (row.size, row.sha256) for row in again} == {
            name: (len(content), kept.checksum(content)) for name, content in files.files_of(version).items()
        }
        assert MarkFile.objects.filter(version=version).count() == len(again)

    def test_the_masters_that_approval_has_recorded_are_kept(self, version: MarkVersion) -> None:
        masters = [
            MarkFile(version=version, name=name, size=len(content), sha256=kept.checksum(content))
            for name, content in files.files_of(version).items()
            if name.startswith("svg/")
        ]
        MarkFile.objects.bulk_create(masters)
        assert len(files.record_files(version)) == len(files.files_of(version))

    def test_pictures_that_a_newer_library_draws_otherwise_are_recorded_beside_the_older_ones(
        self, asked: kits.Asked
    ) -> None:
        name = next(name for name in files.files_of(asked.version) if name.startswith("png/"))
        older = MarkFile.objects.create(version=asked.version, name=name, size=1, sha256="0" * 64)
        kits.kept_kit(asked)
        sums = set(MarkFile.objects.filter(version=asked.version, name=name).values_list("sha256", flat=True))
        assert sums == {older.sha256, kept.checksum(files.files_of(asked.version)[name])}
        assert len(files.record_files(asked.version)) == len(files.files_of(asked.version))

    def test_drawings_that_differ_from_what_was_approved_are_never_handed_out(self, asked: kits.Asked) -> None:
        name = next(iter(files.files_of(asked.version)))
        assert name.startswith("svg/")
        MarkFile.objects.create(version=asked.version, name=name, size=1, sha256="0" * 64)
        with pytest.raises(files.FilesDiffer):
            kits.kept_kit(asked)


class TestKit:
    def test_every_file_is_stamped_with_the_code_and_is_as_approved_without_it(self, asked: kits.Asked) -> None:
        approved = files.files_of(asked.version)
        found = opened(kits.kit_for(asked))
        for name, content in approved.items():
            was, text = unstamped(found[name], PurePosixPath(name).suffix)
            assert was == content
            assert text is not None
            assert check_text(text, was) == asked.badge.code

    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_it_says_whose_it_is_until_when_and_where_to_check(self, asked: kits.Asked, language: str) -> None:
        found = opened(kits.kit_for(asked))
        page = BeautifulSoup(found[f"rules-{language}.html"], "html.parser").get_text(" ")
        for text in (found[f"README-{language}.txt"].decode(), page):
            said = " ".join(text.split())
            assert verify_url(asked.badge.code) in said
            assert codes.written(asked.badge.code) in said
            assert {"ru": "31 декабря 2026", "en": "31 December 2026"}[language] in said
            assert getattr(asked.badge.partner, f"name_{language}") in said

    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_the_rules_of_use_are_the_terms_own(self, asked: kits.Asked, language: str) -> None:
        """R6, R7, R8 as the edition says them, with clear space and least sizes."""
        page = BeautifulSoup(opened(kits.kit_for(asked))[f"rules-{language}.html"], "html.parser")
        said = " ".join(page.get_text(" ").split())
        terms = terms_on(TODAY)
        for code in ("R6", "R7", "R8"):
            clause = terms.clause(code)
            assert clause is not None
            assert " ".join(clause.text.in_language(language).split()) in said
        assert page.html is not None
        assert page.html["lang"] == language
        assert str(asked.version.least_px) in said
        assert str(asked.version.least_mm) in said
        assert not page.select("script, link, img")

    def test_it_verifies_with_the_usual_command(self, asked: kits.Asked, tmp_path: Path) -> None:
        with ZipFile(io.BytesIO(kits.kit_for(asked))) as archive:
            archive.extractall(tmp_path)
        checked = subprocess.run(
            ["sha256sum", "--check", "--strict", "checksums.txt"], cwd=tmp_path, capture_output=True, check=True
        )
        said = checked.stdout.decode().splitlines()
        assert len(said) == sum(path.is_file() for path in tmp_path.rglob("*")) - 1
        assert all(line.endswith(": OK") for line in said)

    def test_the_archive_holds_nothing_of_the_machine(self, asked: kits.Asked) -> None:
        with ZipFile(io.BytesIO(kits.kit_for(asked))) as archive:
            entries = archive.infolist()
        assert {entry.date_time for entry in entries} == {files.LONG_AGO}
        assert {entry.compress_type for entry in entries} == {ZIP_STORED}  # machines compress differently
        assert {entry.create_system for entry in entries} == {3}
        assert all(entry.filename.isascii() and not entry.filename.startswith(("/", ".")) for entry in entries)

    def test_without_pdf_it_says_so(self, asked: kits.Asked, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (files, kits):
            monkeypatch.setattr(module, "pdf_available", lambda: False)
        found = opened(kits.kit_for(asked))
        assert "сервер сейчас не умеет делать PDF" in found["README-ru.txt"].decode()
        assert not any(name.startswith("pdf/") for name in found)


class TestSameBytes:
    def test_the_same_input_gives_the_same_bytes(self, asked: kits.Asked) -> None:
        first = kits.kit_for(asked)
        with time_machine.travel("2031-05-05"):
            assert kits.kit_for(asked) == first

    def test_processes_of_any_seed_zone_and_locale_agree(self) -> None:
        """Each makes everything anew, without what another has kept."""
        mine = kits.kit_for(kit_of_a_process.asked())
        worlds = [
            {"PYTHONHASHSEED": "1", "TZ": "Asia/Vladivostok", "LC_ALL": "C", "PYTHONUTF8": "1"},
            {"PYTHONHASHSEED": "77", "TZ": "America/Caracas", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"},
        ]
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.badges.kit_of_a_process"],
                cwd=ROOT,
                env=os.environ | world | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"},
                stdout=subprocess.PIPE,
            )
            for world in worlds
        ]
        said = [process.communicate(timeout=120)[0].decode().split() for process in started]
        assert said == [[kept.checksum(mine), str(len(opened(mine)))]] * len(worlds)

    def test_this_machine_draws_what_was_drawn_elsewhere(self) -> None:
        """Every file of a shipped mark has the sum that is committed: another machine or library that draws otherwise
        is seen. Where it ought to, ``WRITE_SUMS=1`` writes the list anew; kits that were taken then differ from new
        ones.
        """
        known = dict(reversed(line.split("  ")) for line in SUMS.read_text().splitlines())
        found = {name: kept.checksum(content) for name, content in shipped("retail")[1].items()}
        if not paper.pdf_available():
            known = {name: said for name, said in known.items() if not name.startswith("pdf/")}
        assert found == known

    @pytest.mark.skipif("WRITE_SUMS" not in os.environ, reason="the list is written anew with WRITE_SUMS=1 alone")
    def test_write_the_sums_anew(self) -> None:
        assert paper.pdf_available()
        _drawn, found = shipped("retail")
        SUMS.write_text("".join(f"{kept.checksum(content)}  {name}\n" for name, content in found.items()))


class TestKept:
    def test_a_second_one_is_not_made(self, asked: kits.Asked, monkeypatch: pytest.MonkeyPatch) -> None:
        first = kits.kept_kit(asked)
        assert first.read() == kits.kit_for(asked)
        monkeypatch.setattr(kits, "_made", lambda *_args: pytest.fail("made again"))
        assert kits.kept_kit(asked) == first

    @pytest.mark.parametrize("changed", ["until", "partner", "code", "key", "terms"])
    def test_another_is_made_where_something_of_it_changes(
        self, asked: kits.Asked, changed: str, settings: Any
    ) -> None:
        first = kits.kept_kit(asked)
        until, terms = asked.until, asked.terms
        if changed == "until":
            until = date(2027, 12, 31)
        elif changed == "partner":
            asked.badge.partner.name_ru = "Другое имя"
        elif changed == "code":
            asked.badge.code = codes.new_code()
        elif changed == "key":
            settings.BADGE_KEY = "YW5vdGhlciBzZWNyZXQga2V5IGZvciB0ZXN0cyBvbmw"
        else:
            terms = None
        second = kits.kept_kit(kits.Asked(asked.version, asked.badge, until, terms))
        assert second.sha256 != first.sha256
        assert kept.find(first.name) is None  # of a mark and a badge the last one alone

    def test_its_name_tells_nothing_and_cannot_be_guessed(self, asked: kits.Asked, settings: Any) -> None:
        name = kits.kept_kit(asked).name
        assert not any(word in name for word in (asked.badge.code, asked.version.mark.slug, asked.badge.partner.slug))
        settings.SECRET_KEY = "another"
        assert kits.kept_kit(asked).name != name

    def test_one_that_is_still_being_written_counts_as_none(self, asked: kits.Asked) -> None:
        found = kits.kept_kit(asked)
        storages["private"].delete(found.name + kept.NOTE)
        assert kept.find(found.name) is None
        assert kits.kept_kit(asked) == found

    def test_two_who_keep_the_same_leave_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        disk = FileSystemStorage(location=tmp_path)
        monkeypatch.setattr(kept, "storage", lambda: disk)
        name = kept.name_in(kept.folder_of("test"), "same", suffix=".zip")
        monkeypatch.setattr(kept, "forget", lambda _name: None)  # the other one has not been there before us
        assert kept.keep(name, b"content") == kept.keep(name, b"content")
        assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
            name.rsplit("/", 1)[1],
            name.rsplit("/", 1)[1] + kept.NOTE,
        ]

    def test_drawings_of_another_look_are_other_files(self, version: MarkVersion) -> None:
        other = make_version("retail", drawings=drawings("#c77d0a"))
        assert files._name_of(version) != files._name_of(other)
        assert json.dumps(version.drawings) != json.dumps(other.drawings)
