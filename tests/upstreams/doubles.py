"""A transport over the fault server, with the clockwork of a test."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache.backends.locmem import LocMemCache

from orders.domain.errors import UpstreamError
from orders.domain.redaction import Redactor
from orders.upstreams.base import Problem
from orders.upstreams.credentials.tokens import FixedToken
from orders.upstreams.http.circuit_breaker import CircuitBreaker
from orders.upstreams.http.sender import Limits, Sender
from orders.upstreams.http.transport import Transport
from tests.faultserver import FaultServer

TOKEN = "token-4711-aBcDeFgHiJkLmNoP"
API_KEY = "key-0815-qRsTuVwXyZ"


def fresh_cache() -> LocMemCache:
    """A cache nobody else knows."""
    return LocMemCache(f"test-{uuid4()}", {})


def read_problem(status: int, body: bytes) -> Problem:
    """As an adapter would: the body's own code and message, and two causes by code."""
    found = json.loads(body)
    causes = {"1133": "out-of-range", "stale": "stale-token"}
    code = str(found.get("code", ""))
    return Problem(
        cause=causes.get(code, ""),
        code=code,
        message=found.get("message", ""),
        parameter=found.get("parameter", ""),
    )


class Sleeps(list[float]):
    """Remembers how long one would have slept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@contextmanager
def transport_to(base_url: str, **changes: Any) -> Iterator[Transport]:
    redactor = changes.pop("redactor", None) or Redactor([API_KEY])
    cache = changes.pop("cache", None) or fresh_cache()
    sender = changes.pop("sender", None) or Sender(ca_file=changes.pop("ca_file", ""))
    given = {
        "source": "adobe",
        "base_url": base_url,
        "tokens": FixedToken(TOKEN, source="adobe", redactor=redactor),
        "limits": Limits(),
        "redactor": redactor,
        "breaker": CircuitBreaker(cache, source="adobe", fewest_calls=1_000_000),
        "read_problem": read_problem,
        "headers": {"X-Api-Key": API_KEY},
        "sender": sender,
        "jitter": random.random,
    }
    try:
        yield Transport(**{**given, **changes})
    finally:
        sender.close()


def failure(transport: Transport, path: str = "/v3/x", **given: Any) -> UpstreamError:
    """How this call ends."""
    with pytest.raises(UpstreamError) as caught:
        transport.get(path, **given)
    return caught.value


def ids(server: FaultServer) -> tuple[list[str], list[str]]:
    """The request IDs and the correlation IDs that came in, in order."""
    return (
        [one.headers["x-request-id"] for one in server.requests],
        [one.headers["x-correlation-id"] for one in server.requests],
    )
