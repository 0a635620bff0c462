"""How many queries each page asks once it is warm. Writes JSON; run with the site's settings by ``tests.bench.table``.

``python -m tests.bench.queries FILE``: the file holds {title: [path, body or null]}, and then the answers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import django

django.setup()

from django.db import connection  # noqa: E402 - Django comes first
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


def asked(client: Client, path: str, body: str | None) -> int:
    """The queries of one request."""
    with CaptureQueriesContext(connection) as queries:
        if body is None:
            client.get(path)
        else:
            client.post(path, body, content_type="application/json")
    return len(queries)


def main(file: Path) -> None:
    """Each page twice, by a new visitor; the second one counts."""
    client = Client(SERVER_NAME="127.0.0.1")
    found = {}
    for title, (path, body) in json.loads(file.read_text()).items():
        asked(client, path, body)
        client.cookies.clear()
        found[title] = asked(client, path, body)
    file.write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
