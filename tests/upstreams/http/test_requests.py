"""What a call sends, and what is refused before anything is sent."""

from typing import Any

import pytest

from orders.domain import errors
from orders.domain.redaction import Redactor
from orders.upstreams.credentials.tokens import FixedToken
from tests.faultserver import FaultServer, answer
from tests.upstreams.doubles import API_KEY, TOKEN, failure, transport_to


def test_a_post_is_sent_where_it_only_reads_and_nowhere_else() -> None:
    with (
        FaultServer(answer(body=b"{}")) as server,
        transport_to(server.url, reading_posts=frozenset({"/v3/pricelist"})) as transport,
    ):
        made = transport.read_by_post("/v3/pricelist", b'{"region": "NA"}', [("limit", "100")])
        with pytest.raises(ValueError, match="does not only read"):
            transport.read_by_post("/v3/customers/1/orders", b"{}")
    (sent,) = server.requests
    assert (sent.method, sent.target, sent.body) == ("POST", "/v3/pricelist?limit=100", b'{"region": "NA"}')
    assert made.exchange.method == "POST"


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
    with pytest.raises(ValueError, match="a token") as caught:
        FixedToken("secret\nsecret", source="adobe", redactor=Redactor())
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("given", ["", "x" * 101, "a b", "a\r\nb", "../x"])
def test_a_correlation_id_that_is_none_is_replaced(given: str) -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        made = transport.get("/v3/x", correlation_id=given)
        assert made.exchange.correlation_id not in {"", given}
