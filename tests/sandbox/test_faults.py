"""Every fault that can be scripted, as a client on the other end of a real socket meets it."""

import json
import socket
import time

import pytest
import requests

from orders.sandbox import SandboxServer, customers
from orders.sandbox.http import faults
from tests.sandbox.clients import ADOBE_HEADERS, AdobeClient, FabricClient

ADOBE = customers.ADOBE_SMALL
FABRIC = customers.FABRIC_PAGED


def both(adobe: AdobeClient, fabric: FabricClient) -> list[requests.Response]:
    return [adobe.orders(ADOBE), fabric.orders(FABRIC)]


@pytest.fixture
def scripted(sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient):
    """Both upstreams' answers under one fault."""

    def ask(entry: faults.FaultEntry) -> list[requests.Response]:
        sandbox.script("adobe", [entry])
        sandbox.script("fabric", [entry])
        return both(adobe, fabric)

    return ask


def raw(sandbox: SandboxServer, target: str = f"/v3/customers/{ADOBE}/orders") -> bytes:
    """What the socket gives until it ends, without any client's opinion on it."""
    lines = [f"GET {target} HTTP/1.1", "Host: sandbox", "X-Correlation-Id: raw"]
    lines += [f"{name}: {value}" for name, value in ADOBE_HEADERS.items()]
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        chunks = []
        while chunk := connection.recv(1 << 20):
            chunks.append(chunk)
    return b"".join(chunks)


def test_a_script_is_consumed_one_entry_a_request_and_then_all_is_normal(
    sandbox: SandboxServer, adobe: AdobeClient
):
    sandbox.script("adobe", [503, None, {"status": 400, "code": "1133"}])
    assert sandbox.pending_faults == 3
    assert [adobe.orders(ADOBE).status_code for _ in range(4)] == [503, 200, 400, 200]
    assert sandbox.pending_faults == 0


