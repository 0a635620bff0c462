"""The site as the public has it: nginx, gunicorn and Redis from deploy/'s own files, in a folder of its own.

Only names, ports and paths of the files are others, and one address answers with TLS and without. nginx has a
certificate that was made for the run. Tests of the deployment ask it, scanners visit it, benchmarks measure it.
"""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from tests.running_site import DATABASE, MEDIA, PRIVATE, ROOT, STATIC, free_port
from tests.servers import Absent

DEPLOY = ROOT / "deploy"
# Of this run alone: production refuses every key that anybody knows.
SECRET_KEY = secrets.token_urlsafe(64)
BADGE_KEY = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
NAME = "partners.example.org"
SECONDS = 120  # that a server may take to start on a busy machine
PROGRAMS = ("nginx", "redis-server", "openssl")  # Debian's packages have their names
# Who comes without TLS to a port that is not 80: a scanner that was told this one.
OF_ONE_ADDRESS = "error_page 497 =301 https://$http_host$request_uri;"
MAIN = """
daemon off; pid {folder}/nginx.pid; worker_processes 1; error_log {folder}/nginx.log;
{user}
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxied; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/nginx/partners.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor gets."""

    status: int
    headers: Message
    body: bytes


def absent() -> str:
    """Which programs it needs are not on this machine, and how to get them; empty where all are."""
    missing = " ".join(program for program in PROGRAMS if shutil.which(program) is None)
    return missing and f"no {missing} here: apt-get install {missing}"


