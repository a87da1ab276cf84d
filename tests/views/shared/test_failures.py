"""What a page answers when the upstream does not: the outer contract's section 4, row by row."""

import re
from dataclasses import dataclass

import pytest

from orders.presentation.failure_texts import FAILURES
from orders.sandbox import credentials, customers
from orders.upstreams import registry
from tests.pages import Page, query_of

pytestmark = pytest.mark.django_db

ORDERS = {
    "adobe": f"/adobe/customers/{customers.ADOBE_SMALL}/orders/",
    "fabric": f"/fabric/customers/{customers.FABRIC_MAIN}/orders/",
}
QUERIES = {
    "adobe": "status=1000&status=1002&order-type=NEW&limit=50",
    "fabric": "status=RETRY&status=FAILED&text=beans&limit=50",
}


@dataclass(frozen=True)
class Row:
    """A fault, asked of the sandbox as often as the portal may try, and the page it has to become."""

    fault: object
    error: str
    status: int
    attempts: int = 3
    source: str = ""
    waits: int | None = None
    unspent: bool = False  # no answer came, so that a retry carries the same correlation ID
    kind: str = ""  # where the words are finer than the contract's

    def __str__(self):
        return f"{self.source or 'both'}-{self.fault if not isinstance(self.fault, dict) else 'described'}"


NGINX = {"body": "<html><h1>nginx</h1></html>", "content_type": "text/html"}
ROWS = [
    Row(400, "bad-request", 400, 1),
    Row({"status": 400, "code": "1133"}, "out-of-range", 404, 1, source="adobe"),
    Row(401, "credentials", 502, 1),
    Row(403, "credentials", 502, 1),
    Row("unauthorized", "credentials", 502, 1),
    Row("echo-token", "credentials", 502, 1),
    Row(404, "not-found", 404, 1),
    Row({"status": 429, "retry_after": 30}, "rate-limited", 503, 1, waits=30),
    Row("rate-limited-no-header", "rate-limited", 503, 3, waits=30),
    Row(500, "unavailable", 502),
    Row(502, "unavailable", 502),
    Row("html-502", "unavailable", 502),
    Row(503, "unavailable", 502),
    Row("gateway-504", "unavailable", 502),
    Row("reset", "unavailable", 502, unspent=True),
    Row("close", "unavailable", 502, unspent=True),
    Row("timeout", "timeout", 504, unspent=True),
    Row("drip-body", "timeout", 504, unspent=True),
    Row("drip-headers", "timeout", 504, unspent=True),
    Row("html", "bad-answer", 502, 1),
    Row("not-json", "bad-answer", 502, 1),
    Row("empty", "bad-answer", 502, 1),
    Row("wrong-shape", "bad-answer", 502, 1),
    Row("wrong-types", "bad-answer", 502, 1),
    Row("garbage", "bad-answer", 502),
    Row("cut", "bad-answer", 502),
    Row("oversized", "bad-answer", 502, 1),
    Row("redirect", "bad-answer", 502, 1),
    Row("refused-in-200", "bad-request", 400, 1, source="fabric"),
    Row(NGINX | {"status": 404}, "bad-answer", 502, 1, kind="wrong-address"),
    Row(NGINX | {"status": 400}, "bad-answer", 502, 1, kind="wrong-address"),
    Row({"status": 404, "body": {"message": "Not Found"}}, "bad-answer", 502, 1, kind="wrong-address"),
    Row({"status": 403, "code": "4121"}, "not-found", 404, 1, source="adobe", kind="not-this-partner"),
    Row({"status": 400, "code": "4119"}, "unavailable", 502, 1, source="adobe", kind="our-fault"),
    Row({"status": 400, "code": "4120"}, "unavailable", 502, 1, source="adobe", kind="our-fault"),
    Row(NGINX | {"status": 407}, "unavailable", 502, 1, kind="proxy"),
    Row(NGINX | {"status": 408}, "timeout", 504, unspent=True),
    Row({"headers": {"X-Request-Id": "x"}}, "bad-answer", 502, 1, source="fabric", kind="foreign-answer"),
]
# What the page says first, and where it says that nothing was lost.
SAYS = {
    "bad-request": "did not accept this request",
    "out-of-range": "This page lies behind the last one",
    "credentials": "refuses this portal's connection",
    "not-found": "knows no such",
    "rate-limited": "asks us to slow down",
    "unavailable": "is not available",
    "timeout": "did not answer in time",
    "bad-answer": "answer could not be read",
    "wrong-address": "What answered is not",
    "not-this-partner": "does not let us see this customer",
    "our-fault": "did not accept this portal's request",
    "proxy": "could not be reached through the proxy",
    "foreign-answer": "sent the answer to another question",
}
STILL_HOLDS = {"bad-request", "rate-limited", "unavailable", "timeout", "our-fault", "proxy"}
CASES = [
    pytest.param(row, source, place, id=f"{source}-{place}-{row}")
    for row in ROWS
    for source in ORDERS
    for place in ("list", "details")
    if row.source in {"", source}
    # What a single order's wrong types look like is tried with the odd rows.
    if not (row.fault in ("wrong-types",) and place == "details" and source == "adobe")
]


