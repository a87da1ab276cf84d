"""What a call sends, what it repeats, and which error it ends in."""

import gzip
import logging
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.domain.redaction import Redactor
from orders.upstreams.breaker import Breaker
from orders.upstreams.tokens import FixedToken, NoCredentials
from orders.upstreams.transport import Limits, Transport
from tests import faultserver
from tests.faultserver import FaultServer, Script, answer
from tests.upstreams.doubles import API_KEY, TOKEN, Sleeps, fresh_cache, transport_to

OUTCOMES = [
    # status, error, HTTP attempts
    (201, errors.BadAnswer, 1),
    (204, errors.BadAnswer, 1),
    (206, errors.BadAnswer, 1),
    (301, errors.BadAnswer, 1),
    (302, errors.BadAnswer, 1),
    (304, errors.BadAnswer, 1),
    (307, errors.BadAnswer, 1),
    (400, errors.BadRequest, 1),
    (401, errors.CredentialsRefused, 1),
    (403, errors.CredentialsRefused, 1),
    (404, errors.NotFound, 1),
    (405, errors.BadRequest, 1),
    (408, errors.BadRequest, 1),
    (409, errors.BadRequest, 1),
    (410, errors.BadRequest, 1),
    (422, errors.BadRequest, 1),
    (429, errors.RateLimited, 3),
    (500, errors.Unavailable, 3),
    (501, errors.Unavailable, 1),
    (502, errors.Unavailable, 3),
    (503, errors.Unavailable, 3),
    (504, errors.Unavailable, 3),
    (599, errors.Unavailable, 1),
    (600, errors.BadAnswer, 1),
]

NO_ANSWER: list[tuple[Script, type[UpstreamError]]] = [
    (faultserver.reset, errors.Unavailable),
    (faultserver.hang_up, errors.Unavailable),
    (faultserver.stall_after_headers, errors.TimedOut),
    (faultserver.silence, errors.TimedOut),
    (answer(declared=10), errors.BadAnswer),
    (faultserver.raw(b"HTTP/1.1 200 OK\r\nContent-Type: applic"), errors.BadAnswer),
    (
        faultserver.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
        errors.BadAnswer,
    ),
]


def failure(transport: Transport, path: str = "/v3/x", **given: Any) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        transport.get(path, **given)
    return caught.value


def ids(server: FaultServer) -> tuple[list[str], list[str]]:
    """The request IDs and the correlation IDs that came in, in order."""
    return (
        [one.headers["x-request-id"] for one in server.requests],
        [one.headers["x-correlation-id"] for one in server.requests],
    )


@pytest.mark.parametrize(("status", "kind", "attempts"), OUTCOMES)
def test_each_status_has_its_error_and_any_answer_spends_the_correlation_id(
    status: int, kind: type[UpstreamError], attempts: int
) -> None:
    with FaultServer() as server, transport_to(server.url, sleep=Sleeps()) as transport:
        body = b"" if status in {204, 304} else b'{"code": "77", "message": "no"}'
        server.default = answer(status, body, {"Location": "/elsewhere"})
        error = failure(transport, correlation_id="given-by-the-page")
        assert type(error) is kind
        assert error.status == status
        assert len(server.requests) == attempts
        request_ids, correlation_ids = ids(server)
    assert len(set(request_ids)) == attempts
    assert len(set(correlation_ids)) == attempts
    assert correlation_ids[0] == "given-by-the-page"
    exchange = error.exchange
    assert exchange is not None
    assert [one.request_id for one in exchange.attempts] == request_ids
    assert [one.correlation_id for one in exchange.attempts] == correlation_ids
    assert {one.status for one in exchange.attempts} == {status}
    assert not exchange.got_no_answer


@pytest.mark.parametrize(("script", "kind"), NO_ANSWER)
def test_without_a_complete_answer_the_correlation_id_is_kept(
    script: Script, kind: type[UpstreamError]
) -> None:
    limits = Limits(read_timeout=0.6)
    with (
        FaultServer() as server,
        transport_to(server.url, limits=limits, sleep=Sleeps()) as transport,
    ):
        server.default = script
        error = failure(transport, correlation_id="given-by-the-page")
        request_ids, correlation_ids = ids(server)
    assert type(error) is kind
    assert len(set(request_ids)) == 3
    assert correlation_ids == ["given-by-the-page"] * 3
    assert error.status is None
    assert error.exchange is not None
    assert error.exchange.got_no_answer


