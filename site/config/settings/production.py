"""Settings for the public: everything secret comes from the environment and has no default.

With a fault that would let strangers in, lose what is written or fail later, nothing starts; every fault is said at
once (``config.settings.faults``).
"""

import sys

from config.settings.base import *
from config.settings.faults import refuse
from config.tls import OF_PROGRAMS

DEBUG = env.bool("DEBUG", default=False)  # refused below, rather than silently left out
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]

# What is fit for one host, one process, or a network of one's own, is so by the operator's word alone.
ALLOW_SQLITE = env.bool("ALLOW_SQLITE", default=False)
ALLOW_LOCAL_CACHE = env.bool("ALLOW_LOCAL_CACHE", default=False)
ALLOW_UNENCRYPTED = env.bool("ALLOW_UNENCRYPTED", default=False)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", OF_PROGRAMS]  # programs are refused, not led over
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # X_FRAME_OPTIONS: the admin shows its previews in frames of the same host
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# By its name a browser takes such a cookie from this very host over TLS alone; no subdomain can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

refuse(vars(), collecting=sys.argv[1:2] == ["collectstatic"])