def address_of(source, place):
    order = {"list": "", "details": "65a0c0de00000000000000aa/"}[place]
    return f"{ORDERS[source]}{order}?{QUERIES[source]}"


@pytest.mark.parametrize(("row", "source", "place"), CASES)
def test_every_fault_becomes_its_own_page(request, portal, upstreams, row, source, place):
    if row.unspent:
        request.getfixturevalue("impatient")
    upstreams.script(source, [row.fault] * 10)

    response = portal.get(address_of(source, place))

    page, asked = Page(response), upstreams.requests
    assert (page.error_word, page.status) == (row.error, row.status)
    assert page.error["data-source"] == source
    assert page.error["data-request-id"] == asked[-1].headers["x-request-id"]
    assert page.error["data-correlation-id"] == asked[-1].headers["x-correlation-id"]
    assert 1 <= len(asked) <= row.attempts
    assert len({entry.headers["x-request-id"] for entry in asked}) == len(asked)
    assert "Traceback" not in page.html
    assert SAYS[row.kind or row.error] in page.error.one("h2").text
    assert ("Nothing was changed" in page.error.text) == ((row.kind or row.error) in STILL_HOLDS)
    if row.waits is not None:
        assert f"Try again in {row.waits} seconds." in page.error.text
    shown = page.root.one(data_asked=True).text
    assert f"GET {asked[0].path}" in shown
    assert re.search(rf"\b\d+(\.\d+)? m?s, {len(asked)} attempts?\b", shown)
    assert response.headers.get("Retry-After") == (None if row.waits is None else str(row.waits))
    assert response.headers["Cache-Control"] == "no-store"
    # The way on keeps page and filters.
    kept = [pair for pair in query_of(page.retry_address) if pair[0] != "retry"]
    assert kept == query_of("?" + QUERIES[source])
    assert any(name == "retry" for name, _ in query_of(page.retry_address)) == (row.unspent)
    if place == "list":
        assert_filters_are_kept(page, source)
    assert_support_text_is_complete(page, asked)


def assert_filters_are_kept(page, source):
    assert [pair for pair in page.filters if pair[0] != "whole-days"] == query_of("?" + QUERIES[source])


def assert_support_text_is_complete(page, asked):
    text = page.support_text
    for entry in asked:
        assert entry.headers["x-request-id"] in text
        assert entry.headers["x-correlation-id"] in text
    assert f"Asked: GET {asked[0].path}" in text
    assert re.search(r"^At: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", text, re.MULTILINE)
    assert f"Outcome: {page.error_word}" in text
    assert "Page: http://testserver/" in text
    for secret in ("sandbox-adobe-token", "sandbox-fabric-token", "sandbox-adobe-api-key", "Bearer sandbox"):
        assert secret not in page.html


