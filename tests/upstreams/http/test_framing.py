"""Where an answer ends: what comes before it is read past, and after any doubt its connection goes."""

import time

import pytest

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.upstreams.http.calls import FOREIGN
from orders.upstreams.http.transport import Transport
from tests.faultserver import Certificate, Connection, FaultServer, Script, chunked, http, kept
from tests.upstreams.doubles import transport_to

OURS, MINE, THEIRS = b'{"whose": "first"}', b'{"whose": "second"}', b'{"whose": "stranger"}'
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n"
PROCESSING = b"HTTP/1.1 102 Processing\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def failure(transport: Transport, path: str = "/v3/x", correlation_id: str = "") -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        transport.get(path, correlation_id=correlation_id)
    return caught.value


@pytest.mark.parametrize(
    "parts",
    [
        (HINT, http(200, OURS)),
        (HINT + http(200, OURS),),
        (PROCESSING, http(200, OURS)),
        (CONTINUE, HINT, PROCESSING, HINT, http(200, OURS)),
        (HINT, chunked(OURS)),
        (b"HTTP/1.1 199 Whatever\r\nContent-Length: 5\r\n\r\n", http(200, OURS)),
    ],
)
def test_interim_answers_are_read_past(parts: tuple[bytes, ...]) -> None:
    with FaultServer(kept(*parts, pause=0.05)) as server, transport_to(server.url) as transport:
        server.default = kept(http(200, MINE))
        assert transport.get("/v3/x").body == OURS
        assert transport.get("/v3/x").body == MINE
        assert server.connections == 1


@pytest.mark.parametrize(
    "said",
    [
        HINT * 100 + http(200, OURS),
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + http(200, OURS),
        http(200, OURS, "Content-Length: 3"),
        http(200, OURS, "Content-Length: 18, 19", with_length=False),
        http(200, OURS, "Content-Length: -1", with_length=False),
        http(200, OURS, "Content-Length: 1_8", with_length=False),
        http(200, OURS, "Transfer-Encoding: gzip, chunked", with_length=False),
        http(200, b"-1\r\n" + OURS, "Transfer-Encoding: chunked", with_length=False),
        http(200, b"+12\r\n" + OURS, "Transfer-Encoding: chunked", with_length=False),
        http(200, b"0x12\r\n" + OURS, "Transfer-Encoding: chunked", with_length=False),
        http(200, b"\r\n" + OURS, "Transfer-Encoding: chunked", with_length=False),
    ],
)
def test_an_answer_without_a_certain_end_is_none(said: bytes) -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        server.default = kept(said)
        started = time.monotonic()
        assert type(failure(transport)) is errors.BadAnswer
        assert time.monotonic() - started < 2


# What comes back for the first question, and whether it is an answer. The rest may come late.
UNTIDY: list[tuple[tuple[bytes, ...], bytes | None]] = [
    ((http(200, OURS) + http(200, THEIRS),), OURS),
    ((chunked(OURS) + http(200, THEIRS),), OURS),
    ((http(200, OURS) + b"rubbish",), OURS),
    ((http(200, OURS) + b"\r\n",), OURS),
    ((http(200, OURS) + b" " * 20_000 + http(200, THEIRS),), OURS),
    ((http(200, b""), http(200, THEIRS)), b""),
    ((http(200, b"") + http(200, THEIRS),), b""),
    ((b"HTTP/1.1 204 No Content\r\n\r\n", http(200, THEIRS)), None),
    ((b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n" + http(200, THEIRS),), None),
    ((b"HTTP/1.1 304 Not Modified\r\n\r\n", http(200, THEIRS)), None),
    *(((http(status, OURS), http(200, THEIRS)), None) for status in (201, 203, 206, 400, 403, 404, 501)),
    ((http(200, OURS, "Connection: keep-alive", version="1.0"), http(200, THEIRS)), OURS),
    ((http(200, OURS, f"Content-Length: {len(OURS)}"), http(200, THEIRS)), OURS),
    ((http(200, OURS, f"Content-Length: {len(OURS)}, {len(OURS)}", with_length=False), THEIRS), OURS),
    ((http(200, chunked(OURS).partition(b"\r\n\r\n")[2], "Transfer-Encoding: chunked"), THEIRS), OURS),
]


@pytest.mark.parametrize(("parts", "first"), UNTIDY)
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "tls"])
def test_after_any_doubt_the_connection_is_not_used_again(
    parts: tuple[bytes, ...], first: bytes | None, encrypted: bool, certificate: Certificate
) -> None:
    with (
        FaultServer(certificate=certificate if encrypted else None) as server,
        transport_to(server.url, ca_file=str(certificate.path)) as transport,
    ):
        server.scripts.append(kept(*parts, pause=0.1))
        server.default = kept(http(200, MINE))
        if first is None:
            failure(transport)
        else:
            assert transport.get("/v3/x").body == first
        for _ in range(3):
            assert transport.get("/v3/x").body == MINE
        assert server.connections == 2


