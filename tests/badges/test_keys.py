"""Keys: named by their thumbprints, changed without losing what was signed, refused with a sentence where wrong."""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings
from joserfc.jwk import OKPKey

from partner_directory.badges import keys
from partner_directory.badges.checks import check_keys


def test_a_key_is_named_by_its_thumbprint() -> None:
    """RFC 7638, as another implementation computes it."""
    key = keys.current()
    assert OKPKey.import_key({name: key.jwk[name] for name in ("kty", "crv", "x")}).thumbprint() == key.key_id


def test_the_private_half_is_never_published() -> None:
    assert {"kty", "crv", "x", "kid", "alg", "use"} == set(keys.current().jwk)


def test_after_a_change_the_old_key_is_believed_still_and_signs_no_more() -> None:
    old = keys.current()
    signature = keys.sign(b"before")
    with override_settings(BADGE_KEY=keys.new_key(), BADGE_OLD_KEYS=[keys.encoded(old.raw)]):
        assert [key.key_id for key in keys.published()] == [keys.current().key_id, old.key_id]
        found = keys.by_id(old.key_id)
        assert found is not None
        assert found.verifies(signature, b"before")
        assert not found.verifies(keys.sign(b"after"), b"after")
    with override_settings(BADGE_KEY=keys.new_key()):
        assert keys.by_id(old.key_id) is None


@pytest.mark.parametrize("value", ["", "short", "ключ", "A" * 44, "*" * 43])
def test_a_wrong_key_is_named_with_how_to_make_one(value: str) -> None:
    with override_settings(BADGE_KEY=value), pytest.raises(ImproperlyConfigured, match=r"BADGE_KEY.*badge_key"):
        keys.signing_key()
    with override_settings(BADGE_OLD_KEYS=[value]), pytest.raises(ImproperlyConfigured, match="BADGE_OLD_KEYS"):
        keys.published()


def test_the_check_of_the_system_says_so_too() -> None:
    assert check_keys() == []
    with override_settings(BADGE_KEY="short"):
        assert [message.id for message in check_keys()] == ["partner_directory.E001"]
    with override_settings(BADGE_KEY=""):
        assert [message.id for message in check_keys()] == ["partner_directory.E001"]
    with override_settings(BADGE_KEY="", DEBUG=True):
        assert [message.id for message in check_keys()] == ["partner_directory.W001"]


def printed(**options: Any) -> str:
    said = StringIO()
    call_command("badge_key", stdout=said, **options)
    return said.getvalue().strip()


def test_the_command_prints_a_new_key_and_the_public_half_of_the_present_one() -> None:
    first, second = printed(), printed()
    assert first != second
    assert len(keys.decoded(first)) == keys.KEY_BYTES
    assert keys.decoded(printed(public=True)) == keys.current().raw


def test_a_key_for_this_machine_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "private" / "badge.key"
    with override_settings(BADGE_KEY="", BADGE_KEY_FILE=file):
        assert printed(keep=True) == "Key of badges: made"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with override_settings(BADGE_KEY=file.read_text("ascii"), BADGE_KEY_FILE=file):
        before = file.read_text("ascii")
        assert printed(keep=True) == "Key of badges: kept"
        assert file.read_text("ascii") == before
        assert check_keys() == []
