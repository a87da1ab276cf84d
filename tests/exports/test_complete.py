"""A file made within the request: complete, or not delivered; whatever the upstream does meanwhile."""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.utils import translation

from orders import services
from orders.domain.errors import RateLimited, Unavailable, UpstreamError
from orders.domain.retry_rules import RetryLimits
from orders.exports import TooLarge
from orders.exports.engine.backoff import INLINE
from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from orders.upstreams.adobe_vip_marketplace.source import AdobeVipMarketplace
from tests.exports.results import (
    CUSTOMER,
    EVERYTHING,
    NEWEST,
    column,
    export_now,
    give,
    ids,
    offsets,
    order,
    read,
    spec,
)

pytestmark = pytest.mark.django_db

PAGES = 12
ORDERS = PAGES * 100 - 50


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    pauses = {"first_pause": 0.01, "first_pause_throttled": 0.01, "longest_pause": 3.0}
    hurried = RetryLimits(tries=2, throttles=2, **pauses)
    monkeypatch.setattr("orders.exports.api.INLINE", hurried)


@pytest.fixture
def before_page(monkeypatch: Any, settings: Any) -> Any:
    """Does something just before the page at an offset is asked for the first time; pages go one by one."""
    settings.EXPORT_WORKERS = 1
    waiting: dict[int, Any] = {}
    ask = services.page_for_file

    def page_for_file(**given: Any) -> Any:
        happens = waiting.pop(given["page_request"].offset, None)
        if happens:
            happens()
        return ask(**given)

    monkeypatch.setattr(services, "page_for_file", page_for_file)
    return waiting.update


def test_a_file_holds_every_order_once_in_the_order_of_the_page(upstreams):
    give(upstreams, ORDERS)

    file = export_now()
    data = read(file)

    assert column(data) == ids(ORDERS)
    assert (file.orders, file.rows, file.missing) == (ORDERS, ORDERS, ())
    assert (file.export.file_size, file.export.file_sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_file_is_named_after_what_and_when(upstreams):
    give(upstreams, 1)

    before, file, after = datetime.now(UTC), export_now(), datetime.now(UTC)

    names = {f"orders_adobe_{CUSTOMER}_{moment:%Y%m%dT%H%M%S}Z.csv" for moment in (before, after)}
    assert file.name in names


def test_pages_are_asked_for_side_by_side_and_never_more_than_allowed(upstreams, settings):
    give(upstreams, ORDERS)
    settings.EXPORT_WORKERS = 4
    upstreams.latency = 0.05
    try:
        export_now()
    finally:
        upstreams.latency = 0.0

    assert 2 <= upstreams.peak_in_flight <= 4
    assert sorted(offsets(upstreams)) == [page * 100 for page in range(PAGES)]


@pytest.mark.parametrize(
    ("page", "fault"), [*((page, 503) for page in range(PAGES)), (5, "cut"), (5, "reset"), (5, "garbage")]
)
def test_a_page_that_fails_leaves_nothing(upstreams, export_dir, page, fault):
    give(upstreams, ORDERS)
    upstreams.script("adobe", [fault] * 20, customer_id=CUSTOMER, path_contains=f"offset={page * 100}&")

    with pytest.raises(UpstreamError):
        export_now()

    assert list(export_dir.iterdir()) == []


def test_a_failure_that_passes_is_never_seen(upstreams):
    give(upstreams, ORDERS)
    for fault in (503, "cut", "reset", 429):
        upstreams.script("adobe", [fault], customer_id=CUSTOMER)

    assert column(read(export_now())) == ids(ORDERS)


def test_a_throttled_file_waits_as_told_and_goes_on_narrower(upstreams, settings):
    give(upstreams, 2000)
    settings.UPSTREAM_LIMITS = {**settings.UPSTREAM_LIMITS, "deadline": 0.5}
    settings.EXPORT_WORKERS = 8
    upstreams.script("adobe", [{"status": 429, "retry_after": 1}] * 2, path_contains="offset=1000&")
    started = time.monotonic()

    data = read(export_now())

    assert column(data) == ids(2000)
    assert time.monotonic() - started >= 1


def test_an_upstream_that_throttles_for_good_is_told_as_that(upstreams):
    with pytest.raises(RateLimited):
        export_now(customer_id=customers.ADOBE_RATE_LIMITED)


def test_nobody_waits_long_for_a_page_that_fails():
    assert INLINE.tries <= 2
    assert INLINE.longest_pause <= 5


def test_a_large_result_is_refused_after_one_page(upstreams, settings, export_dir):
    give(upstreams, ORDERS)
    settings.EXPORT_INLINE_MAX = ORDERS - 1

    with pytest.raises(TooLarge) as raised:
        export_now()

    assert raised.value.total == ORDERS
    assert offsets(upstreams) == [0]
    assert list(export_dir.iterdir()) == []


def test_the_window_ends_when_the_file_is_asked_for(upstreams):
    give(upstreams, 150)

    made_at = datetime.now(UTC).replace(microsecond=0)
    export_now()

    ends = {dict(entry.query)["end-date"] for entry in upstreams.requests}
    assert len(ends) == 1
    assert made_at <= datetime.fromisoformat(ends.pop()) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T23:59:59Z", "2026-01-31T23:59:59Z"),
        ("2126-01-31", "2026-11-22T15:30:00Z"),
        ("2126-01-31T23:59:59Z", "2026-11-22T15:30:00Z"),
    ],
)
def test_only_an_end_in_the_future_is_moved_to_now(asked, sent):
    found = spec(query=f"end-date={asked}", made_at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC))

    assert (found.query, found.pinned_end) == (AdobeOrderQuery(created_to=sent), sent)


