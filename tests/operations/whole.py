"""``make engines``: two web hosts that share nothing but PostgreSQL with a standby, Redis and two buckets.

Loads a site onto them by the project's own commands, serves it twice from folders apart, and tries what the two must
have in common; then stops the standby and Redis under load, one at a time, and counts what failed (``SECONDS=`` each).
Minutes; no part of ``make test``. Fails where anything is not as it should be.
"""

from __future__ import annotations

import http.cookiejar
import io
import os
import re
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import boto3
from PIL import Image

from tests import running_site
from tests.servers import primary_and_standby, redis_server, s3_server

PAGES = ("/", "/en/", "/partners/", "/levels/retail/", "/calculator/", "/api/v1/programme/")
PAPER = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n"
PASSWORD = "asoft-sample"
SECONDS = float(os.environ.get("SECONDS", "30"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Person:
    """Somebody with a browser, signed in at a host."""

    def __init__(self, host: str, email: str = "") -> None:
        self.host = host
        self.jar = http.cookiejar.CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        if email:
            self.post("/account/login/", {"login": email, "password": PASSWORD})

    def get(self, path: str) -> bytes:
        """The body of a page; raises HTTPError for any but a success."""
        with self.opener.open(self.host + path, timeout=30) as answer:
            body: bytes = answer.read()
            return body

    def post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> bytes:
        """Sends the form that a page shows."""
        token = TOKEN.search(self.get(path).decode())
        assert token, path
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrfmiddlewaretoken": token[1], **fields}.items()
        ]
        if file:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'
            parts.append(head.encode() + file[1] + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        with self.opener.open(Request(self.host + path, body, headers), timeout=60) as answer:  # noqa: S310 - our own
            said: bytes = answer.read()
            return said


def main() -> None:
    """Loads, serves, tries, and prints what was found."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        primary, standby = stack.enter_context(primary_and_standby())
        redis = stack.enter_context(redis_server(folder))
        files = stack.enter_context(s3_server(folder))
        _buckets(files)
        bucket = files.replace("http://", "s3+http://key:word@")
        os.environ.update(
            BENCH_DATABASE_URL=primary.url(),
            DATABASE_REPLICA_URL=standby.url(),
            CACHE_URL=redis.url,
            MEDIA_STORAGE=f"{bucket}/media?region=us-east-1",
            PRIVATE_STORAGE=f"{bucket}/private?region=us-east-1",
        )
        print("Loading a site onto PostgreSQL and the buckets…", flush=True)
        loaded = folder / "one"
        running_site.load(loaded)
        other = folder / "two"
        other.mkdir()
        (other / running_site.STATIC).symlink_to(loaded / running_site.STATIC, target_is_directory=True)
        one, two = (stack.enter_context(running_site.served(host, workers=2)) for host in (loaded, other))
        _what_is_shared(one, two)
        _nothing_in_folders(loaded, other)
        for name, stop, start in (
            ("standby", standby.stop, standby.start),
            ("Redis", redis.stop, redis.start),
        ):
            _without(name, stop, start, (one, two))


def _buckets(address: str) -> None:
    client = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="word"
    )
    for name in ("media", "private"):
        client.create_bucket(Bucket=name)


def _what_is_shared(one: str, two: str) -> None:
    here, there = Person(one, "admin@asoft.example"), Person(two, "admin@asoft.example")
    here.post("/admin/documents/add/", {"title": "Правила", "collection": "1"}, ("rules.pdf", PAPER))
    listed = there.get("/admin/documents/").decode()
    document = re.search(r'href="(/documents/\d+/rules\.pdf)"', listed)
    assert document, "the document is not listed at the other host"
    assert Person(two).get(document[1]) == PAPER
    print("a document sent to one host is served by the other")

    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "#14b8a6").save(picture, "PNG")
    here.post("/admin/images/add/", {"title": "Офис", "collection": "1"}, ("office.png", picture.getvalue()))
    shown = re.search(r'src="(/media/images/office[^"]+)"', there.get("/admin/images/").decode())
    assert shown, "the image is not listed at the other host"
    assert Image.open(io.BytesIO(Person(two).get(shown[1]))).format
    print("an image sent to one host, its renditions too")

    limited = 0
    for number in range(80):
        try:
            Person((one, two)[number % 2]).get("/api/v1/verify/AAAA-AAAA/")
        except HTTPError as error:
            limited += error.code == 429
            error.close()
    assert limited >= 80 - 60 - 1, limited
    print(
        f"80 checks by one visitor, half at each host: {80 - limited} answered, {limited} refused (limit 60 a minute)"
    )


def _nothing_in_folders(*hosts: Path) -> None:
    left = [path for host in hosts for name in ("media", "private") for path in (host / name).rglob("*.p*")]
    assert not left, left
    print("nothing lies in the hosts' own folders")


def _without(name: str, stop: Callable[[], None], start: Callable[[], None], hosts: tuple[str, ...]) -> None:
    with _asked(hosts) as times:
        time.sleep(SECONDS / 3)
        stop()
        time.sleep(SECONDS / 3)
        start()
        time.sleep(SECONDS / 3)
    failed = [said for _seconds, said in times if said]
    slowest = max(seconds for seconds, _said in times)
    print(f"{name} stopped and started under load: {len(failed)} of {len(times)} failed, slowest {slowest:.2f} s")
    assert not failed, failed[:3]


@contextmanager
def _asked(hosts: tuple[str, ...]) -> Iterator[list[tuple[float, str]]]:
    """Asks the hosts for pages all the while; for each, the seconds that it took and what went wrong."""
    times: list[tuple[float, str]] = []
    done = threading.Event()

    def ask(host: str) -> None:
        number = 0
        while not done.is_set():
            began, said = time.monotonic(), ""
            try:
                with urlopen(host + PAGES[number % len(PAGES)], timeout=30) as answer:  # noqa: S310 - our own
                    answer.read()
            except OSError as error:
                said = str(error)
            times.append((time.monotonic() - began, said))
            number += 1

    threads = [threading.Thread(target=ask, args=(host,)) for host in hosts for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield times
    finally:
        done.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    sys.exit(main())
