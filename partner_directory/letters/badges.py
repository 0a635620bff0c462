"""What partners are told of their badges: of a new code and of one taken back (R5, R9).

That a badge is issued or closed with a membership, the letter about the membership says.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Fact, Kind

SAMPLE: dict[str, Fact] = {
    "code": "7K3QW-9XM2T",
    "old": "4HD0B-YRC81",
    "reason": _("Прежний код попал на чужой сайт."),
}

KINDS: tuple[Kind, ...] = (
    Kind(
        key="badge_reissued",
        label=_("Значок выдан заново"),
        subject=_("{company}: новый код значка"),
        text=_(
            "Значок компании {company} выдан заново: код {code} вместо {old}.\n\n"
            "Причина: {reason}\n\n"
            "Прежний код при проверке отвечает, что он отозван. Замените его на сайте и в материалах:\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="badge_revoked",
        label=_("Значок отозван"),
        subject=_("{company}: значок отозван"),
        text=_(
            "Значок компании {company} с кодом {code} отозван: при проверке он отвечает, что недействителен.\n\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
)
