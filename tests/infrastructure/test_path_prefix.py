"""Behind a path prefix: no address that the portal gives away leaves it."""

import json
import os
import re
import shutil
from collections import deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from django.conf import settings
from django.test import override_settings
from django.test.utils import override_script_prefix
from django.urls import reverse

from orders.presentation import formatters
from orders.sandbox import SandboxServer, credentials, customers
from tests.demo import form_token
from tests.pages import parse
from tests.processes import Server, output_of_code, serving, without_ours

PREFIX = "/portal"
MOST_PAGES = 50  # of one person; the further ones are further pages of the same lists
PREPARE = """
import json
from orders.people import demo
print(json.dumps({person.username: password for person, password in demo.make_people()}))
"""
ADOBE = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
BEGINNINGS = (
    *("/", ADOBE, f"{FABRIC}?status=RETRY", "/exports/", "/profile/", "/help/columns/", "/ledger/"),
    *("/people/", "/account-imports/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/"),
    *("/admin/", "/no-such-page", "/adobe/customers/0000000000/orders/", f"{ADOBE}?status=no%20status"),
    *(f"{ADOBE}export/?rows=sideways", f"{ADOBE}?offset=999999"),
)
# Attributes whose value is an address, htmx's with them.
ADDRESSES = re.compile(r'\s(?:href|action|src|formaction|poster|hx-get|hx-post|data-address)="([^"]*)"')


@pytest.fixture(scope="module")
def environment(
    tmp_path_factory: pytest.TempPathFactory, sandbox_server: SandboxServer, migrated_sqlite: Path
) -> dict[str, str]:
    directory = tmp_path_factory.mktemp("prefix")
    file = shutil.copy(migrated_sqlite, directory / "portal.sqlite3")
    return {
        **without_ours(os.environ),
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "SECRET_KEY": "p" * 60,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "LOG_LEVEL": "ERROR",
        "DATA_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{file}",
        "LEDGER_KEY": settings.SECRET_KEY,  # its ledger began under the tests' key
        "SCRIPT_NAME": PREFIX,
        **credentials.environment(sandbox_server.url),
    }


@pytest.fixture(scope="module")
def passwords(environment: dict[str, str]) -> dict[str, str]:
    """By user name: one person of each role."""
    made: dict[str, str] = json.loads(output_of_code(PREPARE, environment).splitlines()[-1])
    return made


@pytest.fixture(scope="module")
def portal(environment: dict[str, str], passwords: dict[str, str]) -> Iterator[Server]:
    with serving(environment) as server:
        yield server


def browser() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept"] = "text/html"
    return session


def post(session: requests.Session, portal: Server, path: str, **data: str) -> requests.Response:
    """A form with the token of a page that has one, and the answer itself."""
    token = form_token(session.get(f"{portal.url}/accounts/login/", timeout=30).text)
    return session.post(
        f"{portal.url}{path}",
        data={**data, "csrfmiddlewaretoken": token},
        timeout=30,
        allow_redirects=False,
    )


def addresses_of(page: str) -> list[str]:
    return [unescape(each) for each in ADDRESSES.findall(page)]


def outside(addresses: Iterator[str], base: str) -> list[str]:
    """Those that lead out of the prefix, but for addresses within a page and of other makers' sites."""
    paths = [urlsplit(urljoin(base, each)) for each in addresses]
    return sorted(
        {
            each.path
            for each in paths
            if each.scheme == "http" and not f"{each.path}/".startswith(f"{PREFIX}/")
        }
    )


def walk(session: requests.Session, portal: Server) -> tuple[dict[str, list[str]], set[str]]:
    """What leaves the prefix, by the page that leads there; and all addresses that were asked."""
    waiting = deque(f"{portal.url}{path}" for path in BEGINNINGS)
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft().partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        answer = session.get(address, timeout=30, allow_redirects=False)
        found = [answer.headers["Location"]] if "Location" in answer.headers else []
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found += addresses_of(answer.text)
        if left := outside(iter(found), address):
            wrong[address] = left
        # One page of each kind of query is enough; signing out would end the walk.
        waiting.extend(
            urljoin(address, each)
            for each in found
            if urljoin(address, each).startswith(portal.url)
            and not re.search(r"logout|/static/|export/|[?&](?:offset|sort|limit)=", each)
        )
    return wrong, seen