@pytest.mark.parametrize("first", [one for one, _ in NO_ANSWER])
def test_one_failure_is_repaired_by_a_repetition(first: Script) -> None:
    limits = Limits(read_timeout=0.6)
    with FaultServer(first) as server, transport_to(server.url, limits=limits) as transport:
        assert transport.get("/v3/x").body == b"{}"
        assert len(server.requests) == 2


def test_ids_change_from_the_first_answer_on() -> None:
    with (
        FaultServer(faultserver.hang_up, answer(500), faultserver.hang_up) as server,
        transport_to(server.url, sleep=Sleeps(), limits=Limits(attempts=4)) as transport,
    ):
        transport.get("/v3/x")
        _, (first, second, third, fourth) = ids(server)
    assert first == second
    assert third == fourth
    assert second != third


def test_the_last_attempt_decides_which_error_it_is() -> None:
    scripts = [answer(503), answer(429), faultserver.hang_up]
    with FaultServer(*scripts) as server, transport_to(server.url, sleep=Sleeps()) as transport:
        error = failure(transport)
    assert isinstance(error, errors.Unavailable)
    assert error.status is None
    assert error.exchange is not None
    assert [one.status for one in error.exchange.attempts] == [503, 429, None]


def test_a_wait_that_took_longer_than_planned_leaves_the_error_that_was() -> None:
    """On a busy machine a sleep of 50 ms may last until the deadline is past."""
    moment = [1000.0]

    def oversleep(seconds: float) -> None:
        moment[0] += 60.0

    with (
        FaultServer() as server,
        transport_to(server.url, sleep=oversleep, now=lambda: moment[0]) as transport,
    ):
        server.default = answer(503)
        error = failure(transport)
    assert isinstance(error, errors.Unavailable)
    assert error.status == 503
    assert len(server.requests) == 1


def test_a_deadline_within_the_wait_leaves_the_error_that_was() -> None:
    limits = Limits(deadline=0.5)
    with (
        FaultServer() as server,
        transport_to(server.url, limits=limits, jitter=lambda: 0.999) as transport,
    ):
        server.default = answer(429)
        started = time.monotonic()
        assert isinstance(failure(transport), errors.RateLimited)
        assert time.monotonic() - started < 0.2
        assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "waits"), [(500, [0.05, 0.1]), (503, [0.05, 0.1]), (429, [1.0, 2.0])])
def test_waits_double_and_are_random_from_nothing_up(status: int, waits: list[float]) -> None:
    for chance in (1.0, 0.5, 0.0):
        slept = Sleeps()
        with (
            FaultServer() as server,
            transport_to(server.url, sleep=slept, jitter=lambda at=chance: at) as transport,
        ):
            server.default = answer(status)
            failure(transport)
        assert list(slept) == [wait * chance for wait in waits if chance]


RETRY_AFTER = [
    # header, slept before the first repetition, reported
    ("1", 1.0, 1),
    ("3", 3.0, 3),
    ("30", None, 30),
    ("86400", None, 3600),
    ("9" * 40, None, 3600),
    ("0", 0.25, None),
    ("-5", 0.25, None),
    ("soon", 0.25, None),
    ("300s", 0.25, None),
    ("1e3", 0.25, None),
    ("", 0.25, None),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0.25, None),
    ("Thu, 99 Foo 2099 00:00:00 GMT", 0.25, None),
    ("Fri, 31 Dec 9999 23:59:59 GMT", None, 3600),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("value", "slept", "reported"), RETRY_AFTER)
def test_retry_after_is_obeyed_where_it_fits_and_reported_where_it_does_not(
    status: int, value: str, slept: float | None, reported: int | None
) -> None:
    sleeps = Sleeps()
    with (
        FaultServer() as server,
        transport_to(server.url, sleep=sleeps, jitter=lambda: 0.25) as transport,
    ):
        server.default = answer(status, headers={"Retry-After": value})
        error = failure(transport)
        asked = len(server.requests)
    assert error.retry_after == reported
    if slept is None:
        assert (list(sleeps), asked) == ([], 1)
    else:
        usual = slept == 0.25 and status == 503
        assert sleeps[0] == (0.25 * 0.05 if usual else slept)
        assert asked == 3


