"""The portal's pages, read by their hooks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orders.sandbox import SandboxServer
from orders.upstreams import registry
from tests.pages import Page

See = Callable[..., Page]


@pytest.fixture
def see(portal: Client) -> See:
    """Open an address of the portal and read the page: `see("/adobe/…", status=400)`."""

    def open_page(address: str, *, status: int = 200) -> Page:
        response = portal.get(address)
        assert response.status_code == status, response.content.decode()[:3000]
        return Page(response)

    return open_page


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