# Whoever manages accounts begins with them.
BEGINS_WITH = {"manager": "/portfolio/"}


@pytest.mark.parametrize("username", ["anonymous", "manager", "supervisor", "admin"])
def test_no_address_of_any_page_leaves_the_prefix(
    portal: Server, passwords: dict[str, str], username: str
) -> None:
    session = browser()
    if username != "anonymous":
        answer = post(session, portal, "/accounts/login/", login=username, password=passwords[username])
        place = PREFIX + BEGINS_WITH.get(username, "/")
        assert (answer.status_code, answer.headers["Location"]) == (302, place)

    wrong, seen = walk(session, portal)

    assert wrong == {}
    assert len(seen) >= len(BEGINNINGS)


def test_what_is_posted_leads_within_the_prefix(portal: Server, passwords: dict[str, str]) -> None:
    session = browser()
    post(session, portal, "/accounts/login/", login="admin", password=passwords["admin"])
    view = {"name": "mine", "source": "adobe", "customer_id": customers.ADOBE_SMALL}

    led = {
        "look-up": post(session, portal, "/lookup/", q=customers.ADOBE_SMALL),
        "our own address": post(session, portal, "/lookup/", q=f"{portal.url}{ADOBE}?status=1000"),
        "saved view": post(session, portal, "/saved-views/", **view),
        "file": post(session, portal, f"{ADOBE}export/", rows="orders", format="csv"),
        "signed out": post(session, portal, "/accounts/logout/"),
        "not signed in": session.get(f"{portal.url}/profile/", timeout=30, allow_redirects=False),
    }

    targets = {name: urlsplit(each.headers["Location"]) for name, each in led.items()}
    assert {name: each.path.partition("/exports/")[0] for name, each in targets.items()} == {
        "look-up": PREFIX + ADOBE,
        "our own address": PREFIX + ADOBE,
        "saved view": PREFIX + ADOBE,
        "file": PREFIX,
        "signed out": f"{PREFIX}/accounts/login/",
        "not signed in": f"{PREFIX}/accounts/login/",
    }
    assert targets["not signed in"].query == f"next={PREFIX}/profile/"


def test_a_form_with_an_old_token_and_a_page_drawn_by_htmx_stay_within_it(
    portal: Server, passwords: dict[str, str]
) -> None:
    session = browser()
    stale = session.post(f"{portal.url}/lookup/", data={"q": "1"}, timeout=30)
    assert 'action="/portal/lookup/"' in stale.text
    led = session.get(f"{portal.url}/profile/", headers={"HX-Request": "true"}, timeout=30)

    assert led.headers["HX-Redirect"] == f"{PREFIX}/accounts/login/?next={PREFIX}/profile/"


def test_styles_scripts_and_health_are_within_it(portal: Server) -> None:
    page = parse(browser().get(f"{portal.url}/accounts/login/", timeout=30).text)
    files = [each["href"] for each in page.all("link", rel="stylesheet")] + [
        each["src"] for each in page.all("script", src=True)
    ]

    assert [f for f in files if not f.startswith(f"{PREFIX}/static/")] == []
    answers = {browser().get(urljoin(portal.url, each), timeout=30).status_code for each in files}
    assert (answers, len(files) > 3) == ({200}, True)
    assert browser().get(f"{portal.url}/health/ready", timeout=30).status_code == 200


@pytest.mark.parametrize("prefix", ["/", "/portal/"])
def test_a_rows_address_is_what_django_would_give(prefix: str) -> None:
    for args in (["adobe", "1", "2"], ["fabric", "a.b-c_d", "x" * 64]):
        with override_script_prefix(prefix):
            assert formatters.order_address(*args) == reverse("details", args=args)


@pytest.mark.parametrize("prefix", ["", "/portal"])
@pytest.mark.parametrize("path", ["health/live", "health/ready", "metrics"])
def test_health_and_metrics_are_told_without_https_whatever_the_prefix(
    client, path: str, prefix: str
) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, FORCE_SCRIPT_NAME=prefix or None):
        assert client.get(f"/{path}", REMOTE_ADDR="10.0.0.9").status_code != 301
        assert client.get("/profile/").status_code == 301
