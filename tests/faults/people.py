"""People who write to the site by HTTP, each in a session of their own, and note what it has acknowledged.

A visitor asks, a company's owner claims with a file, a manager records in the admin; readers look at pages. What one
writes carries a mark that is said nowhere else, so that it is found again.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPException
from http.cookiejar import CookieJar
from io import BytesIO
from itertools import count, cycle
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from PIL import Image

PASSWORD = "asoft-sample"
OWNER, MANAGER = "owner@partner.example", "partners@asoft.example"
ENQUIRY = "/partners/enquiry/"
CLAIM = "/portal/activities/new/"
RECORD = "/admin/partner_directory/marketingactivity/create/"
LONG_AGO = "2020-01-15"  # whatever the clock says
NOTHING = 0  # the status of no answer at all
PAGES = (
    "/",
    "/en/",
    "/levels/competency/",
    "/terms/",
    "/partners/",
    "/en/partners/",
    "/api/v1/programme/",
    "/search/?q=crm",
)


def _picture() -> bytes:
    with BytesIO() as found, Image.new("RGB", (40, 40), "white") as image:
        image.save(found, "PNG")
        return found.getvalue()


PICTURE = _picture()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``status`` is NOTHING where nothing did."""

    status: int
    body: str = ""
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class _Staying(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Person:
    """A session with the site."""

    def __init__(self, address: str, *, timeout: float = 30) -> None:
        self.address, self.timeout, self.jar = address, timeout, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar), _Staying)

    def get(self, path: str, **headers: str) -> Answer:
        """Reads a page."""
        return self._ask(Request(self.address + path, headers=headers))

    def post(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None) -> Answer:
        """Sends a form, with a picture in the field that ``file`` names."""
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "") or ""
        body, kind = (
            _multipart(fields, *file) if file else (urlencode(fields).encode(), "application/x-www-form-urlencoded")
        )
        return self._ask(Request(self.address + path, body, {"Content-Type": kind, "X-CSRFToken": token}))

    def sign_in(self, email: str) -> Person:
        """Comes in by the one door. Raises RuntimeError where it stays shut."""
        self.get("/account/login/")
        answer = self.post("/account/login/", {"login": email, "password": PASSWORD})
        if answer.status != 302:
            raise RuntimeError(f"{email} cannot sign in: {answer.status} {answer.body[-2000:]}")
        return self

    def _ask(self, request: Request) -> Answer:
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                return Answer(answer.status, answer.read().decode("utf-8", "replace"), headers=answer.headers)
        except HTTPError as error:
            with error:
                body = error.read().decode("utf-8", "replace")
            return Answer(error.code, body, error.headers.get("Location", ""), error.headers)
        except (OSError, HTTPException):
            return Answer(NOTHING)


def _multipart(fields: Mapping[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    boundary = "a-line-that-no-form-holds"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    body = "".join(parts).encode() + head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


# --- What they write; each says whether the site has acknowledged it ---


def ask(person: Person, mark: str, more: str = "") -> Answer:
    """A visitor's enquiry to any suitable partner, with the puzzle solved as a browser would."""
    page = person.get(ENQUIRY)
    puzzle = re.search(r'data-puzzle="([^"]*)"', page.body)
    consent = re.search(r'name="consent_text" value="(\d+)"', page.body)
    if not puzzle or not consent:
        return page if page.status != 200 else Answer(NOTHING, page.body)
    fields = {
        "name": mark,
        "email": f"{mark}@visitor.example",
        "text": mark + more,
        "consent": "on",
        "consent_text": consent[1],
    }
    return person.post(ENQUIRY, {**fields, "partner": "", "proof": _solved(json.loads(unescape(puzzle[1])))})


def _solved(puzzle: Mapping[str, Any]) -> str:
    salt, challenge = puzzle["salt"], puzzle["challenge"]
    number = next(n for n in count() if hashlib.sha256(f"{salt}{n}".encode()).hexdigest() == challenge)
    said = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return b64encode(json.dumps(said).encode()).decode()


def claim(person: Person, mark: str) -> Answer:
    """A company's owner claims an activity, with a file that shows it."""
    return person.post(CLAIM, {"title": mark, "done_on": LONG_AGO, "url": "", "text": ""}, ("evidence", PICTURE))


class Recording:
    """A manager records an activity of a company in the admin: it counts at once, and its people are told."""

    def __init__(self, partner: int) -> None:
        self.partner = partner

    def __call__(self, person: Person, mark: str) -> Answer:
        fields = {"whose": str(self.partner), "title": mark, "done_on": LONG_AGO, "url": "", "text": ""}
        return person.post(RECORD, fields)


# --- Many of them at once ---


@dataclass
class Noted:
    """What a writer has sent, which of it was acknowledged, and the statuses of everything else."""

    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    others: Counter[int] = field(default_factory=Counter)
    unfit: list[str] = field(default_factory=list)  # answers that no reader should get


Write = Callable[[Person, str], Answer]


def write_until(stop: threading.Event, person: Person, write: Write, name: str, noted: Noted) -> None:
    """Writes one after another; what was not acknowledged is not sent again."""
    for number in count():
        if stop.is_set():
            return
        mark = f"{name}-{number}"
        noted.sent.append(mark)
        answer = write(person, mark)
        if answer.status == 302 and "/login/" not in answer.location:
            noted.acknowledged.append(mark)
        else:
            noted.others[answer.status] += 1
            judge(answer, noted)
            time.sleep(0.1)


def read_until(stop: threading.Event, person: Person, noted: Noted, paths: tuple[str, ...] = PAGES) -> None:
    """Reads pages in turn."""
    for path in cycle(paths):
        if stop.is_set():
            return
        answer = person.get(path)
        noted.others[answer.status] += 1
        judge(answer, noted)


def judge(answer: Answer, noted: Noted) -> None:
    """Notes what no reader should get: a bare failure, a trace, a 503 that does not say when to come back."""
    if answer.status >= 500 and (answer.status != 503 or not answer.headers.get("Retry-After")):
        noted.unfit.append(f"{answer.status}: {answer.body[:80]!r}")
    elif "Traceback" in answer.body:
        noted.unfit.append(f"{answer.status} with a trace")


@contextmanager
def busy(work: Mapping[str, tuple[Person, Write | None]]) -> Iterator[dict[str, Noted]]:
    """People at work meanwhile, by their names; those without anything to write read."""
    stop = threading.Event()
    noted = {name: Noted() for name in work}
    threads = []
    for name, (person, write) in work.items():
        if write is None:
            arguments: tuple[Any, ...] = (read_until, stop, person, noted[name])
        else:
            arguments = (write_until, stop, person, write, name, noted[name])
        threads.append(threading.Thread(target=arguments[0], args=arguments[1:], daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield noted
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)


def acknowledged(noted: Mapping[str, Noted]) -> list[str]:
    """Everything that the site has acknowledged, whoever wrote it."""
    return [mark for each in noted.values() for mark in list(each.acknowledged)]


def unfit(noted: Mapping[str, Noted]) -> list[str]:
    """Every answer that no reader should have got."""
    return [answer for each in noted.values() for answer in list(each.unfit)]
