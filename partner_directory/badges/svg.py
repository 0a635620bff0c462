"""What an uploaded drawing of a mark may hold: outlines and paint; nothing that runs, fetches or needs a font (R6).

A drawing is built anew from what is allowed. What does not draw (scripts, handlers, editors' notes) is left out, and
said; what draws in a way that is not allowed (text, pictures, effects) makes the whole file refused, because without
it the mark would be another one. May not import models.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

MOST_BYTES = 300_000
MOST_ELEMENTS = 3_000
DEEPEST = 20
MOST_STYLE = 10_000  # signs of style sheets
PROLOG = 2_000  # signs in which a DOCTYPE without entities may stand
LONGEST_BOX = 100  # signs
LARGEST_SIDE = 20_000  # of the box, in its own units
WIDEST, TALLEST = 12.0, 4.0  # how many times a side may be the other

SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GRADIENTS = frozenset({"linearGradient", "radialGradient"})
ALLOWED = SHAPES | GRADIENTS | {"svg", "g", "defs", "stop", "clipPath"}
UNWRAPPED = frozenset({"a", "switch"})  # what is in them stays
WORDS = frozenset({"text", "tspan", "textPath", "tref", "altGlyph", "font", "font-face", "glyph"})
PICTURES = frozenset({"image", "feImage", "video", "canvas"})
EFFECTS = frozenset({"use", "symbol", "mask", "filter", "pattern", "marker", "mesh", "hatch"})

PAINT = frozenset({"fill", "stroke", "stop-color", "color"})
PRESENTATION = PAINT | {
    "fill-opacity", "fill-rule", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "stop-opacity", "clip-path", "clip-rule",
    "display", "visibility",
}  # fmt: skip
GEOMETRY = frozenset({
    "d", "points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height",
    "transform", "offset", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "pathLength",
})  # fmt: skip
OF_ROOT = frozenset({"version", "x", "y", "width", "height", "viewBox", "preserveAspectRatio", "id", "class"})
"""Said of the root by every drawing programme; said anew here, so nobody needs to be told."""
SILENT = frozenset({"id", "class", "{http://www.w3.org/XML/1998/namespace}space"})

VALUE = re.compile(r"[\w\s#%.,+()-]*", re.ASCII)
REFERENCE = re.compile(r"url\(\s*['\"]?#([\w.:-]+)['\"]?\s*\)")
OUTSIDE = re.compile(r"url|image|expression|element|var|env|attr", re.IGNORECASE)
NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?:px|pt|mm|cm|in)?\s*", re.IGNORECASE)
DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*>", re.IGNORECASE)
INSTRUCTION = re.compile(r"<\?(?!xml\s)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
CLASSES = re.compile(r"\s*\.[\w-]+(?:\s*,\s*\.[\w-]+)*\s*")
PICTURE_SIGNS = {
    b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP", b"%PDF": "PDF", b"%!PS": "EPS",
    b"II*\0": "TIFF", b"MM\0*": "TIFF", b"\x1f\x8b": "SVGZ", b"PK\x03\x04": "ZIP", b"8BPS": "PSD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A drawing as it is kept, and what was left out of it: elements, attributes and other parts by their names."""

    svg: str
    removed: tuple[str, ...]