@pytest.mark.parametrize("source", ORDERS)
@pytest.mark.parametrize("place", ["list", "details"])
def test_a_refused_connection_is_unavailable(portal, settings, upstreams, source, place):
    settings.UPSTREAMS = {
        name: given | {"base_url": "http://127.0.0.1:9"} for name, given in settings.UPSTREAMS.items()
    }
    registry.forget_connections()

    response = portal.get(address_of(source, place))

    page = Page(response)
    assert (page.error_word, page.status) == ("unavailable", 502)
    assert page.error["data-request-id"]
    assert page.error["data-correlation-id"]
    assert SAYS["unavailable"] in page.error.one("h2").text
    assert "Retry-After" not in response.headers
    assert [pair for pair in query_of(page.retry_address) if pair[0] != "retry"] == query_of(
        "?" + QUERIES[source]
    )
    if place == "list":
        assert_filters_are_kept(page, source)


@pytest.fixture
def renewable(settings, upstreams):
    """Tokens that the portal fetches itself, and may fetch anew."""
    settings.UPSTREAMS = {
        "adobe": {
            "base_url": upstreams.url,
            "api_key": "",
            "access_token": "",
            "client_id": credentials.ADOBE_API_KEY,
            "client_secret": credentials.ADOBE_CLIENT_SECRET,
            "token_url": upstreams.url + credentials.ADOBE_TOKEN_PATH,
            "scopes": credentials.ADOBE_SCOPES,
        },
        "fabric": {
            "base_url": upstreams.url,
            "access_token": "",
            "client_id": credentials.FABRIC_CLIENT_ID,
            "client_secret": credentials.FABRIC_CLIENT_SECRET,
            "token_url": upstreams.url + credentials.FABRIC_TOKEN_PATH,
        },
    }
    registry.forget_connections()
    yield upstreams
    registry.forget_connections()


@pytest.mark.parametrize("source", ORDERS)
@pytest.mark.parametrize("place", ["list", "details"])
def test_a_token_that_was_refused_is_renewed_once_and_then_it_is_about_credentials(
    portal, renewable, source, place
):
    def asked():
        return [entry for entry in renewable.requests if "/orders" in entry.path]

    renewable.script(source, [401])
    renewed = Page(portal.get(address_of(source, place)))
    assert (renewed.error_word, len(asked())) in {("", 2), ("not-found", 2)}
    assert len(renewable.requests) == 4  # a token, refused; a new one, taken

    renewable.clear_log()
    renewable.script(source, [401] * 5)
    page = Page(portal.get(address_of(source, place)))

    assert (page.error_word, page.status, len(asked())) == ("credentials", 502, 2)
    assert query_of(page.retry_address) == query_of("?" + QUERIES[source])
    if place == "list":
        assert_filters_are_kept(page, source)


@pytest.mark.parametrize("source", ORDERS)
@pytest.mark.parametrize("place", ["list", "details"])
def test_an_upstream_without_credentials_is_not_configured_and_the_other_one_works(
    portal, settings, upstreams, source, place
):
    other = {"adobe": "fabric", "fabric": "adobe"}[source]
    settings.UPSTREAMS = settings.UPSTREAMS | {source: settings.UPSTREAMS[source] | {"access_token": ""}}
    registry.forget_connections()

    page = Page(portal.get(address_of(source, place)))

    assert (page.error_word, page.status) == ("not-configured", 503)
    assert upstreams.requests == []
    assert portal.get(ORDERS[other]).status_code == 200
    assert "Not configured" in Page(portal.get("/")).root.one("li", data_upstream=source).text


@pytest.mark.parametrize("source", ORDERS)
def test_an_open_breaker_answers_at_once_with_a_time_to_come_back(portal, upstreams, source):
    upstreams.script(source, [500] * 100)
    for number in range(10):
        portal.get(f"/{source}/customers/failing-{number}/orders/")
    upstreams.clear_log()

    pages = [portal.get(address_of(source, place)) for place in ("list", "details")]

    assert upstreams.requests == []
    for response in pages:
        page = Page(response)
        assert (page.error_word, page.status) == ("unavailable", 503)
        assert 1 <= int(response.headers["Retry-After"]) <= 15
        assert re.search(r"failing since \d\d:\d\d:\d\d UTC", page.error.text)
        assert query_of(page.retry_address) == query_of("?" + QUERIES[source])
    assert_filters_are_kept(Page(pages[0]), source)
    assert "Failing since" in Page(portal.get("/")).root.one("li", data_upstream=source).text