def test_what_comes_while_nobody_asks_ends_the_connection() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        server.scripts.append(kept(http(200, OURS), http(200, THEIRS), pause=0.1))
        server.default = kept(http(200, MINE))
        assert transport.get("/v3/x").body == OURS
        time.sleep(0.2)
        assert transport.get("/v3/x").body == MINE
        assert server.connections == 2


def echoing(body: bytes, *headers: str) -> Script:
    def script(connection: Connection) -> None:
        connection.keep_alive = True
        echo = f"x-request-id: {connection.request.headers['x-request-id']}"
        connection.send(http(200, body, echo, *headers))

    return script


def test_a_connection_whose_answers_prove_themselves_serves_everybody() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        server.default = echoing(OURS)
        for path in ("/customers/1", "/customers/2", "/customers/1"):
            assert transport.get(path).body == OURS
        assert server.connections == 1


def test_a_connection_whose_answers_do_not_is_kept_for_the_same_address() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        server.default = kept(http(200, OURS))
        transport.get("/customers/1")
        transport.get("/customers/1", [("offset", "25")])
        assert server.connections == 1
        transport.get("/customers/2")
        assert server.connections == 2


def test_an_answer_with_another_requests_id_is_refused_at_once_and_counted() -> None:
    seen: list[str] = []
    with (
        FaultServer() as server,
        transport_to(server.url, observe_foreign=seen.append) as transport,
    ):
        server.default = kept(http(200, THEIRS, "X-Request-Id: somebody-elses"))
        error = failure(transport)
        server.default = echoing(MINE)
        assert transport.get("/v3/x").body == MINE
        assert (len(server.requests), server.connections) == (2, 2)
    assert type(error) is errors.ForeignAnswer
    assert (error.cause, error.status) == ("bad-answer", 200)
    assert error.detail == FOREIGN.format("it carries another request's ID")
    assert seen == ["adobe"]


def test_a_gateway_may_add_an_id_of_its_own_to_ours() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        server.default = echoing(OURS, "X-Request-Id: the-gateways")
        assert transport.get("/v3/x").body == OURS


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.CredentialsRefused),
        (429, errors.RateLimited),
        (503, errors.Unavailable),
        (404, errors.ForeignAnswer),
        (400, errors.ForeignAnswer),
    ],
)
def test_a_refusal_that_says_nothing_of_the_question_counts_whosever_it_is(
    status: int, kind: type[UpstreamError]
) -> None:
    """Gateways refuse under IDs of their own; but their words may be about somebody else's question."""
    with FaultServer() as server, transport_to(server.url, sleep=lambda seconds: None) as transport:
        said = b'{"code": "7", "message": "order 4711 of another"}'
        server.default = kept(http(status, said, "X-Request-Id: a-gateways-own"))
        error = failure(transport)
    assert type(error) is kind
    assert (error.vendor_code, error.vendor_message) == ("", "")


def test_the_replayed_answer_of_an_earlier_attempt_is_ours() -> None:
    def replaying(connection: Connection) -> None:
        first = server.requests[0].headers["x-request-id"]
        connection.send(http(200, OURS, f"X-Request-Id: {first}"))

    with FaultServer(lambda connection: None) as server, transport_to(server.url) as transport:
        server.default = replaying
        assert transport.get("/v3/x").body == OURS
        assert len(server.requests) == 2


def test_the_replayed_answer_to_an_earlier_page_is_not_refused() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        server.default = kept(http(200, OURS, "X-Request-Id: of-the-page-before"))
        assert transport.get("/v3/x", correlation_id="of-the-page-before").body == OURS
        assert type(failure(transport)) is errors.ForeignAnswer
