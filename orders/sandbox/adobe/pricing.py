"""Prices as `fetch-price=true` adds them: made from the offer ID, so always the same."""

import zlib
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orders.sandbox.adobe.history import History, Row

_FULL_TERM_DAYS = 365


def with_prices(row: Row, history: History) -> Any:
    """A priced copy of the order, or the order itself where Adobe would give no prices."""
    order = row.order
    if not _may_be_priced(order) or row.created < history.priced_since:
        return order
    days = 1 + zlib.crc32(order["orderId"].encode()) % _FULL_TERM_DAYS
    lines = [_priced(line, days) for line in order["lineItems"]]
    total = sum((Decimal(str(line["pricing"]["lineItemPartnerPrice"])) for line in lines), Decimal())
    summary = {"totalLineItemPartnerPrice": float(total), "currencyCode": order["currencyCode"]}
    earned = [Decimal(str(line["pricing"].get("earnedDealRegAmount", 0))) for line in lines]
    if any(earned):
        summary["totalEarnedDealRegAmount"] = float(sum(earned, Decimal()))
    priced = order | {"lineItems": lines, "pricingSummary": [summary]}
    if "cancellingItems" in order:
        # What a switch gives back counts against the buyer's bill: negative.
        priced["cancellingItems"] = [_priced(line, days, -1) for line in order["cancellingItems"]]
    return priced


def _may_be_priced(order: Any) -> bool:
    if not isinstance(order, dict) or order.get("status") != "1000":
        return False
    currency, lines = order.get("currencyCode"), order.get("lineItems")
    if not currency or not isinstance(lines, list) or not lines:
        return False
    return all(
        isinstance(line, dict)
        and isinstance(line.get("quantity"), int)
        and isinstance(line.get("offerId"), str)
        and line.get("currencyCode", currency) == currency
        for line in lines
    )


def _priced(line: dict[str, Any], days: int, sign: int = 1) -> dict[str, Any]:
    full = Decimal(90 + zlib.crc32(line["offerId"][:8].encode()) % 700)
    discounted = full
    if any(discount.get("result") == "SUCCESS" for discount in _discounts(line)):
        discounted = (full * Decimal("0.85")).quantize(Decimal("0.01"))
    net = (discounted * days / _FULL_TERM_DAYS).quantize(Decimal("0.001"), ROUND_HALF_UP)
    amount = (net * line["quantity"] * sign).quantize(Decimal("0.01"), ROUND_HALF_UP)
    pricing = {
        "partnerPrice": float(full),
        "discountedPartnerPrice": float(discounted),
        "netPartnerPrice": float(net),
        "lineItemPartnerPrice": float(amount),
    }
    if line.get("isDealRegistered") is True and sign > 0:
        # A credit beside the price: neither it nor any total gets less by it.
        a_unit = (full * Decimal("0.05")).quantize(Decimal("0.01"), ROUND_HALF_UP)
        pricing["earnedDealRegPerUnit"] = float(a_unit)
        pricing["earnedDealRegAmount"] = float(a_unit * line["quantity"])
    return line | {"proratedDays": days, "pricing": pricing}


def _discounts(line: dict[str, Any]) -> list[dict[str, Any]]:
    return [*line.get("promotions", []), *line.get("flexDiscounts", [])]
