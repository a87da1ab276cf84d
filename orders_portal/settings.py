"""Settings, read from the environment here and nowhere else.

Every name is explained in README.md or docs/sign-in.md. Any `NAME` may be given as `NAME_FILE`, a path to a
file that holds the value, so that secrets need not stand in the environment. All that is missing or malformed
is named at once, and no value is ever printed.
"""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv, validate

from orders.infrastructure.job_queues import QUEUES, TASK_BACKENDS
from orders.upstreams import catalogue
from orders_portal import apps_and_middleware, content_security, service_urls
from orders_portal.database_limits import bounded
from orders_portal.file_storage import bucket, storage_of_files
from orders_portal.log_settings import logging_settings
from orders_portal.setting_checks import (
    address_if_any,
    broker,
    check_of,
    path_prefix,
    portal_address,
    positive,
    price_list,
    proxy_address,
    queue_list,
    rates,
    texts_by_source,
)
from orders_portal.start_up import (
    certificates,
    incomplete,
    is_this_machine,
    languages,
    limits_of_roles,
    missing_packages,
    sign_in_providers,
)

env = FileAwareEnv(eager=False, strip_whitespace=True)

# Installed, the package holds its templates and static files; a checkout has them beside it.
_package = Path(__file__).resolve().parent
_is_installed = (_package / "templates").is_dir()
_files = _package if _is_installed else _package.parent
# Where the portal keeps what it makes, unless a setting names another place.
BASE_DIR = Path(env.str("DATA_DIR", "") or (Path.cwd() if _is_installed else _files)).absolute()

_locale = _package.parent / "orders" / "locale"
_language = env.str("LANGUAGE_CODE", "en-gb", validate=validate.OneOf(dict(languages(_locale))))

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# The path that all addresses begin with, where a proxy gives the portal a part of a host. gunicorn reads it
# from the environment too, and takes it off what it is asked.
SCRIPT_NAME = env.str("SCRIPT_NAME", "", validate=path_prefix)
# What upstreams send never becomes a link that leaves the portal, except to these.
LINK_HOSTS: list[str] = env.list("LINK_HOSTS", [])
# Where scripts may be told that a file is ready; nowhere else is anything sent.
WEBHOOK_HOSTS: list[str] = env.list("WEBHOOK_HOSTS", [])
HTTPS_ONLY = env.bool("HTTPS_ONLY", not DEBUG)
# The one header by which a proxy in front says that the visitor came by HTTPS; off unless it is named,
# because a visitor could send it too where no proxy overwrites it.
TRUSTED_PROXY_HTTPS_HEADER = env.str("TRUSTED_PROXY_HTTPS_HEADER", "")

# How many proxies in front add themselves to X-Forwarded-For; the visitor's address is read from before
# them. With none the header is not believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0, validate=validate.Range(min=0))

