"""Settings of the portal, read from the environment (see `.env.example`).

Without `DATABASE_URL` / `REDIS_URL` and with `DEBUG` on, the embedded servers are used
and secrets are made once and kept beside their data.
"""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
import environ
import pghistory
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.embedded.locations import data_dir
from config.secrets import portal_secrets

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=True)
PORTAL_DATA_DIR = data_dir(BASE_DIR)
# Without real servers those of `config.embedded` may start: development and demonstration only.
PORTAL_EMBEDDED_SERVERS = DEBUG
# Whether claims may be calculated by the benefit policies that the portal ships before the
# bureau has approved its own: development and demonstration only.
PORTAL_UNAPPROVED_POLICIES = DEBUG
_secrets = portal_secrets(env, PORTAL_DATA_DIR, generate=DEBUG)
SECRET_KEY = _secrets.secret_key
# Keys of encrypted fields, newest first; the first encrypts, all decrypt.
PORTAL_FIELD_KEYS = _secrets.field_keys
# Key of the HMAC indexes over identity numbers. Changing it means re-indexing every person.
PORTAL_INDEX_KEY = _secrets.index_key

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEBUG else [])
# Peers whose X-Real-IP is believed, beside a Unix socket.
PORTAL_PROXIES = env.list("PORTAL_PROXIES", default=["127.0.0.1", "::1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "supervision",
    "claims",
    "enrollment",
    "config.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_celery_beat",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_htmx",
    "import_export",
    "pgtrigger",
    "pghistory",
    "csp",
]

MIDDLEWARE = [
    "config.proxy.RealAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.access_log.AccessLogMiddleware",
    "config.health.middleware.ProbeMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "enrollment.access.middleware.PortalLocaleMiddleware",
    "config.addresses.CleanAddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "enrollment.login.middleware.SessionMiddleware",
    "enrollment.history.context.HistoryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers for a locked login
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# A DATABASE_URL names a real server; without one the embedded PostgreSQL starts at the
# first connection (config.embedded.postgresql).
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "config.embedded.postgresql",
            "NAME": "portal",
        }
    }
# The development server has a thread for each connection of each browser: kept open, those of a
# few desks would use up what the database allows.
DATABASES["default"]["CONN_MAX_AGE"] = 0 if DEBUG else 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

AUTH_USER_MODEL = "enrollment.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses a locked login
    "django.contrib.auth.backends.ModelBackend",
]
# Five wrong passwords of one login name from one machine lock it there for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "enrollment.login.lockout.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Whether who releases money, reviews or penalties must give a second step (never in the
# demonstration county).
SECOND_STEP_REQUIRED = env.bool("SECOND_STEP_REQUIRED", default=not DEBUG)
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:login"
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / "staticfiles")
# Uploaded files (scans of claims): part of every backup, never served by an address.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=PORTAL_DATA_DIR / "files")
if not DEBUG:
    # Names with the content's hash, compressed once, kept by browsers for good.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        # Uploads are the portal's alone; what every browser gets the web process must read,
        # whoever has collected it.
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
            "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
        },
    }
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1,
        "whitenoise.middleware.WhiteNoiseMiddleware",
    )

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- row history (enrollment.history) --------------------------------------------------
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# Events are found by their row and by its owner; no other relation of theirs is searched.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(db_index=False)

# --- the audit chain (enrollment.chain) ------------------------------------------------
# One line per link: copy it where the portal cannot write.
AUDIT_HEADS_FILE = env.path("AUDIT_HEADS_FILE", default=PORTAL_DATA_DIR / "audit-heads.jsonl")

# --- the night -----------------------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="portal")
# Claims that the night settles in one transaction.
SETTLEMENT_CHUNK = env.int("SETTLEMENT_CHUNK", default=3000)
CELERY_TIMEZONE = TIME_ZONE
# Each tick is written down at once: the health page reads it.
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A real Redis when REDIS_URL names one; else the embedded one (config.celery starts it).
REDIS_URL = env.str("REDIS_URL", default="")
# A killed worker's task is taken up again after this many seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("BROKER_VISIBILITY_TIMEOUT", default=4 * 60 * 60)
}

# --- the window -----------------------------------------------------------------------
# Days that what a clerk typed and never submitted is kept.
DRAFT_DAYS = env.int("DRAFT_DAYS", default=30)

# --- rolls handed in by a page ---------------------------------------------------------
# Never under the web root; web and worker share it.
# Days that a checked roll and the workbook of its rejected rows are kept for correcting.
IMPORT_FILES_DIR = env.path("IMPORT_FILES_DIR", default=PORTAL_DATA_DIR / "imports")
IMPORT_FILES_DAYS = env.int("IMPORT_FILES_DAYS", default=14)
FILE_UPLOAD_PERMISSIONS = 0o600

# --- browsers --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # Load balancers ask the process itself, without https.
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # One line of JSON per request (config.access_log); the development server has its own.
        "portal.access": {"level": "WARNING" if DEBUG else "INFO"},
        # They tell of each page and glyph.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
