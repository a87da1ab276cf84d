"""Prices in the list and in files: for those who may see them, under Adobe's names with what each means."""

import csv
import io

import pytest

from orders.sandbox import customers
from tests.pages import query_of

pytestmark = pytest.mark.django_db

SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
CUSTOMER = "4400000077"
HISTORY = f"/adobe/customers/{CUSTOMER}/orders/"
LINE = {
    "extLineItemNumber": 1,
    "offerId": "A",
    "quantity": 20,
    "status": "1000",
    "isDealRegistered": True,
    "proratedDays": 90,
    "pricing": {
        "partnerPrice": 209.76,
        "netPartnerPrice": 51.721,
        "lineItemPartnerPrice": 1034.42,
        "earnedDealRegPerUnit": 7.5,
        "earnedDealRegAmount": 150.0,
    },
}
REGISTERED = {
    "orderId": "1",
    "orderType": "NEW",
    "status": "1000",
    "currencyCode": "EUR",
    "creationDate": "2026-10-01T10:00:00Z",
    "lineItems": [
        LINE,
        {"extLineItemNumber": 2, "offerId": "B", "quantity": 1, "status": "1000", "isDealRegistered": False},
        {"extLineItemNumber": 3, "offerId": "C", "quantity": 1, "status": "1000"},
    ],
    "pricingSummary": {"totalLineItemPartnerPrice": 1034.42, "totalEarnedDealRegAmount": 150.0},
}


def sent(upstreams):
    return [dict(entry.query).get("fetch-price", "") for entry in upstreams.requests]


def answer(upstreams, *orders):
    body = {"totalCount": len(orders), "count": len(orders), "offset": 0, "limit": 25, "items": list(orders)}
    upstreams.script("adobe", [{"status": 200, "body": body}])


def file_of(portal, query):
    response = portal.get(f"{HISTORY}export/?{query}")
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))


def test_prices_are_sent_for_and_shown_with_what_each_of_them_means(see_prices, upstreams):
    page = see_prices(f"{SMALL}?fetch-price=true&status=1000")

    assert sent(upstreams) == ["true"]
    assert any("totalLineItemPartnerPrice" in text for text in page.column("Prices, without tax"))
    meanings = page.root.one(data_price_meanings=True).text
    assert "totalLineItemPartnerPrice The prices of all lines added up, before tax." in meanings
    assert [link.text for link in page.root.all("a", class_="chip")] == [
        "Status: Completed ×",
        "With prices ×",
    ]
    assert ("fetch-price", "true") in page.filters


def test_links_from_a_list_with_prices_keep_them(see_prices):
    page = see_prices(f"{SMALL}?fetch-price=true&limit=2")

    assert ("fetch-price", "true") in query_of(page.link("next"))
    order = page.root.all("tr", data_order_id=True)[0].all("a")[0]["href"]
    assert ("fetch-price", "true") in query_of(order)


@pytest.mark.parametrize("query", ["", "?fetch-price=false", "?fetch-price="])
def test_without_the_filter_no_prices_are_asked_for_or_promised(see_prices, upstreams, query):
    page = see_prices(SMALL + query)

    assert sent(upstreams) == [""]
    assert page.root.all(data_price_meanings=True) == []
    assert ("fetch-price", "true") not in page.filters


def test_somebody_who_may_not_see_prices_is_told_and_nothing_is_asked_for(see, upstreams):
    page = see(f"{SMALL}?fetch-price=true")

    assert sent(upstreams) == [""]
    assert page.notices["prices"] == "Asked without prices, because your roles don’t show them."
    assert page.root.all("a", class_="chip") == []
    assert page.root.all("input", name="fetch-price") == []


def test_prices_that_came_unasked_make_no_column_for_who_may_not_see_them(see, upstreams):
    answer(upstreams, REGISTERED)

    page = see(HISTORY)

    assert "Prices, without tax" not in [heading.text for heading in page.root.all("th")]
    assert page.root.all(data_price_meanings=True) == []
    assert "•••" not in page.root.one("table").text


