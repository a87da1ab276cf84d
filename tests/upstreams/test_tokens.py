"""Tokens are fetched once for everybody, renewed in time, and told to nobody."""

import base64
import json
import logging
import pickle
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.domain.redaction import Redactor
from orders.upstreams.sealing import Seal
from orders.upstreams.token_service import TokenService
from orders.upstreams.tokens import ClientCredentials, FixedToken, NoCredentials
from orders.upstreams.transport import Limits, Sender
from tests import faultserver
from tests.faultserver import Connection, FaultServer, Script, answer
from tests.upstreams.doubles import Sleeps, fresh_cache, transport_to
from tests.upstreams.shared_caches import DeadCache, redis_cache

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
    clock = changes.pop("clock", time.time)
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
            key=KEY,
            clock=clock,
        )
    finally:
        sender.close()


def failure(ask: Callable[[], object]) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        ask()
    return caught.value


def test_fabric_gets_its_secret_in_a_basic_header() -> None:
    with FaultServer(granted("token-1")) as server, credentials(server.url) as tokens:
        assert tokens.current(deadline()) == "token-1"
        (sent,) = server.requests
    assert (sent.method, sent.target) == ("POST", "/oauth2/token")
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    pair = base64.b64decode(sent.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{CLIENT_ID}:{CLIENT_SECRET}"
    assert parse_qsl(sent.body.decode()) == [
        ("grant_type", "client_credentials"),
        ("scope", "s2s"),
    ]


def test_adobe_gets_its_secret_in_the_body() -> None:
    scope = "openid,AdobeID,read_organizations"
    with (
        FaultServer(granted("token-1")) as server,
        credentials(server.url, secret_in="body", scope=scope) as tokens,
    ):
        tokens.current(deadline())
        (sent,) = server.requests
    assert "authorization" not in sent.headers
    assert sent.target == "/oauth2/token"
    assert parse_qsl(sent.body.decode()) == [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("scope", scope),
    ]


def test_one_fetch_for_many_callers() -> None:
    def slowly(connection: Connection) -> None:
        time.sleep(0.2)
        granted("token-1")(connection)

    with (
        FaultServer(slowly) as server,
        credentials(server.url) as tokens,
        ThreadPoolExecutor(32) as pool,
    ):
        found = set(pool.map(lambda _: tokens.current(deadline()), range(32)))
        assert found == {"token-1"}
        assert len(server.requests) == 1


def test_one_failure_for_all_who_wait_and_a_new_try_for_who_comes_later() -> None:
    def refusing_slowly(connection: Connection) -> None:
        time.sleep(0.3)
        answer(401, b'{"error": "invalid_client"}')(connection)

    with (
        FaultServer(refusing_slowly, granted("token-1")) as server,
        credentials(server.url) as tokens,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = [pool.submit(tokens.current, deadline()) for _ in range(8)]
        failures = [one.exception() for one in asked]
        assert {type(one) for one in failures} == {errors.CredentialsRefused}
        assert len({id(one) for one in failures}) == 8
        assert len(server.requests) == 1
        assert tokens.current(deadline()) == "token-1"


@pytest.mark.parametrize(("life", "early"), [(86399, 180), (600, 60), (10, 1)])
def test_a_token_is_renewed_early_but_not_too_early(life: int, early: int) -> None:
    clock = Clock()
    with (
        FaultServer(granted("token-1", life), granted("token-2", life)) as server,
        credentials(server.url, clock=clock) as tokens,
    ):
        assert tokens.current(deadline()) == "token-1"
        clock.time += life - early - 0.5
        assert tokens.current(deadline()) == "token-1"
        clock.time += 1
        assert tokens.current(deadline()) == "token-2"
        assert len(server.requests) == 2


def test_while_an_old_token_holds_a_failing_renewal_hurts_nobody() -> None:
    clock = Clock()
    with (
        FaultServer(granted("token-1", 600)) as server,
        credentials(server.url, clock=clock) as tokens,
    ):
        tokens.current(deadline())
        server.default = answer(400, b'{"error": "invalid_client"}')
        clock.time += 550
        assert tokens.current(deadline()) == "token-1"
        assert tokens.current(deadline()) == "token-1"
        assert len(server.requests) == 2  # not one for every caller
        clock.time += 51
        assert isinstance(failure(lambda: tokens.current(deadline())), errors.CredentialsRefused)


def test_early_renewal_keeps_only_one_caller_waiting() -> None:
    clock = Clock()
    renewing = threading.Event()
    go_on = threading.Event()

    def held_up(connection: Connection) -> None:
        renewing.set()
        go_on.wait(5)
        granted("token-2")(connection)

    with (
        FaultServer(granted("token-1"), held_up) as server,
        credentials(server.url, clock=clock) as tokens,
        ThreadPoolExecutor(1) as pool,
    ):
        tokens.current(deadline())
        clock.time += 550
        renewer = pool.submit(tokens.current, deadline())
        assert renewing.wait(5)
        assert tokens.current(deadline()) == "token-1"
        go_on.set()
        assert renewer.result() == "token-2"
        assert tokens.current(deadline()) == "token-2"


def test_a_refused_token_is_renewed_once_for_all_who_were_refused() -> None:
    with (
        FaultServer(granted("token-1"), granted("token-2")) as server,
        credentials(server.url) as tokens,
        ThreadPoolExecutor(16) as pool,
    ):
        tokens.current(deadline())
        found = set(pool.map(lambda _: tokens.renew("token-1", deadline()), range(16)))
        assert found == {"token-2"}
        assert len(server.requests) == 2


def test_a_call_renews_its_token_once_and_repeats_with_new_ids() -> None:
    with (
        FaultServer(granted("token-1"), granted("token-2")) as service,
        FaultServer(answer(401), answer()) as upstream,
        credentials(service.url) as tokens,
        transport_to(upstream.url, tokens=tokens) as transport,
    ):
        made = transport.get("/v3/x", correlation_id="given")
        sent = [one.headers for one in upstream.requests]
        assert [one["authorization"] for one in sent] == ["Bearer token-1", "Bearer token-2"]
        assert sent[0]["x-correlation-id"] == "given"
        assert len({one["x-correlation-id"] for one in sent}) == 2
        assert len({one["x-request-id"] for one in sent}) == 2
        assert [one.status for one in made.exchange.attempts] == [401, 200]


@pytest.mark.parametrize("refusal", [answer(401), answer(403, b'{"code": "stale"}')])
def test_a_second_refusal_is_final(refusal: Script) -> None:
    with FaultServer() as service, FaultServer() as upstream, credentials(service.url) as tokens:
        service.scripts.extend(granted(f"token-{n}") for n in range(5))
        upstream.default = refusal
        with transport_to(upstream.url, tokens=tokens) as transport:
            error = failure(lambda: transport.get("/v3/x"))
        assert isinstance(error, errors.CredentialsRefused)
        assert len(upstream.requests) == len(service.requests) == 2


def test_a_plain_403_is_final_at_once() -> None:
    with (
        FaultServer(granted("token-1")) as service,
        FaultServer(answer(403)) as upstream,
        credentials(service.url) as tokens,
        transport_to(upstream.url, tokens=tokens) as transport,
    ):
        error = failure(lambda: transport.get("/v3/x"))
        assert isinstance(error, errors.CredentialsRefused)
        assert len(service.requests) == 1


def test_a_token_that_ends_within_the_retries_is_still_renewed() -> None:
    with (
        FaultServer(granted("token-1"), granted("token-2")) as service,
        FaultServer(answer(500), answer(500), answer(401), answer()) as upstream,
        credentials(service.url) as tokens,
        transport_to(upstream.url, tokens=tokens, sleep=Sleeps()) as transport,
    ):
        assert transport.get("/v3/x").exchange.status == 200


def test_a_fixed_token_is_never_renewed() -> None:
    tokens = FixedToken("  a-fixed-token\n", source="adobe", redactor=Redactor())
    with (
        FaultServer(answer(401)) as upstream,
        transport_to(upstream.url, tokens=tokens) as transport,
    ):
        error = failure(lambda: transport.get("/v3/x"))
        assert isinstance(error, errors.CredentialsRefused)
        assert [one.headers["authorization"] for one in upstream.requests] == ["Bearer a-fixed-token"]
    assert isinstance(failure(lambda: tokens.renew("x", 0.0)), errors.CredentialsRefused)
    nothing = NoCredentials(source="adobe")
    assert isinstance(failure(lambda: nothing.current(0.0)), errors.NotConfigured)


SERVICE_FAILURES = [
    (answer(400, b'{"error": "invalid_client"}'), "credentials", "(HTTP 400 invalid_client)", 1),
    (answer(401, b"{}"), "credentials", "(HTTP 401)", 1),
    (answer(403, b'{"error": "Secret Words"}'), "credentials", "(HTTP 403)", 1),
    (answer(404, b"<html>"), "credentials", "(HTTP 404)", 1),
    (answer(429), "rate-limited", "the token service answered HTTP 429", 3),
    (answer(500), "unavailable", "the token service answered HTTP 500", 3),
    (answer(503), "unavailable", "the token service answered HTTP 503", 3),
    (answer(302, headers={"Location": "/x"}), "bad-answer", "the token service", 1),
    (faultserver.reset, "unavailable", "the token service: the connection was closed", 3),
    (faultserver.silence, "timeout", "the token service: no complete answer", 1),
    (answer(200, b"no json"), "bad-answer", "without a token", 1),
    (answer(200, b"[]"), "bad-answer", "without a token", 1),
    (granted(""), "bad-answer", "without a token", 1),
    (answer(200, b'{"access_token": 7, "expires_in": 60}'), "bad-answer", "without a token", 1),
    (granted("token\r\nX-Evil: 1"), "bad-answer", "cannot be sent", 1),
    (granted("token-1", 0), "bad-answer", "already ended", 1),
    (granted("token-1", -5), "bad-answer", "already ended", 1),
    (granted("token-1", "soon"), "bad-answer", "already ended", 1),
    (granted("token-1", None), "bad-answer", "already ended", 1),
]


@pytest.mark.parametrize(("script", "cause", "detail", "asked"), SERVICE_FAILURES)
def test_failures_of_the_token_service_are_blamed_on_it(
    script: Script, cause: str, detail: str, asked: int
) -> None:
    limits = Limits(read_timeout=4, deadline=1.5)
    with (
        FaultServer() as service,
        FaultServer() as upstream,
        credentials(service.url) as tokens,
        transport_to(upstream.url, tokens=tokens, limits=limits) as transport,
    ):
        service.default = script
        started = time.monotonic()
        error = failure(lambda: transport.get("/v3/x"))
        assert time.monotonic() - started < 1.75
        assert error.cause == cause
        assert detail in error.detail
        assert "token service" in error.detail
        assert error.exchange is not None
        assert upstream.requests == []
        assert len(service.requests) == asked


def test_a_life_given_as_text_or_not_at_all() -> None:
    clock = Clock()
    with FaultServer() as server, credentials(server.url, clock=clock) as tokens:
        server.scripts.append(granted("token-1", "600"))
        server.scripts.append(answer(200, b'{"access_token": "token-2"}'))
        assert tokens.current(deadline()) == "token-1"
        clock.time += 601
        assert tokens.current(deadline()) == "token-2"
        clock.time += 250
        assert tokens.current(deadline()) == "token-2"


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


def test_a_worker_that_died_while_fetching_does_not_block_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orders.upstreams.tokens._LOCK_SECONDS", 0.3)
    cache = fresh_cache()
    with FaultServer(granted("token-1")) as server, credentials(server.url, cache) as tokens:
        tokens._shared.add("lock", 1, 60)
        started = time.monotonic()
        assert tokens.current(deadline()) == "token-1"
        assert time.monotonic() - started < 1


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
        reprs = repr([tokens, tokens._service, tokens._seal, redactor, transport])
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


def test_a_sealed_text_opens_only_unchanged_for_its_purpose_and_key() -> None:
    seal = Seal(KEY, purpose="tokens")
    text = "a token, or anything else: é" * 10
    sealed = seal.close(text)
    assert seal.open(sealed) == text
    assert seal.open(seal.close("")) == ""
    assert seal.close(text) != sealed
    assert Seal(KEY, purpose="others").open(sealed) is None
    assert Seal(b"another key", purpose="tokens").open(sealed) is None
    for odd in (None, 7, b"x", "", "???", "AAAA", sealed[:-4], sealed[4:]):
        assert seal.open(odd) is None
    raw = bytearray(base64.b64decode(sealed))
    for position in range(0, len(raw), 7):
        raw[position] ^= 1
        assert seal.open(base64.b64encode(raw).decode()) is None
        raw[position] ^= 1
