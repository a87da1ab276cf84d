"""No secret gets out, whatever an upstream does with it: pages, logs, exceptions, cache, database."""

import base64
import contextlib
import logging
import traceback
import uuid
from io import StringIO
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client

from orders import services
from orders.domain.errors import UpstreamError
from orders.domain.queries import PageRequest
from orders.domain.redaction import process_redactor
from orders.domain.selection import FabricOrderQuery
from orders.infrastructure.log_format import formatter
from orders.sandbox import SandboxServer, credentials, customers
from orders.sandbox.http.faults import WORDS
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.canaries import adobe_order, dump_of_cache, dump_of_database, fabric_order, issued_tokens, leaks
from tests.personas import person, signed_in

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.timeout(300)]

# Each as odd as a real secret may be: signs that URLs, JSON and HTML all spell differently.
API_KEY = "canary-key-9f8e7d6c5b4a"
SECRETS = {
    "ADOBE_API_KEY": API_KEY,
    "ADOBE_ACCESS_TOKEN": "canary-adobe/token+0123456789==&<x>'",
    "FABRIC_ACCESS_TOKEN": "canary-fabric.token~abcdef/+9876==",
    "ADOBE_CLIENT_SECRET": "canary-adobe-secret/+&=%41",
    "FABRIC_CLIENT_SECRET": 'canary-fabric-secret:/+&="',
}
HISTORIES = {
    "adobe": f"/adobe/customers/{customers.ADOBE_SMALL}/orders/",
    "fabric": f"/fabric/customers/{customers.FABRIC_MAIN}/orders/",
}
ECHOING = "4400000099"
ECHOING_FABRIC = "65a0c0de00000000000000ff"


@pytest.fixture(autouse=True)
def _answers_are_saved(settings):
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900


@pytest.fixture
def sandbox(monkeypatch):
    """A sandbox of its own, which wants the canaries for credentials."""
    monkeypatch.setattr(credentials, "ADOBE_API_KEY", API_KEY)
    monkeypatch.setattr(credentials, "ADOBE_CLIENT_ID", API_KEY)
    monkeypatch.setattr(credentials, "ADOBE_CLIENT_SECRET", SECRETS["ADOBE_CLIENT_SECRET"])
    monkeypatch.setattr(credentials, "FABRIC_CLIENT_SECRET", SECRETS["FABRIC_CLIENT_SECRET"])
    monkeypatch.setattr("orders.sandbox.http.tokens.FIXED", FIXED)
    # What an earlier test made known must not help this one.
    process_redactor.cache_clear()
    with SandboxServer(port=0) as server:
        yield server


FIXED = {"adobe": SECRETS["ADOBE_ACCESS_TOKEN"], "fabric": SECRETS["FABRIC_ACCESS_TOKEN"]}


@pytest.fixture(params=["fixed tokens", "client credentials"])
def upstreams(request, settings, sandbox):
    is_fixed = request.param == "fixed tokens"
    settings.UPSTREAMS = {
        "adobe": {
            "base_url": sandbox.url,
            "api_key": API_KEY if is_fixed else "",
            "access_token": FIXED["adobe"] if is_fixed else "",
            "client_id": "" if is_fixed else API_KEY,
            "client_secret": "" if is_fixed else SECRETS["ADOBE_CLIENT_SECRET"],
            "token_url": sandbox.url + credentials.ADOBE_TOKEN_PATH,
            "scopes": credentials.ADOBE_SCOPES,
        },
        "fabric": {
            "base_url": sandbox.url,
            "access_token": FIXED["fabric"] if is_fixed else "",
            "client_id": "" if is_fixed else credentials.FABRIC_CLIENT_ID,
            "client_secret": "" if is_fixed else SECRETS["FABRIC_CLIENT_SECRET"],
            "token_url": sandbox.url + credentials.FABRIC_TOKEN_PATH,
        },
    }
    settings.UPSTREAM_LIMITS = {
        "connect_timeout": 0.5,
        "read_timeout": 0.5,
        "deadline": 1.0,
        "max_body": 2**20,
    }
    registry.forget_connections()
    apps.get_app_config("orders").ready()  # as at the start of a process with these settings
    yield sandbox
    registry.forget_connections()


