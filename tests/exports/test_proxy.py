"""Behind a proxy that speaks HTTP/1.0 and cuts: a shorter file never arrives as a success."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from orders.sandbox import customers
from tests.exports.results import EVERYTHING

PATH = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/export/?{EVERYTHING}"

pytestmark = pytest.mark.django_db(transaction=True)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """A test has no use for lines on standard error."""


@contextmanager
def served() -> Iterator[int]:
    """The portal on a port."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def proxied(port: int, *, cut_after: int | None = None) -> Iterator[int]:
    """A proxy that asks with HTTP/1.0, as many do, and passes on so many bytes at most."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener.accept()[0] as client, socket.create_connection(("127.0.0.1", port)) as portal:
            request = client.recv(65536).replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", 1)
            portal.sendall(request)
            left = cut_after if cut_after is not None else 10**9
            while left and (data := portal.recv(min(4096, left))):
                client.sendall(data)
                left -= len(data)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


def fetched(port: int, client: Any) -> tuple[int, dict[str, str], bytes]:
    """The answer as a script gets it; raises `http.client.IncompleteRead` where it sees that it is cut."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", PATH, headers={"Cookie": cookies, "Host": "127.0.0.1"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_a_whole_file_comes_through(portal):
    with served() as port, proxied(port) as proxy:
        status, headers, body = fetched(proxy, portal)

    assert status == 200
    assert int(headers["Content-Length"]) == len(body)
    assert body.count(b"\r\n") == 313


@pytest.mark.parametrize("cut_after", [2_000, 10_000, 25_000])
def test_a_file_that_is_cut_on_the_way_is_seen_to_be_cut(portal, cut_after):
    with (
        served() as port,
        proxied(port, cut_after=cut_after) as proxy,
        pytest.raises(http.client.IncompleteRead),
    ):
        fetched(proxy, portal)


@pytest.mark.parametrize("page", range(4))
def test_an_upstream_that_fails_on_any_page_is_an_error_and_no_file(portal, upstreams, page):
    upstreams.script("adobe", [503] * 30, path_contains=f"offset={page * 100}&")

    with served() as port, proxied(port) as proxy:
        status, headers, body = fetched(proxy, portal)

    assert status == 502
    assert "Content-Disposition" not in headers
    assert not body.startswith(b"customerId,")
