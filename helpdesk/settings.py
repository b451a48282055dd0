"""Django's settings. What differs between places comes from helpdesk/env.py; the rest is the same everywhere."""

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from helpdesk import embedded, env
from helpdesk.celery import SCHEDULE
from helpdesk.lib.environment import smtp_settings
from helpdesk.lib.file_places import host_of, s3_origin, s3_storage
from helpdesk.lib.redis_urls import broker_url, next_database
from helpdesk.unfold_settings import UNFOLD as UNFOLD

ENV = env.read()
BASE_DIR: Path = env.BASE_DIR
VAR_DIR: Path = ENV.var_dir
HELPDESK_ENV: str = ENV.mode
PRODUCTION: bool = ENV.production
TESTING: bool = ENV.mode == "test"

# ── Who we are ──────────
SECRET_KEY = ENV.secret_key
#: Sign nothing any more, and still open what they signed: sessions, links, webhooks' keys stay while one is changed.
SECRET_KEY_FALLBACKS: list[str] = ENV.secret_key_fallbacks
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts + [host_of(ENV.files_origin)] * bool(ENV.files_origin)
PUBLIC_URL: str = ENV.public_url.rstrip("/")
ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "helpdesk",
    "accounts",
    "knowledgebase",
    "tickets",
    "unfold",  # before the admin: it replaces the admin's templates
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]

MIDDLEWARE = [
    "helpdesk.middleware.FilesOriginOnly",
    "helpdesk.middleware.NoPlainPrograms",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "helpdesk.middleware.AdminContentSecurityPolicy",
    "helpdesk.middleware.SafetyHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.web.audit_context.AuditContextMiddleware",
    "accounts.web.session_limits.SessionLimitsMiddleware",
    "accounts.web.brands.BrandMiddleware",
    "helpdesk.gate.LimitsMiddleware",
    "accounts.web.second_factor.StaffSecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.web.masking.MaskingMiddleware",
]

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
                "csp.context_processors.nonce",
            ],
        },
    },
]

# ── Engines ──────────
# With no URL given the embedded engines' addresses stand in; the entry points start them (helpdesk/embedded.py).
DATABASE_URL = ENV.database_url or embedded.database_url(VAR_DIR)
#: By this role the desk works. Only these commands come as the owner of the tables, where there is one apart.
APP_DATABASE: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
if ENV.database_owner_url and sys.argv[1:2] and sys.argv[1] in ("migrate", "prepare", "app_role"):
    DATABASE_URL = ENV.database_owner_url
REDIS_URL = ENV.redis_url or embedded.redis_url(VAR_DIR)
REDIS_CACHE_URL = ENV.redis_cache_url or next_database(REDIS_URL)

_database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
_database.setdefault("OPTIONS", {})
# A socket's folder may hold capitals, which the host part of a URL would lose: it comes as ?host= instead.
_database["HOST"] = _database["OPTIONS"].pop("host", _database["HOST"])
_database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
# Planning a ticket with all that hangs on it (eight joins by key) took 10 ms, running it 0.4: fewer orders are tried.
_database["OPTIONS"].setdefault("options", "-c join_collapse_limit=4")
DATABASES = {"default": _database}