def test_short_pages_make_the_later_ones_be_asked_for_anew(upstreams):
    give(upstreams, ORDERS)
    upstreams.script("adobe", ["short-page"] * 3, customer_id=CUSTOMER)

    file = export_now()

    assert column(read(file)) == ids(ORDERS)
    assert file.missing == ()
    assert 97 in offsets(upstreams)


def test_orders_placed_meanwhile_are_outside_the_window(upstreams, before_page):
    give(upstreams, ORDERS)
    later = (NEWEST - datetime.now(UTC)) / timedelta(minutes=1) - 1  # minutes before NEWEST: the future
    arrive = [order(9000 + number, minutes=later - number) for number in range(5)]
    before_page({500: lambda: upstreams.add_adobe_orders(CUSTOMER, arrive)})

    file = export_now()

    assert column(read(file)) == ids(ORDERS)
    assert file.missing == ()


@pytest.mark.parametrize("moment", [100, 600, 1100])
@pytest.mark.parametrize("age", [0.5, 250.5, 1140.5])
def test_an_order_that_turns_up_inside_the_window_is_in_the_file(upstreams, before_page, moment, age):
    """It pushes all older ones to the next position: pages read before no longer fit those read after."""
    give(upstreams, ORDERS)
    late = order(9000, minutes=age)
    before_page({moment: lambda: upstreams.add_adobe_orders(CUSTOMER, [late])})

    file = export_now()

    expected = ids(ORDERS)
    expected.insert(int(age + 0.5), "0000009000")
    assert column(read(file)) == expected
    assert file.missing == ()


def test_an_order_that_disappears_meanwhile_is_not_in_the_file(upstreams, before_page):
    give(upstreams, ORDERS)

    def remove() -> None:
        upstreams.forget_added_orders()
        upstreams.add_adobe_orders(CUSTOMER, [order(each) for each in range(ORDERS) if each != 150])

    before_page({700: remove})

    file = export_now()

    assert column(read(file)) == [each for each in ids(ORDERS) if each != "0000000150"]
    assert file.missing == ()


def test_a_result_that_shifts_is_read_again_from_where_it_did(upstreams, before_page):
    give(upstreams, ORDERS)
    late = order(9000, minutes=950.5)
    before_page({1100: lambda: upstreams.add_adobe_orders(CUSTOMER, [late])})

    export_now()

    asked = offsets(upstreams)
    assert asked.count(900) == 4  # read, found to have changed, read again, confirmed
    assert asked.count(200) == 2  # read, confirmed


@pytest.mark.parametrize("distance", [1, 40, 1100])
def test_an_order_that_comes_twice_stands_once_and_the_file_says_what_is_missing(upstreams, distance):
    """One more than there is room for: Adobe's count can't be reached, so the file can't be complete."""
    upstreams.forget_added_orders()
    again = order(10, minutes=10 + distance + 0.5)
    upstreams.add_adobe_orders(CUSTOMER, [*(order(number) for number in range(ORDERS)), again])

    file = export_now()

    assert column(read(file)) == ids(ORDERS)
    assert file.name.startswith("PARTIAL_orders_adobe_")
    assert file.missing == (
        f"Adobe counts {ORDERS + 1} orders; {ORDERS} different ones came. 1 order came twice.",
    )


def test_duplicates_further_apart_than_we_remember_are_found_at_the_end(upstreams, monkeypatch):
    monkeypatch.setattr("orders.exports.engine.reconciler.NEAR_PAGES", 2)
    upstreams.forget_added_orders()
    again = [order(10, minutes=600.5), order(20, minutes=1000.5)]
    upstreams.add_adobe_orders(CUSTOMER, [*(order(number) for number in range(ORDERS)), *again])

    file = export_now()

    assert column(read(file)) == ids(ORDERS)
    assert "2 orders came twice" in file.missing[0]


