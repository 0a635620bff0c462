"""The site as the public has it: production's settings, gunicorn, and nginx with TLS before it, all on this machine.

For scanners, which visit it by HTTPS at ``localhost``. Needs Debian's nginx and openssl.
"""

from __future__ import annotations

import secrets
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from . import running_site

HOST = "localhost"
SECONDS_TO_START = 20
NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server_tokens off; client_max_body_size 20m;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    error_page 497 =301 https://{host}:{port}$request_uri;  # who came without TLS
    ssl_certificate {folder}/site.crt; ssl_certificate_key {folder}/site.key; ssl_protocols TLSv1.2 TLSv1.3;
    location / {{
      proxy_pass {site}; proxy_http_version 1.1; proxy_read_timeout 120s;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where it is served: a port of ``localhost``, with TLS and without, and the certificate that is to be trusted."""

    port: int
    certificate: Path

    @property
    def url(self) -> str:
        """By TLS, without a slash at its end."""
        return f"https://{HOST}:{self.port}"


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Address]:
    """Serves a loaded folder to the public until it is left; ``environment`` goes before production's usual one."""
    certificate = _certificate(folder)
    (folder / "cache").mkdir(exist_ok=True)
    with running_site.served(folder, workers=2, **_environment(folder), **environment) as site:
        address = Address(running_site.free_port(), certificate)
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, site=site, host=HOST, port=address.port), encoding="utf-8")
        nginx = subprocess.Popen([_program("nginx"), "-c", str(config), "-e", str(folder / "nginx.log")])
        try:
            _wait(nginx, address)
            yield address
        finally:
            nginx.terminate()
            nginx.wait(timeout=10)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "BADGE_KEY": secrets.token_urlsafe(32),
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "BASE_URL": f"https://{HOST}",
        "ALLOW_SQLITE": "true",  # nobody but a scanner visits
        "CACHE_URL": f"filecache://{folder / 'cache'}",
        "DEFAULT_FROM_EMAIL": "partners@example.org",
        "TRUSTED_PROXIES": "1",
    }


def _certificate(folder: Path) -> Path:
    """A certificate of ``localhost``, signed by itself, for a day."""
    certificate = folder / "site.crt"
    command = [_program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    command += ["-keyout", str(folder / "site.key"), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        raise SystemExit(f"There is no {name} here: apt-get install {name}")
    return found


def _wait(nginx: subprocess.Popen[bytes], address: Address) -> None:
    trusted = ssl.create_default_context(cafile=str(address.certificate))
    deadline = time.monotonic() + SECONDS_TO_START
    while nginx.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{address.url}/healthz", timeout=5, context=trusted):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("nginx did not start, or the site does not answer behind it.")
