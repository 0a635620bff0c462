"""What a company's facts must look like: ИНН, ОГРН, telephone numbers. May not import models."""

from __future__ import annotations

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength
from stdnum.exceptions import ValidationError as NumberError
from stdnum.ru import inn, ogrn

HOME_COUNTRY = "RU"  # of a telephone number written without a country


def validate_inn(value: str) -> None:
    """Refuses what is no ИНН of a company (10 digits) or a person (12): with another length, letters, a wrong check."""
    try:
        inn.validate(value)
    except NumberError as error:
        raise ValidationError(_number_problem("ИНН", error, _("10 цифр у компании и 12 у предпринимателя"))) from error


def validate_ogrn(value: str) -> None:
    """Refuses what is no ОГРН of a company (13 digits) or an entrepreneur (15)."""
    try:
        ogrn.validate(value)
    except NumberError as error:
        raise ValidationError(_number_problem("ОГРН", error, _("13 цифр у компании и 15 у предпринимателя"))) from error


def _number_problem(name: str, error: NumberError, length: str) -> str:
    if isinstance(error, InvalidLength):
        return _("%(name)s: неверная длина, нужно %(length)s.") % {"name": name, "length": length}
    if isinstance(error, InvalidChecksum):
        return _("%(name)s: контрольная цифра не сходится, проверьте номер.") % {"name": name}
    if isinstance(error, InvalidFormat):
        return _("%(name)s пишется одними цифрами.") % {"name": name}
    return _("%(name)s: такого номера быть не может.") % {"name": name}


def written_phone(value: str) -> str:
    """A telephone number as people write it internationally; raises ValidationError for what is none."""
    try:
        number = phonenumbers.parse(value, HOME_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_bad_phone(value)) from error
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(_bad_phone(value))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def validate_phone(value: str) -> None:
    """Refuses what is no telephone number."""
    written_phone(value)


def validate_phones(value: str) -> None:
    """Refuses a text with a line that is no telephone number."""
    for line in filter(None, map(str.strip, value.splitlines())):
        written_phone(line)


def _bad_phone(value: str) -> str:
    return _("«%(value)s» — не телефон; например, +7 495 123-45-67.") % {"value": value[:40]}
