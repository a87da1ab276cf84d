"""For load balancers: alive, and able to work."""

import pytest
from django.core.cache import caches
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from orders.infrastructure import lifecycle
from orders.infrastructure.jobs import readiness
from orders.sandbox import customers
from orders.views.system import health

ALL = ("database", "migrations", "writing", "cache")


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
    assert response.json() == {"status": "ok", "checks": dict.fromkeys(ALL, "ok"), "upkeep": None}
    assert upstreams.requests == []


@pytest.mark.django_db
def test_a_dead_database_is_not_ready_and_named(client, monkeypatch):
    def refuse():
        raise OSError("connection refused by secret-host")

    monkeypatch.setattr(connections["default"], "cursor", refuse)

    response = client.get("/health/ready")

    assert response.status_code == 503
    checks = dict.fromkeys(ALL, "failing") | {"cache": "ok"}
    assert response.json() == {"status": "failing", "checks": checks, "upkeep": None}


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
def test_without_the_cache_it_is_ready_and_says_so(dead_cache, client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert b'"cache": "degraded"' in response.content
    assert response.json()["status"] == "ok"


@pytest.mark.django_db
def test_what_can_only_be_read_is_not_ready(client, monkeypatch):
    def refuse():
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(readiness, "write_nothing", refuse)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]["writing"]) == (503, "failing")


@pytest.mark.django_db
def test_before_its_migrations_are_applied_it_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="orders").order_by("-id")[0].delete()

    response = client.get("/health/ready")

    assert response.status_code == 503
    checks = {"database": "ok", "migrations": "failing", "writing": "failing", "cache": "ok"}
    assert response.json()["checks"] == checks


@pytest.fixture
def _serves_afterwards():
    yield
    lifecycle.is_loaded()
    lifecycle.ends_when(lambda: False)


@pytest.mark.usefixtures("_serves_afterwards")
def test_while_it_starts_and_while_it_ends_it_is_not_ready(client):
    lifecycle.begin_loading()
    answers = [client.get("/health/ready")]
    lifecycle.is_loaded()
    lifecycle.ends_when(lambda: True)
    answers.append(client.get("/health/ready"))

    told = [(each.status_code, each.json()["status"]) for each in answers]
    assert told == [(503, "starting"), (503, "stopping")]


@pytest.mark.django_db
def test_however_often_it_is_asked_the_database_is_asked_once_a_second(
    client, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(health, "ASKED_EVERY", 3600.0)
    client.get("/health/ready")

    with django_assert_num_queries(1):  # when upkeep ran last
        assert client.get("/health/ready").status_code == 200


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
def test_pages_work_without_the_cache(dead_cache, portal, settings, address):
    settings.LIMIT_CUSTOMERS_PER_HOUR = 200

    assert portal.get(address).status_code == 200


@pytest.mark.django_db
def test_a_page_without_the_cache_still_names_what_failed(dead_cache, portal, upstreams):
    upstreams.script("adobe", [500] * 3)

    response = portal.get(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/")

    assert response.status_code == 502


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_only_reading_is_possible(client, address):
    assert client.post(address).status_code == 405
