"""Starting the portal: what is missing or malformed is named, all at once, and no value is printed."""

import os
from io import StringIO

import pytest
from django.core import checks
from django.core.management import call_command

from orders.upstreams import registry
from orders.upstreams.checks import upstreams_are_configured_whole
from orders_portal.start_up import languages
from tests.conftest import upstream_settings
from tests.faultserver import FaultServer, answer
from tests.processes import ROOT, run_python

SOUND = {"SECRET_KEY": "s" + "0123456789abcdef" * 4, "ALLOWED_HOSTS": "portal.example"}
SHOWN = """
from orders_portal import settings as s
print(*[getattr(s, name) for name in {names!r}], sep="\\n")
"""


def run(*arguments, **environment):
    """The portal's Python in a process of its own, with this environment and no other."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return run_python(*arguments, environment=kept | environment)


def start(**environment):
    return run("-c", "import orders_portal.settings", **environment)


def shown(*names, **environment):
    done = run("-c", SHOWN.format(names=names), **(SOUND | environment))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def complaint(**environment):
    done = start(**environment)
    assert done.returncode != 0
    return done.stderr.strip().splitlines()[-1]


def test_a_sound_environment_starts_in_silence():
    done = start(**SOUND)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_a_secret_key_the_portal_refuses_to_start_and_says_why():
    said = complaint()

    assert "SECRET_KEY" in said
    assert "SECRET_KEY_FILE" in start().stderr


def test_in_debug_mode_a_key_is_made_up_and_https_is_off():
    assert shown("HTTPS_ONLY", SECRET_KEY="", DEBUG="1", ALLOWED_HOSTS="") == ["False"]


def test_everything_malformed_or_missing_is_named_at_once_and_no_value_is_printed():
    wrong = {
        "DEBUG": "perhaps-canary",
        "HTTPS_ONLY": "canary",
        "DATABASE_URL": "canary://user:canary@host",
        "CACHE_URL": "canary://canary",
        "UPSTREAM_DEADLINE": "canary",
        "UPSTREAM_READ_TIMEOUT": "-1",
        "UPSTREAM_CONNECT_TIMEOUT": "nan",
        "UPSTREAM_MAX_BODY_MB": "0.5",
        "ADOBE_BASE_URL": "partners.canary.example",
        "ADOBE_TOKEN_URL": "ftp://canary",
        "FABRIC_BASE_URL": "https://canary:canary@host/",
        "FABRIC_TOKEN_URL": "https://",
        "ADOBE_API_KEY": "canary\nX-Injected: 1",
        "ADOBE_ACCESS_TOKEN": "canary canary",
        "FABRIC_ACCESS_TOKEN": "cänary",
        "SCRIPT_NAME": "canary/",
    }
    done = start(**wrong)

    assert done.returncode != 0
    said = done.stderr.partition("The portal can't start:\n")[2].splitlines()
    assert [name for name in wrong if f"  {name} is malformed." not in said] == []
    assert [line for line in said if line.startswith("  SECRET_KEY is not set.")]
    assert "canary" not in done.stderr.replace(str(ROOT), "")
    assert "cänary" not in done.stderr


def test_a_language_takes_a_compiled_catalogue_and_nothing_else(tmp_path):
    for name in ("de", "pt_BR"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / name / "LC_MESSAGES" / "django.mo").touch()
    (tmp_path / "fr").mkdir()

    assert languages(tmp_path) == [("en-gb", "English"), ("de", "Deutsch"), ("pt-br", "Português Brasileiro")]


def test_a_language_without_a_catalogue_is_refused():
    assert shown("LANGUAGE_CODE") == ["en-gb"]
    assert "LANGUAGE_CODE" in complaint(**SOUND, LANGUAGE_CODE="fr")


@pytest.mark.parametrize("value", ["0", "-3", "nan", "inf", "soon"])
def test_times_must_be_positive_numbers(value):
    names = ["UPSTREAM_CONNECT_TIMEOUT", "UPSTREAM_DEADLINE", "UPSTREAM_READ_TIMEOUT"]
    said = start(**SOUND, **dict.fromkeys(names, value)).stderr.partition("The portal can't start:\n")[2]

    assert [line.strip() for line in said.splitlines()] == [f"{name} is malformed." for name in names]


@pytest.mark.parametrize(
    "value", ["", "host", "http://", "ftp://host", "http://host:x", "http://[", "https://a?b", "https://a b"]
)
def test_a_base_url_that_cannot_be_asked_is_refused_at_the_start(value):
    assert "ADOBE_BASE_URL" in complaint(**SOUND, ADOBE_BASE_URL=value)


def test_a_blank_setting_means_none():
    assert start(**SOUND, FABRIC_TOKEN_URL="", ADOBE_ACCESS_TOKEN="", ADOBE_API_KEY="").returncode == 0


def test_any_setting_may_stand_in_a_file(tmp_path):
    for name, text in (("key", SOUND["SECRET_KEY"]), ("token", "a-token-from-a-file\n")):
        (tmp_path / name).write_text(text)

    found = run(
        "-c",
        SHOWN.format(names=("SECRET_KEY", "UPSTREAMS")),
        SECRET_KEY_FILE=str(tmp_path / "key"),
        ADOBE_ACCESS_TOKEN_FILE=str(tmp_path / "token"),
    )

    assert found.stdout.splitlines()[0] == SOUND["SECRET_KEY"]
    assert "'access_token': 'a-token-from-a-file'" in found.stdout


def test_a_file_that_is_not_there_is_named():
    said = start(**SOUND, ADOBE_ACCESS_TOKEN_FILE="/no/such/file").stderr

    assert "ADOBE_ACCESS_TOKEN" in said


def test_production_is_the_default():
    assert shown(
        "DEBUG",
        "HTTPS_ONLY",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "SECURE_HSTS_SECONDS",
    ) == ["False", "True", "True", "True", "True", "__Host-session", "31536000"]


def test_plain_http_is_possible_on_demand():
    assert shown(
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "SECURE_HSTS_SECONDS",
        HTTPS_ONLY="0",
    ) == ["False", "False", "session", "0"]


def test_limits_are_read_with_their_units():
    assert shown("UPSTREAM_LIMITS") == [
        "{'connect_timeout': 3.0, 'read_timeout': 6.0, 'deadline': 8.0, 'max_body': 33554432}"
    ]
    assert shown(
        "UPSTREAM_LIMITS",
        UPSTREAM_CONNECT_TIMEOUT="1",
        UPSTREAM_READ_TIMEOUT="2.5",
        UPSTREAM_DEADLINE="5",
        UPSTREAM_MAX_BODY_MB="1",
    ) == ["{'connect_timeout': 1.0, 'read_timeout': 2.5, 'deadline': 5.0, 'max_body': 1048576}"]


def test_a_proxys_word_on_https_is_taken_only_where_it_is_named():
    assert (
        run(
            "-c",
            "import orders_portal.settings as s; print(getattr(s, 'SECURE_PROXY_SSL_HEADER', None))",
            **SOUND,
        ).stdout.strip()
        == "None"
    )
    assert shown("SECURE_PROXY_SSL_HEADER", TRUSTED_PROXY_HTTPS_HEADER="X-Forwarded-Proto") == [
        "('HTTP_X_FORWARDED_PROTO', 'https')"
    ]


def test_the_deployment_check_is_clean(tmp_path):
    (tmp_path / "staticfiles").mkdir()
    (tmp_path / "staticfiles" / "staticfiles.json").touch()
    whole = {"DATA_DIR": str(tmp_path), "TRUSTED_PROXY_COUNT": "1", "METRICS_TOKEN": "m" * 40}

    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **SOUND, **whole)

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


# --- system checks -------------------------------------------------------------------------------


def warned(settings, source, **given):
    blank = {name: dict.fromkeys(each, "") for name, each in upstream_settings("http://127.0.0.1:9").items()}
    settings.UPSTREAMS = blank | {source: blank[source] | given}
    return [message.msg for message in upstreams_are_configured_whole()]


@pytest.mark.parametrize(
    ("source", "given", "missing"),
    [
        ("adobe", {"client_id": "x"}, ["ADOBE_CLIENT_SECRET"]),
        ("adobe", {"client_secret": "x"}, ["ADOBE_CLIENT_ID"]),
        ("adobe", {"access_token": "x"}, ["ADOBE_API_KEY"]),
        ("adobe", {"api_key": "x"}, ["ADOBE_ACCESS_TOKEN"]),
        ("fabric", {"client_id": "x"}, ["FABRIC_CLIENT_SECRET", "FABRIC_TOKEN_URL"]),
        ("fabric", {"client_id": "x", "client_secret": "y"}, ["FABRIC_TOKEN_URL"]),
        ("fabric", {"token_url": "https://x.example/token"}, ["FABRIC_CLIENT_ID", "FABRIC_CLIENT_SECRET"]),
    ],
)
def test_an_upstream_configured_by_half_is_warned_of_by_the_names_that_are_missing(
    settings, source, given, missing
):
    said = " ".join(warned(settings, source, **given))

    assert [name for name in missing if name not in said] == []


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("adobe", {}),
        ("adobe", {"api_key": "k", "access_token": "t"}),
        ("adobe", {"client_id": "c", "client_secret": "s", "token_url": "https://x.example/t"}),
        ("fabric", {"access_token": "t"}),
        ("fabric", {"client_id": "c", "client_secret": "s", "token_url": "https://x.example/t"}),
    ],
)
def test_an_upstream_that_is_whole_or_absent_is_nothing_to_warn_of(settings, source, given):
    assert warned(settings, source, **given) == []


def test_the_check_is_one_that_django_runs():
    assert upstreams_are_configured_whole in checks.registry.registry.get_checks()


# --- check_upstreams -----------------------------------------------------------------------------


def check_upstreams():
    """Output and exit status of the command."""
    out = StringIO()
    try:
        call_command("check_upstreams", stdout=out, no_color=True)
    except SystemExit as over:
        return out.getvalue(), over.code
    return out.getvalue(), 0


def test_upstreams_that_answer_and_accept_us_are_fine(upstreams):
    assert check_upstreams() == (
        "adobe: answers and accepts our credentials\nfabric: answers and accepts our credentials\n",
        0,
    )
    assert {entry.method for entry in upstreams.requests} == {"GET"}


def test_an_upstream_that_refuses_us_fails_the_check_and_the_other_is_still_asked(upstreams):
    upstreams.script("adobe", ["echo-token"])

    said, status = check_upstreams()

    assert status == 1
    assert said.startswith("adobe: FAILED, adobe: credentials, HTTP 403")
    assert said.endswith("fabric: answers and accepts our credentials\n")
    for secret in ("sandbox-adobe-token", "sandbox-adobe-api-key", "sandbox-fabric-token"):
        assert secret not in said


def test_an_upstream_that_cannot_be_reached_fails_the_check(settings, upstreams):
    settings.UPSTREAMS = settings.UPSTREAMS | {
        "fabric": settings.UPSTREAMS["fabric"] | {"base_url": "http://127.0.0.1:9"}
    }
    registry.forget_connections()

    said, status = check_upstreams()

    assert status == 1
    assert "fabric: FAILED, fabric: unavailable" in said


@pytest.mark.parametrize(
    ("source", "given", "said"),
    [
        ("fabric", {"client_id": "x"}, "configured by half: also set FABRIC_CLIENT_SECRET, FABRIC_TOKEN_URL"),
        ("adobe", {"client_secret": "x"}, "configured by half: also set ADOBE_CLIENT_ID"),
        ("adobe", {"api_key": "x"}, "adobe has an API key but no token: also set ADOBE_ACCESS_TOKEN"),
        ("adobe", {"access_token": "x"}, "adobe has a token but no ADOBE_API_KEY"),
    ],
)
def test_an_upstream_with_half_its_credentials_fails_the_check(settings, upstreams, source, given, said):
    nothing = dict.fromkeys(settings.UPSTREAMS[source], "")
    settings.UPSTREAMS = settings.UPSTREAMS | {
        source: nothing | {"base_url": upstreams.url, "scopes": ""} | given
    }
    registry.forget_connections()

    printed, status = check_upstreams()

    assert status == 1
    assert f"{source}: FAILED, " in printed
    assert said in printed
    assert {entry.headers.get("x-api-key") for entry in upstreams.requests} <= {None, "sandbox-adobe-api-key"}


@pytest.mark.parametrize("status", [404, 400, 200, 405])
def test_a_web_server_in_an_upstreams_place_fails_the_check(settings, upstreams, status):
    with FaultServer() as server:
        server.default = answer(status, b"<html><h1>nginx</h1></html>", {"Content-Type": "text/html"})
        settings.UPSTREAMS = {
            name: given | {"base_url": server.url} for name, given in settings.UPSTREAMS.items()
        }
        registry.forget_connections()

        said, code = check_upstreams()

    assert code == 1
    assert [line.split(",")[:2] for line in said.splitlines()] == [
        ["adobe: FAILED", " adobe: bad-answer"],
        ["fabric: FAILED", " fabric: bad-answer"],
    ]


def test_an_upstream_that_is_not_configured_is_no_failure(settings, upstreams):
    settings.UPSTREAMS = settings.UPSTREAMS | {"fabric": settings.UPSTREAMS["fabric"] | {"access_token": ""}}
    registry.forget_connections()

    assert check_upstreams() == (
        "adobe: answers and accepts our credentials\nfabric: not configured, not asked\n",
        0,
    )
