"""Credentials that are fetched from a token service of a test's own."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from orders.domain.errors import UpstreamError
from orders.domain.redaction import Redactor
from orders.upstreams.credentials.token_service import TokenService
from orders.upstreams.credentials.tokens import ClientCredentials
from orders.upstreams.http.sender import Limits, Sender
from tests.faultserver import Script, answer
from tests.upstreams.doubles import Sleeps, fresh_cache

CLIENT_ID = "client-0042-id"


CLIENT_SECRET = "s3cret/with+odd=characters&more"


KEY = b"a secret key of the whole portal"


def granted(token: str, expires_in: object = 600) -> Script:
    return answer(
        200,
        json.dumps({"access_token": token, "token_type": "bearer", "expires_in": expires_in}).encode(),
    )


def deadline(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


class Clock:
    def __init__(self) -> None:
        self.time = time.time()

    def __call__(self) -> float:
        return self.time


@contextmanager
def credentials(
    url: str, cache: Any = None, redactor: Redactor | None = None, **changes: Any
) -> Iterator[ClientCredentials]:
    redactor = redactor or Redactor()
    sender = Sender()
    lock_seconds = changes.pop("lock_seconds", 10.0)
    clock = changes.pop("clock", time.time)
    keys = changes.pop("keys", [KEY])
    given = {
        "source": "fabric",
        "url": url + "/oauth2/token",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": "s2s",
        "secret_in": "basic",
        "limits": Limits(),
        "redactor": redactor,
        "sender": sender,
        "sleep": Sleeps(),
        "jitter": lambda: 0.1,
    }
    service = TokenService(**{**given, **changes})
    try:
        yield ClientCredentials(
            service=service,
            redactor=redactor,
            cache=fresh_cache() if cache is None else cache,
            keys=keys,
            clock=clock,
            lock_seconds=lock_seconds,
        )
    finally:
        sender.close()


def failure(ask: Callable[[], object]) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        ask()
    return caught.value
