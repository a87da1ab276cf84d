"""The index on each engine that the portal runs on, within the test's own process."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from orders.index import line
from orders_portal import service_urls


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[str]:
    """The portal's database is an empty one of this kind; gives its name."""
    url = request.getfixturevalue(f"{request.param}_url")
    before = connections.databases["default"], connections["default"]
    given = connections.configure_settings({"default": service_urls.database(url, conn_max_age=60)})[
        "default"
    ]
    with django_db_blocker.unblock():
        connections.databases["default"] = given
        connections["default"] = connections.create_connection("default")
        try:
            yield request.param
        finally:
            connections["default"].close()
            connections.databases["default"], connections["default"] = before


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    line.clear()
    yield
    line.clear()
