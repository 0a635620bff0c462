"""Settings common to every way the site runs. Secrets and places come from the environment."""

import json
from pathlib import Path
from typing import Any

from config.settings import engines
from config.settings.environment import Environment
from operations import error_reports
from operations.logs import FORMATS, logging_config

SITE_ROOT = Path(__file__).resolve().parents[2]  # the folder site/
PROJECT_ROOT = SITE_ROOT.parent

env = Environment()

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
# Secrets before this one: what they have signed is still believed, and nothing new is signed with them.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])

INSTALLED_APPS = [
    "config",
    "operations",
    "partner_directory",
    "program_pages",
    "library",
    "accounts",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail_modeladmin",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "ninja",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "operations.requests.RequestMiddleware",  # first: what answers early has its id, too
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.HeadersMiddleware",
    "config.tls.ProgramsByTlsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partner_directory.badges.middleware.LiveBadgeMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "operations.page_cache.middleware.PageCacheMiddleware",
    "accounts.middleware.ForgottenByTheBrowserMiddleware",
    "operations.replica.ReplicaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionLifeMiddleware",
    "accounts.middleware.CountedTriesMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.ContentPolicyMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "program_pages.shell.shell",
            ],
            "builtins": ["django.templatetags.i18n", "program_pages.templatetags.programme"],
        },
    }
]

CONN_MAX_AGE = env.int("CONN_MAX_AGE", default=60)  # seconds
DATABASES = {
    "default": engines.database(
        env("DATABASE_URL", default=f"sqlite:///{PROJECT_ROOT / 'db.sqlite3'}"), conn_max_age=CONN_MAX_AGE
    )
}
# What strangers read of public pages may come from a replica (operations.replica).
DATABASE_ROUTERS: list[str] = []
if _replica := env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = engines.replica(_replica, conn_max_age=CONN_MAX_AGE)
    DATABASE_ROUTERS = ["operations.replica.Router"]
REPLICA_LAG_SECONDS = env.float("REPLICA_LAG_SECONDS", default=2.0)  # after a write, that everybody reads the primary
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = engines.caches(env("CACHE_URL", default="locmemcache://"))

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]  # one: each takes a slow hash
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
] + [{"NAME": "accounts.passwords.SiteWordsValidator"}, {"NAME": "accounts.passwords.LeakedValidator"}]
LEAKED_PASSWORDS = env("LEAKED_PASSWORDS", default="")  # a file of those that have leaked, sorted SHA-1

# One sign-in for partners and for the admin.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "account_login"
WAGTAILADMIN_LOGIN_URL = "admin_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # each changes them in their account
ACCOUNT_ADAPTER = "partner_directory.portal.people.signup.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # a person has one address
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]  # a code by e-mail shows less than the one or the other
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "partner_directory.portal.people.signup.SignupForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of half a minute by which the clock of a phone may be wrong
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.MfaReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTotpForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "edit_webauthn": "accounts.forms.EditKeyForm",
}
# Seconds after which an unused session ends, and after which any does; sooner where it may enter the admin.
SESSION_IDLE_SECONDS = SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=7 * 24 * 3600)
SESSION_MOST_SECONDS = env.int("SESSION_MOST_SECONDS", default=30 * 24 * 3600)
ADMIN_SESSION_IDLE_SECONDS = env.int("ADMIN_SESSION_IDLE_SECONDS", default=2 * 3600)
ADMIN_SESSION_MOST_SECONDS = env.int("ADMIN_SESSION_MOST_SECONDS", default=24 * 3600)
SESSION_NOTED_SECONDS = 300  # how exactly it is known when a session was seen last: a write each time
# The secrets of second factors are sealed with the first, opened with any; none: keys derived from SECRET_KEY.
MFA_KEYS: list[str] = env.list("MFA_KEYS", default=[])
SECOND_FACTOR_REQUIRED = True  # of whoever may enter the admin
SECOND_FACTOR_OF_PARTNERS = env.bool("SECOND_FACTOR_OF_PARTNERS", default=False)  # of everybody else, in their section
SECOND_FACTOR_EXEMPT: list[str] = []  # addresses, looked at while DEBUG is on
MAIL_BESIDE_ANSWERS = True  # letters about accounts leave in a thread of their own

