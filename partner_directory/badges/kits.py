"""The kit of a mark for one partner: every file with its stamp, the rules of use, checksums (R5–R8).

Made when it is asked for and kept until something of it changes; the same input gives the same bytes, on any machine.
Who may have it is for ``badges.gate`` to say. May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from django.template.loader import render_to_string
from django.utils.translation import override

from partner_directory.badges import codes, kept, keys
from partner_directory.badges.files import files_of, packed, record_files
from partner_directory.badges.links import verify_url
from partner_directory.badges.stamps import signed_text, stamp
from partner_directory.models.badge import Badge
from partner_directory.models.mark import Ink, Layout, MarkVersion
from program_pages.paper import pdf_available
from program_pages.rules.terms import Section, Terms, Topic

FORMAT = "1"  # of a kit: another one is made anew
LANGUAGES = ("ru", "en")
RULES, ABOUT = "partner_directory/kit/rules.html", "partner_directory/kit/about.txt"
CHECKSUMS = "checksums.txt"
WHOLE = 100  # a share in per cent


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kit is made from: a version of a mark, the badge it is taken under, its last day, and the terms."""

    version: MarkVersion
    badge: Badge
    until: date
    terms: Terms | None


def kit_for(asked: Asked) -> bytes:
    """The kit as one archive; asks no database."""
    return _made(asked, _texts(asked))


def kept_kit(asked: Asked) -> kept.Kept:
    """The kit as it is kept, made where there is none yet; of a mark and a badge the last one alone stays.

    What decides on its bytes is in its name, so that a kept one never holds what is no longer so. Raises FilesDiffer.
    """
    texts = _texts(asked)
    slot = kept.folder_of("kit", str(asked.badge.pk), str(asked.version.mark_id))
    decides = (FORMAT, str(asked.version.pk), str(pdf_available()), keys.current().key_id, *texts.values())
    name = kept.name_in(slot, *decides, suffix=".zip")
    found = kept.find(name)
    if found is None:
        record_files(asked.version)
        found = kept.keep(name, _made(asked, texts))
        kept.forget_others(slot, found)
    return found


def file_name(asked: Asked) -> str:
    """What a kit is called where it is saved."""
    return f"{asked.version.mark.slug}-{codes.written(asked.badge.code)}.zip"


def rules_of(terms: Terms | None) -> Section | None:
    """The section of the terms that says how marks are used (R5–R9)."""
    wanted = {Topic.LOGO_RIGHT, Topic.LOGO_USE}
    sections = terms.sections if terms else ()
    return next((each for each in sections if wanted & {clause.topic for clause in each.clauses}), None)


def _made(asked: Asked, texts: Mapping[str, str]) -> bytes:
    files = {name: text.encode() for name, text in texts.items()}
    for name, content in files_of(asked.version).items():
        files[name] = stamp(content, PurePosixPath(name).suffix, signed_text(asked.badge.code, content))
    files[CHECKSUMS] = _checksums(files)
    return packed(files)


def _checksums(files: Mapping[str, bytes]) -> bytes:
    """As ``sha256sum -c`` reads them."""
    return "".join(f"{kept.checksum(content)}  {name}\n" for name, content in files.items()).encode("ascii")


def _texts(asked: Asked) -> dict[str, str]:
    """The texts of a kit by their names: what is in it, and the rules, each language by itself."""
    version, badge = asked.version, asked.badge
    context = {
        "version": version,
        "partner": badge.partner,
        "code": codes.written(badge.code),
        "address": verify_url(badge.code),
        "until": asked.until,
        "clear_space": version.clear_space * WHOLE,
        "section": rules_of(asked.terms),
        "layouts": Layout,
        "inks": Ink,
        "has_pdf": pdf_available(),
    }
    texts = {}
    for language in LANGUAGES:
        with override(language):
            texts[f"README-{language}.txt"] = render_to_string(ABOUT, context).strip() + "\n"
            texts[f"rules-{language}.html"] = render_to_string(RULES, context | {"language": language}).strip() + "\n"
    return texts
