"""The portal's own settings, with a safe environment for tests."""

import os

os.environ.update(
    SECRET_KEY="tests-" + "0123456789abcdef" * 4,
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    HTTPS_ONLY="0",
    MFA_REQUIRED="0",
    DEBUG="0",
)
OURS = (
    *("ADOBE_", "EXPORT_", "FABRIC_", "LEDGER_", "LOG_", "METRICS_", "OIDC_", "SAML_", "SESSION_", "SSO_"),
    "UPSTREAM_",
)
for name in list(os.environ):
    if name.startswith(OURS):
        del os.environ[name]

from orders_portal.settings import *  # noqa: E402, F403  (the environment has to be set before)
from orders_portal.settings import DATABASES, STORAGES  # noqa: E402  (the environment comes first)

# A test sees only its own database, in memory unless DATABASE_URL names another.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Static files as they stand, whatever an earlier `make run` has collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
