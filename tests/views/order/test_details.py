"""An Adobe order's page: everything the order carries, in words and as it came."""

import json
import re
from datetime import UTC, datetime

import pytest

from orders.sandbox import customers
from tests.pages import Element

pytestmark = pytest.mark.django_db

CUSTOMER = "4400000002"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
RICH = {
    "referenceOrderId": "5000000001",
    "orderType": "SWITCH",
    "externalReferenceId": "202405160317448899",
    "customerId": CUSTOMER,
    "orderId": "0078901234",
    "currencyCode": "USD",
    "creationDate": "2026-03-04T05:06:07Z",
    "status": "1000",
    "source": "API",
    "lineItems": [
        {
            "extLineItemNumber": 1,
            "offerId": "71104418CA01A12",
            "quantity": 1250,
            "remainingQuantity": 1200,
            "subscriptionId": "0f3c5e7a9b1d2c4e6f8091a2b3c4d5NA",
            "status": "1002",
            "currencyCode": "USD",
            "deploymentId": "1450000001",
            "discountCode": "VOLUME_TIER_3",
            "promotions": [{"code": "AUTUMN_15", "result": "SUCCESS"}],
            "proratedDays": 90,
            "isDealRegistered": True,
            "pricing": {"partnerPrice": 365.0, "lineItemPartnerPrice": 850.68},
        },
        {
            "extLineItemNumber": 2,
            "offerId": "71104522CA03A12",
            "quantity": 3,
            "subscriptionId": "",
            "status": "1077",
            "flexDiscounts": [{"id": "flex-000042", "code": "FIRST_10", "result": "FAILURE"}],
            "flexDiscountCodes": ["FIRST_10", "ASKED_ONLY"],
        },
    ],
    "cancellingItems": [
        {
            "extLineItemNumber": 2,
            "offerId": "71203377CA01A12",
            "quantity": 7,
            "subscriptionId": "aaaa5e7a9b1d2c4e6f8091a2b3c4d5NA",
            "referenceLineItemNumber": 1,
        }
    ],
    "pricingSummary": [{"totalLineItemPartnerPrice": 1660.68, "currencyCode": "USD"}],
    "links": {"self": {"uri": f"/v3/customers/{CUSTOMER}/orders/0078901234", "method": "GET"}},
    "somethingNew": {"deep": [1, 2.5, None]},
}
ADDRESS = f"/adobe/customers/{CUSTOMER}/orders/0078901234/"


@pytest.fixture
def rich(see, upstreams):
    """The order as an agent sees it: without figures of partner prices."""
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(CUSTOMER, [RICH])
    yield see(ADDRESS)
    upstreams.forget_added_orders()


@pytest.fixture
def priced(rich, upstreams, see_prices):
    """The same order as a supervisor sees it."""
    page = see_prices(ADDRESS)
    upstreams.clear_log()
    return page


def by_heading(table: Element) -> list[dict[str, str]]:
    """Each row of a table as heading and text."""
    headings = [cell.text for cell in table.all("th")]
    return [
        dict(zip(headings, [cell.text for cell in row.all("td")], strict=True))
        for row in table.one("tbody").all("tr")
    ]


def table_of(page, caption):
    return next(table for table in page.root.all("table") if table.one("caption").text == caption)


def test_opening_an_order_is_one_upstream_get(rich, upstreams):
    assert [(entry.raw_target) for entry in upstreams.requests] == [
        f"/v3/customers/{CUSTOMER}/orders/0078901234"
    ]


def test_the_header_names_type_references_and_dates(rich):
    facts = rich.facts("Order")

    assert facts["Type"] == "Switch"
    assert facts["Refers to"] == "5000000001"
    assert facts["Your reference"] == "202405160317448899"
    assert facts["Created"] == "Wed 4 Mar, 05:06"
    assert facts["Currency"] == "USD"
    assert facts["Made by"] == "API"
    assert facts["Customer"] == CUSTOMER
    assert facts["Deployments"] == "1450000001"
    assert rich.root.one("h1").text.startswith("Order 0078901234")
    tags = [tag.text for tag in rich.root.one(class_="states-line").all(class_="tag")]
    assert tags == [
        "Completed 1000",
        "1 of 2 lines processing",
        "1 of 2 lines in an unknown state",
    ]


