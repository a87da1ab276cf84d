"""One sandbox a module, forgetting everything between two tests."""

from collections.abc import Iterator

import pytest

from orders.sandbox import SandboxServer
from tests.sandbox.clients import AdobeClient, FabricClient


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxServer]:
    with SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxServer) -> Iterator[SandboxServer]:
    running.clear()
    running.forget_added_orders()
    running.latency = 0.0
    yield running
    running.latency = 0.0


@pytest.fixture
def adobe(sandbox: SandboxServer) -> AdobeClient:
    return AdobeClient(sandbox.url)


@pytest.fixture
def fabric(sandbox: SandboxServer) -> FabricClient:
    return FabricClient(sandbox.url)
