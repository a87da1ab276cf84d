"""The one door: what an upstream filtered and paged itself, and what is done to a complete list here."""

import pytest

from orders import services
from orders.domain.errors import NotFound, OutOfRange
from orders.domain.queries import PageRequest
from orders.domain.selection import FabricOrderQuery
from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def thea(upstreams):
    """A supervisor: nothing of what is asked here depends on rights."""
    return person("thea", "supervisor")


@pytest.fixture
def adobe(thea):
    def ask(customer_id=customers.ADOBE_LARGE, offset=0, limit=25, **query):
        return services.list_orders(
            actor=thea,
            source="adobe",
            customer_id=customer_id,
            query=AdobeOrderQuery(**{"created_from": "2000-01-01"} | query),
            page_request=PageRequest(offset, limit),
        )

    return ask


@pytest.fixture
def fabric(thea):
    def ask(customer_id=customers.FABRIC_MAIN, offset=0, limit=25, **query):
        return services.list_orders(
            actor=thea,
            source="fabric",
            customer_id=customer_id,
            query=FabricOrderQuery(**query),
            page_request=PageRequest(offset, limit),
        )

    return ask


def ids(page):
    return [row.order.order_id for row in page.rows]


def test_an_upstreams_own_page_is_taken_as_it_is(adobe):
    page = adobe(offset=25)

    assert (page.total_count, page.offset, page.limit, page.has_next) == (312, 25, 25, True)
    assert (page.first, page.last, page.next_offset, page.previous_offset) == (26, 50, 50, 0)
    assert page.is_complete
    assert page.applied_here == ()
    assert page.ordering == "-creationDate"
    assert all(row.customer_id == customers.ADOBE_LARGE for row in page.rows)


def test_the_range_searched_is_what_was_asked_where_the_upstream_says_nothing(upstreams, adobe):
    upstreams.script("adobe", ["no-links"])

    page = adobe(created_from="2025-01-01", created_to="2025-06-30T00:00:00Z")

    assert (page.searched_from, page.searched_to) == ("2025-01-01", "2025-06-30T00:00:00Z")


def test_an_echoed_window_wins_over_the_one_asked_for(upstreams, adobe):
    echo = {"totalCount": 9, "offset": 4, "limit": 2, "items": [{"orderId": "1"}, {"orderId": "2"}]}
    upstreams.script("adobe", [{"body": echo}])

    page = adobe(offset=0, limit=25)

    assert (page.offset, page.limit, page.first, page.last, page.has_next) == (4, 2, 5, 6, True)


@pytest.mark.parametrize(
    ("envelope", "total", "has_next"),
    [
        ({}, None, False),
        ({"links": {"next": {"uri": "/x", "method": "GET"}}}, None, True),
        ({"links": {"self": {"uri": "/x", "method": "GET"}}}, None, False),
        ({"totalCount": 0}, 1, False),
        ({"totalCount": 7}, 7, True),
        ({"totalCount": -1}, None, False),
        ({"totalCount": "many"}, None, False),
    ],
)
def test_totals_that_are_missing_or_make_no_sense(upstreams, adobe, envelope, total, has_next):
    upstreams.script("adobe", [{"body": {"items": [{"orderId": "1"}], **envelope}}])

    page = adobe()

    assert (page.total_count, page.has_next) == (total, has_next)


def test_a_page_behind_the_last_one_is_out_of_range_and_the_end_itself_is_an_empty_page(adobe, fabric):
    at_the_end = adobe(offset=312)
    at_its_end = fabric(offset=48)
    with pytest.raises(OutOfRange) as behind:
        adobe(offset=313)
    with pytest.raises(OutOfRange) as here:
        fabric(offset=1000)

    assert (at_the_end.rows, at_the_end.total_count, at_the_end.has_next) == ((), 312, False)
    assert (at_its_end.rows, at_its_end.total_count, at_its_end.has_next) == ((), 48, False)
    assert behind.value.total_count is None
    assert here.value.total_count == 48