_idle_minutes = env.float("SESSION_IDLE_MINUTES", 30.0, validate=positive)
_absolute_hours = env.float("SESSION_ABSOLUTE_HOURS", 12.0, validate=positive)
MFA_REQUIRED = env.bool("MFA_REQUIRED", not DEBUG)
SSO_ALLOWED_DOMAINS: list[str] = env.list("SSO_ALLOWED_DOMAINS", [])
SSO_SECOND_FACTOR = env.bool("SSO_SECOND_FACTOR", False)
_oidc = {
    name: env.str(name, "") or ""
    for name in ("OIDC_NAME", "OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
}
_saml = {name: env.str(name, "") or "" for name in ("SAML_NAME", "SAML_ENTITY_ID", "SAML_METADATA_URL")}
# Where people find the portal, such as https://portal.example: mails lead there, and without it nowhere.
PORTAL_URL = (env.str("PORTAL_URL", "", validate=portal_address) or "").rstrip("/")
# Without a host no mail is sent. Mails name no customer and hold no link that signs anybody in.
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587, validate=validate.Range(min=1, max=65535))
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 5  # seconds; whoever changed something waits for it
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "orders-portal@localhost")
# How much one person may do; 0 is no limit.
LIMIT_REVEALS_PER_HOUR = env.int("LIMIT_REVEALS_PER_HOUR", 20, validate=validate.Range(min=0))
LIMIT_CUSTOMERS_PER_HOUR = env.int("LIMIT_CUSTOMERS_PER_HOUR", 200, validate=validate.Range(min=0))
LIMIT_LOOKUPS_PER_HOUR = env.int("LIMIT_LOOKUPS_PER_HOUR", 300, validate=validate.Range(min=0))
LIMIT_EXPORTS_PER_DAY = env.int("LIMIT_EXPORTS_PER_DAY", 20, validate=validate.Range(min=0))
LIMIT_EXPORTS_QUEUED = env.int("LIMIT_EXPORTS_QUEUED", 10, validate=validate.Range(min=0))
LIMIT_EXPORTS_RUNNING = env.int("LIMIT_EXPORTS_RUNNING", 3, validate=validate.Range(min=0))
_limits_of_roles: list[str] = env.list("LIMITS_OF_ROLES", [])
# Days that rows are kept; see the table in docs/people-and-ledger.md.
EXPORT_ROW_DAYS = env.int("EXPORT_ROW_DAYS", 90, validate=validate.Range(min=1))
NOTICE_DAYS = env.int("NOTICE_DAYS", 365, validate=validate.Range(min=1))
TOKEN_ROW_DAYS = env.int("TOKEN_ROW_DAYS", 365, validate=validate.Range(min=1))
TOKEN_MAX_DAYS = env.int("TOKEN_MAX_DAYS", 90, validate=validate.Range(min=1, max=3650))
# Days that the ledger's entries are kept; 0 is for ever.
LEDGER_DAYS = env.int("LEDGER_DAYS", 0, validate=validate.Range(min=0))
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
# Seals the ledger, instead of SECRET_KEY. A key that was replaced goes to the fallbacks, so that what it
# sealed can still be verified.
LEDGER_KEY = env.str("LEDGER_KEY", "")
LEDGER_KEY_FALLBACKS: list[str] = env.list("LEDGER_KEY_FALLBACKS", [])
_log_format = env.str(
    "LOG_FORMAT", "console" if DEBUG else "json", validate=validate.OneOf(["json", "console"])
)
_log_level = env.str(
    "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
)

env.add_parser("database", service_urls.database)
env.add_parser("cache", service_urls.cache)
# Seconds that a connection is kept for the next request of its thread.
_conn_max_age = env.int("DB_CONN_MAX_AGE", 60, validate=validate.Range(min=0))
_database = env.database(
    "DATABASE_URL", f"sqlite:///{BASE_DIR / 'portal.sqlite3'}", conn_max_age=_conn_max_age
)
# Connections of a process to PostgreSQL, shared by its threads; 0 is one for each thread.
_pool = env.int("DB_POOL", 0, validate=validate.Range(min=0, max=1000))
# Seconds that anything waits for a lock, and that a page waits for one statement.
DB_LOCK_TIMEOUT = env.float("DB_LOCK_TIMEOUT", 2.0, validate=positive)
DB_STATEMENT_TIMEOUT = env.float("DB_STATEMENT_TIMEOUT", 15.0, validate=positive)
# Seconds that a Redis may take to be connected to, and to answer.
CACHE_TIMEOUT = env.float("CACHE_TIMEOUT", 0.25, validate=positive)
_cache = env.cache("CACHE_URL", "locmem://")
# Seconds for which an answer of an upstream serves whoever asks the same; 0 is never.
CACHE_FRESH = env.float("CACHE_FRESH", 20.0, validate=validate.Range(min=0))
# Seconds for which the last good answer may be shown while the upstream fails; 0 is never.
CACHE_STALE = env.float("CACHE_STALE", 900.0, validate=validate.Range(min=0))