# Russian is the source language, served at "/"; English beside it at "/en/".
LANGUAGE_CODE = "ru"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [SITE_ROOT / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
USE_TZ = True
TIME_ZONE = "Europe/Moscow"
PROGRAMME_TIME_ZONE = "Europe/Moscow"  # where the programme's days begin and its year turns (A11)

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(PROJECT_ROOT / ".static")))
STATICFILES_DIRS = [SITE_ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.styles.WholesFinder",
]
PRIVATE_ROOT = Path(env("PRIVATE_ROOT", default=str(PROJECT_ROOT / ".private")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What only those concerned may see: outside MEDIA_ROOT, so that no web server ever serves it by itself.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(PRIVATE_ROOT),
            "base_url": None,
            "file_permissions_mode": 0o640,  # the group is that of the web server, which may send them
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Buckets of an S3 server in place of the two folders, for a site on several hosts (operations.storages).
if _bucket := env("MEDIA_STORAGE", default=""):
    STORAGES["default"] = engines.bucket("MEDIA_STORAGE", _bucket, private=False)
if _bucket := env("PRIVATE_STORAGE", default=""):
    STORAGES["private"] = engines.bucket("PRIVATE_STORAGE", _bucket, private=True)
# Private files are sent by the site itself, or by nginx (django_sendfile.backends.nginx) from a location that is
# "internal", named SENDFILE_URL, over the same folder; from a bucket always by the site.
SENDFILE_ROOT = str(PRIVATE_ROOT)
SENDFILE_BACKEND = "config.sending"
SENDFILE_THROUGH = env("SENDFILE_THROUGH", default="wagtail.utils.sendfile_streaming_backend")
SENDFILE_URL = env("SENDFILE_URL", default="/private-files")
UPLOAD_MOST_BYTES = env.int("UPLOAD_MOST_BYTES", default=10 * 1024 * 1024)  # of one private file
UPLOAD_MOST_FILES = env.int("UPLOAD_MOST_FILES", default=500)  # of one company
UPLOAD_MOST_FILES_A_DAY = env.int("UPLOAD_MOST_FILES_A_DAY", default=60)
UPLOAD_MOST_PIXELS = 40_000_000  # unpacked, a picture takes four bytes a pixel
# Badges are signed with a private key; what the keys before it signed, whose public halves follow, is believed still.
BADGE_KEY = env("BADGE_KEY", default="")
BADGE_KEY_FILE = PRIVATE_ROOT / "badge.key"  # that development makes for itself
BADGE_OLD_KEYS: list[str] = env.list("BADGE_OLD_KEYS", default=[])
KIT_LINK_SECONDS = env.int("KIT_LINK_SECONDS", default=600)  # that the link to a kit of logos lasts
# What one visitor may ask in a minute: answers of the API, files looked at, pages of others that we read for them.
VERIFY_LIMITS = {
    "api": env.int("VERIFY_LIMIT_API", default=60),
    "files": env.int("VERIFY_LIMIT_FILES", default=20),
    "pages": env.int("VERIFY_LIMIT_PAGES", default=6),
}
API_LIMIT = env.int("API_LIMIT", default=600)  # requests to the API of one visitor in a minute
CSP_REPORTS_LIMIT = env.int("CSP_REPORTS_LIMIT", default=60)  # reports on content policies, likewise
VERIFY_MOST_BYTES = env.int("VERIFY_MOST_BYTES", default=5 * 1024 * 1024)  # of a file that is looked at
COMPANIES_OF_ONE_PERSON = env.int("COMPANIES_OF_ONE_PERSON", default=5)  # that one person registers
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(PROJECT_ROOT / "media")))
SERVES_MEDIA = env.bool("SERVES_MEDIA", default=False)  # else the web server before the site does

WAGTAIL_SITE_NAME = env("SITE_NAME", default="ASoft Partners Community")
PROGRAMME_MARK_NAME = "ASoft Partners"  # what the first sample of the programme's own mark says (R9)
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_I18N_ENABLED = True
WAGTAILIMAGES_IMAGE_MODEL = "library.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "library.SiteDocument"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "svg"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "library.forms.SafeImageForm"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # unpacked, a picture takes four bytes a pixel
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAIL_USER_TIME_ZONES = ["Europe/Moscow", "UTC"]
# Nothing in the admin asks another host for anything.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILAPI_DOCS_ENABLED = False
# A translated copy stays a draft until somebody has translated it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

