"""Settings of every way to run: embedded (the default), one server, many. What differs comes from the environment."""

import base64
import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from zoneinfo import reset_tzpath

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import api_description, providers, theme
from config.database import LIMITS, Limits, limited
from config.environment import Environment
from config.observability.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# Zones come from the locked tzdata package: an old file of the operating system moves a deadline by an hour.
reset_tzpath(to=())

#: "embedded": one machine, no servers, keys made at first use. "production": every secret must be given.
DEPLOYMENT = env.str("DEPLOYMENT", "embedded")
if DEPLOYMENT not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"config.E000: DEPLOYMENT is embedded or production, not {DEPLOYMENT!r}.")
EMBEDDED = DEPLOYMENT == "embedded"
#: What this process is to the installation (config.image): web, worker, beat, signer or command.
PROCESS_ROLE = env.str("PROCESS_ROLE", "command")
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", False)


_missing: list[str] = []


def _required(name: str) -> str:
    """What production cannot do without. All that is missing is told at once, below."""
    value = str(env.str(name, ""))
    if not value:
        _missing.append(name)
    return value


def _secret(name: str) -> str:
    """The secret of that name; embedded installations derive theirs from a file that only they have."""
    if not EMBEDDED or name in env.ENVIRON:
        return _required(name)
    seed_file = VAR_DIR / "secret.seed"
    if not seed_file.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), seed_file.open("x") as handle:  # another process may be faster
            seed_file.chmod(0o600)
            handle.write(secrets.token_hex(64))
    digest = hashlib.sha256(f"{name}:{seed_file.read_text()}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


SECRET_KEY = _secret("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = _secret("FIELD_ENCRYPTION_KEYS").split(",")
LOOKUP_HASH_KEY = _secret("LOOKUP_HASH_KEY")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
#: Where people reach this installation. Links in mails begin with it, whatever host a request claims.
PUBLIC_URL = (env.str("PUBLIC_URL", "http://127.0.0.1:8000") if EMBEDDED else _required("PUBLIC_URL")).rstrip("/")
#: A proxy of ours stands before the web servers: what it says of connection, visitor and request is believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if not EMBEDDED:
    _required("DATABASE_URL")
if _missing:
    raise ImproperlyConfigured(f"config.E001: production needs {', '.join(_missing)} (docs/operations.md).")

INSTALLED_APPS = [
    "config",
    "stations.deployment.presence",
    "stations.deployment.plan_files",
    "stations.deployment.samples",
    "stations.deployment",
    "stations.register",
    "stations.access",
    "stations.travel",
    "stations",
    "accreditation.badges",
    "accreditation.citizens",
    "accreditation.intake",
    "accreditation.letters",
    "accreditation",
    "missions.reminders",
    "missions.reports.figures",
    "missions.reports.recommendations",
    "missions.reports",
    "missions.timeline.feeds",
    "missions.timeline.programme",
    "missions.timeline",
    "missions.accounts",
    "missions",
    "missions.kernel",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
]

MIDDLEWARE = [
    "config.observability.middleware.ProbeMiddleware",
    "config.observability.middleware.ObservedRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.AdminPolicyMiddleware",
    "missions.api.limits.RateLimitMiddleware",
    "config.middleware.BodySizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database: SQLite in one file, or PostgreSQL by URL
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'observer-desk.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # 64 MiB of cache: with SQLite's own 2 MiB, a register of tens of thousands of rows is read again and again.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA cache_size=-65536;"
        ),
    }
    # A thread keeps its connection: opening one and saying the pragmas takes a quarter of a short request.
    DATABASES["default"]["CONN_MAX_AGE"] = 60
else:
    _usual = LIMITS[PROCESS_ROLE]
    _limits = Limits(
        statement=env.int("STATEMENT_TIMEOUT_SECONDS", _usual.statement),
        lock=env.int("LOCK_TIMEOUT_SECONDS", _usual.lock),
        idle_in_transaction=_usual.idle_in_transaction,
    )
    DATABASES["default"] = limited(DATABASES["default"], role=PROCESS_ROLE, limits=_limits)
#: Where pg_dump and pg_restore lie, at least as new as the server; where programs lie anyway, if empty.
POSTGRES_BIN_DIR = env.str("POSTGRES_BIN_DIR", "")
MIGRATION_MODULES: dict[str, str | None] = {"knox": None}  # its own table would stand empty beside missions.ApiToken
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People
AUTH_USER_MODEL = "missions.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account:sign-in"
#: How long the link of an invitation works; and that of a new password, of which one is sent per address and window.
INVITATION_LIFETIME = timedelta(hours=env.int("INVITATION_HOURS", 72))
RESET_LIFETIME = timedelta(minutes=30)
RESET_WINDOW = timedelta(minutes=10)
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not EMBEDDED
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", not EMBEDDED)
SECURE_HSTS_SECONDS = 0 if EMBEDDED else 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"

# Nothing comes from outside; the admin's Alpine needs eval, and only there (config.middleware).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Maps
# TopoJSON in the form of world-atlas, near and far. Borders are a ministry's own matter: it may name other files.
MAP_OUTLINES = {
    name: Path(env.str(f"MAP_OUTLINES_{name.upper()}", str(BASE_DIR / "stations" / "maps" / "data" / f"{name}.json")))
    for name in ("near", "world")
}
MAP_NOTE = env.str("MAP_NOTE", "")

# --- Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("az", _("Azerbaijani")), ("ru", _("Russian")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")

# --- Files
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
if EMBEDDED:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty, but WhiteNoise warns if it is not there
#: Where private files lie: on S3-compatible storage if there is a bucket, which several nodes need, else on the disk.
PRIVATE_S3_BUCKET = env.str("PRIVATE_S3_BUCKET", "")
_ON_OBJECT_STORAGE = {
    "BACKEND": "missions.kernel.object_storage.ObjectStorage",
    "OPTIONS": {
        "bucket_name": PRIVATE_S3_BUCKET,
        "location": env.str("PRIVATE_S3_PREFIX", ""),
        "endpoint_url": env.str("PRIVATE_S3_ENDPOINT", "") or None,
        "region_name": env.str("PRIVATE_S3_REGION", "") or None,
        "access_key": env.str("PRIVATE_S3_ACCESS_KEY", "") or None,
        "secret_key": env.str("PRIVATE_S3_SECRET_KEY", "") or None,
    },
}
_ON_DISK = {
    "BACKEND": "missions.kernel.storages.DurableStorage",
    "OPTIONS": {
        "location": VAR_DIR / "private",
        "spare_bytes": env.int("SPARE_BYTES", 256 * 1024 * 1024),
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Ciphertext only (missions.kernel.files); never below an address that a web server hands out.
    "private": _ON_OBJECT_STORAGE if PRIVATE_S3_BUCKET else _ON_DISK,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "config.static_files.ModuleManifestStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
# Pictures and fonts are compressed as they are, and nobody but programmers asks for maps of sources.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("br", "gif", "gz", "jpg", "map", "png", "webp", "woff", "woff2", "zip")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
#: The longest request of all: an archive of photos.
MAX_BODY_BYTES = 101 * 1024 * 1024
#: Scans are never kept on a disk as they came: what is taken (8 MB) stays in memory until it is encrypted.
FILE_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024

# --- Mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://") if not EMBEDDED or "EMAIL_URL" in env.ENVIRON else {}
EMAIL_BACKEND = EMAIL_CONFIG.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"  # the same, and it keeps the server's answers
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Observer Desk <desk@observer-desk.example>")
MESSAGE_ID_DOMAIN = env.str("MESSAGE_ID_DOMAIN", "observer-desk.example")

# --- Caches: nothing in them is missed when it is gone
#: Counts how often somebody asks, for all processes together: on the broker's server unless another is named.
LIMITS_URL = env.str("LIMITS_URL", env.str("CELERY_BROKER_URL", "memory://"))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "limits": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": LIMITS_URL,
        "KEY_PREFIX": "limits",
        "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.25},
    }
    if LIMITS_URL.startswith(("redis://", "rediss://", "unix://"))
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# --- Jobs
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "memory://")
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", 2)
# A process of a worker that has grown or lasted is replaced between two jobs (the unit is KiB).
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1_000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600 * 1024
# A bell that nobody hears must not keep the person waiting whose change has been committed.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# It keeps no file: what is due stands in the database, and every job is rung for as soon as a beat starts.
CELERY_BEAT_SCHEDULER = "config.beat.StaticScheduler"
DOORBELL = env.str("DOORBELL", "missions.kernel.doorbell.silent" if EMBEDDED else "config.celery.ring")

# --- Badges
#: Codes of one environment never verify in another; outside production every card says TEST.
BADGE_ENVIRONMENT = "test" if EMBEDDED else env.str("BADGE_ENVIRONMENT", "production")
#: What the square code opens. Kept short: each character makes the symbol denser.
BADGE_URL = env.str("BADGE_URL", f"{PUBLIC_URL}/b")
#: Who signs (accreditation.badges.signer): embedded in this process, else the signer's own process behind its socket.
BADGE_SIGNER = env.str(
    "BADGE_SIGNER", "accreditation.badges.signer.here.ask" if EMBEDDED else "accreditation.badges.signer.socket.ask"
)
BADGE_SIGNER_SOCKET = Path(env.str("BADGE_SIGNER_SOCKET", str(VAR_DIR / "signer.sock")))
#: Private halves of the signing keys; readable by the signer's process only.
BADGE_KEY_DIR = Path(env.str("BADGE_KEY_DIR", str(VAR_DIR / "badge-keys")))
#: More signatures within a minute than this are told to the log as an alarm.
BADGE_SIGNATURES_PER_MINUTE = env.int("BADGE_SIGNATURES_PER_MINUTE", 3000)
#: Lists of keys and of revoked badges as static files, for this server and its mirrors.
BADGE_PUBLISHED_DIR = Path(env.str("BADGE_PUBLISHED_DIR", str(VAR_DIR / "published")))
#: Whom a checker calls: stands beside each verdict. Empty: the page says to ask the supervisor.
BADGE_HOTLINE = env.str("BADGE_HOTLINE", "")
#: Seconds after which an old list of revoked badges makes a verdict red, not amber. None: never.
BADGE_RED_AFTER = env.int("BADGE_RED_AFTER", None)

# --- Reports
#: The public pages as files, which answer before the framework (config.public_front). No embargoed byte is there.
PUBLIC_PAGES_DIR = Path(env.str("PUBLIC_PAGES_DIR", str(VAR_DIR / "public-pages")))

#: Faster than this, as the crow flies, nobody comes from one door to another: a car on the best of roads. A badge that
#: seems to was copied, or went by helicopter; a supervisor looks at it.
CHECK_TRAVEL_KMH = env.int("CHECK_TRAVEL_KMH", 150)

#: Where a rehearsed fault strikes (missions.kernel.failpoints); refused in production.
FAILPOINT = env.str("FAILPOINT", "")

OPTIMIZER_WORKERS = env.int("OPTIMIZER_WORKERS", 2)
#: Of so many other missions at least is counted what a mission is told of where others go; never fewer than three.
CROWDING_FEWEST_MISSIONS = env.int("CROWDING_FEWEST_MISSIONS", 3)
#: How long somebody of the ministry may read a mission's own plan for a reason; at most four hours.
BREAK_GLASS = timedelta(minutes=env.int("BREAK_GLASS_MINUTES", 60))

# --- Providers: questions that lower apps ask of upper ones
REMINDER_SOURCES = providers.REMINDER_SOURCES
REMINDER_CONDITIONS = providers.REMINDER_CONDITIONS
AUDIENCE_TRAITS = providers.AUDIENCE_TRAITS
FIGURE_SOURCES = providers.FIGURE_SOURCES
HEADLINE_SOURCES = providers.HEADLINE_SOURCES
PROGRESS_SOURCES = providers.PROGRESS_SOURCES
IMPACT_SOURCES = providers.IMPACT_SOURCES
RETENTION_SOURCES = providers.RETENTION_SOURCES
POLLING_SOURCES = providers.POLLING_SOURCES
PLACE_SOURCES = providers.PLACE_SOURCES
CALENDAR_SOURCES = providers.CALENDAR_SOURCES
FILE_SCANNERS = providers.FILE_SCANNERS

# --- API
#: How often one token may ask, all people of one mission together, and an address from which nobody signs in.
#: A number per second, minute or hour; empty is no limit.
API_LIMITS = {
    "token": env.str("API_RATE", "600/minute"),
    "mission": env.str("API_MISSION_RATE", "1800/minute"),
    "address": env.str("API_ADDRESS_RATE", "120/minute"),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["missions.api.tokens.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "missions.api.permissions.TokenScopeAllows",
        "missions.api.permissions.ParametersAreKnown",
    ],
    "DEFAULT_RENDERER_CLASSES": ["missions.kernel.web.rendering.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["missions.kernel.web.bodies.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "missions.kernel.web.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["missions.kernel.web.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "missions.api.schema.ApiSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_CLASSES": ["missions.api.limits.TokenAndMission"],
    "DEFAULT_THROTTLE_RATES": {
        # One address asks whether badges are good, or guesses enrolment codes.
        "verify": env.str("VERIFY_RATE", "60/minute"),
        "enrol": env.str("ENROL_RATE", "10/minute"),
        # One device at a door; and all of them together, for each process of the server.
        "device": env.str("DEVICE_RATE", "120/minute"),
        "scan-batches": env.str("SCAN_BATCH_RATE", "40/second"),
    },
    # An address that a client claims is believed only where a proxy of ours has written it.
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "missions.kernel.web.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "missions.kernel.web.problems.ProblemFormatter",
}
KNOX_TOKEN_MODEL = "missions.ApiToken"  # noqa: S105 - the name of a model
#: The start of every token is visible, so that scanners find leaked ones.
REST_KNOX = {"TOKEN_MODEL": KNOX_TOKEN_MODEL, "TOKEN_PREFIX": "odk_", "AUTH_HEADER_PREFIX": "Bearer"}
SPECTACULAR_SETTINGS = api_description.SPECTACULAR_SETTINGS

# --- Admin
UNFOLD = theme.UNFOLD
UNFOLD_MISSION = theme.UNFOLD_MISSION

# --- The web server (config.gunicorn)
WEB_BIND = env.list("WEB_BIND", default=["127.0.0.1:8000"])
WEB_WORKERS = env.int("WEB_WORKERS", 2)
#: Of each worker, and so the connections to the database that it may hold.
WEB_THREADS = env.int("WEB_THREADS", 4)
WEB_GRACE_SECONDS = env.int("WEB_GRACE_SECONDS", 30)
#: Requests after which a worker is replaced.
WEB_MAX_REQUESTS = env.int("WEB_MAX_REQUESTS", 10_000)

# --- Watching it (config.observability)
#: What the collector of figures sends as bearer token; without one, nobody reads /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
#: A worker or beat touches this file while it is well; empty: it tells nobody.
PULSE_FILE = env.str("PULSE_FILE", "")
LOG_LEVEL = env.str("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO")
#: "plain" lines for people, "json" for machines.
LOG_FORM = env.str("LOG_FORM", "plain" if EMBEDDED else "json")
LOGGING = logging_settings(form=LOG_FORM, level=LOG_LEVEL)