def test_retry_after_as_a_date_is_measured_against_the_answers_own_clock() -> None:
    sleeps = Sleeps()
    headers = {
        "Retry-After": "Mon, 01 Jan 2001 00:00:02 GMT",
        "Date": "Mon, 01 Jan 2001 00:00:00 GMT",
    }
    with (
        FaultServer(answer(429, headers=headers)) as server,
        transport_to(server.url, sleep=sleeps) as transport,
    ):
        transport.get("/v3/x")
        assert list(sleeps) == [2.0]
        sleeps.clear()
        server.scripts.append(answer(429, headers={"Retry-After": faultserver.http_date(3)}))
        transport.get("/v3/x")
        assert 1.5 < sleeps[0] <= 3.0


def test_what_is_sent() -> None:
    with (
        FaultServer() as server,
        transport_to(server.url + "/prefix/", source="fabric") as transport,
    ):
        params = [("order-type", "NEW"), ("limit", "25"), ("order-type", "RE&= +é%")]
        made = transport.get("/v3/customers/10%2505/orders", params)
        sent = server.requests[0]
    assert sent.target == (
        "/prefix/v3/customers/10%2505/orders?order-type=NEW&limit=25&order-type=RE%26%3D%20%2B%C3%A9%25"
    )
    assert sent.method == "GET"
    assert sent.body == b""
    assert sent.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "orders-portal",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "content-type": "application/json",
        "x-api-key": API_KEY,
        "authorization": f"Bearer {TOKEN}",
        "x-request-id": made.exchange.request_id,
        "x-correlation-id": made.exchange.correlation_id,
    }
    exchange = made.exchange
    assert (exchange.source, exchange.method, exchange.query) == ("fabric", "GET", tuple(params))
    assert exchange.path == "/v3/customers/10%2505/orders"
    assert exchange.status == 200
    assert 0 < exchange.attempts[0].duration <= exchange.duration < 2


def test_nothing_of_the_environment_has_a_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with FaultServer() as server, transport_to(server.url) as transport:
        transport.get("/v3/x")
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    with FaultServer() as server, FaultServer() as other, transport_to(server.url) as transport:
        headers = {"Location": other.url + "/trap", "Set-Cookie": "a=b; Path=/"}
        server.scripts.extend([answer(302, b"x" * 3_000_000, headers), answer(200, headers=headers)])
        assert isinstance(failure(transport), errors.BadAnswer)
        transport.get("/v3/x")
        transport.get("/v3/x")
        assert other.requests == []
        assert ["cookie" in one.headers for one in server.requests] == [False] * 3


def test_an_accepted_path_arrives_as_it_was_written() -> None:
    path = "/v3/a-._~!$&'()*+,;=:@%20%C3%A9%25/.../..a/%2E%2E%2E/"
    with FaultServer() as server, transport_to(server.url + "/%41b") as transport:
        made = transport.get(path, display_path="/v3/shown")
        assert server.requests[0].target == "/%41b" + path
        assert made.exchange.path == "/v3/shown"


UNSAFE = [
    "v3/x",
    "",
    "/v3/../x",
    "/v3/./x",
    "/..",
    "/%2e%2e/x",
    "/v3/%2E%2E/x",
    "/v3/%252E./x",
    "/v3/a%2Fb",
    "/v3/a%5Cb",
    "/v3/a%00b",
    "/v3/a%0D%0Ab",
    "/v3//x",
    "//evil.example/x",
    "/v3/x?a=b",
    "/v3/x#a",
    "/v3/x y",
    "/v3/é",
    "/v3/%e9",
    "/v3/%",
    "/v3/a\\b",
    "/v3/a\r\nX-Evil: 1",
]


@pytest.mark.parametrize("path", UNSAFE)
def test_unsafe_paths_are_refused_before_any_network(path: str) -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        error = failure(transport, path)
        assert isinstance(error, errors.BadRequest)
        assert error.exchange is not None
        assert error.exchange.attempts == ()
        assert server.connections == 0


def test_a_parameter_that_is_no_text_is_refused() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        assert isinstance(failure(transport, params=[("a", "\ud800")]), errors.BadRequest)
        assert server.connections == 0


@pytest.mark.parametrize(
    "url", ["", "partners.example", "ftp://x", "http://u:p@x", "http://x?a", "http://x/a/../b"]
)
def test_an_odd_base_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"base URL|path"), transport_to(url):
        pass


