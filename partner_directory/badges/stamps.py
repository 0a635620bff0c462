"""A line of text in a file that does not change how it looks, and that says whose copy it is (R5, R6).

Put at the end of what each format allows: ``<metadata>`` of an SVG, iTXt of a PNG, XMP of a WebP, a comment of a PDF.
Taken out again, the file is what it was, to the byte: its checksum tells whether it is as it was approved. The text
holds a signature over that checksum and the code, so that a stamp means nothing in another file or with another code.
Files come from anybody: only their last bytes are looked at, and nothing is parsed. May not import models.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from partner_directory.badges import codes, keys
from partner_directory.badges.links import verify_url

LONGEST = 512  # signs of a text
TEXT = re.compile(rf"[A-Za-z0-9:/._~%?=+-][A-Za-z0-9:/._~%?=+ -]{{0,{LONGEST - 1}}}")
POINTS = re.compile(r"\S+/verify/(?P<code>\w+)/", re.ASCII)
SIGNED = re.compile(rf"{POINTS.pattern} (?P<key>[\w-]+) (?P<signature>[\w-]+)", re.ASCII)

SVG_END = b"</svg>"
SVG_STAMP = (b'<metadata class="asoft-badge">', b"</metadata>")
SVG_TAIL = 1024  # bytes that may stand behind the end of a drawing
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
PNG_KEYWORD = b"ASoft badge\x00\x00\x00\x00\x00"  # not compressed, in no language
PDF_STAMP = b"\n%ASoft badge: "
RIFF = re.compile(rb"RIFF(....)WEBP", re.DOTALL)
VP8L_SIGN = 0x2F
VP8X_BYTES = 18  # with its head
WEBP_ALPHA, WEBP_XMP = 0x10, 0x04
XMP_STAMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>',
    b"</dc:source></rdf:Description></rdf:RDF></x:xmpmeta>",
)

Parts = tuple[bytes, str | None]


class NotStampable(ValueError):
    """A file of a kind, or in a form, that a stamp cannot be put into."""


# --- Put in, and taken out ---


def stamp(content: bytes, suffix: str, text: str) -> bytes:
    """The file with a text in it; ``suffix`` is how its name ends ("svg").

    Raises NotStampable for a file that cannot hold one, ValueError for a text that is no plain line.
    """
    if not TEXT.fullmatch(text):
        raise ValueError("a stamp is one plain line")
    put_in, take_out = _ways(suffix)
    stamped = put_in(content, text.encode("ascii"))
    if stamped is None or take_out(stamped) != (content, text):
        raise NotStampable(suffix)
    return stamped


def unstamped(content: bytes, suffix: str) -> Parts:
    """The file as it was before it was stamped, and the text; as it is, and None, where there is no stamp.

    Raises NotStampable for a suffix that is not known.
    """
    return _ways(suffix)[1](content)


def _ways(suffix: str) -> tuple[Callable[[bytes, bytes], bytes | None], Callable[[bytes], Parts]]:
    try:
        return WAYS[suffix.lower().lstrip(".")]
    except KeyError as error:
        raise NotStampable(suffix) from error


def _read(text: bytes) -> str | None:
    found = text.decode("ascii", "replace")
    return found if TEXT.fullmatch(found) else None


def _stamp_svg(content: bytes, text: bytes) -> bytes | None:
    end = _end_of_svg(content)
    return None if end < 0 else content[:end] + SVG_STAMP[0] + text + SVG_STAMP[1] + content[end:]


def _unstamped_svg(content: bytes) -> Parts:
    end = _end_of_svg(content)
    begin = content.rfind(SVG_STAMP[0], max(end - _span(SVG_STAMP), 0), max(end, 0))
    if begin < 0 or not content.endswith(SVG_STAMP[1], begin, end):
        return content, None
    text = _read(content[begin + len(SVG_STAMP[0]) : end - len(SVG_STAMP[1])])
    return (content[:begin] + content[end:], text) if text else (content, None)


def _end_of_svg(content: bytes) -> int:
    return content.rfind(SVG_END, max(len(content) - SVG_TAIL, 0))


def _stamp_png(content: bytes, text: bytes) -> bytes | None:
    return content[: -len(PNG_END)] + _png_chunk(text) + PNG_END if content.endswith(PNG_END) else None


def _unstamped_png(content: bytes) -> Parts:
    """The length stands before the chunk, so it is looked for from its keyword."""
    tail = max(len(content) - len(PNG_END) - LONGEST - 64, 0)
    place = content.rfind(b"iTXt" + PNG_KEYWORD, tail)
    if place < 4 or not content.endswith(PNG_END):
        return content, None
    chunk = content[place - 4 : -len(PNG_END)]
    text = _read(chunk[8 + len(PNG_KEYWORD) : -4])
    if text is None or chunk != _png_chunk(text.encode("ascii")):
        return content, None
    return content[: place - 4] + PNG_END, text


def _png_chunk(text: bytes) -> bytes:
    body = b"iTXt" + PNG_KEYWORD + text
    return (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)


def _stamp_pdf(content: bytes, text: bytes) -> bytes | None:
    return content + PDF_STAMP + text + b"\n" if b"%%EOF" in content[-SVG_TAIL:] else None


def _unstamped_pdf(content: bytes) -> Parts:
    begin = content.rfind(PDF_STAMP, max(len(content) - LONGEST - len(PDF_STAMP) - 1, 0))
    if begin < 0 or not content.endswith(b"\n", begin + len(PDF_STAMP)):
        return content, None
    text = _read(content[begin + len(PDF_STAMP) : -1])
    return (content[:begin], text) if text else (content, None)


def _stamp_webp(content: bytes, text: bytes) -> bytes | None:
    """A lossless picture of one chunk becomes an extended one, which may hold more beside it."""
    head = _webp_size(content)
    if head is None:
        return None
    packet = XMP_STAMP[0] + text + XMP_STAMP[1]
    return _riff(_vp8x(*head) + content[12:] + b"XMP " + len(packet).to_bytes(4, "little") + _padded(packet))


def _unstamped_webp(content: bytes) -> Parts:
    begin = content.rfind(b"XMP ", max(len(content) - _span(XMP_STAMP) - 9, 0))
    plain = _riff(content[12 + VP8X_BYTES : max(begin, 0)])
    text = _read(content[begin + 8 :].rstrip(b"\0").removeprefix(XMP_STAMP[0]).removesuffix(XMP_STAMP[1]))
    if begin < 0 or text is None or _stamp_webp(plain, text.encode("ascii")) != content:
        return content, None
    return plain, text


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """Width and height less one of a lossless WebP of a single chunk; None for any other."""
    found = RIFF.match(content)
    if not found or content[12:16] != b"VP8L" or len(content) < 25 or content[20] != VP8L_SIGN:
        return None
    body = int.from_bytes(content[16:20], "little")
    if int.from_bytes(found[1], "little") != len(content) - 8 or 20 + body + body % 2 != len(content):
        return None
    bits = int.from_bytes(content[21:25], "little")
    return bits & 0x3FFF, bits >> 14 & 0x3FFF


def _vp8x(width: int, height: int) -> bytes:
    flags = (WEBP_ALPHA | WEBP_XMP).to_bytes(4, "little")
    return b"VP8X" + (10).to_bytes(4, "little") + flags + width.to_bytes(3, "little") + height.to_bytes(3, "little")


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WEBP" + chunks


def _padded(body: bytes) -> bytes:
    return body + b"\0" * (len(body) % 2)


def _span(around: tuple[bytes, bytes]) -> int:
    """The most bytes that a text takes with what stands around it."""
    return LONGEST + sum(map(len, around))


WAYS = {
    "svg": (_stamp_svg, _unstamped_svg),
    "png": (_stamp_png, _unstamped_png),
    "webp": (_stamp_webp, _unstamped_webp),
    "pdf": (_stamp_pdf, _unstamped_pdf),
}


# --- What it says ---


@dataclass(frozen=True, slots=True)
class Signed:
    """What a stamp claims: a code, and a key's signature; believed only as ``check_text`` says."""

    code: str
    key_id: str
    signature: bytes


