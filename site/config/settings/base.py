"""Settings common to every way the site runs. Secrets and places come from the environment."""

from pathlib import Path

import environ

SITE_ROOT = Path(__file__).resolve().parents[2]  # the folder site/
PROJECT_ROOT = SITE_ROOT.parent

env = environ.Env()

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partner_directory.badges.middleware.LiveBadgeMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{PROJECT_ROOT / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers never wait for the writer, the writer waits its turn, and a transaction that will
    # write takes its lock at once instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Opening a connection takes longer than most answers do, of SQLite too: its functions are registered anew each time.
DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=60))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
# What counts tries and requests for all processes together; it must fail rather than forget (ADR 41).
CACHES["limits"] = CACHES["default"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]  # one: each takes a slow hash
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

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
SECOND_FACTOR_REQUIRED = True  # of whoever may enter the admin
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
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What only those concerned may see: outside MEDIA_ROOT, so that no web server ever serves it by itself.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env("PRIVATE_ROOT", default=str(PROJECT_ROOT / ".private")),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Private files are sent by the site itself, or by nginx (django_sendfile.backends.nginx) from a location that is
# "internal", named SENDFILE_URL, over the same folder.
SENDFILE_ROOT = STORAGES["private"]["OPTIONS"]["location"]  # type: ignore[index]
SENDFILE_BACKEND = "config.sending"
SENDFILE_THROUGH = env("SENDFILE_THROUGH", default="wagtail.utils.sendfile_streaming_backend")
SENDFILE_URL = env("SENDFILE_URL", default="/private-files")
UPLOAD_MOST_BYTES = env.int("UPLOAD_MOST_BYTES", default=10 * 1024 * 1024)  # of one private file
UPLOAD_MOST_FILES = env.int("UPLOAD_MOST_FILES", default=500)  # of one company
UPLOAD_MOST_FILES_A_DAY = env.int("UPLOAD_MOST_FILES_A_DAY", default=60)
UPLOAD_MOST_PIXELS = 40_000_000  # unpacked, a picture takes four bytes a pixel
# Badges are signed with a private key; what the keys before it signed, whose public halves follow, is believed still.
BADGE_KEY = env("BADGE_KEY", default="")
BADGE_KEY_FILE = Path(SENDFILE_ROOT) / "badge.key"  # that development makes for itself
BADGE_OLD_KEYS: list[str] = env.list("BADGE_OLD_KEYS", default=[])
# Who makes the files of an approved mark: a "thread" beside the approval, or `prepare_kits` alone ("later").
MARK_FILES = env.str("MARK_FILES", default="thread")
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
SERVES_MEDIA = False  # in production the web server before the site does

WAGTAIL_SITE_NAME = "ASoft Partners Community"
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

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an edition is edited whole, on one form

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="partners@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds that a silent mail server is waited for
# Who sends messages: a "thread" beside the request, the request itself ("inline"), or `send_messages` alone ("later").
MESSAGES_SEND = env.str("MESSAGES_SEND", default="thread")
# Who runs rehearsals of editions: a thread beside the request, or "later": `manage.py rehearse_edition` alone.
REHEARSALS_RUN = env.str("REHEARSALS_RUN", default="thread")
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
