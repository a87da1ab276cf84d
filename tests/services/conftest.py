"""A shared cache that is not there."""

from collections.abc import Iterator
from typing import Any

import pytest

from orders.infrastructure import sealed_cache
from orders_portal import service_urls


@pytest.fixture
def cache_away(settings: Any) -> Iterator[None]:
    """Nobody listens where the answers should be kept."""
    nowhere = service_urls.cache("redis://127.0.0.1:1/0")
    settings.CACHES = {**settings.CACHES, "answers": service_urls.cache_of_answers(nowhere)}
    sealed_cache.forget_outage()
    yield
    sealed_cache.forget_outage()
