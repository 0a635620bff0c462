"""Settings for the public: everything secret comes from the environment and has no default."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from partner_directory.badges.keys import key_bytes

SHORTEST_SECRET = 50

SECRET_KEY = env("SECRET_KEY")
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
for _name, _keys in (("BADGE_KEY", [BADGE_KEY]), ("BADGE_OLD_KEYS", BADGE_OLD_KEYS)):
    for _key in _keys:
        key_bytes(_name, _key)  # raises where it is no key
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# By its name a browser takes such a cookie from this very host over TLS alone; no subdomain can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