def test_values_that_cannot_be_headers_are_refused_without_being_quoted() -> None:
    for headers in ({"X-Api-Key": "secret\r\nX: y"}, {"X-Api-Key": "sécret-key"}):
        with (
            pytest.raises(ValueError, match="X-Api-Key") as caught,
            transport_to("http://127.0.0.1", headers=headers),
        ):
            pass
        assert "cret" not in str(caught.value)
    with pytest.raises(ValueError, match="Authorization") as caught:
        FixedToken("secret\nsecret", source="adobe", redactor=Redactor())
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("given", ["", "x" * 101, "a b", "a\r\nb", "../x"])
def test_a_correlation_id_that_is_none_is_replaced(given: str) -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        made = transport.get("/v3/x", correlation_id=given)
        assert made.exchange.correlation_id not in {"", given}


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("framing", ["length", "chunked", "close", "gzip"])
def test_bodies_are_bounded_after_decompression(framing: str, extra: int) -> None:
    body = b" " * (100_000 + extra)
    packed = gzip.compress(body)
    scripts = {
        "length": answer(200, body),
        "chunked": faultserver.raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"%x\r\n" % len(body)
            + body
            + b"\r\n0\r\n\r\n"
        ),
        "close": faultserver.raw(b"HTTP/1.1 200 OK\r\n\r\n" + body),
        "gzip": answer(200, packed, {"Content-Encoding": "gzip"}),
    }
    with (
        FaultServer(scripts[framing]) as server,
        transport_to(server.url, limits=Limits(max_body=100_000)) as transport,
    ):
        if not extra:
            assert transport.get("/v3/x").body == body
        else:
            error = failure(transport)
            assert isinstance(error, errors.BadAnswer)
            assert error.detail == "the answer is longer than 100,000 bytes"
            assert error.exchange is not None
            assert not error.exchange.got_no_answer
            assert len(server.requests) == 1


def test_broken_compression_is_a_bad_answer() -> None:
    headers = {"Content-Encoding": "gzip"}
    with (
        FaultServer(answer(200, b"not gzip at all", headers)) as server,
        transport_to(server.url) as transport,
    ):
        error = failure(transport)
        assert isinstance(error, errors.BadAnswer)
        assert error.detail == "the answer could not be decompressed"


def test_connections_are_kept_alive_and_a_stale_one_is_replaced_silently() -> None:
    slept = Sleeps()
    with FaultServer() as server, transport_to(server.url, sleep=slept) as transport:
        for _ in range(5):
            transport.get("/v3/x")
        assert server.connections == 1

        # The server hangs up as the next request arrives: too late to notice before sending.
        server.scripts.append(faultserver.hang_up)
        made = transport.get("/v3/x")
        assert [one.outcome for one in made.exchange.attempts] == ["reset", "answered"]
        assert len({one.correlation_id for one in made.exchange.attempts}) == 1
        assert list(slept) == []

        # The server hangs up while nobody asks: noticed before sending.
        server.max_requests_per_connection = 1
        transport.get("/v3/x")
        time.sleep(0.05)
        assert len(transport.get("/v3/x").exchange.attempts) == 1


def test_a_long_idle_connection_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.upstreams.dialling.MAX_IDLE", 0.05)
    with FaultServer() as server, transport_to(server.url) as transport:
        transport.get("/v3/x")
        transport.get("/v3/x")
        time.sleep(0.1)
        transport.get("/v3/x")
        assert server.connections == 2


def test_threads_share_the_pool_and_ids_never_repeat() -> None:
    with (
        FaultServer() as server,
        transport_to(server.url) as transport,
        ThreadPoolExecutor(16) as pool,
    ):
        answers = list(pool.map(lambda _: transport.get("/v3/x"), range(2000)))
        assert all(one.body == b"{}" for one in answers)
        assert server.connections <= 16
        request_ids, correlation_ids = ids(server)
    assert len(set(request_ids)) == len(set(correlation_ids)) == 2000


def test_what_the_vendor_says_is_cleaned_and_cut() -> None:
    said = f"bad \\u0007 token {TOKEN}\\u202e and Bearer abcdefgh12345678 " + "x" * 1000
    body = f'{{"code": "11\\u000032", "message": "{said}", "parameter": "offset"}}'.encode()
    headers = {"X-Request-Id": f"theirs {TOKEN}"}
    with FaultServer(answer(400, body, headers)) as server, transport_to(server.url) as transport:
        error = failure(transport)
    assert isinstance(error, errors.BadRequest)
    assert error.vendor_code == "11 32"
    assert error.parameter == "offset"
    expected = "bad token [redacted] and Bearer [redacted] "
    assert error.vendor_message.startswith(expected + "xxx")
    assert len(error.vendor_message) == 300
    assert error.exchange is not None
    assert error.exchange.upstream_request_id == "theirs [redacted]"


