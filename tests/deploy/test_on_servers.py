"""docs/on-servers.md, followed to the letter: from an empty database to the first order."""

import json
import os
import re
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from orders.management.commands.rundemo import sandbox_settings
from orders.sandbox import credentials
from orders.sandbox.customers import ADOBE_LARGE
from tests.processes import ROOT, Server, end, free_port, wait_until, without_ours

GUIDE = (ROOT / "docs" / "on-servers.md").read_text()
INSTALL, FIRST_PERSON, FIRST_ORDER = (
    re.sub(r"^ {3}", "", block, flags=re.M).strip()
    for block in re.findall(r"^ {3}```sh\n(.*?)^ {3}```$", GUIDE, re.M | re.S)
)
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / "deploy" / "env.example").read_text().splitlines()
    if line[:1].isupper()
)
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
PASSWORD = "correct-horse-battery-staple"


def unit(name):
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[method-assign, assignment]  # names keep their case
    parser.read(ROOT / "deploy" / name)
    return parser


@pytest.fixture
def checkout(tmp_path):
    """A fresh one, and in it the environment that `make install` has made."""
    named = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    place = tmp_path / "portal"
    for name in named.splitlines():
        if not name.startswith(("tests/", "docs/")) and (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    os.utime(place / "requirements.txt", (0, 0))
    (place / ".venv").symlink_to(Path(sys.executable).parent.parent)
    return place


@pytest.fixture
def environment(postgresql_url, sandbox):
    """`deploy/env.example`, filled in."""
    filled = {
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "LEDGER_KEY": "l4" * 30,
        "METRICS_TOKEN": "m5" * 30,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": postgresql_url,
        "CACHE_URL": "locmem://",
        "WEB_CONCURRENCY": "1",
        **credentials.environment(sandbox.url),
    }
    # The script stands where nginx would, and is no superuser with a phone in hand.
    without_nginx = {"MFA_REQUIRED": "0", "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    return without_ours(os.environ) | EXAMPLE | filled | without_nginx


def run(block, place, environment):
    """What a person would read who pastes it into a shell that stops at the first failure."""
    done = subprocess.run(
        ["sh", "-ec", block],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    return done.stdout


@pytest.mark.timeout(300)  # some ten processes, one after the other
def test_the_numbered_steps_lead_from_an_empty_database_to_the_first_order(checkout, environment):
    said = run(INSTALL, checkout, environment)
    assert "System check identified no issues" in said
    assert said.count("answers and accepts our credentials") == 2
    run(f"{FIRST_PERSON} --noinput", checkout, environment)
    token = run(".venv/bin/python manage.py make_token admin --scope read", checkout, environment).split()[-1]

    command = unit("portal-web.service")["Service"]["ExecStart"].removeprefix("/srv/portal/").split()
    port = free_port()
    web = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error"],
        cwd=checkout,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        server = Server(port, web)
        wait_until(server.is_up)
        by_nginx = FIRST_ORDER.replace("curl ", "curl --header 'X-Forwarded-Proto: https' ")
        seen = {"TOKEN": token, "PORTAL": server.url, "CUSTOMER": ADOBE_LARGE}
        page = run(by_nginx, checkout, environment | seen)
        ready = json.loads(run(f"curl --silent {server.url}/health/ready", checkout, environment))
    finally:
        end(web)

    assert page.count("data-order-id=") == 25
    assert re.search(r"/static/orders/tokens\.[0-9a-f]{12}\.css", page)
    assert ready["status"] == "ok"


def test_three_variables_lead_a_trial_to_the_real_adobe_and_leave_fabric_to_the_sandbox(monkeypatch):
    (told,) = re.findall(r"^ {7}export (.*)$", GUIDE, re.M)
    for name in [each.partition("=")[0] for each in told.split()]:
        monkeypatch.setenv(name, "given")

    assert sorted(sandbox_settings("http://127.0.0.1:9")) == [
        "FABRIC_BASE_URL",
        "FABRIC_CLIENT_ID",
        "FABRIC_CLIENT_SECRET",
        "FABRIC_TOKEN_URL",
    ]


def test_every_name_of_the_example_is_a_setting():
    read = (ROOT / "orders_portal" / "settings.py").read_text()
    upstream = {name for name in EXAMPLE if name.startswith(("ADOBE_", "FABRIC_"))}

    assert {name for name in EXAMPLE if f'"{name}"' not in read} == upstream
    assert upstream <= set(credentials.environment("http://127.0.0.1:9"))


def test_units_run_what_is_there_as_somebody_without_rights():
    for name in ("portal-web.service", "portal-worker@.service", "portal-upkeep.service"):
        service = unit(name)["Service"]
        command = service["ExecStart"].removeprefix("/srv/portal/").split()
        assert (service["User"], service["ProtectSystem"]) == ("portal", "strict")
        assert command[0] in {".venv/bin/gunicorn", ".venv/bin/python"}
        for word in command[1:]:
            assert not word.endswith(".py") or (ROOT / word).is_file()
    assert unit("portal-upkeep.timer")["Timer"]["Persistent"] == "true"


def test_the_containers_are_those_of_the_guide_and_can_write_to_their_volumes_alone():
    ours = {name: each for name, each in COMPOSE["services"].items() if each.get("image") == "orders-portal"}

    assert sorted(COMPOSE["services"]) == ["migrate", "nginx", "postgres", "redis", "upkeep", "web", "worker"]
    assert {name for name, each in ours.items() if each["read_only"] and each["cap_drop"] == ["ALL"]} == set(
        ours
    )
    assert [COMPOSE["services"][name]["deploy"]["replicas"] for name in ("web", "worker")] == [2, 2]
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    assert "\nUSER portal\n" in dockerfile
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", dockerfile, re.M):
        for each in source.split():
            assert (ROOT / each).exists()
            assert f"!{each}" in kept
