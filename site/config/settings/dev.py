"""Settings for work on one's own machine: DEBUG, no secrets needed, sample logins allowed."""

from config.settings.base import *

DEBUG = True
SECRET_KEY = "not-a-secret-development-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None  # type: ignore[assignment] # static files are served from where they are written
SERVES_MEDIA = True
PAGE_CACHE_SECONDS = 0  # templates that are being written show at once
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # keys work without TLS here
# The sample people, whose password everybody knows, enter the admin without a second factor.
SECOND_FACTOR_EXEMPT = [f"{name}@asoft.example" for name in ("admin", "editor", "manager", "partners")]
# The key that `make setup` has made for this machine; what it signs nobody else believes.
BADGE_KEY = env("BADGE_KEY", default="") or (BADGE_KEY_FILE.read_text("ascii") if BADGE_KEY_FILE.exists() else "")
LOG_FORMAT = env.str("LOG_FORMAT", default="lines", choices=FORMATS)
ACCESS_LOG = env.str("ACCESS_LOG", default="off")  # runserver writes its own
LOGGING = logging_config(LOG_FORMAT, LOG_LEVEL)
