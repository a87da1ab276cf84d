"""Who a customer is and what they own, for scripts: as their panels say it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from orders.ledger.models import LedgerEntry
from orders.people.api_tokens import Scope
from orders.sandbox import customers
from orders.sandbox.adobe import price_list
from orders.services import products
from orders.views.api.customers import AdobeCustomer, AdobeSubscriptions
from tests.views.api.conftest import problem

ORDINARY = f"/api/v1/adobe/customers/{customers.ADOBE_ORDINARY}"


def day(days):
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def test_a_customer_is_told_with_their_term_and_without_people(script):
    answer = script.get(ORDINARY)
    told = msgspec.json.decode(answer.content, type=AdobeCustomer)

    assert (told.customer_id, told.status, told.status_meaning) == ("1000002001", "1000", "Active")
    assert (told.term_end, told.coterm_date, told.freshness) == (day(151), day(152), "live")
    assert [(each.offer_type, each.level) for each in told.discounts] == [
        ("LICENSE", "02"), ("CONSUMABLES", "T1"),
    ]  # fmt: skip
    assert told.admins[0].email == "t•••@studio.example"
    assert "Mill Road" not in answer.content.decode()


def test_what_they_own_has_names_and_no_renewal_where_that_means_nothing(script):
    products.import_price_list(price_list.as_file().encode(), actor=None)

    told = msgspec.json.decode(script.get(f"{ORDINARY}/subscriptions").content, type=AdobeSubscriptions)
    lapsed = script.get(f"/api/v1/adobe/customers/{customers.ADOBE_LAPSED}/subscriptions").json()

    assert (told.total_count, told.offset, told.items[1].product_name) == (
        3, 0, "Sketch Suite for teams All Apps",
    )  # fmt: skip
    assert told.items[1].renewal_quantity == 35
    assert {each["renewalQuantity"] for each in lapsed["items"]} == {None}


@pytest.mark.parametrize(
    ("rows", "said"),
    [(["x"], "1 row could not be read."), (["x", "y"], "2 rows could not be read.")],
)
def test_rows_that_could_not_be_read_are_counted_in_words(script, upstreams, rows, said):
    body = {"totalCount": len(rows), "items": rows}
    upstreams.script("adobe", [{"status": 200, "body": body}], path_contains="/subscriptions")

    told = script.get(f"{ORDINARY}/subscriptions").json()

    assert [each["text"] for each in told["notices"] if each["notice"] == "unreadable-rows"] == [said]


def test_each_is_a_look_of_its_own(script):
    script.get(ORDINARY)
    script.get(f"{ORDINARY}/subscriptions")

    rows = LedgerEntry.objects.filter(action__startswith="view-").order_by("id")
    # The term is read from the subscriptions as well.
    assert list(rows.values_list("action", flat=True)) == [
        "view-customer", "view-subscriptions", "view-subscriptions",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["", "/subscriptions"])
def test_what_can_be_seen_is_what_the_pages_show(script, script_of, upstreams, what):
    stranger = script_of("account manager", name="mark")
    reader = script_of("supervisor", name="lena", scopes=[Scope.LOOKUP])

    assert problem(stranger.get(ORDINARY + what)).cause == "not-found"
    assert problem(reader.get(ORDINARY + what)).cause == "forbidden"
    assert upstreams.requests == []
    moved = problem(script.get(f"/api/v1/adobe/customers/{customers.ADOBE_MOVED}{what}"))
    assert (moved.status, moved.cause) == (404, "not-found")
    assert problem(script.get(f"/api/v1/elsewhere/customers/1{what}")).status == 404