def test_references_are_links_to_their_own_pages(rich):
    block = rich.root.one("section", aria_label="Order")

    assert [(link.text, link["href"]) for link in block.all("a")] == [
        ("5000000001", f"/adobe/customers/{CUSTOMER}/orders/5000000001/")
    ]


def test_every_line_shows_everything_it_carries(priced):
    table = table_of(priced, "Line items of order 0078901234")

    assert [row["data-line"] for row in table.one("tbody").all("tr")] == ["1", "2"]
    first, second = (row.text for row in table.one("tbody").all("tr"))
    for shown in (
        "71104418CA01A12",
        "1,250",
        "1,200 left",
        "Processing 1002",
        "0f3c5e7a9b1d2c4e6f8091a2b3c4d5NA",
        "1450000001",
        "USD",
        "VOLUME_TIER_3",
        "AUTUMN_15 ✓",
        "90",
        "partnerPrice USD 365.0",
        "lineItemPartnerPrice USD 850.68",
    ):
        assert shown in first
    assert by_heading(table)[0]["Deal registered"] == "yes"
    assert "1077" in second
    assert "FIRST_10 refused asked for: ASKED_ONLY" in second


def test_promotions_of_both_spellings_show_their_results(rich):
    table = table_of(rich, "Promotions of order 0078901234")

    assert by_heading(table) == [
        {"Line": "1", "Code": "AUTUMN_15", "Result": "Applied SUCCESS", "ID": ""},
        {"Line": "2", "Code": "FIRST_10", "Result": "Refused FAILURE", "ID": "flex-000042"},
        {"Line": "2", "Code": "ASKED_ONLY", "Result": "asked for", "ID": ""},
    ]


def test_the_items_that_a_switch_cancels_are_shown_with_their_new_line(rich):
    table = table_of(rich, "Items that this order cancels")

    assert [row["data-line"] for row in table.one("tbody").all("tr")] == ["2"]
    assert by_heading(table)[0]["Line of the other order"] == "1"
    for shown in ("71203377CA01A12", "7", "aaaa5e7a9b1d2c4e6f8091a2b3c4d5NA"):
        assert shown in table.one("tbody").text


def totals_of(page):
    return {pair.one("dt").text: pair.one("dd").text for pair in page.root.one(class_="totals").all("div")}


def test_totals_are_the_upstreams_own_to_the_last_digit(priced):
    assert totals_of(priced) == {"totalLineItemPartnerPrice": "USD 1,660.68"}


def test_without_the_right_prices_keep_their_names_and_currencies_but_no_figure(rich, priced):
    shown = by_heading(table_of(rich, "Line items of order 0078901234"))
    full = by_heading(table_of(priced, "Line items of order 0078901234"))

    assert shown[0].pop("Prices") == "partnerPrice USD •••lineItemPartnerPrice USD •••"
    assert full[0].pop("Prices") == "partnerPrice USD 365.00lineItemPartnerPrice USD 850.68"
    assert [{**row, "Prices": ""} for row in shown] == [{**row, "Prices": ""} for row in full]
    assert totals_of(rich) == {"totalLineItemPartnerPrice": "USD •••"}
    html = re.sub(UUID, "", rich.html)  # may hold any digits
    assert [figure for figure in ("365", "850.68", "1,660.68", "1660.68") if figure in html] == []


def test_links_are_shown_as_text_and_not_followed(rich):
    block = rich.root.one("section", aria_label="Links")

    assert rich.facts("Links") == {"self": f"GET /v3/customers/{CUSTOMER}/orders/0078901234"}
    assert block.all("a") == []