# What each upstream takes, and under which names, is declared in its manifest.
_upstreams = {
    manifest.name: {
        each.name: env.str(manifest.variable(each.name), each.default, validate=check_of(each))
        for each in manifest.settings
    }
    for manifest in catalogue.MANIFESTS.values()
}
_limits = {
    "connect_timeout": env.float("UPSTREAM_CONNECT_TIMEOUT", 3.0, validate=positive),
    "read_timeout": env.float("UPSTREAM_READ_TIMEOUT", 6.0, validate=positive),
    "deadline": env.float("UPSTREAM_DEADLINE", 8.0, validate=positive),
    "max_body": env.int("UPSTREAM_MAX_BODY_MB", 32, validate=positive),
}
# The way out, for whoever has none of their own; and certificate authorities beside the public ones.
UPSTREAM_PROXY = env.str("UPSTREAM_PROXY", "", validate=proxy_address)
UPSTREAM_CA_FILE = env.str("UPSTREAM_CA_FILE", "")
# Read by gunicorn: its processes on this machine.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 1, validate=positive)
# Calls that one process has under way at one upstream; the next one waits for half a second.
UPSTREAM_IN_FLIGHT = env.int("UPSTREAM_IN_FLIGHT", 12, validate=positive)
# Requests a second that all processes together make of an upstream; one that isn't named has no limit.
UPSTREAM_RATE: dict[str, float] = env.dict(
    "UPSTREAM_RATE", {"adobe": 150.0, "fabric": 20.0}, subcast_values=float, validate=rates
)
EXPORT_WORKERS = env.int("EXPORT_WORKERS", 8, validate=positive)  # pages of one file asked for at once
EXPORT_INLINE_MAX = env.int("EXPORT_INLINE_MAX", 5000)  # orders; above it a file is made in the background
# Only our own processes read it: web and workers share it, and no address leads there.
EXPORT_DIR = Path(env.str("EXPORT_DIR", str(BASE_DIR / "var" / "exports")))
# Where finished files lie: empty for EXPORT_DIR itself, s3://bucket/prefix for a bucket; and who keeps it,
# where that isn't AWS. Without a key the bucket is asked with what the machine itself may.
EXPORT_STORAGE_URL = env.str("EXPORT_STORAGE_URL", "", validate=bucket)
_storage_endpoint = env.str("EXPORT_STORAGE_ENDPOINT", "", validate=address_if_any)
_storage_key = {name: env.str(name, "") or "" for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
# Seconds after its last sign of life that a worker's jobs are given to another one.
EXPORT_LEASE = env.float("EXPORT_LEASE", 60.0, validate=positive)
# How many jobs of each queue one worker runs at once.
WORKER_QUEUES = env.str("WORKER_QUEUES", "files=1,watches=1,schedules=1,refreshes=1", validate=queue_list)

# What tells workers of a job: the database alone, or a broker beside it.
WORKER_ENGINE = env.str("WORKER_ENGINE", "database", validate=validate.OneOf(["database", "celery"]))
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "", validate=broker)
# Where a worker tells Prometheus its numbers; 0 is nowhere.
WORKER_METRICS_PORT = env.int("WORKER_METRICS_PORT", 0, validate=validate.Range(min=0, max=65535))

# Whether panels show what a customer's company is called; a company may be a person.
SHOW_COMPANY_NAMES = env.bool("SHOW_COMPANY_NAMES", True)
# The price list that is asked for names once a month, region=NA,currency=USD,segments=COM EDU; empty: never.
PRICE_LIST: dict[str, str] = env.dict("PRICE_LIST", {}, validate=price_list)
# Of a demo: customers whom its first page offers, by upstream and ID, each with what it shows.
CUSTOMERS_TO_TRY: Any = env.json("CUSTOMERS_TO_TRY", {}, validate=texts_by_source)
# Days after it was last seen that an order is forgotten.
INDEX_RETENTION_DAYS = env.int("INDEX_RETENTION_DAYS", 400, validate=validate.Range(min=1))
# Minutes between two reads of an account's customers in the background; 0 is never.
REFRESH_MINUTES = env.int("REFRESH_MINUTES", 60, validate=validate.Range(min=0))
# Days after which all of a customer's orders are read again, not only what may have changed.
REFRESH_FULL_DAYS = env.int("REFRESH_FULL_DAYS", 7, validate=validate.Range(min=1))
# Seconds between two calls for an order that somebody watches; with its age they become longer.
WATCH_SECONDS = env.int("WATCH_SECONDS", 60, validate=validate.Range(min=1))
# Days for which an order that failed, or whose promotion was refused, needs somebody.
ATTENTION_DAYS = env.int("ATTENTION_DAYS", 90, validate=validate.Range(min=1))
# Hours after which an order that is still open does, by upstream; one that isn't named has a day.
_open_too_long: dict[str, float] = env.dict("OPEN_TOO_LONG_HOURS", {}, subcast_values=float, validate=rates)
OPEN_TOO_LONG_HOURS = dict.fromkeys(catalogue.MANIFESTS, 24.0) | _open_too_long

