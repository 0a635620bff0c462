"""The thief of a backup: nothing that second factors are computed from is readable in the database."""

from __future__ import annotations

import base64
import json
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts import factors, sealing
from tests.factories.portal import make_person

pytestmark = pytest.mark.django_db


def new_key() -> str:
    out = StringIO()
    call_command("seal_factors", "--new-key", stdout=out)
    return out.getvalue().strip()


def stored() -> str:
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def seal_again() -> None:
    call_command("seal_factors", stdout=StringIO())


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def totp(secret: str) -> TOTP:
    return TOTP.activate(make_person(), secret)


def opened() -> str:
    return get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"])


def test_neither_secret_nor_codes_stand_in_the_database(totp: TOTP, secret: str) -> None:
    codes = RecoveryCodes.activate(totp.instance.user)
    seed = get_adapter().decrypt(codes.instance.data["seed"])
    assert opened() == secret
    assert not [each for each in (secret, seed, *codes.generate_codes()) if each in stored()]


def test_a_dump_of_the_database_gives_them_away_neither(totp: TOTP, secret: str) -> None:
    out = StringIO()
    call_command("dumpdata", "mfa", stdout=out)
    assert sealing.SEALED in out.getvalue()
    assert secret not in out.getvalue()


def test_a_sealed_value_is_of_no_use_without_the_key_of_the_site(totp: TOTP, settings: Any) -> None:
    settings.SECRET_KEY, settings.MFA_KEYS = "the-thiefs-own", [new_key()]
    with pytest.raises(sealing.Unreadable):
        opened()


def test_an_altered_value_is_refused(totp: TOTP) -> None:
    value = totp.instance.data["secret"]
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(value[:-6] + ("A" if value[-6] != "A" else "B") + value[-5:])


def test_keys_change_without_anybody_noticing(totp: TOTP, secret: str, settings: Any) -> None:
    first, second = new_key(), new_key()
    settings.MFA_KEYS = [first]
    assert opened() == secret  # by the key that was derived before there was one
    seal_again()
    settings.SECRET_KEY = "another-since"
    settings.MFA_KEYS = [second, first]
    assert opened() == secret
    seal_again()
    settings.MFA_KEYS = [second]
    assert opened() == secret


def test_a_new_secret_key_with_the_old_as_fallback_keeps_them_readable(totp: TOTP, secret: str, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert opened() == secret
    seal_again()
    settings.SECRET_KEY_FALLBACKS = []
    assert opened() == secret


def test_sealing_with_a_key_missing_changes_nothing(totp: TOTP, secret: str, settings: Any) -> None:
    plain = Authenticator.objects.create(user=make_person(), type="totp", data={"secret": secret})
    settings.SECRET_KEY, settings.MFA_KEYS = "another", [new_key()]
    with pytest.raises(CommandError, match="Nothing was changed"):
        seal_again()
    plain.refresh_from_db()
    assert plain.data["secret"] == secret


def test_what_was_plain_before_is_read_and_sealed(secret: str) -> None:
    person = make_person()
    Authenticator.objects.create(user=person, type="totp", data={"secret": secret})
    Authenticator.objects.create(
        user=person, type="recovery_codes", data={"migrated_codes": ["12345678"], "used_mask": 0}
    )
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Ключ", "credential": {}})
    assert opened() == secret
    seal_again()
    assert opened() == secret
    assert not [each for each in (secret, "12345678") if each in stored()]
    assert Authenticator.objects.get(type="webauthn").data == {"name": "Ключ", "credential": {}}


def test_the_version_before_reads_them_plain_again(totp: TOTP, secret: str) -> None:
    factors.rewrite(Authenticator.objects, sealing.unseal)
    assert Authenticator.objects.get().data["secret"] == secret


@pytest.mark.parametrize("value", ["", "x", "ключ", base64.b64encode(bytes(range(31))).decode()])
def test_what_is_no_key_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MFA_KEYS"):
        sealing.key_of(value)
