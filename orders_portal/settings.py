"""Settings, read from the environment here and nowhere else.

Every name is explained in README.md. Any `NAME` may be given as `NAME_FILE`, a path to a file that holds
the value, so that secrets need not stand in the environment. All that is missing or malformed is named
at once, and no value is ever printed.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv, ValidationError, validate

from orders_portal.log_settings import logging_settings
from orders_portal.start_up import incomplete, is_this_machine, saml_is_installed, sign_in_providers

BASE_DIR = Path(__file__).resolve().parent.parent

env = FileAwareEnv(eager=False, strip_whitespace=True)


def _address(value: str) -> None:
    """Refuses what the upstream client would otherwise refuse at the first page."""
    try:
        parts = urlsplit(value)
        is_sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound or set("@?# ") & set(value):
        raise ValidationError("not an address")


def _address_if_any(value: str) -> None:
    if value:
        _address(value)


def _header_value(value: str) -> None:
    if not re.fullmatch(r"[\x21-\x7e]*", value):
        raise ValidationError("can't stand in a request header")


def _positive(value: float) -> None:
    if value <= 0:
        raise ValidationError("not greater than zero")


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS_ONLY = env.bool("HTTPS_ONLY", not DEBUG)
# The one header by which a proxy in front says that the visitor came by HTTPS; off unless it is named,
# because a visitor could send it too where no proxy overwrites it.
TRUSTED_PROXY_HTTPS_HEADER = env.str("TRUSTED_PROXY_HTTPS_HEADER", "")

# How many proxies in front add themselves to X-Forwarded-For; the visitor's address is read from before
# them. With none the header is not believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0, validate=validate.Range(min=0))

_idle_minutes = env.float("SESSION_IDLE_MINUTES", 30.0, validate=_positive)
_absolute_hours = env.float("SESSION_ABSOLUTE_HOURS", 12.0, validate=_positive)
MFA_REQUIRED = env.bool("MFA_REQUIRED", not DEBUG)
SSO_ALLOWED_DOMAINS: list[str] = env.list("SSO_ALLOWED_DOMAINS", [])
SSO_SECOND_FACTOR = env.bool("SSO_SECOND_FACTOR", False)
_oidc = {
    name: env.str(name, "") or ""
    for name in ("OIDC_NAME", "OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
}
_saml = {name: env.str(name, "") or "" for name in ("SAML_NAME", "SAML_ENTITY_ID", "SAML_METADATA_URL")}
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

_database = env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'portal.sqlite3'}", conn_max_age=60)
_cache = env.dj_cache_url("CACHE_URL", "locmem://")

_upstreams = {
    "adobe": {
        "base_url": env.str("ADOBE_BASE_URL", "https://partners.adobe.io", validate=_address),
        "api_key": env.str("ADOBE_API_KEY", "", validate=_header_value),
        "access_token": env.str("ADOBE_ACCESS_TOKEN", "", validate=_header_value),
        "client_id": env.str("ADOBE_CLIENT_ID", "", validate=_header_value),
        "client_secret": env.str("ADOBE_CLIENT_SECRET", ""),
        "token_url": env.str(
            "ADOBE_TOKEN_URL", "https://ims-na1.adobelogin.com/ims/token/v3", validate=_address
        ),
        "scopes": env.str("ADOBE_SCOPES", "openid,AdobeID,read_organizations"),
    },
    "fabric": {
        "base_url": env.str("FABRIC_BASE_URL", "https://prod01.copilot.fabric.inc", validate=_address),
        "access_token": env.str("FABRIC_ACCESS_TOKEN", "", validate=_header_value),
        "client_id": env.str("FABRIC_CLIENT_ID", ""),
        "client_secret": env.str("FABRIC_CLIENT_SECRET", ""),
        "token_url": env.str("FABRIC_TOKEN_URL", "", validate=_address_if_any),
    },
}
_limits = {
    "connect_timeout": env.float("UPSTREAM_CONNECT_TIMEOUT", 3.0, validate=_positive),
    "read_timeout": env.float("UPSTREAM_READ_TIMEOUT", 6.0, validate=_positive),
    "deadline": env.float("UPSTREAM_DEADLINE", 8.0, validate=_positive),
    "max_body": env.int("UPSTREAM_MAX_BODY_MB", 32, validate=_positive),
}
EXPORT_WORKERS = env.int("EXPORT_WORKERS", 8, validate=_positive)  # pages of one file asked for at once
EXPORT_INLINE_MAX = env.int("EXPORT_INLINE_MAX", 5000)  # orders; above it a file is made in the background
# Only our own processes read it: web and workers share it, and no address leads there.
EXPORT_DIR = Path(env.str("EXPORT_DIR", str(BASE_DIR / "var" / "exports")))
# Seconds after its last sign of life that a worker's export is given to another one.
EXPORT_LEASE = env.float("EXPORT_LEASE", 60.0, validate=_positive)

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
_problems += incomplete("OIDC", _oidc)
_problems += incomplete("SAML", _saml)
if all(_saml.values()) and not saml_is_installed():
    _problems.append("SAML_… is set, but the extra is not installed: pip install 'orders-portal[saml]'.")
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
UPSTREAM_LIMITS = {**_limits, "max_body": _limits["max_body"] * 2**20}

# --- Django --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "orders",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "heroicons",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "orders.middleware.RequestMiddleware",
    "orders.ledger.middleware.LedgerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "orders.middleware.NoStoreMiddleware",
    "orders.api_auth.TokenMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orders.sign_in.middleware.NoCacheMiddleware",
    "orders.sign_in.middleware.SignOutMiddleware",
    "orders.sign_in.middleware.SessionLimitsMiddleware",
    "orders.sign_in.middleware.SignInRequiredMiddleware",
    "orders.sign_in.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if DEBUG:
    MIDDLEWARE.insert(0, "orders.middleware.ThisMachineOnlyMiddleware")

# Widgets of our own draw themselves from our templates.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

ROOT_URLCONF = "orders_portal.urls"
WSGI_APPLICATION = "orders_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "orders.views.export_notice.export_notice",
                "orders.views.context.rights",
            ],
        },
    },
]

DATABASES = {"default": _database}
if "sqlite" in _database["ENGINE"]:
    # Readers don't wait for the writer, and a second writer waits instead of failing.
    _database["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": _cache,
    # Drawn parts of pages that many share: each process draws them itself, and a restart forgets them.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template-fragments",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# Jobs wait in the database; Celery or another engine is a setting away.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["exports"]}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["orders.sign_in.backend.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Collected files are served under hashed names; without a collection (a first look, the tests) they come
# straight from the packages, so that no step is needed before the first page.
WHITENOISE_USE_FINDERS = True
_collected = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _collected
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

DJANGO_TABLES2_TEMPLATE = "orders/_table.html"

# --- Safety --------------------------------------------------------------------------------------
# No inline script or style anywhere, so neither nonces nor exceptions are needed. `data:` serves the
# small pictures inside Bootstrap's style sheet.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
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
SESSION_ENGINE = "orders.sign_in.stored_sessions"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS = int(_absolute_hours * 3600)
SESSION_IDLE_SECONDS = int(_idle_minutes * 60)
X_FRAME_OPTIONS = "DENY"

# --- Sign-in -------------------------------------------------------------------------------------
# Administrators make people; nobody signs up, and no mail has to be sent.
ACCOUNT_ADAPTER = "orders.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "orders.sign_in.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Per address, since one may stand for a whole office. `login_failed` is for codes; passwords have a limit
# of their own (orders.sign_in.attempts).
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/5m/key"}
MFA_ADAPTER = "orders.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Orders Portal"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
SOCIALACCOUNT_ADAPTER = "orders.sign_in.adapters.ProviderAdapter"
# A form may be sent to this host alone (CSP), and its answer would lead to the provider: so a link does.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = sign_in_providers(_oidc, _saml)
if "saml" in SOCIALACCOUNT_PROVIDERS:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")

LOGGING = logging_settings(_log_format, _log_level)