_problems: list[str] = []
try:
    env.seal()
except EnvValidationError as error:
    # The library's own text repeats the values, and a value may be a secret.
    _problems += [f"{name} is malformed." for name in sorted(error.error_messages)]
if not SECRET_KEY and not DEBUG:
    _problems.append(
        "SECRET_KEY is not set. Set it to a long random text (50 characters or more), or point "
        "SECRET_KEY_FILE to a file that holds one. `make run` makes its own."
    )
_roles = limits_of_roles(_limits_of_roles)
LIMITS_OF_ROLES: dict[tuple[str, str], int] = _roles or {}
if _roles is None:
    _problems.append("LIMITS_OF_ROLES is malformed: it is a list such as supervisor/reveals=60.")
_problems += certificates("UPSTREAM_CA_FILE", UPSTREAM_CA_FILE)
_problems += incomplete("OIDC", _oidc)
_problems += incomplete("SAML", _saml)
_problems += missing_packages("SAML_…", all(_saml.values()), module="onelogin", extra="saml")
_problems += missing_packages("EXPORT_STORAGE_URL", bool(EXPORT_STORAGE_URL), module="storages", extra="s3")
_problems += incomplete("AWS", _storage_key)
_is_celery = WORKER_ENGINE == "celery"
_problems += missing_packages("WORKER_ENGINE=celery", _is_celery, module="celery", extra="celery")
if _is_celery and not CELERY_BROKER_URL:
    _problems.append("WORKER_ENGINE is celery, but CELERY_BROKER_URL is not set.")
if DEBUG and any(not is_this_machine(host) for host in ALLOWED_HOSTS or []):
    _problems.append(
        "DEBUG is on, and ALLOWED_HOSTS names more than this machine. DEBUG shows source code and "
        "settings to every visitor: switch one of the two off."
    )
if _problems:
    raise ImproperlyConfigured("The portal can't start:\n  " + "\n  ".join(_problems))
SECRET_KEY = SECRET_KEY or "only-for-development-" + "0" * 50

# --- The portal's own settings -------------------------------------------------------------------
UPSTREAMS = _upstreams
# Where secrets stand in files: by variable, the file, and the upstream and field (or the setting) it is for.
SECRET_FILES: dict[str, tuple[str, str, str]] = {
    manifest.variable(each.name): (
        os.environ[f"{manifest.variable(each.name)}_FILE"],
        manifest.name,
        each.name,
    )
    for manifest in catalogue.MANIFESTS.values()
    for each in manifest.settings
    if os.environ.get(f"{manifest.variable(each.name)}_FILE")
}
OIDC_CLIENT_SECRET = _oidc["OIDC_CLIENT_SECRET"]
SECRET_FILES |= {
    name: (os.environ[f"{name}_FILE"], "", name)
    for name in ("METRICS_TOKEN", "OIDC_CLIENT_SECRET", "EMAIL_HOST_PASSWORD")
    if os.environ.get(f"{name}_FILE")
}
# What pages have seen is remembered by a thread beside them; tests say when.
INDEX_IN_BACKGROUND = True
UPSTREAM_LIMITS = {**_limits, "max_body": _limits["max_body"] * 2**20}

