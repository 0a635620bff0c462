"""Passwords: what is guessed first is refused, what is long is taken; the log tells who signed in, and no secret."""

from __future__ import annotations

import logging
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories.portal import make_person

PASSWORD = "a-long-password-of-ours"


@pytest.mark.parametrize(
    "password", ["asoft-2026!", "Partner12345", "ПартнёрАсофт1", "admin.partners.portal", "Пароль-asoft"]
)
def test_words_of_the_site_are_no_password(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "site_words" in [error.code for error in refused.value.error_list]


@pytest.mark.parametrize("password", ["asoft keeps my seven cats", "тихий берег 1907", "x" * 20 + "partner"])
def test_words_of_the_site_among_others_are_fine(password: str) -> None:
    validate_password(password)


def test_any_signs_do_digits_alone_too_unless_they_are_common() -> None:
    for password in ("830192746155", "жжжж ёёёё 七七", "        ~        "):
        validate_password(password)
    for password in ("1234567890", "987654321", "8301927"):
        with pytest.raises(ValidationError):
            validate_password(password)


@pytest.mark.parametrize("count", [True, False])
def test_those_that_have_leaked_are_refused_where_there_is_a_list(settings: Any, tmp_path: Path, count: bool) -> None:
    leaked = [f"leaked elsewhere {number}" for number in range(300)]
    digests = sorted(sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in leaked)
    ends = [f":{number**3}" if count else "" for number in range(300)]
    settings.LEAKED_PASSWORDS = str(tmp_path / "leaked.txt")
    Path(settings.LEAKED_PASSWORDS).write_text("".join(f"{digests[i]}{ends[i]}\n" for i in range(300)))
    for word in leaked:
        with pytest.raises(ValidationError) as refused:
            validate_password(word)
        assert [error.code for error in refused.value.error_list] == ["leaked"]
    for number in range(300, 600):
        validate_password(f"leaked elsewhere {number}")
    settings.LEAKED_PASSWORDS = ""
    validate_password(leaked[0])


def test_a_list_of_nothing_refuses_nothing(settings: Any, tmp_path: Path) -> None:
    settings.LEAKED_PASSWORDS = str(tmp_path / "leaked.txt")
    Path(settings.LEAKED_PASSWORDS).write_text("")
    validate_password("leaked elsewhere 1")


@pytest.mark.django_db
def test_a_long_one_is_taken_whole() -> None:
    long = "correct horse " * 9  # 126 characters, spaces and all
    person = make_person(password=long)
    validate_password(long)
    assert person.check_password(long)
    assert not person.check_password(long[:72])


@pytest.mark.django_db
def test_signing_in_and_failing_to_are_logged_without_address_or_password(caplog: pytest.LogCaptureFixture) -> None:
    cache.clear()
    person = make_person(email="known@example.org", password=PASSWORD)
    caplog.set_level(logging.INFO, "security")
    for password in ("a-wrong-password", PASSWORD):
        Client().post("/account/login/", {"login": person.email, "password": password})
    facts = [record.facts for record in caplog.records if record.name == "security"]  # type: ignore[attr-defined]
    assert [(each["event"], each.get("user"), each.get("by")) for each in facts] == [
        ("login.failed", None, None),
        ("login.succeeded", person.pk, "password"),
    ]
    assert not [each for each in (person.email, PASSWORD, "a-wrong-password") if each in caplog.text]
