"""A tiny site over a primary and a replica, in a process of its own: answers each line of its input with one of JSON.

``python -m tests.operations.replica_site PRIMARY REPLICA CACHE``. A line names a view, a method and whether the visitor
has a session; the answer says which database the page was read from, by that database's own word.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

from django.conf import settings

from config.settings import engines

LAG = 0.3  # seconds


def main(primary: str, replica: str, cache: str) -> None:
    """Serves until the input ends."""
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        CACHES=engines.caches(cache),
        DATABASES={
            "default": engines.database(primary, conn_max_age=60),
            "replica": engines.replica(replica, conn_max_age=60),
        },
        DATABASE_ROUTERS=["operations.replica.Router"],
        INSTALLED_APPS=["django.contrib.contenttypes"],
        LANGUAGES=[("ru", "Русский"), ("en", "English")],
        MIDDLEWARE=["operations.replica.ReplicaMiddleware"],
        REPLICA_LAG_SECONDS=LAG,
        ROOT_URLCONF=__name__,
        SECRET_KEY="not-a-secret",
        USE_TZ=True,
    )
    import django
    from django.db.backends.signals import connection_created

    from operations import replica as watched

    django.setup()
    connection_created.connect(watched.watch)
    watched.SECONDS_LEFT_ALONE = LAG
    _serve()


def _serve() -> None:  # noqa: C901 - seven small views, made once Django is set up
    from django.contrib.contenttypes.models import ContentType
    from django.db import Error, connections, router, transaction
    from django.http import HttpRequest, HttpResponse, JsonResponse
    from django.test import Client
    from django.urls import path

    def read(request: HttpRequest) -> HttpResponse:
        with connections[router.db_for_read(ContentType)].cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            where = "replica" if cursor.fetchone()[0] else "primary"
        return JsonResponse({"where": where, "rows": ContentType.objects.count()})

    def write(request: HttpRequest) -> HttpResponse:
        ContentType.objects.create(app_label="test", model=f"made{ContentType.objects.count()}")
        return read(request)

    def inside(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            return read(request)

    def change(request: HttpRequest) -> HttpResponse:
        row = ContentType.objects.latest("pk")
        came_from = row._state.db
        row.app_label = "changed"
        row.save()
        return JsonResponse({"came_from": came_from, "went_to": row._state.db})

    def forced(request: HttpRequest) -> HttpResponse:
        try:
            ContentType.objects.using("replica").create(app_label="test", model="forced")
        except Error as error:
            return JsonResponse({"refused": str(error)})
        return JsonResponse({})

    def broken(request: HttpRequest) -> HttpResponse:
        with connections[router.db_for_read(ContentType)].cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery() AND pg_terminate_backend(pg_backend_pid())")
        return read(request)

    def create(request: HttpRequest) -> HttpResponse:
        with connections["default"].schema_editor() as editor:
            editor.create_model(ContentType)
        return JsonResponse({})

    views = {view.__name__: view for view in (read, write, inside, change, forced, broken, create)}
    places = [path(f"{name}/", view) for name, view in views.items()]
    globals()["urlpatterns"] = [*places, *(path(f"{area}/read/", read) for area in ("admin", "en/portal", "en"))]
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        client = Client()
        if asked.get("session"):
            client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
        answer = client.generic(asked.get("method", "GET"), f"/{asked['view']}/")
        print(answer.content.decode(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
