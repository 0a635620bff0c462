"""What somebody tries and may not is told by the log: refusals, too many tries, forged links and badges."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from operations.logs import JsonLine, WordsLine
from partner_directory import sealed_links
from partner_directory.badges import stamps
from partner_directory.badges.marks import approved_versions
from partner_directory.enquiries import links
from partner_directory.exchange import keeping
from partner_directory.exchange.reading import Sheet
from partner_directory.models.people import Role
from partner_directory.portal.logos.links import SALT, kit_url
from tests.factories.enquiries import listed_partner, make_enquiry
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, client_of, make_member
from tests.factories.verification import badge_of

from .conftest import Lines

pytestmark = pytest.mark.django_db

FORGED = "WzFd:1tK9aZ:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def told(lines: Lines, name: str) -> list[dict[str, Any]]:
    return [line for line in lines("security") if line["event"] == name]


class TestForgedLinks:
    @pytest.mark.parametrize(
        ("route", "what"),
        [
            ("client_review", sealed_links.REVIEW),
            ("enquiry_confirm", sealed_links.ENQUIRY_CONFIRM),
            ("enquiry_answered", sealed_links.ENQUIRY_ANSWERED),
            ("portal:kit", SALT),
            ("portal:invitation", sealed_links.INVITATION),
        ],
    )
    def test_are_told_by_what_they_pretend_to_be(self, lines: Lines, route: str, what: str) -> None:
        token = "a" * 64 if route == "portal:invitation" else FORGED
        answer = client_of(make_member(make_partner())).get(reverse(route, args=[token]))
        (line,) = told(lines, "link.forged")
        assert (line["what"], line["level"], line["request_id"]) == (what, "warning", answer["X-Request-ID"])
        assert token not in json.dumps(lines())

    def test_a_link_for_another_purpose_is_one(self, client: Client, lines: Lines) -> None:
        listed_partner()
        client.get(links.answered_url(make_enquiry()).replace("/answered/", "/confirm/"))
        assert [line["what"] for line in told(lines, "link.forged")] == [sealed_links.ENQUIRY_CONFIRM]

    def test_one_that_is_ours_and_too_old_is_not(self, client: Client, lines: Lines, settings: Any) -> None:
        seat = make_member(make_partner())
        url = kit_url(seat, approved_versions()[0])
        settings.KIT_LINK_SECONDS = -1
        client_of(seat).get(url)
        assert told(lines, "link.forged") == told(lines, "link.of_another") == []

    def test_a_kits_of_somebody_else_is_told_too(self, lines: Lines) -> None:
        owner, other = make_member(make_partner()), make_member(make_partner())
        url = kit_url(owner, approved_versions()[0])
        assert client_of(other).get(url).status_code == 404
        assert [(line["what"], line["user"]) for line in told(lines, "link.of_another")] == [(SALT, other.user_id)]

    def test_so_is_the_proof_of_an_import_that_nobody_has_tried(self, lines: Lines) -> None:
        token = keeping.keep(Sheet(["a"], [(1, ["b"])]), "digest", 1)
        assert keeping.kept(token, 1)
        for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), signing.dumps({}, salt="of another")):
            with pytest.raises(keeping.Lost):
                keeping.kept(wrong, 1)
        assert [line["what"] for line in told(lines, "link.forged")] == [keeping.SALT] * 2


class TestForgedBadges:
    def sent(self, content: bytes) -> None:
        assert Client().post("/verify/", {"file": SimpleUploadedFile("logo.svg", content)}).status_code == 200

    def test_are_told(self, lines: Lines) -> None:
        stamped = stamps.stamp(DRAWING, "svg", stamps.signed_text(badge_of(make_partner()).code, DRAWING))
        self.sent(stamped.replace(b"h9", b"h8"))
        assert len(told(lines, "badge.altered")) == 1

    def test_a_file_that_is_none_is_not(self, lines: Lines) -> None:
        self.sent(DRAWING)
        assert told(lines, "badge.altered") == []


class TestRefusals:
    def test_what_a_colleague_may_not_do(self, lines: Lines) -> None:
        seat = make_member(make_partner(), role=Role.STAFF)
        assert client_of(seat).post("/portal/people/invite/").status_code == 403
        (line,) = told(lines, "permission.refused")
        assert (line["route"], line["user"]) == ("portal:invite", seat.user_id)

    def test_a_page_of_the_admin_that_only_leads_away(self, user_in: Any, lines: Lines) -> None:
        editor = user_in("Редакторы")
        assert client_as(editor).get("/admin/reports/trail/")["Location"] == "/admin/"
        assert [line["user"] for line in told(lines, "permission.refused")] == [editor.pk]

    @pytest.mark.parametrize(
        ("limit", "value", "path"),
        [("API_LIMIT", 0, "/api/v1/programme/"), ("VERIFY_LIMITS", {"files": 0}, "/verify/")],
    )
    def test_whoever_asks_too_often(self, settings: Any, lines: Lines, limit: str, value: Any, path: str) -> None:
        cache.clear()
        setattr(settings, limit, value)
        sent = {"file": SimpleUploadedFile("logo.svg", DRAWING)}
        answer = Client().post(path, sent) if path == "/verify/" else Client().get(path)
        assert answer.status_code == 429
        assert len(told(lines, "limit.reached")) == 1


@pytest.mark.parametrize("words", [JsonLine(), WordsLine()])
@pytest.mark.parametrize("typed", ['x\n{"event": "login.succeeded"}', "a\r\nb", "a\u2028b\u0085c\x1b[2J"])
def test_nothing_typed_begins_a_line_of_its_own(words: logging.Formatter, typed: str) -> None:
    record = logging.getLogger("x").makeRecord("x", logging.INFO, "", 1, "Looked for %s", (typed,), None)
    line = words.format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