def test_an_upstream_without_prices_knows_no_such_parameter(see_prices):
    assert "fetch-price" in see_prices(f"{FABRIC}?fetch-price=true").notices["ignored-parameters"]


def test_deal_registration_is_a_credit_beside_the_price_and_no_total(see_prices, upstreams):
    answer(upstreams, REGISTERED)

    page = see_prices(f"{HISTORY}?fetch-price=true")

    (row,) = page.root.all("tr", data_order_id=True)
    assert [price.text.split() for price in row.all("span", class_="price")] == [
        ["totalLineItemPartnerPrice", "EUR", "1,034.42"],
        ["totalEarnedDealRegAmount", "EUR", "150.00", "credit"],
    ]
    assert "It is no part of the order's price." in page.root.one(data_price_meanings=True).text


def test_an_order_page_tells_a_tried_deal_from_none_and_a_credit_from_a_total(see_prices, upstreams):
    upstreams.script("adobe", [{"status": 200, "body": REGISTERED}])

    page = see_prices(f"{HISTORY}1/?fetch-price=true")

    table = page.root.all("table", class_="lines")[0]
    place = [cell.text for cell in table.all("th")].index("Deal registered")
    rows = table.one("tbody").all("tr")
    assert [row.all("td")[place].text for row in rows] == ["yes", "tried, did not qualify", ""]
    totals = page.root.one("dl", class_="totals").all("div")
    assert [(each.one("dt").text, each.get("class")) for each in totals] == [
        ("totalLineItemPartnerPrice", "strong"),
        ("totalEarnedDealRegAmount (credit)", None),
    ]
    assert "earnedDealRegPerUnit" in page.root.one(data_price_meanings=True).text


def test_a_file_with_prices_has_their_columns_behind_the_usual_ones(supervisors_portal, upstreams):
    answer(upstreams, REGISTERED)

    (row,) = file_of(supervisors_portal, "fetch-price=true&rows=orders")

    prices = ["totalLineItemPartnerPrice", "totalEarnedDealRegAmount", "priceCurrencyCode"]
    assert [name for name in row if name in prices] == prices
    assert list(row).index(prices[0]) > list(row).index("promotionResults")
    assert [row[name] for name in prices] == ["1034.42", "150.0", "EUR"]
    assert sent(upstreams)[-1] == "true"


def test_a_file_of_lines_has_each_price_as_a_number_and_three_states_of_a_deal(supervisors_portal, upstreams):
    answer(upstreams, REGISTERED)

    rows = file_of(supervisors_portal, "fetch-price=true&rows=lines")

    names = (
        *(
            "partnerPrice",
            "discountedPartnerPrice",
            "netPartnerPrice",
            "lineItemPartnerPrice",
            "proratedDays",
        ),
        *("isDealRegistered", "earnedDealRegPerUnit", "earnedDealRegAmount", "priceCurrencyCode"),
    )
    assert [[row[name] for name in names] for row in rows] == [
        ["209.76", "", "51.721", "1034.42", "90", "true", "7.5", "150.0", "EUR"],
        ["", "", "", "", "", "false", "", "", ""],
        ["", "", "", "", "", "", "", "", ""],
    ]


def test_a_file_without_prices_is_as_it_was(supervisors_portal, upstreams):
    answer(upstreams, REGISTERED)

    (row,) = file_of(supervisors_portal, "rows=orders&columns=without-personal-data")

    assert not {name for name in row if "Price" in name or "Deal" in name}
    assert sent(upstreams)[-1] == ""


def test_twin_names_of_one_price_share_a_column(supervisors_portal, upstreams):
    line = LINE | {"pricing": {"proratedPartnerPrice": 1.5, "lineItemPrice": 30}}
    answer(upstreams, REGISTERED | {"lineItems": [line]})

    (row,) = file_of(supervisors_portal, "fetch-price=true&rows=lines")

    assert (row["netPartnerPrice"], row["lineItemPartnerPrice"]) == ("1.5", "30")
