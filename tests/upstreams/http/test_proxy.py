"""Upstreams beyond an outward proxy, and behind a certificate authority of one's own."""

import json
import logging

import pytest

from orders.sandbox import credentials
from orders.upstreams import registry
from orders.upstreams.http.sender import Sender
from tests.faultserver import FaultServer, http, kept
from tests.processes import free_port
from tests.upstreams.doubles import failure, transport_to
from tests.upstreams.http.proxies import proxy

SAID = http(200, b'{"whose": "ours"}')


def asked_twice(server_url, way, ca_file="", paths=("/v3/x", "/v3/y")):
    """What two questions are answered, over whatever connections."""
    with transport_to(server_url, sender=Sender(ca_file=ca_file, proxy=way)) as transport:
        return [json.loads(transport.get(path).body)["whose"] for path in paths]


def test_a_plain_upstream_is_asked_through_the_proxy():
    with FaultServer(kept(SAID)) as server, proxy() as way:
        server.default = kept(SAID)

        assert asked_twice(server.url, way.url) == ["ours", "ours"]
        assert way.asked == [f"GET {server.url}/v3/x", f"GET {server.url}/v3/y"]


def test_an_upstream_with_tls_is_asked_in_a_tunnel_and_another_question_gets_another_one(certificate):
    """An upstream that doesn't repeat our request ID is asked one address on each connection."""
    with FaultServer(certificate=certificate) as server, proxy() as way:
        server.default = kept(SAID)
        tunnel = f"CONNECT 127.0.0.1:{server.url.rpartition(':')[2]}"

        assert asked_twice(server.url, way.url, str(certificate.path)) == ["ours", "ours"]
        assert way.asked == [tunnel, tunnel]
        assert asked_twice(server.url, way.url, str(certificate.path), ("/v3/x", "/v3/x")) == ["ours", "ours"]
        assert way.asked == [tunnel] * 3
        assert [request.target for request in server.requests] == ["/v3/x", "/v3/y", "/v3/x", "/v3/x"]
        assert all("proxy-authorization" not in request.headers for request in server.requests)


def test_a_certificate_of_an_authority_that_is_not_named_is_refused_in_a_tunnel_too(certificate):
    with FaultServer(certificate=certificate) as server, proxy() as way:
        server.default = kept(SAID)
        with transport_to(server.url, sender=Sender(proxy=way.url)) as transport:
            said = failure(transport)

    assert "its TLS certificate could not be verified" in said.detail
    assert server.requests == []


def test_a_proxy_that_wants_a_password_gets_it_and_nobody_reads_it(certificate, caplog):
    caplog.set_level(logging.DEBUG)
    with FaultServer(certificate=certificate) as server, proxy("canary-of-the-proxy") as way:
        server.default = kept(SAID)
        stranger = way.url.replace("canary-of-the-proxy", "another")
        with transport_to(server.url, sender=Sender(proxy=stranger)) as transport:
            said = failure(transport)

        assert asked_twice(server.url, way.url, str(certificate.path)) == ["ours", "ours"]

    assert (said.cause, "the outward proxy let nothing through" in said.detail) == ("unavailable", True)
    assert "canary" not in caplog.text
    assert "another" not in str(said) + caplog.text


def test_a_proxy_that_is_away_is_named(certificate):
    with (
        FaultServer(certificate=certificate) as server,
        transport_to(server.url, sender=Sender(proxy=f"http://127.0.0.1:{free_port()}")) as transport,
    ):
        said = failure(transport)

    assert "the outward proxy could not be reached" in said.detail


@pytest.mark.django_db
def test_the_settings_send_orders_and_tokens_through_the_proxy(settings, upstreams):
    settings.UPSTREAMS = settings.UPSTREAMS | {
        "fabric": settings.UPSTREAMS["fabric"]
        | {
            "access_token": "",
            "client_id": credentials.FABRIC_CLIENT_ID,
            "client_secret": credentials.FABRIC_CLIENT_SECRET,
            "token_url": upstreams.url + credentials.FABRIC_TOKEN_PATH,
        }
    }
    # Three servers on one machine, which may be busy with other tests.
    times = {"connect_timeout": 20.0, "read_timeout": 20.0, "deadline": 30.0}
    settings.UPSTREAM_LIMITS = settings.UPSTREAM_LIMITS | times
    with proxy() as way:
        settings.UPSTREAM_PROXY = way.url
        registry.forget_connections()
        registry.connect("fabric").check()
        registry.forget_connections()

    token, question = way.asked
    assert token == f"POST {upstreams.url}{credentials.FABRIC_TOKEN_PATH}"
    assert question.startswith(f"GET {upstreams.url}/data-subscription/")
