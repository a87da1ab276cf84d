"""The portal starts well configured or not at all, and says everything that is wrong at once."""

import os
import resource
import subprocess

import pytest

from tests.processes import run_python

KEY = "k" * 60


def cpu_of_children() -> float:
    """Seconds of processes that have ended: neighbours on the machine cost them none."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings alone, as every command and server does first."""
    shown = "import orders_portal.settings as s; print(s.MFA_REQUIRED, s.LOGGING['root'])"
    return run_python("-c", shown, environment={"PATH": os.environ["PATH"], **environment})


def said(result: subprocess.CompletedProcess[str]) -> list[str]:
    """The sentences of the refusal."""
    _, _, words = result.stderr.partition("The portal can't start:\n")
    return [line.strip() for line in words.splitlines()]


def test_everything_that_is_missing_or_malformed_is_named_at_once_without_values():
    begun = cpu_of_children()
    result = start(
        HTTPS_ONLY="canary-1",
        UPSTREAM_DEADLINE="canary-2",
        UPSTREAM_MAX_BODY_MB="0",
        SESSION_IDLE_MINUTES="-5",
        DATABASE_URL="canary-3",
        CACHE_URL="canary-4://x",
        CACHE_TIMEOUT="-1",
        DB_LOCK_TIMEOUT="0",
        DB_POOL="-1",
        EXPORT_STORAGE_URL="s3://canary-11@bucket/",
        EXPORT_STORAGE_ENDPOINT="canary-12",
        AWS_ACCESS_KEY_ID="canary-13",
        WORKER_ENGINE="canary-14",
        CELERY_BROKER_URL="http://canary-15",
        LOG_FORMAT="canary-5",
        TRUSTED_PROXY_COUNT="-1",
        OIDC_NAME="canary-6",
        OIDC_CLIENT_SECRET="canary-7",
        SAML_NAME="canary-8",
        UPSTREAM_PROXY="https://canary-9:x@proxy.example:3128",
        UPSTREAM_CA_FILE="/canary-10",
    )
    seconds = cpu_of_children() - begun

    assert result.returncode == 1
    assert said(result) == [
        "CACHE_TIMEOUT is malformed.",
        "CACHE_URL is malformed.",
        "CELERY_BROKER_URL is malformed.",
        "DATABASE_URL is malformed.",
        "DB_LOCK_TIMEOUT is malformed.",
        "DB_POOL is malformed.",
        "EXPORT_STORAGE_ENDPOINT is malformed.",
        "EXPORT_STORAGE_URL is malformed.",
        "HTTPS_ONLY is malformed.",
        "LOG_FORMAT is malformed.",
        "SESSION_IDLE_MINUTES is malformed.",
        "TRUSTED_PROXY_COUNT is malformed.",
        "UPSTREAM_DEADLINE is malformed.",
        "UPSTREAM_MAX_BODY_MB is malformed.",
        "UPSTREAM_PROXY is malformed.",
        "WORKER_ENGINE is malformed.",
        "SECRET_KEY is not set. Set it to a long random text (50 characters or more), or point "
        "SECRET_KEY_FILE to a file that holds one. `make run` makes its own.",
        "UPSTREAM_CA_FILE names no file with certificates (PEM) that can be read.",
        "OIDC_SERVER_URL is not set, but other OIDC_… are.",
        "OIDC_CLIENT_ID is not set, but other OIDC_… are.",
        "SAML_ENTITY_ID is not set, but other SAML_… are.",
        "SAML_METADATA_URL is not set, but other SAML_… are.",
        "AWS_SECRET_ACCESS_KEY is not set, but other AWS_… are.",
    ]
    assert "canary" not in result.stderr
    assert seconds < 2


def test_a_secret_key_alone_is_enough_and_everything_is_on():
    result = start(SECRET_KEY=KEY)

    assert (result.returncode, result.stdout) == (0, "True {'handlers': ['console'], 'level': 'INFO'}\n")


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text(KEY + "\n")

    assert start(SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0


@pytest.mark.parametrize(
    ("hosts", "starts"),
    [
        ("", True),
        ("localhost,127.0.0.1,[::1],127.0.0.7,portal.localhost", True),
        ("portal.example", False),
        ("localhost,0.0.0.0", False),
        ("localhost,192.168.1.20", False),
        ("*", False),
        (".example", False),
    ],
)
def test_debug_is_for_this_machine_alone(hosts, starts):
    result = start(DEBUG="1", ALLOWED_HOSTS=hosts)

    assert (result.returncode == 0) is starts
    assert starts or "DEBUG is on, and ALLOWED_HOSTS names more than this machine." in result.stderr


def test_without_debug_any_host_is_fine():
    assert start(SECRET_KEY=KEY, ALLOWED_HOSTS="portal.example").returncode == 0


def test_what_needs_packages_that_are_not_installed_is_refused_with_the_remedy():
    without = "import sys; sys.modules |= dict.fromkeys(['onelogin', 'storages', 'celery'])"
    result = run_python(
        *("-c", f"{without}; import orders_portal.settings"),
        environment={
            "SECRET_KEY": KEY,
            "SAML_NAME": "Works",
            "SAML_ENTITY_ID": "urn:works",
            "SAML_METADATA_URL": "https://works.example/metadata",
            "EXPORT_STORAGE_URL": "s3://bucket/portal",
            "WORKER_ENGINE": "celery",
        },
    )

    remedy = "is set, but its packages are not installed: pip install --require-hashes -r"
    assert said(result) == [
        f"SAML_… {remedy} requirements-saml.txt",
        f"EXPORT_STORAGE_URL {remedy} requirements-s3.txt",
        f"WORKER_ENGINE=celery {remedy} requirements-celery.txt",
        "WORKER_ENGINE is celery, but CELERY_BROKER_URL is not set.",
    ]


def test_a_second_factor_is_required_where_debug_is_off():
    assert start(SECRET_KEY=KEY, MFA_REQUIRED="0").stdout.startswith("False")
    assert start(DEBUG="1").stdout.startswith("False")


def test_djangos_deployment_check_finds_nothing(tmp_path):
    (tmp_path / "staticfiles").mkdir()
    (tmp_path / "staticfiles" / "staticfiles.json").touch()
    result = run_python(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        environment={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "ALLOWED_HOSTS": "portal.example",
            "DATA_DIR": str(tmp_path),
            "TRUSTED_PROXY_COUNT": "1",
            "METRICS_TOKEN": "m" * 40,
            "OIDC_NAME": "Works",
            "OIDC_SERVER_URL": "https://works.example",
            "OIDC_CLIENT_ID": "portal",
            "OIDC_CLIENT_SECRET": "a-secret-of-the-provider",
        },
    )

    assert (result.returncode, result.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), result.stderr
