"""gunicorn's settings for the public site: ``gunicorn --config deploy/gunicorn.conf.py``, from any folder.

The environment may say ``WEB_BIND``, ``WEB_CONCURRENCY``, ``WEB_THREADS`` and ``LOG_FORMAT``; a socket that systemd
hands over goes before ``WEB_BIND``. Figures and reasons stand in docs/operations.md, "Install".
"""

import os
from pathlib import Path

chdir = str(Path(__file__).resolve().parents[1])
pythonpath = "site"
wsgi_app = "config.wsgi"

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
backlog = 1024
# Python computes on one core at a time: one process a core and one more, threads for those that wait.
workers = int(os.environ.get("WEB_CONCURRENCY") or len(os.sched_getaffinity(0)) + 1)
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
# Each process loads the code itself, so that HUP brings new code and new settings without a pause.
preload_app = False
# nginx opens a connection for each request, which costs nothing on a socket; none can end half-way at a reload.
keepalive = 0

timeout = 60  # seconds after which a process that answers nobody is replaced
graceful_timeout = 30  # seconds that answers under way have at a reload or stop
max_requests, max_requests_jitter = 20_000, 4_000  # a process that leaks is replaced, never two at once
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - where a slow disk cannot look like a hang
control_socket_disable = True

limit_request_line = 8190  # a deal stands whole in its address, and nginx lets through no more
limit_request_fields = 60
forwarded_allow_ips = "*"  # nobody but nginx reaches the socket

accesslog = None  # nginx writes one
errorlog = "-"
# In the words of the site's own log (operations.logs), so that whoever collects it reads one kind of line.
_words = "JsonLine" if (os.environ.get("LOG_FORMAT") or "json") == "json" else "WordsLine"
logconfig_dict = {
    "root": {"level": "INFO", "handlers": ["error_console"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False}},
    "formatters": {"generic": {"()": f"operations.logs.{_words}"}},
}
