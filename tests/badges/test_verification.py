"""Anybody verifies a badge without us: a JOSE library with the published keys, a library of Open Badges, offline."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import KeySet
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from partner_directory.actions import badges, memberships
from partner_directory.badges import keys, status_lists, tokens
from partner_directory.badges.credentials import claims_of, ground
from partner_directory.models import Membership
from partner_directory.models.badge import Credential
from program_pages.models import Level
from tests.factories.badges import forged, make_credential, make_version
from tests.factories.editions import publish_edition
from tests.factories.partners import make_membership, make_partner

pytestmark = pytest.mark.django_db

SITE = "https://partners.example"
DID = "did:web:partners.example"


@pytest.fixture(autouse=True)
def _on_a_site_in_november() -> Any:
    cache.clear()
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False), override_settings(WAGTAILADMIN_BASE_URL=SITE):
        yield
    cache.clear()


@pytest.fixture
def credential() -> Credential:
    return make_credential(make_partner(level="competency", name_ru="Ромашка", name_en="Daisy", slug="romashka"))


def published(client: Client) -> KeySet:
    """The keys as the world has them."""
    return KeySet.import_key_set(json.loads(client.get("/.well-known/jwks.json").content))


def download(client: Client) -> Any:
    """How a verifier fetches from the site: by HTTPS alone, from nowhere else."""

    def fetch(url: str, *_given: Any, **_named: Any) -> bytes:
        assert url.startswith(f"{SITE}/")
        response = client.get(url.removeprefix(SITE))
        assert response.status_code == 200
        return bytes(response.content)

    return fetch


# The library would have the algorithm called Ed25519; Open Badges calls it EdDSA, and so do the wallets.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")
class TestWithAJoseLibrary:
    """Of ours only what is published: the token and the set of keys."""

    def test_it_verifies(self, credential: Credential, client: Client) -> None:
        token = client.get(f"/badges/{credential.badge.code}/credential.jwt").content.decode()
        read = jwt.decode(token, published(client), algorithms=["EdDSA"])

        assert read.claims["credentialSubject"]["id"] == f"{SITE}/partners/romashka/"
        assert read.claims["iss"] == DID
        jwt.JWTClaimsRegistry(leeway=0, exp={"essential": True}, nbf={"essential": True}).validate(read.claims)

    def test_an_alteration_does_not(self, credential: Credential, client: Client) -> None:
        with pytest.raises(BadSignatureError):
            jwt.decode(forged(credential.token, validUntil="2036-01-01T00:00:00Z"), published(client), ["EdDSA"])

    def test_after_a_change_of_keys_the_old_token_verifies_still(self, credential: Credential, client: Client) -> None:
        old = keys.encoded(keys.current().raw)
        with override_settings(BADGE_KEY=keys.new_key(), BADGE_OLD_KEYS=[old]):
            new = make_credential(make_partner())
            for token in (credential.token, new.token):
                jwt.decode(token, published(client), ["EdDSA"])
        with (
            override_settings(BADGE_KEY=keys.new_key()),
            pytest.raises((BadSignatureError, InvalidKeyIdError, ValueError)),
        ):
            jwt.decode(credential.token, published(client), ["EdDSA"])

    def test_so_do_the_lists_of_status(self, client: Client) -> None:
        for purpose in status_lists.LISTED:
            token = client.get(f"/badges/status/{purpose}/").content.decode()
            assert (
                jwt.decode(token, published(client), ["EdDSA"]).claims["credentialSubject"]["statusPurpose"] == purpose
            )

    def test_the_header_names_and_carries_the_key(self, credential: Credential) -> None:
        header = jws.extract_compact(credential.token.encode()).headers()
        assert header["kid"] == f"{DID}#{keys.current().key_id}"
        assert header["jwk"] == {"kty": "OKP", "crv": "Ed25519", "x": keys.encoded(keys.current().raw)}


class TestWithALibraryOfOpenBadges:
    def verifier(self, client: Client) -> OB3Verifier:
        return OB3Verifier.for_issuer_did(DID, download=download(client))

    def test_it_verifies_with_its_status(self, credential: Credential, client: Client) -> None:
        read = self.verifier(client).verify(credential.token, check_status=True, download=download(client))

        assert read.issuer.id == DID
        assert read.achievement.id == f"{SITE}/levels/competency/"
        assert read.recipient_id == f"{SITE}/partners/romashka/"
        assert [each.identity_hash for each in read.identifiers] == ["Ромашка", "Daisy"]

    def test_offline_with_the_published_key_alone(self, credential: Credential) -> None:
        """No request is made: the key was had before."""
        verifier = OB3Verifier(pubkey_pem=keys.signing_key().public_key())
        assert verifier.verify(credential.token).achievement.name == credential.level.name_ru

    def test_revoked_and_suspended_ones_are_refused(self, client: Client) -> None:
        revoked, suspended, valid = (make_credential(make_partner()) for _place in range(3))
        badges.revoke(badge=revoked.badge, actor=None, reason="…")
        memberships.suspend(membership=suspended.membership, actor=None, reason="…")
        cache.clear()  # five minutes later
        verifier = self.verifier(client)

        verifier.verify(valid.token, check_status=True, download=download(client))
        for token, said in ((revoked.token, "'revocation' is set"), (suspended.token, "'suspension' is set")):
            verifier.verify(token)
            with pytest.raises(OB3VerificationError, match=said):
                verifier.verify(token, check_status=True, download=download(client))

    def test_expired_and_early_ones_are_refused(self, credential: Credential, client: Client) -> None:
        early = make_credential(make_partner(state="upcoming"))
        with pytest.raises(OB3VerificationError, match="not yet valid"):
            self.verifier(client).verify(early.token)
        with (
            time_machine.travel("2027-01-01T00:01:00+03:00", tick=False),
            pytest.raises(OB3VerificationError, match="expired"),
        ):
            self.verifier(client).verify(credential.token)

    def test_a_baked_one_verifies_too(self, credential: Credential, client: Client) -> None:
        make_version("competency")
        code = credential.badge.code
        svg, png = (client.get(f"/badges/{code}/badge.{suffix}").content for suffix in ("svg", "png"))

        assert OB3Verifier.extract_token_from_svg(svg) == credential.token
        assert OB3Verifier.extract_token_from_png(png) == credential.token


class TestWhatIsSigned:
    def test_who_says_what_of_whom_from_when_until_when(self, credential: Credential, client: Client) -> None:
        claims = json.loads(client.get(f"/badges/{credential.badge.code}/credential.json").content)
        code = credential.badge.code

        assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
        assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
        assert claims["id"] == claims["jti"] == f"{SITE}/badges/{code}/credential.json?index={credential.index}"
        assert (claims["validFrom"], claims["validUntil"]) == ("2025-12-31T21:00:00Z", "2026-12-31T21:00:00Z")
        assert datetime.fromtimestamp(claims["exp"], UTC) == datetime(2026, 12, 31, 21, tzinfo=UTC)
        assert claims["awardedDate"] == "2026-11-10T09:00:00Z"
        assert claims["evidence"][0]["id"] == f"{SITE}/verify/{code}/"
        achievement = claims["credentialSubject"]["achievement"]
        assert achievement["criteria"]["id"] == f"{SITE}/levels/competency/"
        assert achievement["image"]["id"] == f"{SITE}/badges/{code}/badge.png"
        assert "Компания присоединилась" in achievement["criteria"]["narrative"]
        assert "The company has joined" in achievement["criteria"]["narrative"]
        entries = claims["credentialStatus"]
        assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
        assert {entry["statusListIndex"] for entry in entries} == {str(credential.index)}

    def test_days_of_grace_are_within_the_term(self) -> None:
        edition = publish_edition(effective_from=date(2026, 11, 10), grace_days=5)
        membership = make_membership(make_partner(level=None), edition=edition)
        credential = badges.issue_for(membership=membership, actor=None)
        assert credential is not None
        said = OB3Verifier(pubkey_pem=keys.signing_key().public_key()).verify(credential.token)
        assert said.expiration_date == datetime(2027, 1, 5, 21, tzinfo=UTC)

    def test_the_same_facts_make_the_same_statement(self, credential: Credential) -> None:
        membership = Membership.objects.select_related("partner", "level", "edition").get(pk=credential.membership_id)
        given = {
            "membership": membership,
            "code": credential.badge.code,
            "index": credential.index,
            "issued_at": credential.issued_at,
        }
        assert tokens.sign(claims_of(**given, ground=ground())) == credential.token

    def test_what_was_signed_stays_when_names_change(self, credential: Credential, client: Client) -> None:
        partner = credential.badge.partner
        partner.name_ru, partner.slug = "Лютик", "lyutik"
        partner.save()
        Level.objects.filter(pk=credential.level_id).update(name_ru="Другой")

        assert client.get(f"/badges/{credential.badge.code}/credential.jwt").content.decode() == credential.token


class TestStatusLists:
    def bits(self, purpose: str) -> bytes:
        token, _seconds = status_lists.status_list(purpose)
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        encoded = claims["credentialSubject"]["encodedList"]
        return gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=="))

    def test_only_the_bits_of_those_taken_back_are_set(self) -> None:
        rows = [make_credential(make_partner()) for _place in range(6)]
        badges.revoke(badge=rows[0].badge, actor=None, reason="…")
        badges.reissue(badge=rows[1].badge, actor=None, reason="…")
        memberships.suspend(membership=rows[2].membership, actor=None, reason="…")

        for purpose, expected in (("revocation", rows[:2]), ("suspension", rows[2:3])):
            bits = self.bits(purpose)
            found = {
                place * 8 + bit for place, byte in enumerate(bits) if byte for bit in range(8) if byte & 0x80 >> bit
            }
            assert found == {row.index for row in expected}
            assert len(bits) * 8 == status_lists.BITS >= 131_072

    def test_a_list_is_one_query_whatever_its_size(self) -> None:
        for _place in range(5):
            badges.revoke(badge=make_credential(make_partner()).badge, actor=None, reason="…")
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            self.bits("revocation")
        assert len(captured) == 1
        with CaptureQueriesContext(connection) as captured:
            self.bits("revocation")
        assert len(captured) == 0

    def test_the_world_learns_of_a_change_within_five_minutes(self, client: Client) -> None:
        """What we keep, and what whoever asked may keep, is five minutes together."""
        with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False) as clock:
            first = client.get("/badges/status/suspension/")
            assert first["Cache-Control"] == "public, max-age=300"
            make_partner_suspended()
            clock.shift(100)
            second = client.get("/badges/status/suspension/")
            assert (second.content, second["Cache-Control"]) == (first.content, "public, max-age=200")
            clock.shift(201)
            assert client.get("/badges/status/suspension/").content != first.content

    def test_indices_are_random_and_never_given_twice(self) -> None:
        rows = [make_partner().memberships.get() for _place in range(30)]
        badges.issue_for_samples(memberships=rows)
        given = list(Credential.objects.order_by("pk").values_list("index", flat=True))
        assert len(set(given)) == 30
        assert given != sorted(given)

    def test_a_place_that_is_taken_is_drawn_anew(self, monkeypatch: pytest.MonkeyPatch, credential: Credential) -> None:
        drawn = iter([credential.index, credential.index, 77])
        monkeypatch.setattr(badges.secrets, "randbelow", lambda _most: next(drawn))
        assert make_credential(make_partner()).index == 77

    def test_an_old_copy_is_refused(self, credential: Credential, client: Client) -> None:
        """Nobody revives a badge by a list from before it was revoked."""
        lists = {
            f"{SITE}/badges/status/{purpose}/": status_lists.status_list(purpose)[0] for purpose in status_lists.LISTED
        }
        verifier = OB3Verifier.for_issuer_did(DID, download=download(client))
        with (
            time_machine.travel("2026-11-10T12:30:00+03:00", tick=False),
            pytest.raises(OB3VerificationError, match="expired"),
        ):
            verifier.verify(credential.token, check_status=True, download=lambda url: lists[url].encode())


def make_partner_suspended() -> None:
    make_credential(make_partner(state="suspended"))


class TestAddresses:
    @pytest.mark.parametrize(
        ("path", "content_type"),
        [
            (".well-known/jwks.json", "application/jwk-set+json"),
            (".well-known/did.json", "application/did+json"),
            (".well-known/openbadges/issuer.json", "application/json"),
            ("badges/status/revocation/", "application/vc+jwt"),
            ("badges/{code}/credential.json", "application/vc"),
            ("badges/{code}/credential.jwt", "application/vc+jwt"),
            ("badges/{code}/badge.svg", "image/svg+xml"),
            ("badges/{code}/badge.png", "image/png"),
        ],
    )
    def test_read_from_any_site_kept_and_not_sent_twice(
        self, path: str, content_type: str, credential: Credential, client: Client
    ) -> None:
        make_version("competency")
        address = "/" + path.format(code=credential.badge.code)
        answer = client.get(address)

        assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
        assert client.post(address).status_code == 405

    def test_a_picture_does_nothing_of_its_own(self, credential: Credential, client: Client) -> None:
        make_version("competency")
        answer = client.get(f"/badges/{credential.badge.code}/badge.svg")

        assert "sandbox" in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        name = f"competency-{credential.badge.code}.svg"
        assert answer["Content-Disposition"] == f'inline; filename="{name}"'
        assert f"<title>{credential.level.mark_name}</title>" in answer.content.decode()

    def test_a_code_is_read_as_it_is_typed(self, credential: Credential, client: Client) -> None:
        code = credential.badge.code
        for typed in (code.lower(), f"{code[:5]}-{code[5:]}"):
            assert client.get(f"/badges/{typed}/credential.jwt").content.decode() == credential.token

    @pytest.mark.parametrize("ending", ["credential.json", "credential.jwt", "badge.svg", "badge.png"])
    def test_unknown_is_404_and_malformed_422(self, ending: str, client: Client) -> None:
        for code, status in (("0000000000", 404), ("0000000001", 422), ("hello", 422)):
            answer = client.get(f"/badges/{code}/{ending}", headers={"accept-language": "en"})
            problem = json.loads(answer.content)
            assert (answer.status_code, problem["status"], problem["field"]) == (status, status, "code")
            assert answer["Content-Type"] == "application/problem+json"
            assert problem["detail"].isascii()

    @pytest.mark.parametrize(
        ("query", "status"),
        [("on=2026-11-10", 200), ("on=31.12.2026", 422), ("index=x", 422), ("index=99999999999", 422), ("index=", 422)],
    )
    def test_of_a_day_or_by_its_number(self, query: str, status: int, credential: Credential, client: Client) -> None:
        assert client.get(f"/badges/{credential.badge.code}/credential.jwt?{query}").status_code == status

    def test_the_credential_of_another_day_and_of_its_number(self, client: Client) -> None:
        first = make_credential(make_partner(level="retail"))
        code, next_year = first.badge.code, memberships.renew(membership=first.membership, actor=None)
        second = next_year.credentials.get()

        def token(query: str = "") -> str:
            return client.get(f"/badges/{code}/credential.jwt{query}").content.decode()

        assert token() == token("?on=2026-12-31") == first.token
        assert token("?on=2027-01-01") == token(f"?index={second.index}") == second.token
        other = make_credential(make_partner())
        assert client.get(f"/badges/{code}/credential.jwt?index={other.index}").status_code == 404

    def test_one_that_has_not_begun_is_shown_as_it_is_signed(self, client: Client) -> None:
        upcoming = make_credential(make_partner(state="upcoming"))
        assert client.get(f"/badges/{upcoming.badge.code}/credential.jwt").content.decode() == upcoming.token

    def test_what_was_revoked_is_had_still(self, credential: Credential, client: Client) -> None:
        badges.revoke(badge=credential.badge, actor=None, reason="…")
        assert client.get(f"/badges/{credential.badge.code}/credential.jwt").content.decode() == credential.token