def test_a_script_may_be_meant_for_one_customer_or_one_path(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", [500], customer_id=customers.ADOBE_EMPTY)
    sandbox.script("adobe", [503], path_contains="offset=5")
    assert adobe.orders(ADOBE).status_code == 200
    assert adobe.orders(ADOBE, ("offset", 5)).status_code == 503
    assert adobe.orders(customers.ADOBE_EMPTY).status_code == 500


def test_a_script_for_one_upstream_leaves_the_other_alone(
    sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient
):
    sandbox.script("adobe", [500])
    assert [answer.status_code for answer in both(adobe, fabric)] == [500, 200]


@pytest.mark.parametrize(
    ("source", "script"),
    [
        ("adobe", ["time-out"]),
        ("adobe", [{"statuss": 400}]),
        ("adobe", [{"word": "nonsense"}]),
        ("adobe", "reset"),
        ("adobe", [True]),
        ("acme", [500]),
    ],
)
def test_a_misspelt_script_is_refused_at_once(sandbox: SandboxServer, source: str, script: list):
    with pytest.raises(ValueError, match=r"fault|unknown|list"):
        sandbox.script(source, script)


@pytest.mark.parametrize(
    ("status", "adobe_body", "fabric_body"),
    [
        (
            400,
            {"code": "1132", "message": "A search parameter is not valid"},
            {"responseStatus": "BAD_REQUEST", "message": "Invalid customer id"},
        ),
        (
            401,
            {"code": "4116", "message": "The access token is not valid or has expired"},
            {"message": "Unauthorized"},
        ),
        (
            403,
            {"code": "4115", "message": "The API key is not valid"},
            {"Message": "This token may not do that"},
        ),
        (
            404,
            {"code": "1116", "message": "No such customer"},
            {"responseStatus": "NOT_FOUND", "message": "Customer not found."},
        ),
        (
            500,
            {"code": "1124", "message": "Something went wrong inside"},
            {"message": "Internal server error"},
        ),
        (
            503,
            {"error_code": "503000", "message": "Service temporarily unavailable"},
            {"message": "Service Unavailable"},
        ),
        (
            504,
            {"error_code": "504001", "message": "Gateway timeout"},
            {"message": "Endpoint request timed out"},
        ),
    ],
)
def test_a_status_comes_with_the_body_its_vendor_would_send(
    scripted, status: int, adobe_body: dict, fabric_body: dict
):
    answers = scripted(status)
    assert [answer.status_code for answer in answers] == [status, status]
    assert [answer.json() for answer in answers] == [adobe_body, fabric_body]


@pytest.mark.parametrize(
    ("entry", "retry_after"),
    [
        (429, "1"),
        ("rate-limited", "1"),
        ("rate-limited-no-header", None),
        ({"status": 429, "retry_after": 7}, "7"),
        (
            {"status": 429, "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"},
            "Wed, 21 Oct 2026 07:28:00 GMT",
        ),
    ],
)
def test_a_429_may_or_may_not_say_when_to_come_back(scripted, entry, retry_after):
    for answer in scripted(entry):
        assert (answer.status_code, answer.headers.get("Retry-After")) == (429, retry_after)


def test_a_described_fault_sets_body_headers_type_and_delay(scripted):
    started = time.monotonic()
    for answer in scripted(
        {
            "status": 418,
            "body": {"any": "thing"},
            "headers": {"X-Hint": "tea"},
            "content_type": "application/problem+json",
            "delay": 0.1,
        }
    ):
        assert (answer.status_code, answer.json()) == (418, {"any": "thing"})
        assert answer.headers["X-Hint"] == "tea"
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert time.monotonic() - started >= 0.2


def test_a_described_fault_without_a_status_decorates_the_normal_answer(scripted):
    for answer in scripted({"headers": {"X-Hint": "calm"}}):
        assert (answer.status_code, answer.headers["X-Hint"]) == (200, "calm")


@pytest.mark.parametrize(("word", "status"), [("html", 200), ("html-502", 502)])
def test_html_instead_of_json(scripted, word: str, status: int):
    for answer in scripted(word):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("word", ["not-json", "empty"])
def test_a_200_that_is_no_json(scripted, word: str):
    for answer in scripted(word):
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()


def test_json_of_another_shape(scripted):
    assert [answer.json() for answer in scripted("wrong-shape")] == [[{"unexpected": True}, None, 7]] * 2
    assert [answer.json()["items"] for answer in scripted("wrong-types")] == ["none", "none"]


def test_good_json_under_a_wrong_content_type(scripted):
    for answer in scripted("wrong-type"):
        assert answer.headers["Content-Type"] == "text/plain"
        assert isinstance(answer.json(), dict)


def test_a_200_that_says_bad_request(scripted):
    refused = {"responseStatus": "BAD_REQUEST", "message": "Invalid customer id"}
    assert [answer.json() for answer in scripted("refused-in-200")] == [refused, refused]


def test_a_redirect_points_at_another_host_name(sandbox: SandboxServer, scripted):
    answers = scripted("redirect")
    target = f"http://localhost:{sandbox.port}/elsewhere/v3/customers/{ADOBE}/orders"
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == target
    requests.get(target.replace("localhost", "127.0.0.1"), timeout=5)
    assert sandbox.requests[-1].source == "unknown"


def test_an_error_that_repeats_our_credentials(scripted):
    adobe_answer, fabric_answer = scripted("echo-token")
    assert (adobe_answer.status_code, fabric_answer.status_code) == (403, 403)
    assert "sandbox-adobe-token" in adobe_answer.text
    assert "sandbox-adobe-api-key" in adobe_answer.text
    assert "sandbox-fabric-token" in fabric_answer.text


def test_unauthorized_once(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["unauthorized"])
    assert [adobe.orders(ADOBE).status_code for _ in range(2)] == [401, 200]


def test_the_gateways_own_timeout(scripted):
    adobe_answer, fabric_answer = scripted("gateway-504")
    assert adobe_answer.json() == {"error_code": "504001", "message": "Gateway timeout"}
    assert fabric_answer.json() == {"message": "Endpoint request timed out"}


def test_slow_means_two_seconds_and_then_the_normal_answer(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["slow"])
    started = time.monotonic()
    assert adobe.orders(ADOBE).status_code == 200
    assert time.monotonic() - started >= 2


def test_timeout_means_silence(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["timeout"])
    with pytest.raises(requests.ReadTimeout):
        adobe.orders(ADOBE, timeout=0.3)
    assert sandbox.requests[-1].status is None


def test_drip_headers_sends_one_byte_after_the_other(sandbox: SandboxServer):
    sandbox.script("adobe", ["drip-headers"])
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        connection.sendall(b"GET /v3/customers/1/orders HTTP/1.1\r\nHost: sandbox\r\n\r\n")
        assert [connection.recv(100) for _ in range(3)] == [b"H", b"T", b"T"]


def test_drip_body_sends_the_headers_at_once(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["drip-body"])
    path = f"{sandbox.url}/v3/customers/{ADOBE}/orders"
    headers = ADOBE_HEADERS | {"X-Correlation-Id": "drip"}
    with requests.get(path, headers=headers, stream=True, timeout=5) as response:
        assert response.status_code == 200
        assert [response.raw.read1(100) for _ in range(2)] == [b"{", b'"']


def test_reset_is_a_reset_and_close_is_an_empty_answer(sandbox: SandboxServer):
    sandbox.script("adobe", ["reset", "close"])
    with pytest.raises(ConnectionResetError):
        raw(sandbox)
    assert raw(sandbox) == b""


def test_cut_stops_in_the_middle_of_the_body(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["cut", "cut"])
    head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    announced = next(int(line[16:]) for line in head.split(b"\r\n") if line[:14] == b"Content-Length")
    assert 0 < len(body) < announced
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        adobe.orders(ADOBE)


def test_garbage_is_not_http(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["garbage"])
    with pytest.raises(requests.ConnectionError):
        adobe.orders(ADOBE)


def test_oversized_is_more_than_40_megabytes_of_good_json(sandbox: SandboxServer):
    sandbox.script("adobe", ["oversized"])
    head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert len(body) > 40 * 1024 * 1024
    assert json.loads(body)["items"] == []


def test_a_client_that_gives_up_on_a_flood_does_no_harm(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["oversized"])
    url, headers = f"{sandbox.url}/v3/x", ADOBE_HEADERS
    with requests.get(url, headers=headers, stream=True, timeout=5) as response:
        response.raw.read(1000)
    assert adobe.orders(ADOBE).status_code == 200


def links(response: requests.Response) -> str:
    return str(response.json()["links"]["self"]["uri"])


def test_links_may_be_encoded_twice_absolute_or_missing(sandbox: SandboxServer, adobe: AdobeClient):
    def ask() -> requests.Response:
        return adobe.orders(ADOBE, ("start-date", "2024-01-01T03:43:07Z"))

    good = links(ask())
    sandbox.script("adobe", ["bad-links", "absolute-links", "no-links"])
    assert "start-date=2024-01-01T03%253A43%253A07Z&" in links(ask())
    assert links(ask()) == sandbox.url + good
    assert "links" not in ask().json()


def test_a_page_may_be_shorter_than_its_limit(scripted):
    adobe_answer, fabric_answer = scripted("short-page")
    assert adobe_answer.json()["totalCount"] == 7
    assert adobe_answer.json()["count"] == len(adobe_answer.json()["items"]) == 4
    assert len(fabric_answer.json()["data"]["orders"]) == 17


def test_a_total_may_differ_each_time(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.script("adobe", ["moving-total"] * 3)
    totals = [adobe.orders(ADOBE).json()["totalCount"] for _ in range(4)]
    assert len(set(totals)) == 4


def test_a_count_may_not_match(scripted):
    adobe_answer, fabric_answer = scripted("count-mismatch")
    assert adobe_answer.json()["count"] == len(adobe_answer.json()["items"]) + 1
    assert fabric_answer.json()["data"]["query"]["totalOrders"] == 58


EXPECTED = {
    customers.ADOBE_MOVING: 200,
    customers.ADOBE_BAD_PARAMETER: 400,
    customers.ADOBE_UNAUTHORIZED: 401,
    customers.ADOBE_FORBIDDEN: 403,
    customers.ADOBE_UNKNOWN: 404,
    customers.ADOBE_RATE_LIMITED: 429,
    customers.ADOBE_INTERNAL_ERROR: 500,
    customers.ADOBE_HTML: 502,
    customers.ADOBE_UNAVAILABLE: 503,
    customers.ADOBE_GATEWAY_TIMEOUT: 504,
    customers.ADOBE_NOT_JSON: 200,
    customers.ADOBE_WRONG_SHAPE: 200,
    customers.ADOBE_REDIRECT: 302,
    customers.ADOBE_ECHO: 403,
    customers.FABRIC_BAD_REQUEST: 400,
    customers.FABRIC_UNAUTHORIZED: 401,
    customers.FABRIC_FORBIDDEN: 403,
    customers.FABRIC_UNKNOWN: 404,
    customers.FABRIC_RATE_LIMITED: 429,
    customers.FABRIC_INTERNAL_ERROR: 500,
    customers.FABRIC_HTML: 502,
    customers.FABRIC_UNAVAILABLE: 503,
    customers.FABRIC_GATEWAY_TIMEOUT: 504,
    customers.FABRIC_NOT_JSON: 200,
    customers.FABRIC_WRONG_SHAPE: 200,
    customers.FABRIC_NO_DATA: 200,
    customers.FABRIC_REFUSED_IN_200: 200,
    customers.FABRIC_REDIRECT: 302,
    customers.FABRIC_ECHO: 403,
}


@pytest.mark.parametrize(("customer_id", "status"), EXPECTED.items())
def test_a_customer_may_answer_with_its_fault_for_ever(
    adobe: AdobeClient, fabric: FabricClient, customer_id: str, status: int
):
    known = [customer for customer in customers.ALL if customer.id == customer_id]
    ask = adobe.orders if known[0].source == "adobe" else fabric.orders
    assert [ask(customer_id).status_code for _ in range(2)] == [status, status]


@pytest.mark.parametrize("customer_id", [customers.ADOBE_TIMEOUT, customers.ADOBE_RESET])
def test_a_customer_may_never_be_read(adobe: AdobeClient, customer_id: str):
    with pytest.raises(requests.RequestException):
        adobe.orders(customer_id, timeout=0.3)


def test_a_customers_fault_shows_only_to_those_with_good_headers(adobe: AdobeClient):
    refused = adobe.orders(customers.ADOBE_INTERNAL_ERROR, without="X-Api-Key")
    assert refused.json()["code"] == "4115"


def test_the_rate_limited_customers_ask_for_half_a_minute(adobe: AdobeClient, fabric: FabricClient):
    answers = [
        adobe.orders(customers.ADOBE_RATE_LIMITED),
        fabric.orders(customers.FABRIC_RATE_LIMITED),
    ]
    assert [answer.headers["Retry-After"] for answer in answers] == ["30", "30"]