# Approval publishes in the approver's name; nobody needs a right that would pass the approval by.
WAGTAIL_FINISH_WORKFLOW_ACTION = "program_pages.approval.publish_approved"

GROUND_SECONDS = env.int(
    "GROUND_SECONDS", default=1
)  # how long a process answers strangers from where it has found pages, terms and prices

# How long strangers are answered from the page cache while nothing has been recorded; 0 turns it off.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=600)
# A CDN before the site: for how long it may keep pages, and how it is told to forget them (operations.page_cache.cdn).
# An address takes PURGE by HTTP; JSON names another backend of Wagtail's with its options.
CDN_SECONDS = env.int("CDN_SECONDS", default=0)
_CDN_PURGE = env("CDN_PURGE", default="")
WAGTAILFRONTENDCACHE: dict[str, dict[str, Any]] = {}
if _CDN_PURGE:
    WAGTAILFRONTENDCACHE["cdn"] = (
        json.loads(_CDN_PURGE)
        if _CDN_PURGE.startswith("{")
        else {"BACKEND": "operations.page_cache.cdn.PurgeBackend", "LOCATION": _CDN_PURGE}
    )

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an edition is edited whole, on one form

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="partners@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds that a silent mail server is waited for
# Who does what requests leave to be done (letters, notices of editions, rehearsals, files of marks): threads "beside"
# them, or the "worker" (`manage.py worker`) alone. Tests have it done within the request, "inline".
JOBS_RUN = env.str("JOBS_RUN", default="beside")
MESSAGES_KEPT_DAYS = env.int(
    "MESSAGES_KEPT_DAYS", default=365
)  # after which one is removed with the address it went to

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # of our own, that name the visitor in X-Forwarded-For
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Enquiries of one sender, or from one e-mail address.
ENQUIRY_LIMIT_PER_HOUR = env.int("ENQUIRY_LIMIT_PER_HOUR", default=5)
ENQUIRY_LIMIT_PER_DAY = env.int("ENQUIRY_LIMIT_PER_DAY", default=15)
ENQUIRY_KEPT_DAYS = env.int("ENQUIRY_KEPT_DAYS", default=365)  # after which a closed one forgets who wrote it

X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin previews pages in a frame
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What pages may ask a browser for: the camera reads QR codes at /verify/, passkeys sign in, a button copies a link. The
# directory measures from a city that its reader names, never from where the reader is.
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    **{
        feature: []
        for feature in (
            "accelerometer", "autoplay", "browsing-topics", "display-capture",
            "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
            "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial",
            "usb", "xr-spatial-tracking",
        )
    },
    "camera": "self",
    "clipboard-write": "self",
    "fullscreen": "self",
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
}  # fmt: skip
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # forms carry the token, no script reads the cookie
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a link in a letter finds its reader signed in
SILENCED_SYSTEM_CHECKS: list[str] = []

# What runs, as logs, metrics, reports of errors and the admin's page name it.
RELEASE = env("RELEASE", default="")
LOG_FORMAT = env.str("LOG_FORMAT", default="json", choices=FORMATS)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
# A line for each request ("all"), without those for kept pages and static files ("worked"), or none ("off").
ACCESS_LOG = env.str("ACCESS_LOG", default="worked", choices=("all", "worked", "off"))
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)  # from which on a query is logged; 0 logs none
LOGGING = logging_config(LOG_FORMAT, LOG_LEVEL)
METRICS_TOKEN = env("METRICS_TOKEN", default="")  # that a Prometheus brings to /metrics; without it there are none
TLS_CERTIFICATE_FILE = env("TLS_CERTIFICATE_FILE", default="")  # whose last day the site watches
OPERATIONS_DOCS_URL = env("OPERATIONS_DOCS_URL", default="")  # where docs/operations.md is read
error_reports.start(
    env("SENTRY_DSN", default=""), release=RELEASE, environment=env("SENTRY_ENVIRONMENT", default="production")
)

# Backups are encrypted for the holders of these keys (age1…), or by a passphrase; not at all where there is neither.
BACKUP_FOLDER = env("BACKUP_FOLDER", default="")  # where the timetable puts a backup each night
BACKUPS_KEPT = env.int("BACKUPS_KEPT", default=14)  # of these, the newest
BACKUP_ENCRYPT_TO: list[str] = env.list("BACKUP_ENCRYPT_TO", default=[])
BACKUP_PASSPHRASE = env("BACKUP_PASSPHRASE", default="")
