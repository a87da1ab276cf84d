"""What Adobe answers beside the orders: accounts, subscriptions, deployments, resellers, the price list."""

import re
from collections.abc import Callable
from typing import Any

from orders.sandbox.adobe import price_list, resellers
from orders.sandbox.adobe.account_pen import Pen
from orders.sandbox.http.messages import Answer, Request, json_answer
from orders.sandbox.http.vendor_errors import adobe_error

PRICE_LIST = "/v3/pricelist"
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
# One page of the documentation gives 3115 with this status, the main table with 404.
_REFUSED_WITH_400 = "00000000000000000000000000000000NA"

Accounts = Callable[[str], Pen | None]


def answer(request: Request, account_of: Accounts, today: Any) -> Answer | None:
    """The answer, or None where the address is none of these."""
    match request.segments:
        case ["v3", "customers", customer_id, *rest]:
            return _of_customer(request, account_of(customer_id), customer_id, rest)
        case ["v3", "resellers", reseller_id]:
            return resellers.reseller(reseller_id)
        case ["v3", "resellers", reseller_id, "customers"]:
            return resellers.customer_list(request, reseller_id, today)
    return None


def price_page(request: Request) -> Answer:
    return price_list.answer(request)


def _of_customer(request: Request, pen: Pen | None, customer_id: str, rest: list[str]) -> Answer | None:
    match rest:
        case ["subscriptions", subscription_id]:
            return _subscription(pen, subscription_id)
        case [] | ["subscriptions"] | ["deployments"] | ["open-acquisitions"]:
            if pen is None:
                return adobe_error(404, "1116")
    match rest, pen:
        case [], Pen():
            return json_answer(200, pen.account)
        case ["subscriptions"], Pen():
            rows = pen.subscriptions
            uri = f"/v3/customers/{customer_id}/subscriptions"
            links = {"self": {"uri": uri, "method": "GET", "headers": []}}
            return json_answer(200, {"totalCount": len(rows), "items": rows, "links": links})
        case ["deployments"], Pen():
            return _deployments(request, pen)
        case ["open-acquisitions"], Pen():
            return json_answer(200, _acquisitions(pen))
    return None


def _subscription(pen: Pen | None, subscription_id: str) -> Answer:
    for row in pen.subscriptions if pen is not None else ():
        if isinstance(row, dict) and row.get("subscriptionId") == subscription_id:
            return json_answer(200, row)
    status = 400 if subscription_id == _REFUSED_WITH_400 else 404
    return adobe_error(status, "3115")


def _deployments(request: Request, pen: Pen) -> Answer:
    status, limit, offset = (
        request.value("status"),
        request.value("limit") or "25",
        request.value("offset") or "0",
    )
    if status not in (None, "1000", "1004") or not _NUMBER.fullmatch(offset):
        return adobe_error(400, "1132", details=["Check status or offset"], invalid=["status"])
    if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= 100:
        return adobe_error(400, "1132", details=["Check limit"], invalid=["limit"])
    rows = [each for each in pen.deployments if status in (None, each["status"])]
    first, most = int(offset), int(limit)
    page = rows[first : first + most]
    path = f"/v3/customers/{pen.customer_id}/deployments"

    def link(at: int) -> dict[str, Any]:
        return {"uri": f"{path}?offset={at}&limit={most}", "method": "GET", "headers": []}

    links = {"self": link(first)} | ({"next": link(first + most)} if first + most < len(rows) else {})
    counts = {"totalCount": len(rows), "count": len(page), "offset": first, "limit": most}
    return json_answer(200, counts | {"items": page, "links": links})


def _acquisitions(pen: Pen) -> dict[str, Any]:
    return {
        "customerId": pen.customer_id,
        "resellerId": pen.account.get("resellerId"),
        "licenseCount": sum(each["quantity"] for each in pen.acquisitions),
        "unpaidLicenses": pen.acquisitions,
    }
