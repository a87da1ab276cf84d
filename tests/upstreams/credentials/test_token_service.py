"""How a token service is asked, which failures are blamed on it, and what counts as a token."""

import time

import pytest

from orders.upstreams.http.sender import Limits
from tests import faultserver
from tests.faultserver import FaultServer, Script, answer
from tests.upstreams.credentials.clients import Clock, credentials, deadline, failure, granted
from tests.upstreams.doubles import transport_to

SERVICE_FAILURES = [
    (answer(400, b'{"error": "invalid_client"}'), "credentials", "(HTTP 400 invalid_client)", 1),
    (answer(401, b"{}"), "credentials", "(HTTP 401)", 1),
    (answer(403, b'{"error": "Secret Words"}'), "credentials", "(HTTP 403)", 1),
    (answer(404, b"<html>"), "bad-answer", "HTTP 404: is its address right?", 1),
    (answer(404, b'{"error": "invalid_client"}'), "credentials", "(HTTP 404 invalid_client)", 1),
    (answer(400, b'{"error": "INVALID_CLIENT"}'), "credentials", "(HTTP 400 invalid_client)", 1),
    (answer(200, b'{"error": "invalid_client"}'), "credentials", "(HTTP 200 invalid_client)", 1),
    (answer(200, b'{"error": "Secret Words"}'), "bad-answer", "answered HTTP 200, which is no token", 1),
    (answer(407), "unavailable", "the token service answered HTTP 407", 1),
    (answer(408), "timeout", "the token service: the request was not taken in time (HTTP 408)", 3),
    (
        answer(400, b'{"error": "temporarily_unavailable"}'),
        "unavailable",
        "answered HTTP 400 temporarily_",
        3,
    ),
    (
        answer(200, b'{"error": "temporarily_unavailable"}'),
        "unavailable",
        "answered HTTP 200 temporarily_",
        3,
    ),
    (answer(403, b'{"error": "server_error"}'), "unavailable", "HTTP 403 server_error", 3),
    (answer(202, b'{"access_token": "token-1"}'), "bad-answer", "HTTP 202, which is no token", 1),
    (
        answer(200, b'{"access_token": "token-1"}', {"X-Request-Id": "somebody-else"}),
        *("bad-answer", "the token service: the answer to another question came", 1),
    ),
    (granted("two words"), "bad-answer", "cannot be sent", 1),
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
        assert str(error).endswith(error.detail)  # no identifiers of a call that was not made
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


@pytest.mark.parametrize("life", [None, "", "3600s", "soon", [], True, "nan", 1e999])
def test_a_life_that_cannot_be_read_is_a_short_one_and_a_warning(
    life: object, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    with (
        FaultServer(granted("token-1", life), granted("token-2")) as server,
        credentials(server.url, clock=clock) as tokens,
    ):
        assert tokens.current(deadline()) == "token-1"
        assert "how long its token lives" in caplog.text
        clock.time += 301
        assert tokens.current(deadline()) == "token-2"


TAKEN = [
    answer(200, b'\xef\xbb\xbf{"access_token": "token-1", "expires_in": 600}'),
    answer(200, '{"access_token": "token-1", "expires_in": 600}'.encode("utf-16")),
    answer(201, b'{"access_token": "token-1", "expires_in": 600}'),
    answer(200, b'{"access_token": "token-1", "expires_in": 600, "error": null}'),
    granted("token-1\n"),
    granted(" token-1\r\n"),
    granted("Bearer token-1"),
    granted("token-1", " 600 "),
]


@pytest.mark.parametrize("script", TAKEN)
def test_odd_ways_to_hand_over_a_token(script: Script) -> None:
    with FaultServer(script) as server, credentials(server.url) as tokens:
        assert tokens.current(deadline()) == "token-1"


def test_each_question_to_a_token_service_has_a_connection_of_its_own() -> None:
    with FaultServer() as server, credentials(server.url) as tokens:
        server.scripts.extend(granted(f"token-{number}") for number in range(3))
        assert tokens.current(deadline()) == "token-0"
        assert tokens.renew("token-0", deadline()) == "token-1"
        assert tokens.renew("token-1", deadline()) == "token-2"
        assert server.connections == 3