def test_a_cause_read_by_the_adapter_wins_over_the_status() -> None:
    with (
        FaultServer(answer(400, b'{"code": "1133"}')) as server,
        transport_to(server.url) as transport,
    ):
        assert type(failure(transport)) is errors.OutOfRange


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b'{"message": null}'])
def test_an_error_whose_body_cannot_be_read_is_still_that_error(body: bytes) -> None:
    with FaultServer(answer(404, body)) as server, transport_to(server.url) as transport:
        assert type(failure(transport)) is errors.NotFound


def test_bad_answer_keeps_the_exchange() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        made = transport.get("/v3/x")
        error = transport.bad_answer(made, "not JSON")
    assert (error.cause, error.status, error.detail) == ("bad-answer", 200, "not JSON")
    assert error.exchange is made.exchange


def test_without_credentials_nothing_is_asked() -> None:
    tokens = NoCredentials(source="adobe")
    with FaultServer() as server, transport_to(server.url, tokens=tokens) as transport:
        assert isinstance(failure(transport), errors.NotConfigured)
        assert server.connections == 0


def test_an_open_breaker_answers_without_asking() -> None:
    breaker = Breaker(fresh_cache(), source="adobe", threshold=3)
    with (
        FaultServer() as server,
        transport_to(server.url, breaker=breaker, sleep=Sleeps()) as transport,
    ):
        server.default = answer(500)
        for _ in range(3):
            assert type(failure(transport)) is errors.Unavailable
        assert len(server.requests) == 9
        started = time.monotonic()
        error = failure(transport)
        assert time.monotonic() - started < 0.1
        assert type(error) is errors.CircuitOpen
        assert error.cause == "unavailable"
        assert error.retry_after is not None
        assert 1 <= error.retry_after <= 15
        assert error.failing_since is not None
        assert error.exchange is not None
        assert len(server.requests) == 9


ECHOES = [
    answer(status, f'{{"message": "Authorization={TOKEN} and {API_KEY}"}}'.encode())
    for status in (400, 401, 403, 404, 409, 429, 500)
] + [
    faultserver.raw(f"HTTP/1.1 200 {TOKEN}\r\nContent-Length: x{TOKEN}\r\n\r\n".encode()),
    faultserver.raw(f"{API_KEY} {TOKEN}\r\n\r\n".encode()),
    answer(302, headers={"Location": f"http://127.0.0.1:1/?{TOKEN}", "X-Request-Id": TOKEN}),
    answer(200, declared=99),
    answer(200, b"{", {"Content-Length": "1, 2"}),
    answer(500, headers={"Retry-After": TOKEN, "X-Request-Id": API_KEY}),
    faultserver.reset,
    faultserver.hang_up,
]


@pytest.mark.parametrize("script", ECHOES)
def test_no_failure_tells_a_secret_or_an_address(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    with FaultServer() as server, transport_to(server.url, sleep=Sleeps()) as transport:
        server.default = script
        error = failure(transport, "/v3/customers/4711", params=[("offer-id", "private-filter")])
    assert error.__cause__ is None
    assert error.__context__ is None
    told = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    within = [frame.f_locals for frame, _ in traceback.walk_tb(error.__traceback__)]
    told += str(within[1:]) + caplog.text + repr([vars(record) for record in caplog.records])
    assert [record.name for record in caplog.records] == ["orders.upstreams"]
    assert "private-filter" not in caplog.text
    assert "customers" not in caplog.text
    for secret in (TOKEN, API_KEY):
        assert secret not in told


def test_failures_are_logged_once_and_ordinary_ones_quietly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="orders.upstreams")
    with (
        FaultServer(answer(404), answer(403)) as server,
        transport_to(server.url) as transport,
    ):
        failure(transport)
        failure(transport)
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING"]
    assert caplog.messages[0].startswith("adobe: not-found, HTTP 404, request ")


def test_an_interrupted_probe_leaves_the_breaker_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    breaker = Breaker(fresh_cache(), source="adobe", threshold=1, open_for=0.0)
    with (
        FaultServer() as server,
        transport_to(server.url, breaker=breaker, sleep=Sleeps()) as transport,
    ):
        server.scripts.extend([answer(500)] * 3)
        failure(transport)

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(transport._sender, "send", interrupted)
            with pytest.raises(KeyboardInterrupt):
                transport.get("/v3/x")
        assert transport.get("/v3/x").body == b"{}"
    assert threading.active_count() < 50
