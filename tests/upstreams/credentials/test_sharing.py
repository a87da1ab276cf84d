"""Workers share a token through the cache: fetched once, sealed, and told to nobody."""

import base64
import json
import logging
import pickle
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache.backends.locmem import LocMemCache

from orders.domain import errors
from orders.domain.redaction import Redactor
from tests import faultserver
from tests.faultserver import Connection, FaultServer, answer
from tests.processes import wait_until
from tests.upstreams.credentials.clients import (
    CLIENT_ID,
    CLIENT_SECRET,
    KEY,
    credentials,
    deadline,
    failure,
    granted,
)
from tests.upstreams.doubles import Sleeps, fresh_cache, transport_to
from tests.upstreams.shared_caches import DeadCache, redis_cache


@pytest.mark.parametrize("kind", ["locmem", "redis"])
def test_workers_share_a_token_through_the_cache(kind: str) -> None:
    cache = fresh_cache() if kind == "locmem" else redis_cache()
    client_id = str(uuid4())
    with (
        FaultServer(granted("token-1"), granted("token-2")) as server,
        credentials(server.url, cache, client_id=client_id) as one,
        credentials(server.url, cache, client_id=client_id) as other,
        credentials(server.url, cache, client_id=client_id, scope="else") as stranger,
    ):
        assert one.current(deadline()) == "token-1"
        assert other.current(deadline()) == "token-1"
        assert len(server.requests) == 1
        assert other.renew("token-1", deadline()) == "token-2"
        assert one.renew("token-1", deadline()) == "token-2"
        assert len(server.requests) == 2
        server.scripts.append(granted("token-3"))
        assert stranger.current(deadline()) == "token-3"


def _fetch(url: str, client_id: str, results: Any) -> None:
    with credentials(url, redis_cache(), client_id=client_id) as tokens:
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _: tokens.current(deadline(20)), range(8)))
        results.put(found)


def test_one_fetch_for_several_processes() -> None:
    redis_cache().close()

    def slowly(connection: Connection) -> None:
        time.sleep(0.5)
        granted(f"token-{time.monotonic_ns()}")(connection)

    workers = get_context("spawn")
    results = workers.Queue()
    with FaultServer() as server:
        server.default = slowly
        client_id = str(uuid4())
        processes = [workers.Process(target=_fetch, args=(server.url, client_id, results)) for _ in range(3)]
        for process in processes:
            process.start()
        found = set().union(*(results.get(timeout=30) for _ in processes))
        for process in processes:
            process.join(10)
        assert len(found) == 1
        assert len(server.requests) == 1
    results.close()
    results.join_thread()


def test_a_worker_that_never_ends_its_fetching_does_not_block_the_others() -> None:
    cache = fresh_cache()
    with (
        FaultServer(faultserver.silence, granted("token-1")) as server,
        credentials(server.url, cache, lock_seconds=0.3) as stuck,
        credentials(server.url, cache, lock_seconds=0.3) as tokens,
        ThreadPoolExecutor(1) as pool,
    ):
        never = pool.submit(stuck.current, deadline(2.0))
        wait_until(lambda: server.requests)
        started = time.monotonic()
        assert tokens.current(deadline()) == "token-1"
        assert 0.2 < time.monotonic() - started < 1
        assert isinstance(never.exception(), errors.TimedOut)


def test_nobody_waits_longer_than_its_own_deadline() -> None:
    with (
        FaultServer(faultserver.silence) as server,
        credentials(server.url) as tokens,
        ThreadPoolExecutor(1) as pool,
    ):
        slow = pool.submit(tokens.current, deadline(1.0))
        time.sleep(0.1)
        started = time.monotonic()
        error = failure(lambda: tokens.current(deadline(0.2)))
        assert isinstance(error, errors.TimedOut)
        assert time.monotonic() - started < 0.4
        assert isinstance(slow.exception(), errors.TimedOut)


def test_without_a_cache_each_worker_has_its_own_token() -> None:
    with (
        FaultServer(granted("token-1"), granted("token-2")) as server,
        credentials(server.url, DeadCache()) as one,
        credentials(server.url, DeadCache()) as other,
    ):
        assert [one.current(deadline()), one.current(deadline())] == ["token-1"] * 2
        assert other.current(deadline()) == "token-2"


def spelled(secret: str) -> list[bytes]:
    return [secret.encode(), base64.b64encode(secret.encode()).rstrip(b"=")]


def test_no_secret_is_in_the_cache_an_exception_a_repr_or_a_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    cache, redactor = fresh_cache(), Redactor()
    token = "the-token-itself-0123456789"
    with (
        FaultServer(granted(token)) as service,
        FaultServer() as upstream,
        credentials(service.url, cache, redactor) as tokens,
        transport_to(
            upstream.url, tokens=tokens, redactor=redactor, cache=cache, sleep=Sleeps()
        ) as transport,
    ):
        transport.get("/v3/x")
        upstream.default = answer(403, json.dumps({"message": f"no {token}"}).encode())
        refused = failure(lambda: transport.get("/v3/x"))
        echo = json.dumps({"error": CLIENT_SECRET, "error_description": CLIENT_SECRET}).encode()
        service.default = answer(400, echo)
        broken = failure(lambda: tokens.renew(token, deadline()))
        reprs = repr([tokens, *vars(tokens).values(), redactor, transport])
    assert refused.vendor_message == "no [redacted]"
    dump = pickle.dumps(vars(cache)["_cache"]) + pickle.dumps(vars(cache)["_expire_info"])
    told = "".join(
        "".join(traceback.format_exception(one)) + repr(one) + str(vars(one)) for one in (refused, broken)
    )
    told += reprs + caplog.text + repr([vars(record) for record in caplog.records])
    for secret in (token, CLIENT_SECRET, f"{CLIENT_ID}:{CLIENT_SECRET}"):
        for spelling in spelled(secret):
            assert spelling not in dump
            assert spelling not in told.encode()
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    echoed = f"{token} {CLIENT_SECRET} {pair}"
    assert pair not in redactor.clean(echoed)
    assert CLIENT_SECRET not in redactor.clean(echoed)
    assert token not in redactor.clean(echoed)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ([KEY], 1),
        ([b"a new key", KEY], 1),
        ([b"a new key"], 2),
    ],
)
def test_a_key_can_be_replaced_worker_by_worker(keys: list[bytes], asked: int) -> None:
    cache = fresh_cache()
    with FaultServer() as server:
        server.default = granted("token-1")
        for each in ([KEY], keys):
            with credentials(server.url, cache, keys=each) as tokens:
                assert tokens.current(deadline()) == "token-1"
        assert len(server.requests) == asked


class Spoiling(LocMemCache):
    """A cache of which somebody else knows what is in it."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self.names: set[str] = set()

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        self.names.add(key)
        super().set(key, value, *args, **options)

    def spoil(self, value: Any) -> None:
        assert self.names
        for name in self.names:
            super().set(name, value, 60)


@pytest.mark.parametrize("spoilt", [None, 7, b"x", "", "???", "AAAA", "gAAAAA=="])
def test_what_somebody_else_wrote_into_the_cache_is_no_token(spoilt: object) -> None:
    cache = Spoiling(f"test-{uuid4()}", {})
    with FaultServer() as server:
        server.default = granted("token-1")
        with credentials(server.url, cache) as tokens:
            tokens.current(deadline())
            cache.spoil(spoilt)
        with credentials(server.url, cache) as other:
            assert other.current(deadline()) == "token-1"
        assert len(server.requests) == 2
