"""What is shown while an upstream fails: its last good answer, with its age and the failure beside it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from orders import services
from orders.domain.errors import BadRequest, NotFound, Unavailable
from orders.domain.freshness import Takes
from orders.domain.queries import PageRequest
from orders.ledger import Action, LedgerEntry
from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.personas import person

LARGE = customers.ADOBE_LARGE
START = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _saves(settings):
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900


@pytest.fixture
def thea(db, upstreams):
    return person("thea", "supervisor")


def history(actor, takes=Takes.SAVED, **more):
    of = {"source": "adobe", "customer_id": LARGE, "query": AdobeOrderQuery(), **more}
    return services.list_orders(actor=actor, page_request=PageRequest(), takes=takes, **of)


def at(seconds):
    return time_machine.travel(START + timedelta(seconds=seconds), tick=False)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ({"status": 503}, "unavailable"),
        ("rate-limited", "rate-limited"),
        ("not-json", "bad-answer"),
        ({"status": 403, "code": "4115"}, "credentials"),
    ],
)
def test_while_an_upstream_fails_its_last_good_answer_is_shown_with_its_age_and_why(
    thea, upstreams, fault, cause
):
    with at(0):
        good = history(thea)
    upstreams.script("adobe", [fault] * 3)
    with at(240):
        page = history(thea)

    assert (page.freshness.state, page.freshness.age) == ("stale", 240)
    assert page.freshness.failure.cause == cause
    assert page.freshness.failure.exchange.attempts
    assert (page.rows, page.exchange, page.fetched_at) == (good.rows, good.exchange, good.fetched_at)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [({"status": 404, "code": "1116"}, NotFound), ({"status": 400, "code": "1117"}, BadRequest)],
)
def test_an_answer_that_refuses_is_no_failure_and_nothing_older_hides_it(thea, upstreams, fault, kind):
    with at(0):
        history(thea)
    upstreams.script("adobe", [fault] * 3)

    with at(60), pytest.raises(kind):
        history(thea)


def test_the_last_good_answer_is_gone_after_its_time_and_where_it_is_switched_off(thea, upstreams, settings):
    upstreams.script("adobe", [None, *[{"status": 503}] * 30])
    with at(0):
        history(thea)
    with at(899):
        assert history(thea).freshness.age == 899
    with at(901), pytest.raises(Unavailable):
        history(thea)
    settings.CACHE_STALE = 0
    with at(60), pytest.raises(Unavailable):
        history(thea)


def test_it_is_there_where_what_is_fresh_is_switched_off(thea, upstreams, settings):
    settings.CACHE_FRESH = 0
    first, second = history(thea), history(thea)
    upstreams.script("adobe", [{"status": 503}] * 3)

    states = [each.freshness.state for each in (first, second, history(thea))]

    assert states == ["live", "live", "stale"]


def test_who_wishes_it_anew_gets_the_failure_alone_and_a_way_to_the_saved_copy(thea, upstreams):
    with at(0):
        good = history(thea)
    upstreams.script("adobe", [{"status": 503}] * 3)
    with at(60):
        with pytest.raises(Unavailable) as refused:
            history(thea, takes=Takes.LIVE)
        asked = len(upstreams.requests)
        copy = history(thea, takes=Takes.COPY)

    assert refused.value.saved_age == 60
    assert (copy.rows, copy.freshness.state, copy.freshness.age) == (good.rows, "stale", 60)
    assert copy.freshness.failure.exchange == refused.value.exchange
    assert len(upstreams.requests) == asked


def test_a_copy_is_asked_for_anew_where_nothing_failed(thea, upstreams):
    assert history(thea, takes=Takes.COPY).freshness.is_live


def test_a_retry_asks_and_where_it_fails_again_the_copy_stays(thea, upstreams):
    history(thea)
    upstreams.script("adobe", [{"status": 503}] * 3)
    page = history(thea, correlation_id="11111111-2222-4333-8444-555555555555")

    assert page.freshness.state == "stale"
    assert len(upstreams.requests) == 4


def test_nothing_stale_is_exported_or_revealed(thea, upstreams):
    order_id = history(thea).rows[0].order.order_id
    services.get_order(actor=thea, source="adobe", customer_id=LARGE, order_id=order_id, takes=Takes.SAVED)
    rights = services.export_admitted(actor=thea, source="adobe", customer_id=LARGE)
    upstreams.script("adobe", [{"status": 503}] * 20)

    with pytest.raises(Unavailable):
        services.reveal_order(actor=thea, source="adobe", customer_id=LARGE, order_id=order_id, reason="T-1")
    with pytest.raises(Unavailable):
        services.page_for_file(
            rights=rights,
            source="adobe",
            customer_id=LARGE,
            query=AdobeOrderQuery(),
            page_request=PageRequest(),
        )


def test_a_look_at_something_stale_is_in_the_ledger_with_its_age_and_why(thea, upstreams):
    with at(0):
        history(thea)
    upstreams.script("adobe", [{"status": 503}] * 3)
    with at(60):
        history(thea)
    first, second = LedgerEntry.objects.filter(action=Action.VIEW_LIST).order_by("id")

    assert json.loads(second.details) == json.loads(first.details) | {
        "freshness": "stale",
        "age": 60,
        "failure": "unavailable",
    }
    assert (second.outcome, second.row_count) == ("ok", 25)


def test_what_fails_for_one_person_shows_nothing_of_anothers_scope(thea, upstreams):
    history(thea)
    upstreams.script("adobe", [{"status": 503}] * 3)

    with pytest.raises(Unavailable):
        history(person("dana", "customer-service agent"))
