"""fabric's order history and details: one answer for everything, and the portal's own filters on it."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.domain.identifiers import is_identifier
from orders.sandbox import customers
from tests.pages import query_of
from tests.sandbox.clients import FabricClient

pytestmark = pytest.mark.django_db

MAIN = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
LIVE = f"/fabric/customers/{customers.FABRIC_LIVE}/orders/"
TWIN = f"/fabric/customers/{customers.FABRIC_LIVE_TWIN}/orders/"
PAGED = f"/fabric/customers/{customers.FABRIC_PAGED}/orders/"
SHORT = f"/fabric/customers/{customers.FABRIC_SHORT}/orders/"


def rows_of(page):
    return {
        row["data-order-id"]: [cell.text for cell in row.all("td")]
        for row in page.root.all("tr", data_order_id=True)
    }


def without(facts, names):
    return {name: value for name, value in facts.items() if name not in names}


def test_both_dialects_give_the_same_list(see):
    live, twin = see(LIVE), see(TWIN)

    assert rows_of(live) == rows_of(twin)
    assert live.window == twin.window
    assert live.root.one(class_="strip").text == twin.root.one(class_="strip").text


def test_both_dialects_give_the_same_details(see):
    for order_id in see(LIVE).order_ids:
        live, twin = see(f"{LIVE}{order_id}/"), see(f"{TWIN}{order_id}/")
        for block, own in (
            ("Order", {"Customer", "Order number"}),
            ("Ship to", set()),
            ("Bill to", set()),
            ("Payment", {"Method", "Kind"}),
        ):
            # Apart from what only one of them sends, or sends in other words.
            assert without(live.facts(block), own) == without(twin.facts(block), own)
        assert live.root.one(id="summary").text == twin.root.one(id="summary").text
        for heading in ("Quantity", "Price", "Tax", "Shipping"):
            assert live.column(heading) == twin.column(heading)


def test_the_whole_list_is_asked_for_once_and_without_parameters(see, upstreams):
    see(f"{MAIN}?status=RETRY&sort=-totalAmount&limit=5&text=beans")

    assert [entry.raw_target for entry in upstreams.requests] == [
        f"/data-subscription/v1/customers/{customers.FABRIC_MAIN}/orders"
    ]


@pytest.mark.parametrize(
    ("query", "heading", "matches"),
    [
        ("status=RETRY", "Status", lambda text: "RETRY" in text),
        ("status=RETRY&status=FAILED", "Status", lambda text: "RETRY" in text or "FAILED" in text),
        ("attention=retries-exhausted", "Status", lambda text: text.startswith("Retries exhausted")),
        ("error-code=140", "Reason", lambda text: text.endswith("140")),
        ("error-code=140,170", "Reason", lambda text: text.endswith(("140", "170"))),
    ],
)
def test_filters_are_applied_here_to_all_orders_and_the_page_says_so(see, query, heading, matches):
    everything, page = see(MAIN), see(f"{MAIN}?{query}")

    cells = page.column(heading)
    assert 0 < len(cells) < len(everything.order_ids)
    assert all(matches(cell) for cell in cells)
    assert len(cells) == len([cell for cell in everything.column(heading) if matches(cell)])
    assert "The filters are applied here, to all of them." in page.notices["window"]
    assert "applied here" not in everything.notices["window"]


def test_retry_types_are_filtered_by_their_family(see, upstreams):
    page = see(f"{MAIN}?retry-type=inventory")

    for order_id in page.order_ids:
        assert "inventory (INTENTORY RETRY)" in see(f"{MAIN}{order_id}/").text


def scheduled_days(page):
    """The days by UTC, as they stand behind the words, of all orders on the page."""
    cells = [page.row(order_id).all("td")[1] for order_id in page.order_ids]
    return [cell.one("time")["title"][:10] for cell in cells]


def test_scheduled_dates_mean_whole_days(see):
    everything = see(MAIN)
    day = scheduled_days(everything)[20]

    page = see(f"{MAIN}?scheduled-from={day}&scheduled-to={day}")

    expected = [each for each in scheduled_days(everything) if each == day]
    assert scheduled_days(page) == expected
    assert expected


def test_text_is_found_in_ids_skus_and_titles_whatever_its_case(see):
    order_id = see(MAIN).order_ids[3]

    assert see(f"{MAIN}?text={order_id.upper()}").order_ids == [order_id]
    beans = see(f"{MAIN}?text=eSpResso")
    assert beans.order_ids
    for found in beans.order_ids[:3]:
        assert "Espresso" in see(f"{MAIN}{found}/").text


def test_no_match_is_said_with_the_number_that_was_searched(see):
    page = see(f"{MAIN}?text=nothing-like-this")

    assert "No match" in page.result.text
    assert "None of the 48 orders that fabric sent matches these filters." in page.result.text


def test_a_customer_without_orders_is_known_but_has_none(see):
    page = see(f"/fabric/customers/{customers.FABRIC_EMPTY}/orders/")

    assert page.window[0] == "0"
    assert "fabric knows this customer and sent no orders." in page.result.text


def test_the_strip_counts_the_states_of_all_orders_and_leads_to_each(see):
    strip = see(f"{MAIN}?status=SCHEDULED").root.one(class_="strip")

    for link in strip.all("a"):
        count = int(link.one("b").text)
        state = dict(query_of(link["href"]))["attention"]
        assert see(f"{MAIN}?attention={state}").window[0] == str(count)


@pytest.mark.parametrize("name", ["orderId", "scheduledDate", "status", "errorCode", "totalAmount"])
def test_sorting_keeps_the_whole_result_over_all_its_pages(see, name):
    whole = see(f"{MAIN}?sort={name}&limit=100").order_ids
    pages = [see(f"{MAIN}?sort={name}&limit=20")]
    while pages[-1].link("next"):
        pages.append(see(MAIN + pages[-1].link("next")))

    assert sorted(whole) == sorted(see(MAIN).order_ids)
    assert [order_id for page in pages for order_id in page.order_ids] == whole


def test_headings_sort_up_then_down_and_show_which_way(see):
    page = see(f"{MAIN}?status=SUCCESS&status=RETRY&sort=totalAmount&offset=5&limit=10")
    heading = page.root.one("th", aria_sort="ascending")

    assert heading.text == "Total"
    flipped = query_of(heading.one("a")["href"])
    assert ("sort", "-totalAmount") in flipped
    assert [value for name, value in flipped if name == "status"] == ["SUCCESS", "RETRY"]
    down = see(MAIN + heading.one("a")["href"])
    assert down.root.one("th", aria_sort="descending").text == "Total"
    assert down.window[1] == "0"


def parts_of(page):
    """The states of the rows, under the headings that part the list."""
    found: dict[str, list[str]] = {}
    for row in page.result.one("tbody").all("tr"):
        if row.get("class") == "group":
            under = found.setdefault(row.text, [])
        else:
            under.append(row.all("td", class_="state")[0].all("span", class_="tag")[0].text)
    return found


def test_what_needs_somebody_comes_first_then_what_is_to_come_then_what_was(see):
    page = see(MAIN)
    needing, coming, been = parts_of(page).items()

    assert [needing[0], coming[0], been[0].partition(",")[0]] == ["Needs attention", "Coming", "Today"]
    first_words = list(dict.fromkeys(state.partition(" ")[0] for state in needing[1]))
    assert first_words == ["Retries", "Failed,", "Overdue", "Will"]
    assert not {"Retries", "Overdue", "Will"} & {state.partition(" ")[0] for state in (*coming[1], *been[1])}
    assert [link["href"] for link in page.root.one("nav", class_="segments").all("a")] == [
        "?",
        "?sort=-scheduledDate",
    ]


def test_newest_first_is_a_choice_and_today_parts_what_is_to_come_from_what_was(see):
    assert [name.partition(",")[0] for name in parts_of(see(f"{MAIN}?sort=-scheduledDate"))] == [
        "Coming",
        "Today",
    ]
    for address in (LIVE, TWIN, MAIN):
        scheduled = scheduled_days(see(f"{address}?sort=-scheduledDate"))

        assert scheduled == sorted(scheduled, reverse=True)


def test_one_order_is_one_order(see, upstreams):
    upstreams.add_fabric_orders("one-order", [{"orderId": "5", "status": "COMPLETED"}], dialect="documented")
    try:
        found = see("/fabric/customers/one-order/orders/")
        none = see("/fabric/customers/one-order/orders/?status=FAILED")
    finally:
        upstreams.forget_added_orders()

    assert "The one order fabric sent" in found.notices["window"]
    assert "The one order that fabric sent does not match these filters." in none.text


def test_where_paging_is_honoured_all_57_orders_are_fetched_and_shown(see, upstreams):
    page = see(f"{PAGED}?limit=100")

    assert page.window == ("57", "0", "100")
    assert len(set(page.order_ids)) == 57
    assert "incomplete" not in page.notices
    assert "All 57 orders fabric sent" in page.notices["window"]
    assert [dict(entry.query).get("offset", "0") for entry in upstreams.requests] == ["0", "20"]


def test_where_paging_is_ignored_the_list_is_never_called_complete(see):
    page = see(f"{SHORT}?limit=100")

    assert len(page.order_ids) == 20
    assert "window" not in page.notices
    assert "Showing 20 of 57" in page.notices["incomplete"]
    assert "not complete" in page.notices["incomplete"]
    assert "All" not in page.notices["incomplete"]


def test_filters_over_an_incomplete_list_say_what_they_were_applied_to(see):
    page = see(f"{SHORT}?status=SUCCESS")

    assert "The filters are applied here, to what was sent." in page.notices["incomplete"]


def test_partial_success_is_said_in_the_upstreams_own_words(see):
    page = see(f"/fabric/customers/{customers.FABRIC_PARTIAL}/orders/")

    assert page.order_ids
    assert "Two orders could not be read" in page.notices["upstream"]


def test_details_come_from_the_list_wherever_in_it_the_order_stands(see, upstreams):
    last = see(f"{PAGED}?limit=100&sort=scheduledDate").order_ids[-1]
    first = see(f"{PAGED}?limit=100&sort=-scheduledDate").order_ids[-1]
    upstreams.clear_log()

    for order_id in (first, last):
        assert see(f"{PAGED}{order_id}/").root.one("h1").text.startswith(f"Order {order_id}")

    assert {entry.path for entry in upstreams.requests} == {
        f"/data-subscription/v1/customers/{customers.FABRIC_PAGED}/orders"
    }


def test_an_order_that_is_not_in_an_incomplete_list_is_not_called_missing_for_sure(see):
    page = see(f"{SHORT}ffffffffffffffffffffffff/", status=404)

    assert page.error_word == "not-found"
    assert "20 of 57" in page.error.text
    assert "nobody can tell" in page.error.text
    assert "it is not this customer's" not in page.error.text


def test_an_order_that_is_not_in_the_whole_list_is_known_to_be_somebody_elses(see):
    page = see(f"{PAGED}ffffffffffffffffffffffff/", status=404)

    assert page.error_word == "not-found"
    assert "it is not this customer's" in page.error.text
    assert "nobody can tell" not in page.error.text


def test_a_list_with_orders_that_could_not_be_read_is_never_called_all(see, upstreams):
    with_rubbish = f"/fabric/customers/{customers.FABRIC_ODD}/orders/"
    page = see(f"{with_rubbish}?limit=500")
    [lost] = map(int, re.findall(r"(\d+) rows? could not be read", page.notices["unreadable-rows"]))
    shown = int(page.window[0])

    assert lost > 0
    assert f"{shown} of {shown + lost} orders" in page.notices["window"]
    assert "All" not in page.notices["window"]
    missing = see(f"{with_rubbish}ffffffffffffffffffffffff/", status=404)
    assert "could not be read" in missing.error.text
    assert "it is not this customer's" not in missing.error.text


@pytest.mark.parametrize(
    ("customer_id", "card"),
    [(customers.FABRIC_MAIN, "tok00000000000000001881"), (customers.FABRIC_ODD, "4111111111111111")],
)
def test_a_card_is_masked_and_a_reveal_shows_its_last_four_characters(
    see, reveal, upstreams, customer_id, card
):
    sent = FabricClient(upstreams.url).orders(customer_id).json()["data"]["orders"]
    order_id = next(order["id"] for order in sent if card in json.dumps(order))
    address = f"/fabric/customers/{customer_id}/orders/{order_id}/"

    masked, revealed = see(address), reveal(address)

    for page, ending in ((masked, "•••"), (revealed, card[-4:])):
        assert page.facts("Payment")["Card ending"] == ending
        assert page.raw_json["paymentDetails"]["paymentIdentifier"]["cardIdentifier"] == ending
        assert card[:-4] not in page.html


def test_without_a_reveal_people_are_masked_and_the_rest_of_the_order_is_not(see, reveal):
    order_id = see(f"{MAIN}?status=RETRY&sort=-scheduledDate").order_ids[0]
    masked, full = see(f"{MAIN}{order_id}/"), reveal(f"{MAIN}{order_id}/")
    raw = full.raw_json

    name, email = masked.facts("Customer")["Name"], masked.facts("Customer")["E-mail"]
    first, *_, last = name.split()
    assert (first, last) == (f"{raw['customer']['firstName'][0]}••", f"{raw['customer']['lastName'][0]}•••")
    assert email == f"{raw['customer']['email'][0]}•••@example.com"
    for hidden in (raw["customer"]["lastName"], raw["customer"]["email"], raw["shipTo"]["postalCode"]):
        assert hidden not in masked.text
    assert raw["shipTo"]["streetAddress"]["street1"] not in masked.html
    assert raw["shipTo"]["city"] in masked.facts("Ship to")["Address"]
    assert masked.facts("Order") == full.facts("Order")
    associate = full.raw_json["lineItems"][0]["customAttributes"]["associateId"]
    lines = [page.root.one("table", class_="lines").text for page in (masked, full)]
    totals = [page.root.one(class_="totals").text for page in (masked, full)]
    assert lines[0] == lines[1].replace(f"associateId: {associate}", "associateId: •••")
    assert totals[0] == totals[1]
    raw["lineItems"][0]["customAttributes"]["associateId"] = "•••"
    for part in ("lineItems", "totalAmount", "status", "error", "Retry"):
        assert masked.raw_json.get(part) == raw.get(part)


def test_the_details_show_people_addresses_payment_and_lines(see, reveal):
    order_id = see(f"{MAIN}?status=RETRY").order_ids[0]
    page = reveal(f"{MAIN}{order_id}/")
    raw = page.raw_json
    assert "•••" not in page.raw_json["customer"]["email"] + str(page.raw_json["shipTo"])

    customer, ship_to, item = raw["customer"], raw["shipTo"], raw["lineItems"][0]["item"]
    assert customer["lastName"] in page.facts("Customer")["Name"]
    assert page.facts("Customer")["E-mail"] == customer["email"]
    address = page.facts("Ship to")["Address"]
    for part in (ship_to["streetAddress"]["street1"], ship_to["city"], ship_to["postalCode"]):
        assert part in address
    assert page.facts("Payment")["Method"] == "Credit card"
    lines = page.root.one("table", class_="lines").text
    for part in (item["sku"], item["title"], raw["lineItems"][0]["subscription"]["id"]):
        assert part in lines
    assert raw["lineItems"][0]["shipping"]["shipmentCarrier"] in lines
    totals = {pair.one("dt").text: pair.one("dd").text for pair in page.root.one(class_="totals").all("div")}
    assert totals["Total"] == f"USD {raw['totalAmount']:,.2f}"
    assert page.facts("Order")["Error code"] == str(raw["error"]["errorCode"])


def test_a_date_the_upstream_did_not_give_is_called_estimated(see):
    page = see(MAIN)
    attempts = dict(zip(page.order_ids, page.column("Next attempt"), strict=True))
    estimated = [order_id for order_id, text in attempts.items() if "estimated" in text]

    assert len(estimated) == 2
    for order_id in estimated:
        assert "estimated" in see(f"{MAIN}{order_id}/").root.one(id="summary").text


HOSTILE_IDS = st.one_of(
    st.text(min_size=1, max_size=80),
    st.text("./\\%2eF-_aA0;?#&=: \t", min_size=1, max_size=20),
    st.sampled_from(
        ["..", ".", "trigger-now", "x/trigger-now", "..%2Ftrigger-now", "%2e%2e", "a%2Ftrigger-now"]
    ),
)


@given(customer_id=HOSTILE_IDS, order_id=HOSTILE_IDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_id_ever_reaches_another_address_least_of_all_trigger_now(
    portal, upstreams, customer_id, order_id
):
    from urllib.parse import quote

    upstreams.clear()
    for source, prefix in (("fabric", "/data-subscription/v1"), ("adobe", "/v3")):
        for spelled in (quote(customer_id, safe=""), quote(customer_id)):
            path = f"/{source}/customers/{spelled}/orders/{quote(order_id, safe='')}/"
            response = portal.get(path)
            asked = [entry.raw_target for entry in upstreams.requests]
            if not (is_identifier(customer_id) and is_identifier(order_id)):
                assert (response.status_code, asked) in [(404, []), (301, [])], path
                continue
            expected = f"{prefix}/customers/{customer_id}/orders"
            assert set(asked) <= {expected, f"{expected}/{order_id}"}
            upstreams.clear_log()
    assert upstreams.triggered == []
