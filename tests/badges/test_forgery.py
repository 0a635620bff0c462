"""Nobody's badge but ours passes, and ours only as it was issued: each forgery is refused with its true reason."""

from __future__ import annotations

import random
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import override_settings

from partner_directory.actions import badges, memberships
from partner_directory.badges import baking, keys, tokens
from partner_directory.badges.checking import REASON_LABELS, Outcome, Reason, check_baked, check_token
from partner_directory.badges.status_lists import status_list
from partner_directory.models import Membership
from partner_directory.models.badge import Credential
from tests.factories.badges import drawing, forged, make_credential, make_version, part
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db

ALTERATIONS = 1000
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def credential() -> Credential:
    make_version("retail")
    return make_credential(make_partner(level="retail", name_ru="Ромашка", name_en="Daisy"))


def reason(token: str) -> Reason:
    return check_token(token).reason


def claims(credential: Credential) -> dict[str, Any]:
    return tokens.read(credential.token).claims


def test_the_credential_itself_is_valid(credential: Credential) -> None:
    found = check_token(f"\n{credential.token} ")
    assert (found.reason, found.credential, found.is_valid) == (Reason.VALID, credential, True)


class TestChanged:
    def changes(self, credential: Credential) -> dict[str, dict[str, Any]]:
        """Other claims by what they claim."""
        subject = claims(credential)["credentialSubject"]
        achievement = subject["achievement"]
        saas = achievement | {"id": achievement["id"].replace("retail", "saas"), "name": "ASoft SaaS Partner"}
        image = {"id": "https://elsewhere.example/badge.png", "type": "Image"}
        name = [{"type": "IdentityObject", "hashed": False, "identityHash": "Другие", "identityType": "name"}]
        return {
            "level": {"credentialSubject": subject | {"achievement": saas}},
            "name": {"credentialSubject": subject | {"identifier": name}},
            "partner": {"credentialSubject": subject | {"id": "https://site.example/partners/other/"}, "sub": "other"},
            "from": {"validFrom": "2020-01-01T00:00:00Z", "nbf": 1577836800},
            "until": {"validUntil": "2036-12-31T21:00:00Z", "exp": 2114197200},
            "image": {"credentialSubject": subject | {"achievement": achievement | {"image": image}}},
            "status": {"credentialStatus": []},
            "issuer": {"issuer": {"id": "did:web:elsewhere.example", "type": ["Profile"], "name": "ASoft"}},
        }

    def test_content_under_the_old_signature(self, credential: Credential) -> None:
        found = {what: reason(forged(credential.token, **change)) for what, change in self.changes(credential).items()}
        assert found == dict.fromkeys(self.changes(credential), Reason.CHANGED)

    def test_content_signed_by_a_forger_who_names_our_key(self, credential: Credential) -> None:
        key = Ed25519PrivateKey.generate()
        for change in self.changes(credential).values():
            assert reason(forged(credential.token, key=key, **change)) is Reason.CHANGED

    def test_content_signed_by_a_forger_who_carries_a_key_along(self, credential: Credential) -> None:
        """What the header carries is for the reader's convenience: nobody believes it."""
        key = Ed25519PrivateKey.generate()
        public = {"kty": "OKP", "crv": "Ed25519", "x": keys.encoded(key.public_key().public_bytes_raw())}
        content = f"{part(tokens.read(credential.token).header | {'jwk': public})}.{part(claims(credential))}"
        token = f"{content}.{keys.encoded(key.sign(content.encode()))}"

        assert reason(token) is Reason.CHANGED

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "", None, "eddsa"])
    def test_another_way_to_sign(self, algorithm: str | None, credential: Credential) -> None:
        header = tokens.read(credential.token).header | {"alg": algorithm}
        _head, body, signature = credential.token.split(".")

        assert reason(f"{part(header)}.{body}.{signature}") is Reason.CHANGED
        assert reason(f"{part(header)}.{body}.") is Reason.CHANGED
        content = f"{part(header)}.{body}"  # and even where it is our own key that has signed it
        assert reason(f"{content}.{keys.encoded(keys.sign(content.encode()))}") is Reason.CHANGED

    def test_the_spare_bits_of_the_last_sign(self, credential: Credential) -> None:
        """The last of 86 signs holds two bits: fifteen others read as the same signature."""
        last = credential.token[-1]
        spelt = [credential.token[:-1] + sign for sign in SIGNS[:-1] if sign != last]
        assert Reason.VALID not in set(map(reason, spelt))

    def test_1000_alterations_of_a_token(self, credential: Credential) -> None:
        chance = random.Random(20261110)  # noqa: S311 - the same alterations every time
        made = [altered(credential.token, chance) for _place in range(ALTERATIONS)]
        assert [token for token in made if check_token(token).is_authentic] == []