def test_the_raw_json_is_the_order_as_it_came_but_for_what_nobody_knows_to_be_harmless(priced):
    assert priced.raw_json == RICH | {"somethingNew": {"deep": ["•••", "•••", None]}}


def test_without_the_right_the_raw_json_lacks_the_figures_of_prices_too(rich):
    expected = json.loads(json.dumps(RICH))
    expected["lineItems"][0]["pricing"] = {"partnerPrice": "•••", "lineItemPartnerPrice": "•••"}
    expected["pricingSummary"][0]["totalLineItemPartnerPrice"] = "•••"
    expected["somethingNew"] = {"deep": ["•••", "•••", None]}

    assert rich.raw_json == expected


def test_the_sentence_can_be_read_out(rich):
    assert rich.root.one(data_sentence=True).text == (
        f"Your product switch of 4 March{year_of(2026)} is completed, "
        "but 1 of 2 lines is still being processed and 1 of 2 lines is in a state that we do not know. "
        "1 of 2 promotions was applied. 1 of 2 promotions was not applied. The order ID is 0078901234."
    )


def year_of(year):
    """Said only of other years than this one."""
    return "" if datetime.now(UTC).year == year else f" {year}"


def test_an_order_whose_lines_disagree_says_so_everywhere(see, upstreams):
    """The documented sample: the order is complete, its lines are not."""
    lines = [
        {"extLineItemNumber": number, "offerId": "71104418CA01A12", "quantity": 1, "status": status}
        for number, status in ((1, "1002"), (2, "1002"))
    ]
    upstreams.add_adobe_orders(
        "4400000005",
        [
            {"orderId": "80", "orderType": "NEW", "status": "1000", "lineItems": lines},
            {"orderId": "81", "orderType": "NEW", "status": "1002", "lineItems": lines},
        ],
    )

    listed = see("/adobe/customers/4400000005/orders/?start-date=2000-01-01")
    order = see("/adobe/customers/4400000005/orders/80/")

    assert [row["data-order-id"] for row in listed.root.all("tr", data_lines="mixed")] == ["80"]
    assert "2 of 2 lines processing" in listed.row("80").text
    assert "lines" not in listed.row("81").text
    assert order.facts("Order")["What it means"] == "Completed, but both lines are still being processed."
    assert order.root.one(data_sentence=True).text == (
        "Your order is completed, but both lines are still being processed. The order ID is 80."
    )
    assert order.root.one(data_advice=True).text.startswith("Don't call the order done.")
    assert "It went through" not in order.html
    upstreams.forget_added_orders()


def test_what_remains_is_no_word_for_a_return(see, upstreams):
    upstreams.add_adobe_orders(
        "4400000006",
        [
            {
                "orderId": order_id,
                "orderType": kind,
                "status": "1000",
                "lineItems": [{"extLineItemNumber": 1, "quantity": 10, "remainingQuantity": 4}],
            }
            for order_id, kind in (("82", "NEW"), ("83", "RETURN"))
        ],
    )

    assert "4 left" in see("/adobe/customers/4400000006/orders/82/").text
    assert " left" not in see("/adobe/customers/4400000006/orders/83/").text
    upstreams.forget_added_orders()


def test_prices_are_asked_for_only_on_demand(see_prices, upstreams):
    see = see_prices
    order_id = see(f"{LARGE}?status=1000&limit=1&order-type=NEW&start-date=2026-01-01").order_ids[0]
    plain = see(f"{LARGE}{order_id}/")
    ask = next(link for link in plain.root.all("a") if "price" in link.text)

    priced = see(f"{LARGE}{order_id}/{ask['href']}")

    assert "partnerPrice" not in plain.text
    assert [entry.query for entry in upstreams.requests[-2:]] == [[], [("fetch-price", "true")]]
    line = priced.raw_json["lineItems"][0]["pricing"]
    shown = by_heading(table_of(priced, f"Line items of order {order_id}"))[0]["Prices"]
    for name in ("partnerPrice", "discountedPartnerPrice", "netPartnerPrice", "lineItemPartnerPrice"):
        assert name in shown
        assert f"{line[name]:,}" in shown
    assert not [link for link in priced.root.all("a") if "price" in link.text.casefold()]


