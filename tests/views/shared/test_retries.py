"""Trying again: the same correlation ID after no answer, once; a new one after any answer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from orders.sandbox import customers
from tests.pages import Page, query_of
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
QUERY = "?status=1000&status=1002&limit=50"


def correlation_ids(upstreams):
    return [entry.headers["x-correlation-id"] for entry in upstreams.requests]


@pytest.fixture(params=["timeout", "reset"])
def failed(request, portal, impatient):
    """A page that got no answer, and the sandbox's log of it."""
    impatient.script("adobe", [request.param] * 3)
    page = Page(portal.get(HISTORY + QUERY))
    impatient.clear_faults()
    assert len(set(correlation_ids(impatient))) == 1
    return page


def unanswered_id(upstreams):
    return correlation_ids(upstreams)[0]


def test_the_retry_link_carries_on_with_the_same_correlation_id_and_a_new_request_id(
    portal, impatient, failed
):
    before = {entry.headers["x-request-id"] for entry in impatient.requests}
    correlation_id = unanswered_id(impatient)

    response = portal.get(HISTORY + failed.retry_address)

    assert response.status_code == 200
    entry = impatient.requests[-1]
    assert entry.headers["x-correlation-id"] == correlation_id
    assert entry.headers["x-request-id"] not in before
    assert [pair for pair in entry.query if pair[0] in {"status", "limit"}] == [
        ("limit", "50"),
        ("status", "1000"),
        ("status", "1002"),
    ]


def test_the_link_works_once_so_that_no_stored_answer_passes_for_a_new_one(portal, impatient, failed):
    correlation_id = unanswered_id(impatient)
    portal.get(HISTORY + failed.retry_address)
    impatient.clear_log()

    again = portal.get(HISTORY + failed.retry_address)

    assert again.status_code == 200
    assert correlation_id not in correlation_ids(impatient)


def test_no_link_of_the_page_hands_the_token_on(portal, failed):
    page = Page(portal.get(HISTORY + failed.retry_address))

    for link in page.root.all("a"):
        assert "retry" not in dict(query_of(link["href"]))
    for field in page.root.all("input"):
        assert field.get("name") != "retry"


def test_a_refresh_is_a_new_intent(portal, impatient, failed):
    correlation_id = unanswered_id(impatient)
    impatient.clear_log()

    portal.get(HISTORY + QUERY)

    assert correlation_id not in correlation_ids(impatient)


def test_a_link_of_another_person_is_worth_nothing(impatient, failed):
    correlation_id = unanswered_id(impatient)
    other = signed_in(person("eli", "customer-service agent"))
    impatient.clear_log()

    assert other.get(HISTORY + failed.retry_address).status_code == 200
    assert correlation_id not in correlation_ids(impatient)


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"/adobe/customers/{customers.ADOBE_LARGE}/orders/",
        f"/fabric/customers/{customers.FABRIC_MAIN}/orders/",
        f"{HISTORY}5000000000/",
    ],
)
def test_a_link_means_nothing_at_another_address(portal, impatient, failed, elsewhere):
    correlation_id = unanswered_id(impatient)
    impatient.clear_log()

    portal.get(elsewhere + failed.retry_address)

    assert correlation_id not in correlation_ids(impatient)


def test_a_link_means_nothing_with_other_filters(portal, impatient, failed):
    correlation_id = unanswered_id(impatient)
    token = dict(query_of(failed.retry_address))["retry"]
    impatient.clear_log()

    portal.get(f"{HISTORY}?status=1004&retry={token}")

    assert correlation_id not in correlation_ids(impatient)


def test_a_link_grows_stale(portal, impatient, failed):
    correlation_id = unanswered_id(impatient)
    impatient.clear_log()

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=True):
        portal.get(HISTORY + failed.retry_address)

    assert correlation_id not in correlation_ids(impatient)


@pytest.mark.parametrize(
    "token",
    ["visitors-own-id", "visitors-own-id:1vM0ab:c2lnbmF0dXJl", "", "%00", "a.b.c:d:e", "é", "x" * 5000],
)
def test_an_invented_token_is_never_taken(portal, upstreams, token):
    response = portal.get(f"{HISTORY}?retry={token}")

    assert response.status_code == 200
    assert "visitors-own-id" not in correlation_ids(upstreams)[0]
    assert "ignored-parameters" not in Page(response).notices


@pytest.mark.parametrize("fault", [500, 503, {"status": 429, "retry_after": 30}])
def test_after_an_answer_both_identifiers_are_new(portal, upstreams, fault):
    upstreams.script("adobe", [fault] * 3)
    page = Page(portal.get(HISTORY + QUERY))
    upstreams.clear_faults()
    spent = set(correlation_ids(upstreams))
    assert len(spent) == len(upstreams.requests)

    assert portal.get(HISTORY + page.retry_address).status_code == 200

    assert correlation_ids(upstreams)[-1] not in spent


def test_the_details_carry_on_with_the_same_correlation_id_too(supervisors_portal, impatient):
    portal = supervisors_portal  # prices are asked for only for those who may see them
    order_id = Page(portal.get(f"{HISTORY}?limit=1&start-date=2000-01-01")).order_ids[0]
    impatient.clear_log()
    impatient.script("adobe", ["timeout"] * 3)
    address = f"{HISTORY}{order_id}/"
    page = Page(portal.get(f"{address}?status=1000&fetch-price=true"))
    impatient.clear_faults()

    assert portal.get(address + page.retry_address).status_code == 200

    assert len(set(correlation_ids(impatient))) == 1
    assert impatient.requests[-1].query == [("fetch-price", "true")]


def test_a_second_silence_offers_the_same_intent_once_more(portal, impatient, failed):
    correlation_id = unanswered_id(impatient)
    impatient.script("adobe", ["timeout"] * 3)
    second = Page(portal.get(HISTORY + failed.retry_address))
    impatient.clear_faults()
    impatient.clear_log()

    assert portal.get(HISTORY + second.retry_address).status_code == 200

    assert correlation_ids(impatient) == [correlation_id]
