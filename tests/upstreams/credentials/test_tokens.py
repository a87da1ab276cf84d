"""Tokens are fetched once for everybody, renewed in time, and told to nobody."""

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl

import pytest

from orders.domain import errors
from orders.domain.redaction import Redactor
from orders.upstreams.credentials.tokens import FixedToken, NoCredentials
from tests.faultserver import Connection, FaultServer, Script, answer
from tests.upstreams.credentials.clients import (
    CLIENT_ID,
    CLIENT_SECRET,
    Clock,
    credentials,
    deadline,
    failure,
    granted,
)
from tests.upstreams.doubles import Sleeps, transport_to


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