def test_prices_that_a_person_may_not_see_are_said_to_be_left_out(see, see_prices, upstreams):
    order_id = see(f"{LARGE}?limit=1").order_ids[0]
    upstreams.clear_log()

    page = see(f"{LARGE}{order_id}/?fetch-price=true")

    assert page.notices["prices"] == "Asked without prices, because your roles don’t show them."
    assert [entry.query for entry in upstreams.requests] == [[]]
    assert "prices" not in see(f"{LARGE}{order_id}/").notices
    assert "prices" not in see_prices(f"{LARGE}{order_id}/?fetch-price=true").notices


def test_the_price_switch_is_no_filter_of_the_way_back(see):
    order_id = see(f"{LARGE}?limit=1").order_ids[0]

    page = see(f"{LARGE}{order_id}/?status=1000&fetch-price=true")

    assert page.link("up") == f"{LARGE}?status=1000"


def test_an_unknown_status_and_type_are_shown_as_they_came(see, upstreams):
    upstreams.add_adobe_orders(
        "4400000003", [{"orderId": "77", "orderType": "LUNAR_SWAP", "status": "1099", "lineItems": []}]
    )

    listed = see("/adobe/customers/4400000003/orders/?start-date=2000-01-01").row("77").text
    order = see("/adobe/customers/4400000003/orders/77/")

    assert "LUNAR_SWAP" in listed
    assert "1099" in listed
    assert order.facts("Order")["Type"] == "LUNAR_SWAP"
    assert "in a state that we do not know" in order.root.one(data_sentence=True).text
    upstreams.forget_added_orders()


def test_an_order_with_nothing_but_an_id_still_has_a_page(see, upstreams):
    upstreams.add_adobe_orders("4400000004", [{"orderId": "78"}])

    assert "The upstream sent no line items." in see("/adobe/customers/4400000004/orders/78/").text
    upstreams.forget_added_orders()


def test_the_page_offers_a_text_for_the_upstreams_support(rich, upstreams):
    entry = upstreams.requests[0]

    lines = rich.support_text.splitlines()

    assert lines[:-5] == [
        "Upstream: Adobe VIP Marketplace",
        "Order: 0078901234",
        f"Customer: {CUSTOMER}",
        "Type: SWITCH",
        "Status: 1000 (Completed)",
        "Its lines: Completed, but 1 of 2 lines is still being processed and 1 of 2 lines is in a state that "
        "we do not know.",
        "Created: 2026-03-04T05:06:07Z",
        "Refers to order: 5000000001",
        "Our reference: 202405160317448899",
        "Line 1: offer 71104418CA01A12, quantity 1250, status 1002 (Processing), "
        "subscription 0f3c5e7a9b1d2c4e6f8091a2b3c4d5NA",
        "Promotion AUTUMN_15 on line 1: SUCCESS (Applied)",
        "Line 2: offer 71104522CA03A12, quantity 3, status 1077",
        "Promotion FIRST_10 on line 2: FAILURE (Refused)",
    ]
    assert lines[-5] == f"Asked: GET {entry.path}"
    assert lines[-3].startswith(
        f"Attempt 1: request {entry.headers['x-request-id']}, "
        f"correlation {entry.headers['x-correlation-id']}, HTTP 200, "
    )
    assert lines[-1] == f"Page: http://testserver{ADDRESS}"


def test_a_refresh_uses_new_identifiers(see, upstreams):
    order_id = see(f"{LARGE}?limit=1").order_ids[0]
    first = see(f"{LARGE}{order_id}/")

    see(f"{LARGE}{order_id}/" + first.root.one(data_refresh=True)["href"])

    one, two = upstreams.requests[-2:]
    assert one.raw_target == two.raw_target
    for header in ("x-request-id", "x-correlation-id"):
        assert one.headers[header] != two.headers[header]
