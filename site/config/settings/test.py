"""Settings for tests; each line says what it protects."""

from config.settings.base import *

SECRET_KEY = "not-a-secret-tests-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests must not wait for a slow hash
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # tests must not leave files in media/
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {"base_url": None}},
    # Strict about missing files as production is, but needs no collectstatic beforehand.
    "staticfiles": {"BACKEND": "config.storage.StrictStaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # tests must not send mail
JOBS_RUN = "inline"  # nor leave a thread behind, nor make the files of marks, which takes seconds each
CACHES = engines.caches("locmemcache://")  # nor share a cache
CACHES["pages"] = {**CACHES["default"], "LOCATION": "pages"}
PAGE_CACHE_SECONDS = 0  # nor find what another test has made; the page cache's own tests turn it on
# A test may travel for days, whoever it has signed in.
SESSION_IDLE_SECONDS = SESSION_COOKIE_AGE = ADMIN_SESSION_IDLE_SECONDS = SESSION_MOST_SECONDS
ADMIN_SESSION_MOST_SECONDS = SESSION_MOST_SECONDS
GROUND_SECONDS = 0  # what a test changes must show at once
STATIC_ROOT = None  # type: ignore[assignment] # tests need nothing collected, and nothing should warn of that
MAIL_BESIDE_ANSWERS = False  # letters are in the outbox when the answer is there
BADGE_KEY = "bm90LWEtc2VjcmV0LWEta2V5LWZvci10ZXN0cy1vbmw"  # signatures are the same in every run
SECOND_FACTOR_REQUIRED = SECOND_FACTOR_OF_PARTNERS = False  # clients sign in by force, but for its tests
SLOW_QUERY_MS = 0  # a busy machine is no finding
TLS_CERTIFICATE_FILE = METRICS_TOKEN = ""  # whatever the environment says
ACCESS_LOG = "worked"
