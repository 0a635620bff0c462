"""Stamps: a line in a file that changes nothing of its look, comes out to the byte, and cannot be moved elsewhere."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from partner_directory.badges import codes, keys, rendering
from partner_directory.badges.stamps import (
    LONGEST,
    TEXT,
    WAYS,
    NotStampable,
    check_text,
    read_text,
    signed_text,
    stamp,
    unstamped,
    verify_url,
)
from program_pages.paper import pdf_available
from tests.factories.marks import drawing

SVG = drawing("horizontal", "light")
PNG = rendering.png(SVG, width=96)
FILES = {"svg": SVG.encode(), "png": PNG, "webp": rendering.webp(PNG)}
if pdf_available():
    FILES["pdf"] = rendering.pdf(SVG)
SUFFIXES = sorted(FILES)
TEXTS = st.from_regex(TEXT, fullmatch=True)


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGBA").tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
class TestInAndOut:
    @given(text=TEXTS)
    @settings(max_examples=60, deadline=None)
    def test_it_comes_out_as_it_went_in(self, suffix: str, text: str) -> None:
        stamped = stamp(FILES[suffix], suffix, text)
        assert stamped != FILES[suffix]
        assert unstamped(stamped, suffix) == (FILES[suffix], text)

    def test_the_last_of_two_comes_out_first(self, suffix: str) -> None:
        if suffix == "webp":  # holds one at most
            pytest.skip("a stamped WebP is no file of ours")
        once = stamp(FILES[suffix], suffix, "one")
        assert unstamped(stamp(once, suffix, "two"), suffix) == (once, "two")

    def test_a_file_without_one_is_as_it_is(self, suffix: str) -> None:
        assert unstamped(FILES[suffix], suffix) == (FILES[suffix], None)

    @pytest.mark.parametrize(
        "text", ["", "two\nlines", "<b>", "a-->b\x00", "Юникод", "&amp;", "a" * (LONGEST + 1)], ids=range(7)
    )
    def test_a_text_that_is_no_plain_line_is_refused(self, suffix: str, text: str) -> None:
        with pytest.raises(ValueError, match="plain line"):
            stamp(FILES[suffix], suffix, text)

    @given(content=st.binary(max_size=200))
    @settings(max_examples=100, deadline=None)
    def test_rubbish_holds_nothing_and_breaks_nothing(self, suffix: str, content: bytes) -> None:
        assert unstamped(content, suffix) == (content, None)

    @given(data=st.data())
    @settings(max_examples=150, deadline=None)
    def test_an_altered_stamp_is_never_believed(self, suffix: str, data: st.DataObject) -> None:
        """One byte is another, or the end is cut off: whatever comes out, its signature does not hold."""
        code = codes.new_code()
        stamped = bytearray(stamp(FILES[suffix], suffix, signed_text(code, FILES[suffix])))
        place = data.draw(st.integers(0, len(stamped) - 1))
        if data.draw(st.booleans()):
            stamped[place] ^= data.draw(st.integers(1, 255))
        else:
            del stamped[place:]
        content, text = unstamped(bytes(stamped), suffix)
        genuine = text is not None and check_text(text, content) == code
        # The head of the address is no part of what is signed; all else is.
        assert not genuine or (content == FILES[suffix] and text.split("/verify/")[1].startswith(code))


class TestLooks:
    @pytest.mark.parametrize("suffix", ["png", "webp"])
    def test_a_picture_shows_the_same_pixels(self, suffix: str) -> None:
        assert pixels(stamp(FILES[suffix], suffix, "text")) == pixels(FILES[suffix])

    def test_readers_find_the_text_where_the_format_keeps_such_things(self) -> None:
        with Image.open(io.BytesIO(stamp(FILES["png"], "png", "text"))) as image:
            image.load()
            assert image.info["ASoft badge"] == "text"
        with Image.open(io.BytesIO(stamp(FILES["webp"], "webp", "text"))) as image:
            assert b"<dc:source>text</dc:source>" in image.info["xmp"]

    def test_a_drawing_is_still_well_formed_with_the_same_shapes(self) -> None:
        stamped = stamp(FILES["svg"], "svg", "a--b text")
        shapes = [element.attrib for element in ElementTree.fromstring(FILES["svg"])]  # noqa: S314 - our own drawing
        found = list(ElementTree.fromstring(stamped))  # noqa: S314
        assert [element.attrib for element in found][: len(shapes)] == shapes
        assert [element.text for element in found][len(shapes) :] == ["a--b text"]
        assert rendering.png(stamped.decode(), width=96) == FILES["png"]

    @pytest.mark.skipif("pdf" not in FILES, reason="no Pango here")
    def test_a_document_is_still_read(self) -> None:
        reader = PdfReader(io.BytesIO(stamp(FILES["pdf"], "pdf", "text")), strict=True)
        assert len(reader.pages) == 1


class TestHostile:
    @pytest.mark.parametrize("suffix", ["", "jpg", "svg.exe", "../svg"])
    def test_another_kind_of_file_holds_none(self, suffix: str) -> None:
        with pytest.raises(NotStampable):
            stamp(SVG.encode(), suffix, "text")
        with pytest.raises(NotStampable):
            unstamped(SVG.encode(), suffix)

    @pytest.mark.parametrize(
        ("suffix", "content"),
        [
            ("svg", b"<svg/>"),
            ("svg", b"</svg>" + b" " * 5000),
            ("png", PNG[:-1]),
            ("webp", b"RIFF\x04\x00\x00\x00WEBP"),
            ("webp", FILES["webp"][:-2]),
            ("webp", stamp(FILES["webp"], "webp", "once")),
            ("pdf", b"%PDF-1.7"),
        ],
        ids=range(7),
    )
    def test_a_file_that_cannot_hold_one_is_refused(self, suffix: str, content: bytes) -> None:
        with pytest.raises(NotStampable):
            stamp(content, suffix, "text")

    @pytest.mark.parametrize("suffix", sorted(WAYS))
    def test_a_large_file_of_openings_is_read_at_its_end_only(self, suffix: str) -> None:
        opening = b'<metadata class="asoft-badge">iTXtASoft badge\x00\x00\x00\x00\x00XMP \n%ASoft badge: '
        content = opening * 50_000
        assert unstamped(content, suffix)[0] in (content, content[: -len(opening)])

    def test_a_chunk_that_lies_about_itself_is_no_stamp(self) -> None:
        stamped = stamp(PNG, "png", "text")
        wrong_sum = stamped.replace(b"text", b"tEXT")
        assert unstamped(wrong_sum, "png") == (wrong_sum, None)


class TestSignature:
    def test_a_stamp_says_its_code(self) -> None:
        code = codes.new_code()
        text = signed_text(code, PNG)
        assert text.startswith(verify_url(code))
        assert check_text(text, PNG) == code

    def test_it_means_nothing_in_another_file(self) -> None:
        assert check_text(signed_text(codes.new_code(), PNG), SVG.encode()) is None

    def test_it_means_nothing_with_another_code(self) -> None:
        code, other = codes.new_code(), codes.new_code()
        assert check_text(signed_text(code, PNG).replace(code, other), PNG) is None

    def test_another_key_is_not_believed(self) -> None:
        with override_settings(BADGE_KEY=keys.new_key()):
            text = signed_text(codes.new_code(), PNG)
        assert check_text(text, PNG) is None
        claimed = text.replace(text.split()[1], keys.current().key_id)
        assert check_text(claimed, PNG) is None

    def test_what_an_old_key_has_signed_is_believed_still(self) -> None:
        code, old = codes.new_code(), keys.encoded(keys.current().raw)
        text = signed_text(code, PNG)
        with override_settings(BADGE_KEY=keys.new_key(), BADGE_OLD_KEYS=[old]):
            assert check_text(text, PNG) == code

    @pytest.mark.parametrize("text", ["", "text", "https://x/verify/AAAA/ k s", "https://x/verify/../ key !!"])
    def test_any_other_text_is_no_stamp_of_ours(self, text: str) -> None:
        assert read_text(text) is None
        assert check_text(text, PNG) is None

    def test_the_same_file_and_code_give_the_same_stamp(self) -> None:
        code = codes.new_code()
        assert signed_text(code, PNG) == signed_text(code, PNG)
