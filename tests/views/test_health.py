"""For load balancers: alive, and able to work."""

import pytest
from django.core.cache import caches
from django.db import connection

from orders.sandbox import customers


def test_live_touches_neither_database_nor_cache_nor_upstream(client, monkeypatch):
    # Without the database mark any access to the database fails this test.
    monkeypatch.setattr(caches["default"], "get", None)

    response = client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_asks_database_and_cache_but_no_upstream(client, upstreams):
    upstreams.script("adobe", [500] * 10)

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok", "cache": "ok"}}
    assert upstreams.requests == []


@pytest.mark.django_db
def test_a_dead_database_is_not_ready_and_named(client, monkeypatch):
    def refuse():
        raise OSError("connection refused by secret-host")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "failing", "checks": {"database": "failing", "cache": "ok"}}


@pytest.fixture
def dead_cache(settings):
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
    }


@pytest.mark.django_db
def test_a_dead_cache_is_not_ready_and_named(dead_cache, client):
    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "failing", "checks": {"database": "ok", "cache": "failing"}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        f"/adobe/customers/{customers.ADOBE_SMALL}/orders/",
        f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?retry=anything",
        f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?limit=50",
        f"/fabric/customers/{customers.FABRIC_MAIN}/orders/",
    ],
)
def test_pages_work_without_the_cache(dead_cache, portal, address):
    assert portal.get(address).status_code == 200


@pytest.mark.django_db
def test_a_page_without_the_cache_still_names_what_failed(dead_cache, portal, upstreams):
    upstreams.script("adobe", [500] * 3)

    response = portal.get(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/")

    assert response.status_code == 502


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_only_reading_is_possible(client, address):
    assert client.post(address).status_code == 405
