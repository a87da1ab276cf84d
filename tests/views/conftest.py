"""The portal's pages, read by their hooks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orders.sandbox import SandboxServer
from orders.upstreams import registry
from tests.pages import Page
from tests.personas import person, signed_in

See = Callable[..., Page]


@pytest.fixture
def see(portal: Client) -> See:
    """Open an address of the portal and read the page: `see("/adobe/…", status=400)`."""
    return lambda address, *, status=200: _open(portal, address, status)


@pytest.fixture
def supervisors_portal(db: None, upstreams: SandboxServer) -> Client:
    """A browser of somebody who may see prices, and personal data for a reason."""
    return signed_in(person("thea", "supervisor"))


@pytest.fixture
def see_prices(supervisors_portal: Client) -> See:
    """As `see`, for a supervisor."""
    return lambda address, *, status=200: _open(supervisors_portal, address, status)


@pytest.fixture
def reveal(supervisors_portal: Client) -> See:
    """The page of an order with its personal data in the clear, for a supervisor with a reason."""
    return lambda address: _open(supervisors_portal, address, 200, reason="TICKET-4711")


def _open(client: Client, address: str, status: int, **form: str) -> Page:
    response = client.post(address, form) if form else client.get(address)
    assert response.status_code == status, response.content.decode()[:3000]
    return Page(response)


@pytest.fixture
def impatient(settings: Any, upstreams: SandboxServer) -> SandboxServer:
    """The sandbox before a portal that waits less than a second, so that silence is soon over."""
    settings.UPSTREAM_LIMITS = {
        "connect_timeout": 0.5,
        "read_timeout": 0.3,
        "deadline": 0.8,
        "max_body": 2**20,
    }
    registry.forget_connections()
    return upstreams