def test_a_total_that_promises_more_than_comes_does_not_lead_back_to_the_same_page(upstreams, adobe):
    upstreams.script("adobe", [{"body": {"totalCount": 500, "offset": 100, "limit": 25, "items": []}}])

    with pytest.raises(OutOfRange) as raised:
        adobe(offset=100)

    assert raised.value.total_count == 100


def test_an_empty_history_is_a_page_and_no_error(adobe, fabric):
    assert adobe(customers.ADOBE_EMPTY).total_count == 0
    assert fabric(customers.FABRIC_EMPTY).total_count == 0


def test_a_complete_list_is_filtered_sorted_and_cut_here(fabric):
    whole = fabric(limit=100)
    page = fabric(statuses=("SUCCESS",), ordering="totalAmount", offset=5, limit=10)

    matching = [row for row in whole.rows if row.order.status.code == "SUCCESS"]
    amounts = sorted(row.order.totals.amount for row in matching)
    assert page.total_count == len(matching)
    assert [row.order.totals.amount for row in page.rows] == amounts[5:15]
    assert (page.unfiltered_count, page.applied_here) == (48, ("statuses",))
    assert page.has_next


def test_the_counts_of_attention_ignore_the_filters(fabric):
    assert fabric().retry_status_counts == fabric(statuses=("SUCCESS",)).retry_status_counts
    assert dict(fabric().retry_status_counts)["will-retry"] == 7
    assert dict(fabric().retry_status_counts)["overdue"] == 1


def test_a_list_is_complete_only_where_all_of_it_came(fabric):
    paged, short = fabric(customers.FABRIC_PAGED, limit=100), fabric(customers.FABRIC_SHORT, limit=100)

    assert (paged.is_complete, paged.unfiltered_count, paged.known_total) == (True, 57, 57)
    assert (short.is_complete, short.unfiltered_count, short.known_total) == (False, 20, 57)


def test_an_offset_that_is_a_letter_does_not_cost_the_list(fabric):
    page = fabric(customers.FABRIC_LETTER_OFFSET, limit=100)

    assert (page.is_complete, page.total_count) == (True, 57)


def test_an_order_comes_with_its_json_cleared_of_card_numbers(fabric, thea):
    order_id = ids(fabric(statuses=("SUCCESS",)))[0]

    details = services.get_order(
        actor=thea, source="fabric", customer_id=customers.FABRIC_MAIN, order_id=order_id
    )

    assert details.order.order_id == details.raw["id"] == order_id
    assert len(details.raw["paymentDetails"]["paymentIdentifier"]["cardIdentifier"].strip("*•… ")) <= 4


def test_an_order_of_somebody_else_is_not_found(adobe, thea):
    order_id = ids(adobe())[0]

    with pytest.raises(NotFound):
        services.get_order(actor=thea, source="adobe", customer_id=customers.ADOBE_SMALL, order_id=order_id)


def test_prices_are_asked_for_only_where_wanted(upstreams, adobe, thea):
    order_id = ids(adobe(limit=1))[0]
    for wanted in (False, True):
        services.get_order(
            actor=thea,
            source="adobe",
            customer_id=customers.ADOBE_LARGE,
            order_id=order_id,
            with_prices=wanted,
        )

    assert [entry.query for entry in upstreams.requests[-2:]] == [[], [("fetch-price", "true")]]


@pytest.mark.parametrize("customer_id", ["..", ".", "a/b", "a?b=c", "a#b", "a%2Fb", "", "x" * 65, "a\nb"])
@pytest.mark.parametrize("source", ["adobe", "fabric"])
def test_an_id_that_is_no_path_segment_is_refused_even_behind_the_pages(
    upstreams, adobe, fabric, source, customer_id
):
    ask = {"adobe": adobe, "fabric": fabric}[source]

    with pytest.raises(ValueError, match="not an ID"):
        ask(customer_id)

    assert upstreams.requests == []


def test_an_upstream_nobody_has_is_a_key_error(upstreams):
    with pytest.raises(KeyError):
        services.describe("sap")


def test_the_state_of_upstreams_is_told_without_asking_them(upstreams):
    states = {state.name: state for state in services.upstream_states()}

    assert list(states) == ["adobe", "fabric"]
    assert all(state.is_configured and not state.health.is_open for state in states.values())
    assert upstreams.requests == []
