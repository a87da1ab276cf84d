"""Each test begins with no job, no worker and nothing registered but what it registers."""

from collections.abc import Iterator
from typing import Any

import pytest

from orders.infrastructure.jobs import registry
from tests.infrastructure.jobs import sample_jobs


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: Any, settings: Any) -> Iterator[None]:
    settings.JOB_MODULES = []
    monkeypatch.setattr(registry, "periodic", {})
    monkeypatch.setattr("orders.infrastructure.jobs.periodic_jobs.periodic", registry.periodic)
    monkeypatch.setattr(registry, "sweeps", [])
    sample_jobs.ran.clear()
    yield
    sample_jobs.ran.clear()