def clean_svg(content: bytes) -> Cleaned:
    """A drawing built anew from what is allowed of an uploaded one.

    Raises ValidationError with a sentence for what is no SVG, is too large or too deep, declares entities, or draws
    with what is not allowed (text that is not outlines, pictures, effects).
    """
    if len(content) > MOST_BYTES:
        _refuse(_("Файл больше %(limit)s кБ: упростите контуры.") % {"limit": MOST_BYTES // 1000})
    for sign, kind in PICTURE_SIGNS.items():
        if content.startswith(sign):
            _refuse(_("Это %(kind)s. Знак загружают в SVG, где буквы превращены в контуры.") % {"kind": kind})
    cleaning = _Cleaning(f"m{hashlib.sha256(content).hexdigest()[:8]}")
    root = cleaning.parsed(content)
    return Cleaned(cleaning.document(root), tuple(dict.fromkeys(cleaning.removed)))


def _refuse(sentence: str) -> NoReturn:
    raise ValidationError(sentence)


@dataclass(slots=True)
class _Cleaning:
    """One drawing on its way: what was left out, the paint of its classes, and what its references may name."""

    prefix: str  # of names, so that drawings that stand on one page do not take each other's
    removed: list[str] = field(default_factory=list)
    classes: dict[str, dict[str, str]] = field(default_factory=dict)
    names: dict[str, Element] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def parsed(self, content: bytes) -> Element:
        """The root; raises ValidationError for what is no drawing, or more than one can look through."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            _refuse(_("Это не SVG: внутри что-то другое."))
        if DOCTYPE.search(text[:PROLOG]):
            self.removed.append("DOCTYPE")
            text = DOCTYPE.sub("", text[:PROLOG], count=1) + text[PROLOG:]
        if INSTRUCTION.search(text):
            self.removed.append("<?…?>")
        try:
            root: Element = fromstring(text, forbid_dtd=True)
        except DefusedXmlException:
            _refuse(_("В файле объявлены сущности (DOCTYPE, ENTITY). Сохраните SVG без них."))
        except (ParseError, ValueError):
            _refuse(_("Это не SVG: внутри что-то другое."))
        if root.tag != f"{SVG}svg":
            _refuse(_("Это не SVG: внутри что-то другое."))
        return root

    def document(self, root: Element) -> str:
        """The drawing anew, in a box of its own."""
        elements = list(_walk(root))
        if len(elements) > MOST_ELEMENTS:
            _refuse(_("В рисунке больше %(limit)s частей: упростите контуры.") % {"limit": MOST_ELEMENTS})
        self._refuse_what_draws_otherwise(elements)
        self.names = {name: element for element in elements if (name := element.get("id"))}
        self.renamed = {name: f"{self.prefix}-{place}" for place, name in enumerate(self.names)}
        sheets = ["".join(element.itertext()) for element in elements if element.tag == f"{SVG}style"]
        if sum(map(len, sheets)) > MOST_STYLE:
            _refuse(_("В файле слишком много стилей: сохраните краску атрибутами."))
        for sheet in sheets:
            self._read_styles(sheet)
        drawn = "".join(self._children(root))
        if not any(f"<{shape} " in drawn for shape in SHAPES):
            _refuse(_("В рисунке ничего не нарисовано."))
        left, top, width, height = _box(root)
        own = self._attributes(root, "svg")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}"'
            f' viewBox="{left:g} {top:g} {width:g} {height:g}"{own}>{drawn}</svg>'
        )

    def _refuse_what_draws_otherwise(self, elements: list[Element]) -> None:
        found = {_local(element.tag) for element in elements}
        if found & WORDS:
            _refuse(_("В рисунке есть текст: превратите буквы в контуры, шрифта у читателя может не быть."))
        if found & PICTURES:
            _refuse(_("В рисунке есть растровое изображение: знак состоит только из контуров."))
        if effects := sorted(found & EFFECTS):
            names = ", ".join(f"<{name}>" for name in effects)
            _refuse(_("В знаке не бывает %(names)s: разберите рисунок на простые контуры.") % {"names": names})

    def _read_styles(self, text: str) -> None:
        """The declarations of rules for classes alone; of anything else it is said that it is left out."""
        text = COMMENT.sub("", text)
        for selector, body in RULE.findall(text):
            if CLASSES.fullmatch(selector):
                for name in selector.split(","):
                    self.classes.setdefault(name.strip()[1:], {}).update(self._declared(body))
            else:
                self.removed.append(f"style {selector.strip()}"[:60])
        if RULE.sub("", text).strip():
            self.removed.append("style @")

    def _declared(self, text: str) -> dict[str, str]:
        """The presentation that a style declares."""
        found: dict[str, str] = {}
        for declaration in filter(str.strip, text.split(";")):
            name, _colon, value = (part.strip() for part in declaration.partition(":"))
            if name in PRESENTATION and self._is_safe(name, value):
                found[name] = value
            else:
                self.removed.append(f"style {name}"[:60])
        return found

    def _element(self, element: Element, depth: int) -> Iterator[str]:
        name = _local(element.tag)
        if not element.tag.startswith(SVG) or name not in ALLOWED | UNWRAPPED:
            if name not in {"title", "desc", "style"}:
                self.removed.append(f"<{name}>")
            return
        if depth > DEEPEST:
            _refuse(_("Рисунок вложен глубже %(limit)s уровней: разгруппируйте его.") % {"limit": DEEPEST})
        inner = "".join(self._children(element, depth))
        if name in UNWRAPPED:
            self.removed.append(f"<{name}>")
            yield f"<g>{inner}</g>" if inner else ""
            return
        own = self._attributes(element, name)
        tag = "g" if name == "svg" else name
        yield f"<{tag}{own}>{inner}</{tag}>" if inner else f"<{tag}{own}/>"

    def _children(self, element: Element, depth: int = 0) -> Iterator[str]:
        for child in element:
            yield from self._element(child, depth + 1)

    def _attributes(self, element: Element, name: str) -> str:
        """What is allowed of an element's attributes; its styles are said as attributes too."""
        kept = {key: value for key, value in element.items() if self._keeps(element, name, key, value)}
        for of_class in element.get("class", "").split():
            kept |= self.classes.get(of_class, {})
        kept |= self._declared(element.get("style", ""))
        if name == "svg":
            kept = {key: value for key, value in kept.items() if key in PRESENTATION}
        return "".join(f" {_local(key)}={quoteattr(self._said(key, value))}" for key, value in kept.items())

    def _said(self, key: str, value: str) -> str:
        """A value whose names are the drawing's own."""
        if key == "id":
            return self.renamed[value]
        if key in {"href", XLINK_HREF}:
            return f"#{self.renamed[value[1:]]}"
        return REFERENCE.sub(lambda found: f"url(#{self.renamed[found[1]]})", value)

    def _keeps(self, element: Element, name: str, key: str, value: str) -> bool:
        if key == "style" or (name == "svg" and key in OF_ROOT):
            return False
        if key == "id":
            return _is_name(value) and name in GRADIENTS | {"clipPath"}
        if key in {"href", XLINK_HREF} and name in GRADIENTS and self._names_a_plain_gradient(value):
            return True
        if key in PRESENTATION | GEOMETRY and self._is_safe(key, value):
            return True
        if key not in SILENT:
            self.removed.append(_local(key))
        return False

    def _is_safe(self, name: str, value: str) -> bool:
        """Numbers, words and colours; a reference where one is painted or cut with what stands in the drawing."""
        reference = REFERENCE.fullmatch(value.strip())
        if reference and name in {"fill", "stroke", "clip-path"}:
            target = self.names.get(reference[1])
            kinds = {"clipPath"} if name == "clip-path" else GRADIENTS
            return target is not None and _is_name(reference[1]) and _local(target.tag) in kinds
        return bool(VALUE.fullmatch(value)) and not OUTSIDE.search(value)

    def _names_a_plain_gradient(self, value: str) -> bool:
        """Whether it leads to a gradient of this drawing that leads no further."""
        target = self.names.get(value.removeprefix("#")) if value.startswith("#") else None
        leads_on = target is not None and ("href" in target.attrib or XLINK_HREF in target.attrib)
        return target is not None and _is_name(value[1:]) and _local(target.tag) in GRADIENTS and not leads_on


def _walk(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_name(value: str) -> bool:
    return bool(re.fullmatch(r"[\w.:-]{1,80}", value, re.ASCII))


def _box(root: Element) -> tuple[float, float, float, float]:
    """Where the drawing is: its viewBox, or its width and height."""
    numbers = re.split(r"[\s,]+", root.get("viewBox", "").strip()[:LONGEST_BOX])
    if len(numbers) != 4:
        numbers = ["0", "0", root.get("width", "")[:LONGEST_BOX], root.get("height", "")[:LONGEST_BOX]]
    found = [NUMBER.fullmatch(number) for number in numbers]
    sizes = [float(match[1]) for match in found if match]
    if len(sizes) != len(found) or not all(map(isfinite, sizes)) or min(sizes[2:]) <= 0:
        _refuse(_("У рисунка нет размеров: укажите viewBox или ширину и высоту."))
    left, top, width, height = sizes
    if max(map(abs, sizes)) > LARGEST_SIDE:
        _refuse(_("Рисунок больше %(limit)s единиц в стороне: уменьшите его.") % {"limit": LARGEST_SIDE})
    if width > WIDEST * height or height > TALLEST * width:
        _refuse(_("Стороны рисунка слишком разные: проверьте, нет ли вокруг знака пустого поля."))
    return left, top, width, height
