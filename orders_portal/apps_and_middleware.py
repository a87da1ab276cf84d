"""What Django, templates and workers load and what each request passes through, in this order, whatever the
environment says.
"""

from orders.infrastructure import background_tasks
from orders_portal import content_security

APPS: list[str] = [
    "orders",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    *content_security.APPS,
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "django_tables2",
    *background_tasks.APPS,
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE: list[str] = [
    "orders.infrastructure.middleware.RequestMiddleware",
    "orders.infrastructure.languages.LanguageMiddleware",
    "orders.views.system.outages.OutageMiddleware",
    "orders.ledger.middleware.LedgerMiddleware",
    content_security.MIDDLEWARE,
    "orders.infrastructure.middleware.NoStoreMiddleware",
    "orders.infrastructure.compressed_pages.CompressedPagesMiddleware",
    "orders.views.system.hosts.AllowedHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "orders_portal.static_files.StaticFilesMiddleware",
    "orders.people.token_authentication.TokenMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "orders.views.system.hosts.CommonMiddleware",
    "orders.views.system.form_limits.FormLimitsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orders.people.sign_in.middleware.NoCacheMiddleware",
    "orders.people.sign_in.middleware.SignOutMiddleware",
    "orders.people.sign_in.middleware.SessionLimitsMiddleware",
    "orders.views.system.stale_forms.SignedOutFormMiddleware",
    "orders.people.sign_in.middleware.SignInRequiredMiddleware",
    "orders.people.sign_in.middleware.SecondFactorMiddleware",
    "orders.people.personal_settings.OwnSettingsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orders.people.limit_middleware.LimitMiddleware",
]

TEMPLATE_OPTIONS: dict[str, list[str]] = {
    # Loaded for every template: texts pass through gettext, and pages are made of components.
    "builtins": [
        "django.templatetags.i18n",
        "django.templatetags.static",
        "django.templatetags.tz",
        "orders.templatetags.components",
    ],
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "orders.views.exports.notice.export_notice",
        "orders.views.shared.context_processors.rights",
        "orders.views.people.security.notices",
        "orders.views.people.limits.wishes",
    ],
}

JOB_MODULES: list[str] = [
    "orders.exports.jobs.upkeep",
    "orders.exports.schedules.running",
    "orders.exports.webhooks.sending",
    "orders.services.refresh_jobs",
    "orders.services.product_jobs",
    "orders.services.live_lookups",
    "orders.services.watching",
]