@pytest.fixture
def in_use(upstreams, settings):
    """Every secret that the portal is configured with."""
    names = ("api_key", "access_token", "client_secret")
    found = {given[name] for given in settings.UPSTREAMS.values() for name in names if given.get(name)}
    return {*found, API_KEY}


@pytest.fixture
def log(sandbox):
    """Everything that is logged from DEBUG up, as the portal writes it for machines and for people."""
    written = StringIO()
    handlers = [logging.StreamHandler(written) for _ in range(2)]
    for handler, log_format in zip(handlers, ("json", "console"), strict=True):
        handler.setFormatter(formatter(log_format))
    loggers = [logging.getLogger(name) for name in ("", "django", "orders", "urllib3", "requests")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    for handler in handlers:
        loggers[0].addHandler(handler)
        loggers[1].addHandler(handler)
    yield written
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
        for handler in handlers:
            logger.removeHandler(handler)


@pytest.fixture
def everything_is_clean(upstreams, in_use, log):
    """Collect pages and exceptions in the mapping given; what leaked is found at the end."""
    seen: dict[str, str] = {}
    yield seen
    secrets = {*in_use, *issued_tokens(upstreams)}
    assert len(upstreams.requests) > 0
    seen |= {
        "log": log.getvalue(),
        "cache": dump_of_cache(),
        "database": dump_of_database(connection),
    }
    assert leaks(secrets, seen) == []


@pytest.fixture
def portal(agent, upstreams):
    client = Client(raise_request_exception=False)
    client.force_login(agent)
    return client


def test_the_search_itself_finds_what_it_looks_for():
    secret = SECRETS["ADOBE_ACCESS_TOKEN"]

    for text in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()):
        assert leaks([secret], {"page": f"before {text} after"})
    assert leaks([secret], {"page": "nothing here"}) == []


def test_ordinary_pages_hold_no_secret(portal, everything_is_clean):
    for source, history in HISTORIES.items():
        listed = portal.get(history)
        everything_is_clean[f"{source} list"] = listed.content.decode()
        order_id = listed.context["page"].rows[0].order.order_id
        everything_is_clean[f"{source} order"] = portal.get(f"{history}{order_id}/").content.decode()
    everything_is_clean["home"] = portal.get("/").content.decode()
    everything_is_clean["look-up"] = portal.post("/lookup/", {"q": "?"}).content.decode()


@pytest.mark.parametrize("word", [*sorted(WORDS - {"normal", "slow"}), 400, 401, 403, 404, 429, 500, 503])
def test_no_fault_brings_a_secret_to_light(portal, upstreams, everything_is_clean, word):
    for source, history in HISTORIES.items():
        for address in (history, f"{history}5000000001/"):
            upstreams.script(source, [word] * 4)
            response = portal.get(address)
            upstreams.clear_faults()
            everything_is_clean[f"{address} {response.status_code}"] = response.content.decode()
            assert response.status_code != 500 or word == 500, response.content.decode()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_refusal_that_quotes_our_request_is_cleared_of_it(
    portal, upstreams, in_use, everything_is_clean, status
):
    for source, history in HISTORIES.items():
        for secret in sorted(in_use):
            body = {
                "code": "1132",
                "message": f"Refused {secret} {quote(secret, safe='')}",
                "additionalDetails": [secret, {"key": base64.b64encode(secret.encode()).decode()}],
                "invalidFields": [secret],
            }
            header = {"X-Request-Id": API_KEY, "Retry-After": "30"}
            upstreams.script(source, [{"status": status, "body": body, "headers": header}] * 4)
            everything_is_clean[f"{source} {secret} {status}"] = portal.get(history).content.decode()
            upstreams.clear_faults()


@pytest.mark.parametrize("fault", [400, 401, 403, 500, "not-json", "timeout", "reset", "echo-token"])
def test_a_failing_token_service_gives_nothing_away(portal, upstreams, everything_is_clean, fault):
    for source, history in HISTORIES.items():
        upstreams.script(f"{source}-token", [fault] * 4)
        everything_is_clean[source] = portal.get(history).content.decode()
        upstreams.clear_faults()
    out = StringIO()
    upstreams.script("adobe-token", [fault] * 4)
    with contextlib.suppress(SystemExit):
        call_command("check_upstreams", stdout=out)
    everything_is_clean["check_upstreams"] = out.getvalue()


