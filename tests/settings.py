"""The portal's own settings, with a safe environment for tests."""

import os
import tempfile
from pathlib import Path

os.environ.update(
    SECRET_KEY="tests-" + "0123456789abcdef" * 4,
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    HTTPS_ONLY="0",
    MFA_REQUIRED="0",
    DEBUG="0",
)
OURS = (
    *(
        "ADOBE_",
        "ATTENTION_",
        "EXPORT_",
        "FABRIC_",
        "INDEX_",
        "LANGUAGE_CODE",
        "LEDGER_",
        "LIMIT",
        "LOG_",
        "METRICS_",
        "OIDC_",
        "OPEN_",
        "REFRESH_",
        "SAML_",
        "SESSION_",
        "SSO_",
    ),
    "UPSTREAM_",
)
for name in list(os.environ):
    if name.startswith(OURS):
        del os.environ[name]
# The addresses of SAML are there in every test; its provider is in those that run one.
os.environ.update(SAML_NAME="Tests", SAML_ENTITY_ID="urn:tests", SAML_METADATA_URL="http://127.0.0.1:9/")

from orders_portal.settings import *  # noqa: E402, F403  (the environment has to be set before)
from orders_portal.settings import DATABASES, STORAGES  # noqa: E402  (the environment comes first)

# A test sees only its own database, in a file unless DATABASE_URL names another. In memory it would have one
# connection for all threads of a test's web server, and what one of them rolls back would be everybody's.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"orders-portal-tests-{os.getpid()}.sqlite3")
    }
    # Nobody needs what a test wrote after the machine has failed.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Static files as they stand, whatever an earlier `make run` has collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# A file is looked for when it is asked for: each test's own browser would begin by listing all of them.
WHITENOISE_AUTOREFRESH = True

# Every page asks its upstream anew. Tests of what is saved switch that on.
CACHE_FRESH = CACHE_STALE = 0

# Nor does anybody ask so often within a second.
UPSTREAM_RATE = {}
COUNTS_CALLS_IN_DATABASE = False  # tests without a database call as well

# Some tests do in a minute what nobody does in a day. Those of the limits set them.
LIMIT_REVEALS_PER_HOUR = LIMIT_CUSTOMERS_PER_HOUR = LIMIT_LOOKUPS_PER_HOUR = 0
LIMIT_EXPORTS_PER_DAY = LIMIT_EXPORTS_QUEUED = 0

# A test that wants an identity provider runs one.
SOCIALACCOUNT_PROVIDERS = {}

# Tests say when what was seen is written down: `orders.index.line.flush()`.
INDEX_IN_BACKGROUND = False

# Nobody is read in the background but where a test is about that.
REFRESH_MINUTES = 0
