"""A list page stays below a megabyte and an order's lines come by the hundred, whatever an upstream sends."""

from typing import Any

import pytest

from orders.sandbox import customers

CUSTOMER = "4400000002"

pytestmark = pytest.mark.django_db


def adobe_order(**fields: Any) -> dict[str, Any]:
    return {
        "orderId": "0078901234",
        "customerId": CUSTOMER,
        "status": "1000",
        "orderType": "NEW",
        "creationDate": "2026-03-04T05:06:07Z",
        "lineItems": [{"extLineItemNumber": 1, "offerId": "65304479CA01A12", "quantity": 1}],
        **fields,
    }


@pytest.fixture
def sent(upstreams: Any) -> Any:
    upstreams.forget_added_orders()
    yield lambda *orders: upstreams.add_adobe_orders(CUSTOMER, list(orders))
    upstreams.forget_added_orders()


def test_a_list_page_stays_below_a_megabyte_whatever_is_sent(see: Any, sent: Any) -> None:
    promotions = [{"code": "<&" * 200, "result": "<&" * 200, "id": str(number)} for number in range(15)]
    line = {"extLineItemNumber": 1, "offerId": "x", "quantity": 1, "promotions": promotions}
    texts = dict.fromkeys(("externalReferenceId", "status", "orderType", "currencyCode"), "<\"&'>" * 400)
    sent(
        *(
            adobe_order(orderId=f"00789{number:05}", lineItems=[line], **texts, referenceOrderId="&" * 2_000)
            for number in range(100)
        )
    )

    query = "&".join(f"offer-id=OFFER{number:04}" for number in range(180))
    page = see(f"/adobe/customers/{CUSTOMER}/orders/?limit=100")
    narrowed = see(f"/adobe/customers/{CUSTOMER}/orders/?limit=100&{query}")

    assert len(page.root.all("tr", data_order_id=True)) == 100
    assert len(page.html) < 1_000_000
    assert len(narrowed.html) < 1_000_000


def test_a_cell_that_is_too_long_leads_to_the_order(see: Any, sent: Any) -> None:
    sent(adobe_order(externalReferenceId="PO-1 " + "y" * 900))

    page = see(f"/adobe/customers/{CUSTOMER}/orders/")

    address = f"/adobe/customers/{CUSTOMER}/orders/0078901234/"
    assert f'PO-1 {"y" * 75}… <a href="{address}">more</a>' in page.html
    assert "y" * 900 in see(address).text


def of_lines(number: int) -> dict[str, Any]:
    lines = [{"extLineItemNumber": n, "offerId": f"OFFER{n}", "quantity": 2} for n in range(1, number + 1)]
    return adobe_order(lineItems=lines)


def test_an_order_with_50_000_lines_is_shown_by_the_hundred(see: Any, sent: Any) -> None:
    sent(of_lines(50_000))

    page = see(f"/adobe/customers/{CUSTOMER}/orders/0078901234/?lines-offset=999999")

    assert "49,901–50,000 of 50,000" in page.text
    assert [row["data-line"] for row in page.root.all("tr", data_line=True)] == [
        str(number) for number in range(49_901, 50_001)
    ]
    assert len(page.html) < 3_000_000


def test_pages_of_lines_lead_to_each_other_and_back_to_the_list(see: Any, sent: Any) -> None:
    sent(of_lines(250))

    page = see(f"/adobe/customers/{CUSTOMER}/orders/0078901234/?status=1000&lines-offset=100")

    assert [row["data-line"] for row in page.root.all("tr", data_line=True)] == [
        str(number) for number in range(101, 201)
    ]
    assert page.root.one("a", rel="prev")["href"] == "?status=1000"
    assert page.root.one("a", rel="next")["href"] == "?status=1000&lines-offset=200"
    assert page.root.one("a", rel="up")["href"] == f"/adobe/customers/{CUSTOMER}/orders/?status=1000"


@pytest.mark.parametrize("given", ["", "-1", "x", "1.5", "٣", "9" * 40, "7"])
def test_any_other_offset_is_taken_for_a_page_that_there_is(see: Any, given: str) -> None:
    page = see(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/")
    first = page.root.all("tr", data_order_id=True)[0]["data-order-id"]

    order = see(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/{first}/?lines-offset={given}")

    assert order.root.all("tr", data_line=True)
