"""Every test has a directory of its own for files, and its person may export everybody's orders."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orders.domain.retry_rules import RetryLimits
from orders.sandbox import SandboxServer
from tests.exports import buckets
from tests.exports.results import CUSTOMER, exporter
from tests.personas import assign, person


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    directory: Path = settings.EXPORT_DIR
    return directory


@pytest.fixture
def agent(db: None) -> Any:
    """Whoever is signed in here is allowed to export."""
    return exporter()


@pytest.fixture
def manager(upstreams: SandboxServer) -> Any:
    """Milo, who may export the orders of the one customer that is assigned to him."""
    found = person("milo", "account manager")
    assign(found, "adobe", CUSTOMER)
    return found


@pytest.fixture
def other(db: None) -> Any:
    """Robin, who may export as much as the agent."""
    return person("robin", "supervisor")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a small server that speaks S3."""
    with buckets.serving() as address:
        yield address


@pytest.fixture
def bucket(settings: Any, endpoint: str) -> None:
    """Finished files are kept in an empty bucket."""
    buckets.keep_in(settings, endpoint)


@pytest.fixture
def hurried(monkeypatch: Any) -> None:
    """Workers don't wait long for an upstream that fails."""
    hurried = RetryLimits(
        tries=2, throttles=2, first_pause=0.01, first_pause_throttled=0.01, longest_pause=3.0
    )
    monkeypatch.setattr("orders.exports.jobs.runner.BACKGROUND", hurried)
