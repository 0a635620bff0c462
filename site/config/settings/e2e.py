"""Settings for a site that browser tests and measurements visit: as in production, but for secrets and TLS.

The environment names the folder of the collected static files; nothing is written into the project.
"""

from config.settings.base import *

SECRET_KEY = "not-a-secret-a-site-for-tests"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
BADGE_KEY = "bm90LWEtc2VjcmV0LWEta2V5LWZvci10ZXN0cy1vbmw"
STATIC_ROOT = env("STATIC_ROOT")
SERVES_MEDIA = True
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=0)  # measurements turn it on
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # it is served without TLS
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)  # its sample logins have none