def test_a_dead_upstream_does_not_touch_the_other(portal, upstreams):
    upstreams.script("adobe", [500] * 100)
    for _ in range(11):
        portal.get(ORDERS["adobe"])

    assert portal.get(ORDERS["fabric"]).status_code == 200
    assert portal.get("/").status_code == 200


def test_refused_credentials_are_never_called_the_persons_fault(portal, upstreams):
    upstreams.script("adobe", [403])

    page = Page(portal.get(ORDERS["adobe"]))

    assert "tell your administrator" in page.error.text
    assert "not allowed" not in page.text


@pytest.mark.parametrize("source", ORDERS)
def test_a_missing_customer_and_a_missing_order_are_told_apart(see, source):
    unknown = {"adobe": customers.ADOBE_UNKNOWN, "fabric": customers.FABRIC_UNKNOWN}[source]

    customer = see(f"/{source}/customers/{unknown}/orders/", status=404)
    order = see(f"{ORDERS[source]}00aa/", status=404)

    assert customer.error_word == order.error_word == "not-found"
    assert "no such customer" in customer.error.text
    assert {"adobe": "no such order", "fabric": "it is not this customer's"}[source] in order.error.text


def test_the_upstreams_own_words_come_second_escaped_and_cut(portal, upstreams):
    message = "<script>alert(1)</script>" + "very long " * 500
    upstreams.script("adobe", [{"status": 400, "code": "1132", "message": message}])

    page = Page(portal.get(ORDERS["adobe"]))

    text = page.error.text
    assert text.index("did not accept this request") < text.index("<script>alert(1)</script>")
    assert len(text) < 1500
    assert page.error.all("script") == []
    assert "1132" in text
    assert "Vendor code: 1132" in page.support_text
    assert "Vendor message: <script>alert(1)</script>very long" in page.support_text
    assert "Meaning: Adobe VIP Marketplace did not accept this request." in page.support_text


@pytest.mark.parametrize(
    ("source", "place", "query", "what"),
    [
        ("adobe", "", "?status=1000&limit=50", "Correct the filter"),
        ("adobe", "", "?limit=50", "check it for a missing or swapped character"),
        ("adobe", "65a0/", "?status=1000", "check it for a missing or swapped character"),
        ("fabric", "", "?status=RETRY", "check it for a missing or swapped character"),
    ],
)
def test_a_refusal_without_a_filter_is_about_the_id(portal, upstreams, source, place, query, what):
    upstreams.script(source, [400])

    page = Page(portal.get(f"{ORDERS[source]}{place}{query}"))

    assert page.error_word == "bad-request"
    assert what in page.error.text


@pytest.mark.parametrize(("source", "other"), [("adobe", "fabric"), ("fabric", "adobe")])
@pytest.mark.parametrize("place", ["", "65a0/"])
def test_an_unknown_id_is_offered_at_the_other_upstream(portal, upstreams, source, other, place):
    upstreams.script(source, [404, 500, 500, 500])
    address = f"{ORDERS[source]}{place}"

    unknown, failing = Page(portal.get(address)), Page(portal.get(address))

    offered = unknown.error.one("a", data_elsewhere=True)
    assert offered["href"] == address.replace(source, other, 1)
    assert failing.error.all("a", data_elsewhere=True) == []


def test_every_cause_of_failure_has_its_words():
    causes = {row.kind or row.error for row in ROWS} | {"not-configured", "open", "busy"}
    causes |= {"bad-request-id", "not-found-customer", "not-found-order", "not-found-yours"}
    causes |= {"not-found-reseller"}
    causes -= {"not-found"}
    causes |= {"not-in-list", "not-in-part-of-list"}

    assert set(FAILURES) == causes
