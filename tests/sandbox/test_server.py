"""The handle: its log, its latency, its controls over HTTP, its start and its end."""

import http.client
import pathlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests

import orders.sandbox
from orders.sandbox import SandboxServer, customers
from tests.sandbox.clients import ADOBE_HEADERS, AdobeClient, FabricClient


def test_the_log_keeps_what_was_asked_in_order(sandbox: SandboxServer, adobe: AdobeClient):
    adobe.orders("C%2F1", ("status", "1000"), ("status", "1002"), x_request_id="r-1")
    [entry] = sandbox.requests
    assert (entry.source, entry.method, entry.status) == ("adobe", "GET", 404)
    assert entry.path == "/v3/customers/C/1/orders"
    assert entry.customer_id == "C/1"
    assert entry.query == [("status", "1000"), ("status", "1002")]
    assert entry.raw_target == "/v3/customers/C%2F1/orders?status=1000&status=1002"
    assert entry.headers["x-request-id"] == "r-1"
    assert entry.at - datetime.now(UTC) < timedelta(minutes=1)


def test_the_log_knows_each_source(sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient):
    adobe.orders("1")
    fabric.orders("1")
    requests.post(sandbox.url + "/ims/token/v3", data={"a": "b"}, timeout=5)
    requests.get(sandbox.url + "/what", timeout=5)
    assert [entry.source for entry in sandbox.requests] == [
        "adobe",
        "fabric",
        "adobe-token",
        "unknown",
    ]
    assert sandbox.requests[2].body == b"a=b"


def test_the_controls_leave_no_trace_in_the_log(sandbox: SandboxServer):
    for path in ("/", "/_sandbox/requests", "/_sandbox/customers", "/_sandbox/nothing"):
        requests.get(sandbox.url + path, timeout=5)
    assert sandbox.requests == []


def test_clearing_forgets_log_faults_and_spent_ids(sandbox: SandboxServer, adobe: AdobeClient):
    adobe.orders("1", x_correlation_id="c", x_request_id="r")
    sandbox.script("adobe", [500])
    sandbox.clear()
    assert (sandbox.requests, sandbox.pending_faults) == ([], 0)
    found = adobe.orders(customers.ADOBE_SMALL, x_correlation_id="other", x_request_id="r")
    assert found.status_code == 200


def test_latency_holds_for_every_answer(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.latency = 0.1
    started = time.monotonic()
    adobe.orders("1")
    adobe.orders("1")
    assert time.monotonic() - started >= 0.2


def test_the_peak_says_how_many_requests_were_open_at_once(sandbox: SandboxServer, adobe: AdobeClient):
    sandbox.latency = 0.3
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(adobe.orders, ["1"] * 5))
    assert sandbox.peak_in_flight == 5


def test_one_connection_serves_many_requests(sandbox: SandboxServer):
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=5)
    connection.connect()
    used = connection.sock
    for number in range(3):
        headers = ADOBE_HEADERS | {"X-Correlation-Id": str(number)}
        connection.request("GET", f"/v3/customers/{customers.ADOBE_SMALL}/orders", headers=headers)
        assert connection.getresponse().read().startswith(b'{"totalCount":7')
        assert connection.sock is used
    connection.close()


def test_the_customers_are_listed_for_people_and_for_programs(sandbox: SandboxServer):
    listed = requests.get(f"{sandbox.url}/_sandbox/customers", timeout=5).json()
    assert listed[0] == {
        "id": "1000000137",
        "source": "adobe",
        "shows": "312 orders over four years: every type, every status",
    }
    page = requests.get(sandbox.url, timeout=5)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for customer in customers.ALL:
        assert customer.id in page.text


def test_another_process_can_read_and_empty_the_log(sandbox: SandboxServer, adobe: AdobeClient):
    adobe.orders("1", ("limit", 5))
    url = f"{sandbox.url}/_sandbox/requests"
    [entry] = requests.get(url, timeout=5).json()
    assert (entry["path"], entry["query"], entry["status"]) == (
        "/v3/customers/1/orders",
        [["limit", "5"]],
        404,
    )
    assert requests.delete(url, timeout=5).status_code == 204
    assert sandbox.requests == []