def altered(token: str, chance: random.Random) -> str:
    """The token with signs changed, added, taken out, or swapped; never as it was."""
    made = token
    while made == token:
        for _slip in range(chance.choice([1, 1, 1, 2, 5])):
            place = chance.randrange(len(made))
            sign = chance.choice(SIGNS)
            made = chance.choice(
                [
                    made[:place] + sign + made[place + 1 :],
                    made[:place] + sign + made[place:],
                    made[:place] + made[place + 1 :],
                    made[:place] + made[place : place + 2][::-1] + made[place + 2 :],
                ]
            )
    return made


class TestKeys:
    def test_another_key_under_its_own_name(self, credential: Credential) -> None:
        key = Ed25519PrivateKey.generate()
        token = forged(credential.token, key=key, kid=f"{tokens.issuer_id()}#{'A' * 43}")
        assert reason(token) is Reason.OTHER_KEY

    def test_an_old_key_is_believed_while_it_is_published(self, credential: Credential) -> None:
        old = keys.encoded(keys.current().raw)
        with override_settings(BADGE_KEY=keys.new_key(), BADGE_OLD_KEYS=[old]):
            assert reason(credential.token) is Reason.VALID
            assert reason(make_credential(make_partner()).token) is Reason.VALID
        with override_settings(BADGE_KEY=keys.new_key(), BADGE_OLD_KEYS=[]):
            assert reason(credential.token) is Reason.OTHER_KEY

    def test_somebody_elses_badge(self, credential: Credential) -> None:
        key = Ed25519PrivateKey.generate()
        other = {"iss": "did:web:elsewhere.example"}
        token = forged(credential.token, key=key, kid="did:web:elsewhere.example#1", **other)
        assert reason(token) is Reason.NOT_OURS


class TestRecords:
    def test_what_our_key_has_signed_and_nobody_has_issued(self, credential: Credential) -> None:
        """Who has the key, but not the database, makes no badge."""
        assert reason(tokens.sign(claims(credential) | {"validUntil": "2036-12-31T21:00:00Z"})) is Reason.UNKNOWN
        assert reason(tokens.sign(claims(credential) | {"credentialStatus": "?"})) is Reason.UNKNOWN

    def test_what_our_key_has_signed_and_is_no_badge(self) -> None:
        assert reason(status_list("revocation")[0]) is Reason.UNKNOWN

    def test_another_partners(self, credential: Credential) -> None:
        stranger = make_partner()
        found = check_token(credential.token, of=stranger)

        assert (found.reason, found.is_valid) == (Reason.OTHER_PARTNER, False)
        assert check_token(credential.token, of=credential.badge.partner).is_valid

    def test_revoked(self, credential: Credential) -> None:
        badges.revoke(badge=credential.badge, actor=None, reason="…")
        assert reason(credential.token) is Reason.REVOKED

    def test_suspended(self, credential: Credential) -> None:
        memberships.suspend(membership=credential.membership, actor=None, reason="…")
        assert reason(credential.token) is Reason.SUSPENDED

    def test_ended(self, credential: Credential) -> None:
        memberships.end(membership=credential.membership, how=Membership.Ending.WITHDRAWN, actor=None, reason="…")
        with time_machine.travel("2026-11-11T00:00:01+03:00", tick=False):
            assert reason(credential.token) is Reason.REVOKED

    def test_expired(self, credential: Credential) -> None:
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            assert reason(credential.token) is Reason.EXPIRED

    def test_not_yet(self) -> None:
        assert reason(make_credential(make_partner(state="upcoming")).token) is Reason.NOT_YET


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "a.b", "a.b.c.d", "e30.e30", "e30.e30.", "W10.W10.AA", "e30.W10.AA", "привет", "{}",
     "\x00.\x00.\x00", "e30.e30." + "A" * 30_000, f"e30.{keys.encoded(b'[' * 9000)}.AA", "e30=.e30=.AA", "e3 0.e30.AA"],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_credential_is_called_none(text: str) -> None:
    assert reason(text) in {Reason.UNREADABLE, Reason.NOT_OURS}
    assert not check_token(text).is_authentic


