"""/metrics: what it counts, and who may read it."""

import platform
import re
from io import StringIO

import django
import pytest
from django.core.management import call_command

from orders.sandbox import customers
from orders_portal import __version__
from tests.pages import Page
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-prometheus"
SCRAPER = {"authorization": f"Bearer {TOKEN}"}
HISTORY = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"


def series(text: str) -> dict[str, float]:
    found = re.findall(r"^(portal_\w+(?:\{[^}]*\})?) ([\d.e+-]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def read(client) -> dict[str, float]:
    response = client.get("/metrics", headers=SCRAPER)
    assert response.status_code == 200
    return series(response.content.decode())


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.parametrize(("debug", "status"), [(False, 404), (True, 200)])
def test_without_a_token_nobody_reads_them_unless_in_development(client, settings, debug, status):
    settings.METRICS_TOKEN = ""
    settings.DEBUG = debug

    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("Bearer wrong", 401),
        (f"bearer {TOKEN} ", 401),
        ("Bearer é", 401),
        ("", 401),
    ],
)
def test_with_a_token_it_is_the_only_way(client, given, status):
    headers = {"authorization": given} if given else {}

    assert client.get("/metrics", headers=headers, REMOTE_ADDR="192.0.2.1").status_code == status


def test_being_signed_in_is_no_way_in(portal):
    assert portal.get("/metrics").status_code == 401


def test_the_running_versions_are_told(client):
    versions = f'django="{django.__version__}",python="{platform.python_version()}",version="{__version__}"'

    assert read(client)[f"portal_build_info{{{versions}}}"] == 1


def test_requests_are_counted_by_view_and_status(client):
    name = 'portal_requests_total{method="GET",status="302",view="home"}'
    before = read(client).get(name, 0)

    client.get("/")

    after = read(client)
    assert after[name] == before + 1
    assert after['portal_request_seconds_count{view="home"}'] >= 1


def test_an_address_that_does_not_exist_makes_no_series_of_its_own(client):
    client.get("/made-up-by-a-visitor")
    client.generic("MADEUP", "/")

    names = " ".join(read(client))
    assert "made-up-by-a-visitor" not in names
    assert "MADEUP" not in names


def test_calls_attempts_and_the_breaker_are_counted_by_upstream(admin_client, upstreams):
    ok = 'portal_upstream_calls_total{outcome="ok",source="adobe"}'
    failed = 'portal_upstream_calls_total{outcome="unavailable",source="adobe"}'
    attempts = 'portal_upstream_attempts_total{outcome="503",source="adobe"}'
    before = read(admin_client)

    admin_client.get(HISTORY)
    upstreams.script("adobe", [503, 503, 503])
    admin_client.get(HISTORY)

    after = read(admin_client)
    counted = {name: after[name] - before.get(name, 0) for name in (ok, failed, attempts)}
    assert counted == {ok: 1, failed: 1, attempts: 3}
    assert after['portal_upstream_call_seconds_count{outcome="ok",source="adobe"}'] >= 1
    assert after['portal_upstream_breaker_open{source="adobe"}'] == 0.0


def test_an_open_breaker_shows(admin_client, upstreams):
    upstreams.script("adobe", [503] * 60)
    for number in range(11):
        admin_client.get(f"/adobe/customers/failing-{number}/orders/")

    assert read(admin_client)['portal_upstream_breaker_open{source="adobe"}'] == 1.0


def test_no_customer_and_no_person_is_among_the_labels(admin_client, upstreams):
    admin_client.get(HISTORY)

    text = admin_client.get("/metrics", headers=SCRAPER).content.decode()
    assert [word for word in (customers.ADOBE_LARGE, "admin@example.com", "dana") if word in text] == []


def test_what_the_ledger_has_is_counted_by_outcome_and_role(client, upstreams, settings, tmp_path):
    settings.EXPORT_DIR = tmp_path
    person("thea", "supervisor")
    login = {"login": "thea", "password": "wrong"}
    names = {
        "refused": 'portal_sign_in_total{outcome="refused"}',
        "ok": 'portal_sign_in_total{outcome="ok"}',
        "reveals": 'portal_reveals_total{role="supervisor"}',
        "exports": 'portal_exports_total{role="supervisor"}',
        "files": 'portal_files_total{outcome="ok"}',
        "appended": "portal_ledger_append_seconds_count",
    }
    before = read(client)

    client.post("/accounts/login/", login)
    client.post("/accounts/login/", {**login, "password": PASSWORD})
    listed = Page(client.get(f"/fabric/customers/{customers.FABRIC_CALM}/orders/"))
    order = listed.root.all("tr", data_order_id=True)[0]["data-order-id"]
    client.post(f"/fabric/customers/{customers.FABRIC_CALM}/orders/{order}/", {"reason": "T-1"})
    file = client.get(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/export/")
    assert b"".join(file.streaming_content)
    file.close()

    after = read(client)
    counted = {key: after.get(name, 0) - before.get(name, 0) for key, name in names.items()}
    assert counted.pop("appended") >= 5
    assert counted == dict.fromkeys(counted, 1)


def test_queues_workers_and_upkeep_are_told(client, tmp_path):
    call_command("upkeep", notes=tmp_path / "heads", stdout=StringIO())

    found = read(client)

    assert found['portal_queue_length{queue="files"}'] == 0
    assert found['portal_queue_oldest_seconds{queue="files"}'] == 0
    assert found["portal_workers"] == 0
    assert found["portal_upkeep_sound"] == 1
    assert found["portal_upkeep_timestamp_seconds"] > 1.7e9
    assert found['portal_table_rows{table="orders_ledgerhead"}'] == 1
    assert found["portal_threads_busy"] == 1  # this very request
