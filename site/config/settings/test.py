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
MESSAGES_SEND = "inline"  # nor leave a thread behind
MARK_FILES = "later"  # which takes seconds a mark
REHEARSALS_RUN = "inline"
# A test may travel for days, whoever it has signed in.
SESSION_IDLE_SECONDS = SESSION_COOKIE_AGE = ADMIN_SESSION_IDLE_SECONDS = SESSION_MOST_SECONDS
ADMIN_SESSION_MOST_SECONDS = SESSION_MOST_SECONDS
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # nor share a cache
GROUND_SECONDS = 0  # what a test changes must show at once
STATIC_ROOT = None  # type: ignore[assignment] # tests need nothing collected, and nothing should warn of that
MAIL_BESIDE_ANSWERS = False  # letters are in the outbox when the answer is there
BADGE_KEY = "bm90LWEtc2VjcmV0LWEta2V5LWZvci10ZXN0cy1vbmw"  # signatures are the same in every run
SECOND_FACTOR_REQUIRED = False  # clients sign in by force; the tests of the second factor turn it on
