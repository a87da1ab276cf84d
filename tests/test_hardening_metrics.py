"""/metrics: what it counts, and who may read it."""

import re

import pytest

from orders.sandbox import customers

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-prometheus"
HISTORY = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"


def series(text: str) -> dict[str, float]:
    found = re.findall(r"^(portal_\w+(?:\{[^}]*\})?) ([\d.e+-]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def read(client) -> dict[str, float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    return series(response.content.decode())


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"forwarded": "for=192.0.2.1"}, 404),
        ("127.0.0.1", {"x-real-ip": "192.0.2.1"}, 404),
    ],
)
def test_without_a_token_only_this_machine_reads_them(client, address, headers, status):
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


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
def test_with_a_token_it_is_the_only_way(client, settings, given, status):
    settings.METRICS_TOKEN = TOKEN
    headers = {"authorization": given} if given else {}

    assert client.get("/metrics", headers=headers, REMOTE_ADDR="192.0.2.1").status_code == status


def test_being_signed_in_is_no_way_in(portal):
    assert portal.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404


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
    for _ in range(11):
        admin_client.get(HISTORY)

    assert read(admin_client)['portal_upstream_breaker_open{source="adobe"}'] == 1.0


def test_no_customer_and_no_person_is_among_the_labels(admin_client, upstreams):
    admin_client.get(HISTORY)

    text = admin_client.get("/metrics").content.decode()
    assert [word for word in (customers.ADOBE_LARGE, "admin@example.com", "dana") if word in text] == []