def test_orders_without_an_id_are_all_kept(upstreams):
    upstreams.forget_added_orders()
    nameless = [order(number, orderId="") for number in range(3)]
    upstreams.add_adobe_orders(CUSTOMER, [*nameless, *(order(number) for number in range(3, 120))])

    file = export_now()

    assert column(read(file)) == ["", "", "", *ids(120)[3:]]
    assert file.missing == ()


@pytest.mark.parametrize("word", ["moving-total", "no-links", "bad-links"])
def test_what_an_upstream_says_around_its_orders_does_not_cost_any(upstreams, word):
    give(upstreams, 350)
    upstreams.script("adobe", [word] * 200, customer_id=CUSTOMER)

    file = export_now()

    assert column(read(file)) == ids(350)
    assert file.is_complete == (word != "moving-total")


def test_rows_that_cannot_be_read_are_counted_and_make_a_file_incomplete(upstreams):
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(CUSTOMER, [order(0), None, order(1), "?"])

    file = export_now()

    assert column(read(file)) == ids(2)
    assert file.missing == ("2 orders could not be read.",)


def test_a_file_says_what_is_missing_in_one_language_whatever_its_reader_s_is(upstreams):
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(CUSTOMER, [order(0), None, order(1), "?"])

    with translation.override("de"):
        file = export_now()

    assert file.missing == ("2 orders could not be read.",)


def test_an_empty_result_is_a_complete_file_with_headings(upstreams):
    file = export_now(customer_id=customers.ADOBE_EMPTY)

    assert (file.orders, file.missing) == (0, ())
    assert column(read(file)) == []


def test_a_result_that_ends_before_its_count_is_never_complete(upstreams, monkeypatch):
    """Adobe says all the time that there are more; a page behind the last one must not settle it."""
    give(upstreams, 250)
    ask = AdobeVipMarketplace.list_orders

    def counts_more(*given: Any, **more: Any) -> Any:
        fetched = ask(*given, **more)
        return msgspec.structs.replace(fetched, page=msgspec.structs.replace(fetched.page, total_count=300))

    monkeypatch.setattr(AdobeVipMarketplace, "list_orders", counts_more)

    file = export_now()

    assert column(read(file)) == ids(250)
    assert file.name.startswith("PARTIAL_")
    assert file.missing == ("Adobe counts 300 orders; 250 different ones came.",)


def test_a_list_cut_short_by_fabric_is_partial_and_says_so(upstreams):
    file = export_now(source="fabric", customer_id=customers.FABRIC_SHORT, query="")

    assert file.name.startswith(f"PARTIAL_orders_fabric_{customers.FABRIC_SHORT}_")
    assert file.missing == ("fabric says that 57 orders exist and sent 20.",)
    assert len(column(read(file))) == 20


def test_what_fabric_says_it_could_not_do_makes_a_file_incomplete(upstreams):
    file = export_now(source="fabric", customer_id=customers.FABRIC_PARTIAL, query="")

    assert file.missing[-1] == "fabric: Two orders could not be read (ITEM_NOT_FOUND)."


def test_a_complete_list_of_fabric_is_a_complete_file(upstreams):
    file = export_now(source="fabric", customer_id=customers.FABRIC_LIVE, query="", rows="lines")

    assert file.missing == ()
    assert len(set(column(read(file), "orderId"))) == file.orders == 17


def test_an_upstream_that_answers_other_pages_than_asked_for_is_not_believed(upstreams, monkeypatch):
    give(upstreams, 300)
    ask = services.page_for_file

    def first_page_always(**given: Any) -> Any:
        return ask(**{**given, "page_request": type(given["page_request"])(0, 100)})

    monkeypatch.setattr(services, "page_for_file", first_page_always)

    with pytest.raises(UpstreamError, match="asked for the orders after 100, got those after 0"):
        export_now()


def test_a_file_made_at_once_is_kept_like_any_other(upstreams, export_dir):
    give(upstreams, 10)

    file = export_now()

    assert column(read(file)) == ids(10)
    assert [path.name for path in export_dir.rglob("*") if path.is_file()] == ["file.csv"]
    assert export_dir.stat().st_mode & 0o777 == 0o700
    assert (file.export.state, file.export.lease_owner) == ("complete", "")
    assert file.export.finished_at is not None
    assert file.export.expires_at == file.export.finished_at + timedelta(hours=24)


def test_an_upstream_that_is_away_ends_a_file_soon(upstreams):
    started = time.monotonic()

    with pytest.raises(Unavailable):
        export_now(customer_id=customers.ADOBE_UNAVAILABLE, query=EVERYTHING)

    assert time.monotonic() - started < 5
