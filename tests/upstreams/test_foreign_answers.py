"""An answer belongs to its question, whatever happens to it on its way: many looks, no foreign order."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from orders.domain.errors import UpstreamError
from orders.domain.queries import PageRequest
from orders.domain.selection import FabricOrderQuery
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.upstreams.mixing import CUSTOMERS, MARK, MixingUpstream

ROOT = Path(__file__).parent.parent.parent
THREADS = 16
METRICS_TOKEN = "m" * 40
QUERIES: dict[str, Any] = {"adobe": AdobeOrderQuery(), "fabric": FabricOrderQuery()}


def environment(url: str) -> dict[str, str]:
    """Both upstreams, each with client credentials, so that tokens are mixed up as well."""
    return {
        f"{name}_{key}": value
        for name in ("ADOBE", "FABRIC")
        for key, value in {
            "BASE_URL": url,
            "CLIENT_ID": f"{name.lower()}-client",
            "CLIENT_SECRET": f"{name.lower()}-secret",
            "TOKEN_URL": f"{url}/token/{name.lower()}",
        }.items()
    }


def strangers(said: str, customer: str) -> set[str]:
    """Whose marks are in it that should not be."""
    return set(MARK.findall(said)) - {customer}


@pytest.fixture
def mixing(request: pytest.FixtureRequest, settings: Any) -> Iterator[MixingUpstream]:
    with MixingUpstream(seed=4711, names_itself=request.param) as upstream:
        given = environment(upstream.url)
        settings.UPSTREAMS = {
            source: dict.fromkeys(("api_key", "access_token", "scopes"), "")
            | {key: given[f"{source.upper()}_{key.upper()}"] for key in ("base_url", "client_id")}
            | {key: given[f"{source.upper()}_{key.upper()}"] for key in ("client_secret", "token_url")}
            for source in CUSTOMERS
        }
        registry.forget_connections()
        yield upstream
        registry.forget_connections()


def looked_at_sources(number: int) -> Counter[str]:
    """One look after another at several customers: what was shown, refused, and foreign."""
    dice, seen = random.Random(number), Counter[str]()
    for _ in range(3):
        source = dice.choice(("adobe", "fabric"))
        customer = dice.choice(CUSTOMERS[source])
        upstream = registry.connect(source)
        try:
            if dice.random() < 0.3:
                order = upstream.get_order(customer, f"MARK-{customer}-{dice.randrange(30)}")
                said = str(order.parsed.raw) + order.parsed.order.order_id
            else:
                page = upstream.list_orders(
                    customer, QUERIES[source], PageRequest(dice.choice((0, 25)), 25)
                ).page
                said = " ".join(each.order_id for each in page.orders)
        except UpstreamError as error:
            seen[error.cause] += 1
            continue
        seen["foreign" if strangers(said, customer) else "shown"] += 1
        seen["empty"] += not MARK.search(said)
    return seen


@pytest.mark.parametrize("mixing", [True, False], indirect=True, ids=["names-itself", "anonymous"])
def test_no_source_takes_a_foreign_answer(mixing: MixingUpstream) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        seen = sum(pool.map(looked_at_sources, range(300)), Counter[str]())

    assert (seen["foreign"], seen["empty"], mixing.foreign_tokens) == (0, 0, 0)
    assert seen["shown"] > 300
    assert seen["bad-answer"] > 30
    assert len(mixing.tricks) >= 12


PEOPLE = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.create_superuser("robin"))
print(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
"""


@contextmanager
def portal(directory: Path, upstream: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The portal as it runs in production, one worker with many threads: its address, and a session."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = kept | {
        **environment(upstream),
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "SECRET_KEY": "tests-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "CACHE_FRESH": "0",
        "CACHE_STALE": "0",
        "UPSTREAM_RATE": "adobe=100000,fabric=100000",
        "METRICS_TOKEN": METRICS_TOKEN,
        **{f"LIMIT_{name}": "0" for name in ("CUSTOMERS_PER_HOUR", "EXPORTS_PER_DAY", "EXPORTS_QUEUED")},
        "DATABASE_URL": f"sqlite:///{directory}/portal.sqlite3",
        "EXPORT_DIR": str(directory / "exports"),
        "LOG_LEVEL": "CRITICAL",
    }

    def run(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=settings, check=True, capture_output=True, text=True, timeout=120
        )
        return done.stdout

    run("migrate", "--verbosity", "0", "--no-input")
    name, _, value = run("shell", "--no-imports", "--command", PEOPLE).strip().partition("=")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{sock.getsockname()[1]}"
    gunicorn = [sys.executable, "-m", "gunicorn", "orders_portal.wsgi", "--bind", address]
    server = subprocess.Popen(
        [*gunicorn, "--worker-class", "gthread", "--threads", str(THREADS), "--no-control-socket"],
        cwd=ROOT,
        env=settings,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 90
        while True:
            try:
                requests.get(f"http://{address}/health/live", timeout=30)
                break
            except requests.ConnectionError:
                assert time.monotonic() < until, "the portal did not start"
                time.sleep(0.1)
        yield f"http://{address}", {name: value}
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def looked_at_pages(number: int, address: str, cookies: dict[str, str]) -> Counter[str]:
    """The same with pages and files, as a person's browser asks for them."""
    dice, seen = random.Random(number), Counter[str]()
    for _ in range(3):
        source = dice.choice(("adobe", "fabric"))
        customer = dice.choice(CUSTOMERS[source])
        path = dice.choices(
            (
                "",
                f"MARK-{customer}-{dice.randrange(25)}/",
                f"export/?format=csv&rows={dice.choice(('orders', 'lines'))}&start-date=2000-01-01",
            ),
            (6, 3, 1),
        )[0]
        answer = requests.get(
            f"{address}/{source}/customers/{customer}/orders/{path}", cookies=cookies, timeout=60
        )
        # An address with an ID in it is what we asked for; on the page it stands again, with no order.
        found = strangers(answer.text, customer)
        kind = "file" if "text/csv" in answer.headers["Content-Type"] else "page"
        seen[f"{kind} {answer.status_code}"] += 1
        seen["foreign"] += bool(found)
        seen["empty"] += answer.status_code == 200 and not MARK.search(answer.text)
        seen.update(f"error {word}" for word in re.findall(r'data-error="([^"]+)"', answer.text))
    return seen


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("names_itself", [True, False], ids=["names-itself", "anonymous"])
def test_no_page_and_no_file_shows_a_foreign_order(tmp_path: Path, names_itself: bool) -> None:
    with (
        MixingUpstream(seed=4711, names_itself=names_itself) as upstream,
        portal(tmp_path, upstream.url) as (address, cookies),
        ThreadPoolExecutor(THREADS) as pool,
    ):
        looks = pool.map(lambda number: looked_at_pages(number, address, cookies), range(1000))
        seen = sum(looks, Counter[str]())
        shown_to = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        counted = requests.get(f"{address}/metrics", headers=shown_to, timeout=30).text

    assert (seen["foreign"], seen["empty"], upstream.foreign_tokens) == (0, 0, 0)
    assert seen["page 200"] > 1000
    assert seen["file 200"] > 50
    assert seen["error bad-answer"] > 100
    assert len(upstream.tricks) >= 12
    if names_itself:
        refused = re.findall(r"^portal_upstream_foreign_answers_total\{.*\} (\S+)$", counted, re.MULTILINE)
        assert sum(map(float, refused)) > 50
