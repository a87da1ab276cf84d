"""Nothing an upstream sends is so long that a page, a file or a worker suffers, and no cut goes unsaid."""

import json
import time
from typing import Any

import pytest

from orders.domain.bounded_text import LONGEST_TEXT, cut
from orders.domain.granted_rights import EVERYTHING
from orders.domain.masking import mask_order, mask_raw
from orders.domain.redaction import process_redactor
from orders.upstreams.adobe_vip_marketplace import parse as adobe
from orders.upstreams.fabric_subscriptions import parse as fabric

LONG = "x" * 1_000_000
CUSTOMER = "4400000002"


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


def adobe_page(**fields: Any) -> bytes:
    return json.dumps({"totalCount": 1, "items": [adobe_order(**fields)]}).encode()


def test_a_cut_text_says_how_long_it_was() -> None:
    assert cut("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    assert cut(LONG) == "x" * LONGEST_TEXT + " … [cut: 1,000,000 characters]"


def test_a_text_is_not_cut_within_a_word() -> None:
    assert cut("ask Kowalska", 8) == "ask … [cut: 12 characters]"


@pytest.mark.parametrize("spoil", ["", "zzz"])
def test_a_long_text_is_cut_and_counts_as_unreadable_whichever_way_a_page_is_read(spoil: str) -> None:
    line = {"extLineItemNumber": 1, "offerId": LONG, "quantity": 1, **({"pricing": {}} if spoil else {})}

    page = adobe.parse_page(adobe_page(externalReferenceId=LONG, lineItems=[line]))

    assert page.orders[0].external_reference_id == page.orders[0].lines[0].offer_id == cut(LONG)
    assert set(page.unreadable) == {"items[0].externalReferenceId", "items[0].lineItems[0].offerId"}


def test_names_that_the_upstream_chooses_are_bounded_too() -> None:
    line = {"pricing": {LONG: 1.5}, "links": {LONG: {"uri": "/v3"}}}
    order = adobe.parse_order(json.dumps(adobe_order(lineItems=[line])).encode()).order

    assert len(order.lines[0].prices[0].name) < 300
    assert len(order.lines[0].links[0].relation) < 300


def test_an_open_map_is_bounded_and_the_raw_json_is_cut_alike() -> None:
    order = {"id": "1", "customAttributes": {"note": LONG, LONG: "y", "deep": {"er": [LONG]}}}
    body = json.dumps({"responseStatus": "OK", "data": {"orders": [order]}}).encode()

    found = fabric.find_order(body, "1")

    assert found is not None
    attributes = found.order.attributes
    assert [len(each.name) < 300 and len(each.value) < 10_100 for each in attributes] == [True] * 3
    assert "customAttributes[0]" in found.unreadable
    assert found.raw["customAttributes"]["note"] == cut(LONG)
    assert found.raw["customAttributes"]["deep"] == {"er": [cut(LONG)]}
    assert max(map(len, found.raw["customAttributes"])) < 10_100


@pytest.mark.parametrize(
    "part",
    [
        {"errorMessage": "a@" * 100_000},
        {"errorMessage": "bearer " * 30_000},
        {"errorMessage": "Pat Kowalska of 1 Sample Street " * 6_000},
        {"lineItems": [{"item": {"title": "Tea for cora@example.com"}}] * 3_000},
        {"customAttributes": {f"key{number}": "5 5 5 5 5 5" for number in range(5_000)}},
    ],
    ids=["addresses", "credentials", "names", "lines", "attributes"],
)
def test_the_largest_answer_would_take_a_worker_seconds(part: dict[str, Any]) -> None:
    size = len(json.dumps(part))
    parts = {f"more{number}": part for number in range(6 * 2**20 // size)}
    order = {"id": "1", **part, "error": part, **parts}
    body = json.dumps({"responseStatus": "OK", "data": {"orders": [order]}}).encode()

    start = time.thread_time()
    found = fabric.find_order(body, "1")
    assert found is not None
    mask_order(found.order, EVERYTHING)
    mask_raw(process_redactor().clean_json(found.raw), EVERYTHING)

    assert len(body) > 5 * 2**20
    # Nearly two on an idle machine; a pass that is not linear would take minutes.
    assert time.thread_time() - start < 20