def test_another_process_can_script_and_unscript_faults(sandbox: SandboxServer, adobe: AdobeClient):
    url = f"{sandbox.url}/_sandbox/faults"
    order = {"source": "adobe", "script": [503, 503], "customer_id": customers.ADOBE_SMALL}
    assert requests.post(url, json=order, timeout=5).status_code == 204
    assert adobe.orders(customers.ADOBE_EMPTY).status_code == 200
    assert adobe.orders(customers.ADOBE_SMALL).status_code == 503
    assert requests.delete(url, timeout=5).status_code == 204
    assert adobe.orders(customers.ADOBE_SMALL).status_code == 200


@pytest.mark.parametrize("body", ['{"source": "adobe"}', '{"source": 1, "script": []}', "[", "7"])
def test_a_control_that_cannot_be_read_is_refused(sandbox: SandboxServer, body: str):
    response = requests.post(f"{sandbox.url}/_sandbox/faults", data=body, timeout=5)
    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_another_process_can_set_the_latency_and_revoke_tokens(sandbox: SandboxServer):
    url = f"{sandbox.url}/_sandbox"
    assert requests.post(f"{url}/latency", json={"seconds": 0.01}, timeout=5).status_code == 204
    assert sandbox.latency == 0.01
    assert requests.delete(f"{url}/tokens", timeout=5).status_code == 204
    assert requests.get(f"{url}/triggered", timeout=5).json() == []


def test_another_process_can_add_orders_and_take_them_away(
    sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient
):
    url = f"{sandbox.url}/_sandbox/orders"
    for source in ("adobe", "fabric"):
        order = {"source": source, "customer_id": "mine", "orders": [{"id": 1}]}
        assert requests.post(url, json=order, timeout=5).status_code == 204
    assert adobe.orders("mine").json()["items"] == [{"id": 1}]
    assert fabric.orders("mine").json()["data"]["orders"] == [{"id": 1}]
    assert requests.delete(url, timeout=5).status_code == 204
    assert adobe.orders("mine").status_code == 404
    assert fabric.orders("mine").status_code == 400


def test_the_known_faults_can_be_asked_for(sandbox: SandboxServer):
    sandbox.script("adobe", [500, 500])
    known = requests.get(f"{sandbox.url}/_sandbox/faults", timeout=5).json()
    assert known["pending"] == 2
    assert {"timeout", "reset", "drip-body", "echo-token", "moving-total"} <= set(known["words"])


def test_stopping_is_quick_even_with_clients_waiting():
    sandbox = SandboxServer().start()
    sandbox.script("adobe", ["timeout"])
    ended = threading.Event()

    def wait_for_nothing() -> None:
        try:
            AdobeClient(sandbox.url).orders("1")
        except requests.ConnectionError:
            ended.set()

    waiting = threading.Thread(target=wait_for_nothing)
    waiting.start()
    while not sandbox.requests:
        time.sleep(0.01)
    started = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - started < 0.5
    waiting.join(2)
    assert ended.is_set()


def test_a_stopped_sandbox_refuses_and_comes_back_under_the_same_address():
    sandbox = SandboxServer()
    with sandbox:
        url, port = sandbox.url, sandbox.port
        assert url == f"http://127.0.0.1:{port}"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    with sandbox:
        assert sandbox.url == url
        assert requests.get(url, timeout=5).status_code == 200
    sandbox.stop()


def test_the_clock_may_be_given():
    at = datetime(2030, 5, 17, 12, tzinfo=UTC)
    with SandboxServer(now=lambda: at) as sandbox:
        newest = AdobeClient(sandbox.url).orders(customers.ADOBE_SMALL).json()["items"][0]
    assert newest["creationDate"][:10] == "2030-05-16"


def test_nothing_of_the_portal_is_imported():
    for file in pathlib.Path(orders.sandbox.__file__).parent.rglob("*.py"):
        for line in file.read_text().splitlines():
            if line.startswith(("from ", "import ")) and "orders" in line:
                assert line.startswith("from orders.sandbox"), (file.name, line)
            assert "django" not in line