# --- Django --------------------------------------------------------------------------------------
INSTALLED_APPS = [*apps_and_middleware.APPS]
MIDDLEWARE = [*apps_and_middleware.MIDDLEWARE]
if DEBUG:
    MIDDLEWARE.insert(0, "orders.infrastructure.middleware.ThisMachineOnlyMiddleware")

# Widgets of our own draw themselves from our templates.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Commands have no request to read the prefix from.
FORCE_SCRIPT_NAME = SCRIPT_NAME or None

ROOT_URLCONF = "orders_portal.urls"
WSGI_APPLICATION = "orders_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_files / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {**apps_and_middleware.TEMPLATE_OPTIONS},
    },
]

DATABASES = {"default": bounded(_database, lock_timeout=DB_LOCK_TIMEOUT, pool=_pool)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What is saved of answers has a room of its own, where it pushes out no limit, lock or token.
# Processes that share no cache count together in the database what must hold over all of them.
COUNTS_CALLS_IN_DATABASE = service_urls.is_in_process(_cache)
CACHES = {"default": _cache, "answers": service_urls.cache_of_answers(_cache)}

# Each job has its row in the database, where `run_worker` finds it.
TASKS = {"default": {"BACKEND": TASK_BACKENDS[WORKER_ENGINE], "QUEUES": list(QUEUES)}}
# Where subjects say what workers do for them: `orders.infrastructure.jobs.registry`.
JOB_MODULES = [*apps_and_middleware.JOB_MODULES]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["orders.people.sign_in.backend.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# Every text of ours passes through gettext, and a compiled catalogue is all that a language takes.
LANGUAGES = languages(_locale)
LANGUAGE_CODE = _language
LOCALE_PATHS = [_locale]
# Days are written the same way in every kind of English: ISO 8601.
FORMAT_MODULE_PATH = "orders_portal.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = f"{SCRIPT_NAME}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [_files / "static"]
# Collected files are served under hashed names; without a collection (a first look, the tests) they come
# straight from the packages, so that no step is needed before the first page.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "orders_portal.static_files.HashedStaticFilesStorage"},
    "exports": storage_of_files(EXPORT_STORAGE_URL, _storage_endpoint, _storage_key),
}

# --- Safety --------------------------------------------------------------------------------------
# Django reads its own, django-csp the other.
SECURE_CSP = content_security.POLICY
CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_security.POLICY}
SECURE_SSL_REDIRECT = HTTPS_ONLY
# Whatever the prefix: no other address of ours ends like that, all of them have a slash behind it.
SECURE_REDIRECT_EXEMPT = [r"(^|/)health/(live|ready)$", r"(^|/)metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXY_HTTPS_HEADER:
    SECURE_PROXY_SSL_HEADER = (
        "HTTP_" + TRUSTED_PROXY_HTTPS_HEADER.upper().replace("-", "_"),
        "https",
    )
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
# Browsers keep a `__Host-` cookie only over HTTPS, bound to this host alone.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS_ONLY else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS_ONLY else "csrf"
SESSION_ENGINE = "orders.people.sign_in.stored_sessions"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS = int(_absolute_hours * 3600)
SESSION_IDLE_SECONDS = int(_idle_minutes * 60)
CSRF_FAILURE_VIEW = "orders.views.system.stale_forms.show"
X_FRAME_OPTIONS = "DENY"

# --- Sign-in -------------------------------------------------------------------------------------
# Administrators make people; nobody signs up, and no mail has to be sent.
ACCOUNT_ADAPTER = "orders.people.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "orders.people.sign_in.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Per address, since one may stand for a whole office. `login_failed` is for codes; passwords have a limit
# of their own (orders.people.sign_in.attempts).
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/5m/key"}
MFA_ADAPTER = "orders.people.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Orders Portal"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
SOCIALACCOUNT_ADAPTER = "orders.people.sign_in.adapters.ProviderAdapter"
# A form may be sent to this host alone (CSP), and its answer would lead to the provider: so a link does.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = sign_in_providers(_oidc, _saml)
if "saml" in SOCIALACCOUNT_PROVIDERS:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")

LOGGING = logging_settings(_log_format, _log_level)