def test_an_order_that_carries_our_credentials_is_shown_without_them(
    portal, upstreams, in_use, everything_is_clean
):
    portal.get(HISTORIES["adobe"])
    portal.get(HISTORIES["fabric"])
    secrets = sorted({*in_use, *issued_tokens(upstreams)})
    upstreams.add_adobe_orders(ECHOING, [adobe_order(number, s) for number, s in enumerate(secrets)])
    upstreams.add_fabric_orders(
        ECHOING_FABRIC, [fabric_order(number, s) for number, s in enumerate(secrets)], dialect="documented"
    )

    for source, customer_id in (("adobe", ECHOING), ("fabric", ECHOING_FABRIC)):
        history = f"/{source}/customers/{customer_id}/orders/"
        listed = portal.get(history)
        assert len(listed.context["page"].rows) == len(secrets)
        everything_is_clean[f"{source} list"] = listed.content.decode()
        for number in range(len(secrets)):
            response = portal.get(f"{history}77{number}/")
            assert response.status_code == 200
            everything_is_clean[f"{source} order {number}"] = response.content.decode()


def test_exceptions_hold_no_secret_in_any_of_their_texts(agent, upstreams, everything_is_clean):
    for word in ("echo-token", "reset", "timeout", "redirect", "not-json", 500):
        for source, customer_id, query in (
            ("adobe", customers.ADOBE_SMALL, AdobeOrderQuery()),
            ("fabric", customers.FABRIC_MAIN, FabricOrderQuery()),
        ):
            upstreams.script(source, [word] * 4)
            with pytest.raises(UpstreamError) as caught:
                services.list_orders(
                    actor=agent,
                    source=source,
                    customer_id=customer_id,
                    query=query,
                    page_request=PageRequest(),
                )
            upstreams.clear_faults()
            error = caught.value
            everything_is_clean[f"{source} {word}"] = "\n".join(
                (
                    str(error),
                    repr(error),
                    repr(vars(error)),
                    str(caught.getrepr(showlocals=True, style="long")),
                )
                if word != "echo-token"
                # Its own frames hold what was scripted, the token that it echoes included.
                else (
                    str(error),
                    repr(error),
                    repr(vars(error)),
                    "".join(traceback.format_exception(error)),
                )
            )
            assert error.__context__ is None or error.__suppress_context__


def test_a_persons_own_correlation_id_never_becomes_ours(portal, upstreams):
    own = str(uuid.uuid4())

    portal.get(HISTORIES["adobe"], headers={"X-Correlation-Id": own, "X-Request-Id": own})

    assert own not in str(upstreams.requests[-1].headers)


def test_personal_data_stays_on_the_page_it_was_asked_for(upstreams, caplog):
    """It is only ever on the page of a reveal: not on the others, and nowhere that outlives the answer."""
    portal = signed_in(person("thea", "supervisor"))
    history = HISTORIES["fabric"]
    listed = portal.get(history)
    others = {"list": listed.content.decode()}
    personal = set()
    with caplog.at_level(logging.INFO), caplog.at_level(logging.DEBUG, "orders"):
        for row in listed.context["page"].rows[:5]:
            address = f"{history}{row.order.order_id}/"
            revealed = portal.post(address, {"reason": "TICKET-4711"})
            order, page = revealed.context["order"], revealed.content.decode()
            on_it = {order.customer.email, order.customer.last_name, *order.ship_to.street[:1]}
            assert [each for each in on_it if each not in page] == []
            personal |= on_it
            others[address] = portal.get(address).content.decode()
        portal.get(f"{history}no-such-order/")

    assert len(personal) >= 3
    assert not [each for each in personal if "•••" in each]
    kept = {
        "log": caplog.text,
        "cache": dump_of_cache(),
        "database": dump_of_database(connection),
    }
    assert leaks(personal, kept | others) == []
    assert leaks({"@example.com"}, kept) == []
