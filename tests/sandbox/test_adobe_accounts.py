"""What Adobe answers beside the orders: accounts, subscriptions, deployments, resellers, the price list."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests

from orders.sandbox import SandboxServer, customers
from tests.sandbox.clients import ADOBE_HEADERS, AdobeClient


@pytest.fixture
def today() -> date:
    return datetime.now(UTC).date()


def customer(adobe: AdobeClient, customer_id: str) -> dict[str, Any]:
    answer = adobe.get(f"/v3/customers/{customer_id}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def rows(adobe: AdobeClient, customer_id: str) -> list[dict[str, Any]]:
    body = adobe.get(f"/v3/customers/{customer_id}/subscriptions").json()
    assert set(body) == {"totalCount", "items", "links"}  # no count, limit or offset here
    assert body["totalCount"] == len(body["items"])
    items: list[dict[str, Any]] = body["items"]
    return items


def price_list(url: str, *, query: str = "", **changes: Any) -> requests.Response:
    asked = {"region": "NA", "marketSegment": "COM", "currency": "USD", "priceListMonth": "202611"} | changes
    ids = {"X-Correlation-Id": str(uuid.uuid4()), "X-Request-Id": str(uuid.uuid4())}
    return requests.post(
        f"{url}/v3/pricelist{query}", headers=ADOBE_HEADERS | ids, data=json.dumps(asked), timeout=5
    )


def test_an_account_carries_its_renewal_date_levels_and_company(adobe: AdobeClient, today: date):
    told = customer(adobe, customers.ADOBE_ORDINARY)
    assert told["cotermDate"] == (today + timedelta(days=152)).isoformat()
    assert told["discounts"] == [
        {"offerType": "LICENSE", "level": "02"},
        {"offerType": "CONSUMABLES", "level": "T1"},
    ]
    assert (told["status"], told["companyProfile"]["marketSegment"]) == ("1000", "COM")


def test_subscriptions_name_the_base_offer_where_orders_name_the_level(adobe: AdobeClient):
    owned = {row["offerId"] for row in rows(adobe, customers.ADOBE_ORDINARY)}
    ordered = {
        line["offerId"] for order in adobe.all_orders(customers.ADOBE_ORDINARY) for line in order["lineItems"]
    }
    assert owned == {"71104418CA01A12", "71104522CA01A12", "71500283CAT1A12"}
    assert ordered == {"71104418CA02A12", "71104522CA02A12", "71500283CAT1A12"}


def test_an_early_renewal_rolls_the_accounts_date_and_not_the_subscriptions(adobe: AdobeClient, today: date):
    told = date.fromisoformat(customer(adobe, customers.ADOBE_EARLY_RENEWAL)["cotermDate"])
    ends = {date.fromisoformat(row["renewalDate"]) for row in rows(adobe, customers.ADOBE_EARLY_RENEWAL)}
    assert ends == {today + timedelta(days=18)}
    assert told.replace(year=told.year - 1) in ends or told.day == 28
    returned = [
        order for order in adobe.all_orders(customers.ADOBE_EARLY_RENEWAL) if order["orderType"] == "RETURN"
    ]
    assert [order["lineItems"][0]["quantity"] for order in returned] == [10]


@pytest.mark.parametrize(
    ("customer_id", "states"),
    [
        (customers.ADOBE_COMMITTED, ("COMMITTED", "REQUESTED")),
        (customers.ADOBE_NONCOMPLIANT, ("NONCOMPLIANT", None)),
        (customers.ADOBE_ACCEPTED, (None, "ACCEPTED")),
        (customers.ADOBE_EMPTY_COMMITMENT, (None, None)),
    ],
)
def test_commitments_come_in_every_state(adobe: AdobeClient, customer_id: str, states: tuple):
    benefit = customer(adobe, customer_id)["benefits"][0]
    told = tuple(benefit[part] and benefit[part]["status"] for part in ("commitment", "commitmentRequest"))
    assert told == states


def test_one_product_comes_as_four_rows(adobe: AdobeClient):
    found = [row["status"] for row in rows(adobe, customers.ADOBE_FOUR_ROWS)][:4]
    assert found == ["1000", "1009", "1009", "1004"]


def test_deployments_come_in_two_pages(adobe: AdobeClient):
    path = f"/v3/customers/{customers.ADOBE_GLOBAL}/deployments"
    first = adobe.get(path).json()
    rest = adobe.get(first["links"]["next"]["uri"]).json()
    assert (first["totalCount"], first["count"], rest["count"]) == (31, 25, 6)
    assert "next" not in rest["links"]
    assert adobe.get(path, {"status": "1004"}).json()["totalCount"] == 1
    assert adobe.get(path, {"limit": "101"}).status_code == 400


def test_seats_that_wait_for_an_order_carry_a_name(adobe: AdobeClient):
    body = adobe.get(f"/v3/customers/{customers.ADOBE_BARE}/open-acquisitions").json()
    assert (body["licenseCount"], body["unpaidLicenses"][0]["productName"]) == (
        3,
        "Paper Press Pro for teams",
    )


@pytest.mark.parametrize("rest", ["", "/subscriptions", "/deployments", "/open-acquisitions", "/orders"])
def test_a_customer_of_another_partner_is_nobody_on_every_address(
    sandbox: SandboxServer, adobe: AdobeClient, rest: str
):
    assert adobe.get(f"/v3/customers/{customers.ADOBE_SMALL}{rest}").status_code == 200
    sandbox.move_adobe_customer(customers.ADOBE_SMALL)
    for moved in (customers.ADOBE_SMALL, customers.ADOBE_MOVED):
        answer = adobe.get(f"/v3/customers/{moved}{rest}")
        assert (answer.status_code, answer.json()["code"]) == (404, "1116")


def test_a_subscription_that_is_not_there_answers_with_either_status(adobe: AdobeClient):
    path = f"/v3/customers/{customers.ADOBE_ORDINARY}/subscriptions"
    there = rows(adobe, customers.ADOBE_ORDINARY)[0]["subscriptionId"]
    assert adobe.get(f"{path}/{there}").json()["subscriptionId"] == there
    answers = [adobe.get(f"{path}/{which}") for which in ("nowhere", "0" * 32 + "NA")]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(404, "3115"), (400, "3115")]


def test_a_reseller_says_who_it_is(adobe: AdobeClient):
    told = adobe.get(f"/v3/resellers/{customers.ADOBE_RESELLER}").json()
    assert told["companyProfile"]["companyName"] == "Tern Island Software"
    answer = adobe.get("/v3/resellers/1")
    assert (answer.status_code, answer.json()["code"]) == (404, "1115")


def test_a_resellers_list_hides_inactive_customers_and_stops_counting(adobe: AdobeClient):
    path = f"/v3/resellers/{customers.ADOBE_BIG_RESELLER}/customers"
    first = adobe.get(path).json()
    assert (first["totalCount"], first["count"], "links" in first) == (10_000, 20, False)
    last = adobe.get(path, {"offset": "10000", "limit": "50"}).json()
    assert (last["count"], {row["status"] for row in last["accounts"]}) == (3, {"1000"})
    assert adobe.get(path, {"status": "1004"}).json()["totalCount"] == 4
    assert adobe.get(path, {"limit": "51"}).status_code == 400
    assert adobe.get("/v3/resellers/1/customers").json()["code"] == "1115"


def test_a_name_is_exact_unless_it_carries_a_star(adobe: AdobeClient):
    path = f"/v3/resellers/{customers.ADOBE_BIG_RESELLER}/customers"

    def found(name: str) -> list[str]:
        return [
            row["companyProfile"]["companyName"]
            for row in adobe.get(path, {"company-name": name}).json()["accounts"]
        ]

    assert found("Alder & Finch") == ["Alder & Finch", "Alder & Finch"]
    assert found("Alder") == []
    assert found("*élan*") == ["Café Élan & Søn"]


def test_the_price_list_is_a_post_with_prices_as_text(sandbox: SandboxServer):
    first = price_list(sandbox.url, query="?limit=2").json()
    assert (first["count"], first["limit"], len(first["offers"])) == (2, 2, 2)
    assert first["offers"][0]["productFamily"] == "Sketch Suite for teams"
    assert isinstance(first["offers"][0]["partnerPrice"], str)
    assert "additionalDetail" not in first["offers"][0]
    asked = price_list(sandbox.url, includeOfferAttributes=["additionalDetail"]).json()
    assert asked["offers"][0]["additionalDetail"] == "All Apps"


def test_a_product_that_is_no_longer_sold_leaves_the_price_list(sandbox: SandboxServer):
    def listed(month: str) -> bool:
        offers = price_list(sandbox.url, query="?limit=100", priceListMonth=month).json()["offers"]
        return any(offer["offerId"].startswith("71390164") for offer in offers)

    assert (listed("202609"), listed("202610")) == (True, False)


@pytest.mark.parametrize(
    ("changes", "query", "refusal"),
    [
        ({"marketSegment": "ALL"}, "", (400, "1160")),
        ({"currency": "CHF"}, "", (400, "1161")),
        ({"region": "XX"}, "", (400, "1161")),
        ({"priceListMonth": "2026-11"}, "", (400, "5122")),
        ({"includeOfferAttributes": ["endUserPrice"]}, "", (400, "5122")),
        ({}, "?offset=1000", (404, "1162")),
    ],
)
def test_the_price_list_refuses_as_documented(
    sandbox: SandboxServer, changes: dict, query: str, refusal: tuple
):
    answer = price_list(sandbox.url, query=query, **changes)
    assert (answer.status_code, answer.json()["code"]) == refusal