CACHES = {
    "default": {
        "BACKEND": "helpdesk.lib.cache.ForgivingRedisCache",
        "LOCATION": REDIS_CACHE_URL,
        "KEY_PREFIX": "helpdesk",
        "OPTIONS": {
            "socket_timeout": 2,
            "socket_connect_timeout": 1,
            "serializer": "helpdesk.lib.signed_values.SignedSerializer",
        },
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# ── Queue ──────────
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "global_keyprefix": "helpdesk:celery:"}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis however long it is away
# A page never waits for a queue that is away: a lost wake-up is found by the next sweep.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_TASK_IGNORE_RESULT = True  # what a task did is in the database; nobody reads results
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# What holds for all tasks; how they are tried again is in helpdesk/lib/tasks.py.
CELERY_TASK_ACKS_LATE = True  # a killed worker's task comes back; every task is harmless to repeat
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Below the broker's visibility timeout: what runs longer would be handed out a second time while it runs. Soft first:
# an exception in the task, which lets go of its locks; then the end of its process.
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = ENV.time_zone
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "helpdesk.beat:OneBeat"  # of several beats one ticks
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# Off in tests: a worker that a test starts finds its work by sweeping, no other is woken.
WAKE_WORKERS = not TESTING

# ── Pages that update by themselves (docs/live.md) ──────────
REALTIME_PORT: int = ENV.realtime_port
#: Where the pages connect: an address; ":port/path" on the page's own host; a path on its own origin; "": nowhere.
REALTIME_URL: str = ENV.realtime_url or ("/ws/" if PRODUCTION else f":{REALTIME_PORT}/ws/")
if REALTIME_URL == env.NOT_LIVE:
    REALTIME_URL = ""

# ── Mail ──────────
# Whatever calls send_mail() (password reset, say) goes through the outbox; the outbox's worker uses the transport.
EMAIL_BACKEND = "tickets.delivery.email_backend.OutboxEmailBackend"
DEV_INBOX: bool = DEBUG and not ENV.smtp_url
DEV_INBOX_DIR: Path = VAR_DIR / "mail"
if ENV.smtp_url:
    MAIL_TRANSPORT = "helpdesk.lib.smtp.PatientBackend"
elif TESTING:
    MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
else:
    MAIL_TRANSPORT = "helpdesk.devmail.backend.DevMailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
globals().update(smtp_settings(ENV.smtp_url))
MAIL_KEYS: list[str] = ENV.mail_keys
MAIL_PRIVATE_HOSTS: list[str] = ENV.mail_private_hosts
MAIL_SERVER_HOST: str = ENV.mail_server_host
MAIL_SERVER_PORT: int = ENV.mail_server_port
MAIL_SERVER_PEERS: list[str] = ENV.mail_server_peers
MAIL_SERVER_CERTIFICATE: str = ENV.mail_server_certificate
MAIL_SERVER_KEY: str = ENV.mail_server_key
MAIL_AUTHSERV_ID: str = ENV.mail_authserv_id
MAIL_CHECK_SENDERS: bool = ENV.mail_check_senders
MAIL_HTTP_SECRET: str = ENV.mail_http_secret
MAIL_MAX_BYTES: int = ENV.mail_max_mb * 1024 * 1024
MAIL_UNDO_SECONDS: int = ENV.mail_undo_seconds
MAIL_PER_DOMAIN_PER_MINUTE: int = ENV.mail_per_domain_per_minute
MAIL_RATE_PER_SENDER: int = ENV.mail_rate_per_sender
MAIL_RATE_PER_TICKET: int = ENV.mail_rate_per_ticket
MAIL_KEEP_RAW_DAYS: int = ENV.mail_keep_raw_days

# ── Text messages (SMS) ──────────
SMS_GATEWAY_URL: str = ENV.sms_gateway_url
SMS_GATEWAY_SECRET: str = ENV.sms_gateway_secret
DEV_TEXTS: bool = DEBUG and not ENV.sms_gateway_url
DEV_TEXTS_DIR: Path = VAR_DIR / "sms"

# ── Category suggestion ──────────
CATEGORY_AUTO_CONFIDENCE: int = ENV.category_auto_confidence

# ── Emergencies ──────────
EMERGENCY_ALARM_MINUTES: int = ENV.emergency_alarm_minutes
EMERGENCY_FREEZES_PER_HOUR: int = ENV.emergency_freezes_per_hour

# ── People ──────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.web.passwords.OurWordsValidator"},
]
if TESTING:  # the tests log in thousands of times; how slow the hash is, is Django's business
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The admin's own page after it would break our policy for scripts.
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.web.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.web.forms.SignupExtra"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# By a code typed where the sign-up began, not by a link: somebody who signs up with another's address and hopes that
# its owner clicks would get an account with the owner's cases and a password of their own.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tell people when a password, address or second factor changes
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC_URL.partition(":")[0]
# Changing one's own address, password or second factor asks again who one is, like every dangerous thing.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = ENV.step_up_minutes * 60
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies
MFA_ADAPTER = "accounts.web.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Helpdesk"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# ── Safety ──────────
TRUSTED_PROXIES: int = ENV.trusted_proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
HTTPS: bool = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS or PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# Browsers take such a name from this very host and by TLS only: no host beside it, and nobody on the way, plants one.
COOKIE_PREFIX = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "helpdesk.lib.messages.Storage"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "tickets.portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = (
    PRODUCTION and HTTPS and TRUSTED_PROXIES > 0
)  # with no proxy believed it would never end
# Health checks come from inside, without TLS. A program that says http: is refused, not helped on its way: it would not
# notice that it told its key to everybody (helpdesk.middleware.NoPlainPrograms).
SECURE_REDIRECT_EXEMPT = [r"^healthz/(work/)?$", r"^api/", r"^mail/incoming/", r"^wallet/answers/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION and HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.hsts_subdomains
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Where a picture's address on our pages leads on to.
        "img-src": [SELF, "data:", *filter(None, [ENV.files_origin, s3_origin(ENV)])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# ── Languages and time ──────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone

# ── Files ──────────
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = ENV.media_root
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# An upload may hold a secret that must reach no disk: not even as a temporary file.
FILE_UPLOAD_HANDLERS = ["helpdesk.lib.uploads.MemoryUploads"]
FILES_ORIGIN: str = ENV.files_origin
CLAMAV_URL: str = ENV.clamav_url
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What customers attach: no URL of its own, a view hands it out to those who may see the ticket.
    "private": s3_storage(ENV)
    if ENV.files_s3_bucket
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# ── What the tickets' rules may be told from outside ──────────────────────────────────────────────────────────
STAFF_MFA_REQUIRED: bool = ENV.staff_mfa_required
STEP_UP_MINUTES: int = ENV.step_up_minutes
STAFF_SESSION_IDLE_MINUTES: int = ENV.staff_session_idle_minutes
STAFF_SESSION_HOURS: int = ENV.staff_session_hours
GEOIP_DATABASE: str = ENV.geoip_database
STAFF_SESSIONS_MAX: int = ENV.staff_sessions_max
ATTACHMENT_MAX_MB: int = ENV.attachment_max_mb
ATTACHMENT_MAX_COUNT: int = ENV.attachment_max_count
ATTACHMENT_MAX_PER_TICKET: int = ENV.attachment_max_per_ticket
REOPEN_DAYS: int = ENV.reopen_days
#: Short name of the category that a case gets whose customer sent us a recovery phrase or a private key.
SECURITY_INCIDENT_CATEGORY: str = ENV.security_incident_category
PRIVACY_DUE_DAYS: int = ENV.privacy_due_days
PRIVACY_DUE_WORKING: bool = ENV.privacy_due_working
PRIVACY_OPEN_CASES_KEEP: bool = ENV.privacy_open_cases_keep
PRIVACY_EXPORT_DAYS: int = ENV.privacy_export_days
AUTO_CLOSE_DAYS: int = ENV.auto_close_days
DUTY_IDLE_HOURS: int = ENV.duty_idle_hours
TRACKING_LINK_DAYS: int = ENV.tracking_link_days
OUTBOX_LEASE_SECONDS: int = ENV.outbox_lease_seconds
WEBHOOK_ALLOW_PRIVATE: bool = ENV.webhook_allow_private
PORT: int = ENV.port
WALLET_SANDBOX_PORT: int = ENV.wallet_sandbox_port
WALLET_PRIVATE_HOSTS: list[str] = ENV.wallet_private_hosts + (
    [f"127.0.0.1:{WALLET_SANDBOX_PORT}"] if WALLET_SANDBOX_PORT else []
)
AUDIT_KEYS: list[str] = ENV.audit_keys
AUDIT_KEEP_DAYS: int = ENV.audit_keep_days
REVEALS_PER_SHIFT: int = ENV.reveals_per_shift
EXPORT_MAX_ROWS: int = ENV.export_max_rows
EXPORTS_PER_DAY: int = ENV.exports_per_day

# ── API ──────────
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # each door names its own; forgetting it closes the door
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "helpdesk.lib.problems.problem_handler",
    "NUM_PROXIES": ENV.trusted_proxies,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Helpdesk API",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.bodies_may_be_unreadable",
        "tickets.api.docs.either_may_fit",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Status": "tickets.choices.Status",
        "Channel": "tickets.choices.Channel",
        "WayIn": "tickets.api.inputs.WAYS_IN",
        "Language": "django.conf.settings.LANGUAGES",
        "TimerKind": "tickets.choices.TimerKind",
        "TimerState": "tickets.choices.TimerState",
        "FileState": "tickets.choices.FileState",
        "ActorKind": "tickets.choices.ActorKind",
        "EventKind": "tickets.choices.EventKind",
        "LineKind": "tickets.api.clocks.LINE_KINDS",
        "ActKind": "tickets.choices.ActKind",
        "ActState": "tickets.choices.ActState",
        "VerificationLevel": "tickets.api.act_shapes.LEVELS",
    },
}

# ── Logs ──────────
#: What takes secrets out of a text, for the floors below ``tickets``; no log, report or column holds one.
SECRET_GUARD = "tickets.rules.secrets.guard.without_secrets"  # noqa: S105 - the name of a function
DEFAULT_EXCEPTION_REPORTER = "helpdesk.lib.guarded_reports.Report"
DEFAULT_EXCEPTION_REPORTER_FILTER = "helpdesk.lib.guarded_reports.ReportFilter"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "helpdesk.lib.log_lines.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"secrets": {"()": "helpdesk.lib.guarded_logs.RedactingFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    # Django's own handlers would say everything a second time.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    }
    | {
        # One line for each task and each tick of the clock would hide everything else.
        name: {"level": "DEBUG" if ENV.log_level == "DEBUG" else "WARNING"}
        for name in ("celery.app.trace", "celery.beat", "celery.worker.strategy", "kombu")
    },
}
