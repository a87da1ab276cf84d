"""An Adobe order's page: everything the order carries, in words and as it came."""

import json

import pytest

from orders.sandbox import customers
from tests.pages import Element

pytestmark = pytest.mark.django_db

CUSTOMER = "4400000002"
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
    assert facts["Created"].startswith("2026-03-04 05:06")
    assert facts["Currency"] == "USD"
    assert facts["Made by"] == "API"
    assert facts["Customer"] == CUSTOMER
    assert facts["Deployments"] == "1450000001"
    assert rich.root.one("h1").text.startswith("Order 0078901234")
    assert [tag.text for tag in rich.root.one(class_="head").all("span", class_="tag")] == ["Completed 1000"]


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
    for figure in ("365", "850.68", "1,660.68", "1660.68"):
        assert figure not in rich.html


def test_links_are_shown_as_text_and_not_followed(rich):
    block = rich.root.one("section", aria_label="Links")

    assert rich.facts("Links") == {"self": f"GET /v3/customers/{CUSTOMER}/orders/0078901234"}
    assert block.all("a") == []


def test_the_raw_json_is_the_order_as_it_came_unknown_parts_included(priced):
    assert priced.raw_json == RICH


def test_without_the_right_the_raw_json_lacks_the_figures_of_prices_and_nothing_else(rich):
    expected = json.loads(json.dumps(RICH))
    expected["lineItems"][0]["pricing"] = {"partnerPrice": "•••", "lineItemPartnerPrice": "•••"}
    expected["pricingSummary"][0]["totalLineItemPartnerPrice"] = "•••"

    assert rich.raw_json == expected


def test_the_summary_can_be_read_out(rich):
    assert rich.root.one(id="summary").text.startswith("Switch 0078901234, quantity 1253 on 2 lines")
    assert "Promotion AUTUMN_15: applied (line 1)." in rich.text


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
    assert "Status 1099, which is not in our table." in order.text
    upstreams.forget_added_orders()


def test_an_order_with_nothing_but_an_id_still_has_a_page(see, upstreams):
    upstreams.add_adobe_orders("4400000004", [{"orderId": "78"}])

    assert "The upstream sent no line items." in see("/adobe/customers/4400000004/orders/78/").text
    upstreams.forget_added_orders()


def test_the_page_offers_a_text_for_the_upstreams_support(rich, upstreams):
    entry = upstreams.requests[0]

    lines = rich.escalation.splitlines()

    assert lines[:2] == ["Upstream: Adobe VIP Marketplace", f"Asked: GET {entry.path}"]
    assert lines[3] == "Outcome: HTTP 200"
    assert lines[4].startswith(
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