@dataclass
class PublicSite:
    """A deployment in a folder with a database, static files, uploads and private files.

    ``settings`` go before its usual ones.
    """

    folder: Path
    name: str = NAME
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.trust = ssl.create_default_context()
        self.trust.check_hostname = False
        self.trust.verify_mode = ssl.CERT_NONE  # it was made a moment ago
        self.socket = self.folder / "web.sock"
        self.certificate = self.folder / "fullchain.pem"

    @property
    def url(self) -> str:
        """Its address by TLS, without a slash at its end; for who knows where its name leads."""
        return f"https://{self.name}:{self.port}"

    def ask(self, path: str, method: str = "GET", *, source: str = "127.0.0.1", **headers: str) -> Answer:
        """What one visitor gets, over TLS, at a path."""
        wire = _Named("127.0.0.1", self.port, context=self.trust, timeout=SECONDS, source_address=(source, 0))
        wire.name = self.name
        return _answer(wire, path, method, {"Host": self.name, **headers})

    def ask_plainly(self, path: str, name: str = NAME) -> Answer:
        """The same without TLS."""
        wire = HTTPConnection("127.0.0.1", self.plain_port, timeout=SECONDS)
        return _answer(wire, path, "GET", {"Host": name})

    def speaks(self, version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> str | None:
        """The cipher that a client of one version and those ciphers is answered with; None where it is refused."""
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        client.set_ciphers(ciphers)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of old versions, which are tried on purpose
            client.minimum_version = client.maximum_version = version
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        try:
            with client.wrap_socket(wire, server_hostname=self.name) as wrapped:
                return (wrapped.cipher() or ("",))[0]
        except OSError:
            return None
        finally:
            wire.close()

    # --- Its parts ---

    def environment(self) -> Mapping[str, str]:
        """All settings of the site, as one file would hold them."""
        return {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": SECRET_KEY,
            "BADGE_KEY": BADGE_KEY,
            "ALLOWED_HOSTS": self.name,
            "BASE_URL": f"https://{self.name}",
            "DATABASE_URL": f"sqlite:///{self.folder / DATABASE}",
            "ALLOW_SQLITE": "true",
            "CACHE_URL": f"redis://{self.folder / 'redis.sock'}",
            "STATIC_ROOT": str(self.folder / STATIC),
            "MEDIA_ROOT": str(self.folder / MEDIA),
            "PRIVATE_ROOT": str(self.folder / PRIVATE),
            "SENDFILE_THROUGH": "django_sendfile.backends.nginx",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "TRUSTED_PROXIES": "1",
            "JOBS_RUN": "worker",
            "PAGE_CACHE_SECONDS": "600",
            "WEB_BIND": f"unix:{self.socket}",
            "WEB_CONCURRENCY": "1",
            **self.settings,
        }

    def start(self) -> None:
        """Starts all of it; raises Absent where a program is absent: a test is skipped."""
        if missing := absent():
            raise Absent(missing)
        for name in (MEDIA, PRIVATE):
            (self.folder / name).mkdir(exist_ok=True)
        self._start("redis", "redis-server", "--port", "0", "--unixsocket", f"{self.folder}/redis.sock", "--save", "")
        self.start_web()
        self._certify()
        self._write_nginx()
        self._start("nginx", "nginx", "-c", f"{self.folder}/nginx.conf", "-e", f"{self.folder}/nginx.log")
        self._wait_for_answer()

    def stop(self) -> None:
        """Stops all of it."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def web_processes(self) -> set[int]:
        """The ids of gunicorn's processes but for the first, which looks after them."""
        master = self.processes["web"].pid
        return set(map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split()))

    def reload(self) -> None:
        """As ``systemctl reload``."""
        self.processes["web"].send_signal(signal.SIGHUP)

    def start_web(self) -> None:
        """As ``systemctl start``."""
        self._start("web", str(Path(sys.executable).with_name("gunicorn")), "--config", "deploy/gunicorn.conf.py")

    def stop_web(self) -> None:
        """As ``systemctl stop``; its socket is gone, too, as it is not where systemd holds it."""
        web = self.processes.pop("web")
        web.terminate()
        web.wait(timeout=SECONDS)

    def log(self) -> str:
        """What the programs have said."""
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in sorted(self.folder.glob("*.log")))

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.out.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def _certify(self) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", f"/CN={self.name}", "-addext", f"subjectAltName=DNS:{self.name}"]
        command += ["-keyout", "privkey.pem", "-out", self.certificate.name, "-days", "2"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def _write_nginx(self) -> None:
        shutil.copytree(DEPLOY / "nginx", self.folder / "nginx")
        for path in (self.folder / "nginx").rglob("*.conf"):
            path.write_text(self._rendered(path.read_text()))
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder, user=user))

    def _rendered(self, text: str) -> str:
        """One of deploy/'s files, with the places of this run."""
        places = {
            "/etc/nginx/partners/": f"{self.folder}/nginx/partners/",
            f"/etc/letsencrypt/live/{NAME}/": f"{self.folder}/",
            "/srv/partners/.static/": f"{self.folder / STATIC}/",
            "/srv/partners/deploy/nginx": str(DEPLOY / "nginx"),
            "/var/lib/partners/media/": f"{self.folder / MEDIA}/",
            "/var/lib/partners/private/": f"{self.folder / PRIVATE}/",
            "/var/cache/nginx/partners": f"{self.folder}/kept",
            "/var/log/nginx/": f"{self.folder}/",
            "unix:/run/partners-web.sock": f"unix:{self.socket}",
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "Host $host": "Host $http_host",  # names the port, too, which nobody does where it is 443
        }
        lines = [line for line in text.splitlines() if "listen [::]" not in line]
        rendered = "\n".join(lines) + "\n"
        places |= {f"server_name {NAME}": f"server_name {self.name}"}
        for place, here in places.items():
            rendered = rendered.replace(place, here)
        return rendered.replace("gzip_static on;", f"gzip_static on;\n    {OF_ONE_ADDRESS}")

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and all(each.poll() is None for each in self.processes.values()):
            try:
                if self.ask("/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"The deployment did not start:\n{self.log()}")


class _Named(HTTPSConnection):
    """Asks a machine by TLS for the site's name."""

    name = NAME

    def connect(self) -> None:
        HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self.name)  # type: ignore[attr-defined]


def _answer(wire: HTTPConnection, path: str, method: str, headers: Mapping[str, str]) -> Answer:
    try:
        wire.request(method, path, headers=dict(headers))
        response = wire.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        wire.close()


@contextmanager
def running(folder: Path, name: str = NAME, **settings: str) -> Iterator[PublicSite]:
    """The deployment over a folder, running under a name; ``settings`` go before its usual ones."""
    site = PublicSite(folder, name, settings)
    try:
        site.start()
        yield site
    finally:
        site.stop()