def signed_text(code: str, content: bytes) -> str:
    """The text to be stamped into a file that is handed out under a badge's code."""
    signature = keys.encoded(keys.sign(_said(code, content)))
    return f"{verify_url(code)} {keys.current().key_id} {signature}"


def pointed_at(text: str) -> str | None:
    """The code at which a live badge points, which proves nothing by itself; None for any other text."""
    found = POINTS.fullmatch(text)
    try:
        return codes.read_code(found["code"]) if found else None
    except ValueError:
        return None


def read_text(text: str) -> Signed | None:
    """What a stamp claims; None for a text that is no stamp of ours."""
    found = SIGNED.fullmatch(text)
    if found is None:
        return None
    try:
        return Signed(codes.read_code(found["code"]), found["key"], keys.decoded(found["signature"]))
    except ValueError:
        return None


def check_text(text: str, content: bytes) -> str | None:
    """The code under which a file was handed out, where a published key signed just that; None for a forgery.

    ``content`` and ``text`` are what ``unstamped`` has found.
    """
    claim = read_text(text)
    key = keys.by_id(claim.key_id) if claim else None
    if claim is None or key is None or not key.verifies(claim.signature, _said(claim.code, content)):
        return None
    return claim.code


def _said(code: str, content: bytes) -> bytes:
    return hashlib.sha256(content).digest() + code.encode("ascii")