class TestPictures:
    @pytest.mark.parametrize("suffix", [baking.SVG, baking.PNG])
    def test_a_badge_as_we_bake_it_is_valid(self, suffix: str, credential: Credential) -> None:
        content = baking.baked(credential, suffix)
        assert content is not None
        assert check_baked(content) == Outcome(Reason.VALID, credential)

    @pytest.mark.parametrize("suffix", [baking.SVG, baking.PNG])
    def test_one_of_an_older_version_of_the_mark_is_valid_still(self, suffix: str, credential: Credential) -> None:
        content = baking.baked(credential, suffix)
        make_version("retail", svg=drawing("#000000"))

        assert content is not None
        assert check_baked(content).is_valid
        assert baking.baked(credential, suffix) != content

    @pytest.mark.parametrize("suffix", [baking.SVG, baking.PNG])
    def test_another_levels_or_a_recoloured_picture_is_refused(self, suffix: str, credential: Credential) -> None:
        saas = make_version("saas")
        for picture in (drawing("#ff0000"), baking.drawing_of(saas)):
            found = check_baked(baking.bake(picture, credential.token, suffix))
            assert (found.reason, found.is_valid, found.is_authentic) == (Reason.OTHER_PICTURE, False, False)

    def test_a_picture_saved_anew_without_a_change_is_the_same(self, credential: Credential) -> None:
        """An SVG that a tool has written anew; it says the same."""
        content = baking.baked(credential, baking.SVG)
        assert content is not None
        anew = content.replace(b'<?xml version="1.0" ?>', b"<?xml version='1.0' encoding='utf-8'?>\n")
        assert anew != content
        assert check_baked(anew).is_valid

    def test_something_added_to_the_picture_is_seen(self, credential: Credential) -> None:
        content = baking.baked(credential, baking.SVG)
        assert content is not None
        for added in (b"<text>SaaS</text></svg>", b"<script>alert(1)</script></svg>", b"<!-- --><g/></svg>"):
            assert check_baked(content.replace(b"</svg>", added)).reason is Reason.OTHER_PICTURE

    def test_a_forged_credential_in_the_right_picture(self, credential: Credential) -> None:
        svg = drawing(credential.level.colour, credential.level.mark_name)
        for suffix in (baking.SVG, baking.PNG):
            token = forged(credential.token, validUntil="2036-12-31T21:00:00Z")
            assert check_baked(baking.bake(svg, token, suffix)).reason is Reason.CHANGED

    def test_another_partners_badge(self, credential: Credential) -> None:
        content = baking.baked(credential, baking.PNG)
        assert content is not None
        assert check_baked(content, of=make_partner()).reason is Reason.OTHER_PARTNER

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (drawing().encode(), Reason.ABSENT),
            (baking.png(drawing(), width=32), Reason.ABSENT),
            (b"", Reason.UNREADABLE),
            (b"<html><p>badge.svg</html>", Reason.UNREADABLE),
            (b"GIF89a", Reason.UNREADABLE),
            (baking.PNG_BEGINS + b"\x00\x00\xff", Reason.UNREADABLE),
            (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', Reason.UNREADABLE),
        ],
        ids=["svg", "png", "empty", "html", "gif", "broken", "entity"],
    )
    def test_a_file_without_a_credential(self, content: bytes, expected: Reason) -> None:
        assert check_baked(content).reason is expected

    @pytest.mark.parametrize("suffix", [baking.SVG, baking.PNG])
    def test_150_alterations_of_a_file(self, suffix: str, credential: Credential) -> None:
        """A byte of the file is another: it is refused, or it is a byte that changes nothing of what is shown."""
        chance = random.Random(11)  # noqa: S311 - the same every time
        content = baking.baked(credential, suffix)
        assert content is not None
        for _place in range(150):
            place = chance.randrange(len(content))
            other = content[:place] + bytes([content[place] ^ (1 << chance.randrange(7))]) + content[place + 1 :]
            if check_baked(other).is_valid:
                assert baking._look(other, suffix) == baking._look(content, suffix)
                assert baking.token_in(other) == credential.token


def test_every_reason_has_its_words() -> None:
    assert set(REASON_LABELS) == set(Reason)
