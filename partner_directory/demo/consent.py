"""Loads a sample of the text by which visitors agree to the processing of personal data.

Idempotent: where there is any text, nothing is added. The vendor's lawyer writes the true one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from partner_directory.models.enquiry import ConsentText

SINCE = date(2026, 1, 1)
TEXT_RU = """Образец. Перед открытием сайта его заменит текст, который утвердил юрист компании.

Отправляя обращение, я даю компании ASoft согласие на обработку моих персональных данных: имени, названия компании, адреса электронной почты, номера телефона и того, что я сообщил в тексте обращения.

Цель — передать обращение партнёру, которого я выбрал, а если я не выбрал партнёра или он не отвечает — подходящему партнёру программы, и проследить, что на обращение ответили.

С данными можно делать только то, что нужно для этой цели: записать, хранить, передать партнёру, обезличить и удалить. Адрес, с которого отправлено обращение, не хранится.

Данные хранятся, пока обращение не закрыто, и затем ограниченный срок, после которого обезличиваются. Согласие можно отозвать в любой день, написав компании ASoft; тогда данные будут удалены раньше."""
TEXT_EN = """A sample. Before this site opens, a text approved by the company's lawyer will take its place.

By sending an enquiry I agree that ASoft processes my personal data: my name, the name of my company, my e-mail address, my telephone number, and whatever I have said in the enquiry.

The purpose is to pass the enquiry to the partner I have chosen or, if I have chosen none or it does not answer, to a suitable partner of the programme, and to see to it that the enquiry is answered.

Only what this purpose needs may be done with the data: to record, store, pass to the partner, make anonymous and delete. The network address that the enquiry came from is not stored.

The data are kept until the enquiry is closed and for a limited time after that, and are then made anonymous. I may withdraw this consent on any day by writing to ASoft; the data will then be deleted earlier."""


def load(report: Callable[[str], None]) -> None:
    """Adds the sample where there is no text at all; ``report`` is called with one line."""
    missing = not ConsentText.objects.exists()
    if missing:
        ConsentText.objects.create(effective_from=SINCE, text_ru=TEXT_RU, text_en=TEXT_EN, is_sample=True)
    report(f"ConsentText: {int(missing)} added, {int(not missing)} kept")
