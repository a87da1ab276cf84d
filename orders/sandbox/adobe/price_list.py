"""Invented products, and the price list as Adobe answers it: a POST that only reads."""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orders.sandbox.http.messages import Answer, Request, json_answer
from orders.sandbox.http.vendor_errors import adobe_error

REGIONS = ("AP", "JP", "WE", "LA", "MX", "EE", "PA", "NA")
CURRENCIES = ("AUD", "EUR", "GBP", "JPY", "USD")
SEGMENTS = {"COM": "A", "EDU": "B", "GOV": "C"}
_TYPES = ("STANDARD", "3YC", "STD-LGA")
_MONTH = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_ALWAYS = ("offerId", "productFamily", "discountCode", "firstOrderDate", "lastOrderDate", "partnerPrice")
_ATTRIBUTES = (*_ALWAYS, "productType", "productTypeDetail", "additionalDetail", "language", "levelDetails")
_FILTERS = ("offerId", "productFamily", "firstOrderDate", "lastOrderDate", "discountCode")
_LICENCES = (
    ("01", "Level 1 1 - 9"),
    ("02", "Level 2 10 - 49"),
    ("03", "Level 3 50 - 99"),
    ("04", "Level 4 100+"),
)
_COMMITTED = (("12", "Level 12 10 - 49"), ("13", "Level 13 50 - 99"), ("14", "Level 14 100+"))
_TRANSACTIONS = (("T1", "Level T1 1 - 999"), ("T2", "Level T2 1000 - 2499"))


@dataclass(frozen=True)
class Product:
    """One row of the catalogue; `prefix` is the first eight characters of its offer IDs."""

    prefix: str
    family: str
    detail: str = ""
    segment: str = "COM"
    is_consumable: bool = False
    last_month: str = "299912"  # from the month after, it is no longer listed


PRODUCTS = (
    Product("71104418", "Sketch Suite for teams", "All Apps"),
    Product("71104522", "Vector Studio for teams", "Single App"),
    Product("71203377", "Paper Press Pro for teams"),
    Product("71390164", "Motion Lab for teams", "Single App", last_month="202609"),
    Product("71415590", "Photo Bench for teams", "1 TB"),
    Product("71500283", "Sign Desk Transactions", "Pack of 150", is_consumable=True),
    Product("72104418", "Sketch Suite for schools", "All Apps", "EDU"),
    Product("72104522", "Vector Studio for schools", "Single App", "EDU"),
    Product("72203377", "Paper Press Pro for schools", "", "EDU"),
    Product("72415590", "Photo Bench for schools", "", "EDU"),
    Product("73104418", "Sketch Suite for agencies", "All Apps", "GOV"),
)


def answer(request: Request, *, months_back: int = 24) -> Answer:
    """A page of the list; a month, region or attribute that makes no sense is refused as documented."""
    try:
        asked = json.loads(request.body or b"{}")
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        return adobe_error(400, "1117", "The request body is not valid")
    refused = _refusal(asked)
    if refused is not None:
        return refused
    limit, offset = _number(request, "limit", 20), _number(request, "offset", 0)
    if limit is None or offset is None or not 1 <= limit <= 100:
        return adobe_error(400, "5122", "The paging parameters are not valid", invalid=["limit"])
    offers = list(_chosen(asked))
    page = offers[offset : offset + limit]
    if not page:
        return adobe_error(404, "1162", "No price list was found")
    wanted = {*_ALWAYS, "levelDetails", *asked.get("includeOfferAttributes", ())}
    body = {
        "priceListMonth": asked["priceListMonth"],
        "marketSegment": asked["marketSegment"],
        "region": asked["region"],
        "currency": asked["currency"],
        "priceListType": asked.get("priceListType", "STANDARD"),
        "totalCount": len(offers),
        "count": len(page),
        "limit": limit,
        "offset": offset,
        "offers": [{name: value for name, value in offer.items() if name in wanted} for offer in page],
    }
    return json_answer(200, body)


def _refusal(asked: Mapping[str, Any]) -> Answer | None:
    required = ("region", "marketSegment", "currency", "priceListMonth")
    missing = [name for name in required if not isinstance(asked.get(name), str) or not asked[name]]
    if missing:
        return adobe_error(400, "5122", "A required field is missing", invalid=missing)
    if asked["marketSegment"] not in SEGMENTS:
        return adobe_error(400, "1160", "The market segment is not valid")
    if asked["region"] not in REGIONS or asked["currency"] not in CURRENCIES:
        return adobe_error(400, "1161", "The currency and region do not go together")
    attributes, filters = asked.get("includeOfferAttributes", []), asked.get("filters", {})
    is_known = isinstance(attributes, list) and set(map(str, attributes)) <= set(_ATTRIBUTES)
    is_known = is_known and isinstance(filters, dict) and set(filters) <= set(_FILTERS)
    if not is_known or not _MONTH.fullmatch(asked["priceListMonth"]):
        return adobe_error(400, "5122", "A field is not valid")
    if asked.get("priceListType", "STANDARD") not in _TYPES:
        return adobe_error(400, "5122", "The price list type is not valid", invalid=["priceListType"])
    return None


def _chosen(asked: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    filters = asked.get("filters", {})
    for offer in _offers(
        asked["marketSegment"], asked["priceListMonth"], asked.get("priceListType", "STANDARD")
    ):
        if all(offer.get(name) == wanted for name, wanted in filters.items()):
            yield offer


def _offers(segment: str, month: str, kind: str) -> Iterator[dict[str, str]]:
    for product in PRODUCTS:
        if product.segment != segment or month > product.last_month:
            continue
        levels = _TRANSACTIONS if product.is_consumable else _COMMITTED if kind == "3YC" else _LICENCES
        for level, words in levels:
            yield _offer(product, level, words)
            if kind == "3YC" and level == "12":
                # The same offer again, for the time before: 3YC lists repeat themselves.
                older = {"firstOrderDate": "2022-05-03T00:00:00.000+00:00", "discountCode": "HVD_L17_PRE"}
                yield _offer(product, level, words) | older


def _offer(product: Product, level: str, words: str) -> dict[str, str]:
    price = 90 + zlib.crc32(f"{product.prefix}{level}".encode()) % 700
    return {
        "offerId": f"{product.prefix}C{SEGMENTS[product.segment]}{level}A12",
        "productFamily": product.family,
        "productType": "Consumable" if product.is_consumable else "Subscription",
        "productTypeDetail": "New",
        "additionalDetail": product.detail,
        "language": "Multiple Languages",
        "levelDetails": words,
        "discountCode": "",
        "firstOrderDate": "2026-01-01T00:00:00.000+00:00",
        "lastOrderDate": "2099-12-31T00:00:00.000+00:00",
        "partnerPrice": f"{price}.20",
    }


def _number(request: Request, name: str, default: int) -> int | None:
    value = request.value(name)
    if value is None:
        return default
    return int(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else None


def as_file() -> str:
    """The same offers as a partner's file has them: blank lines on top, semicolons, prices and all."""
    rows = [
        ("ACD Indicator", "Part Number", "Product Family", "Additional Detail", "Language", "Level Detail",
         "Segment", "Partner Price"),
        *(
            ("", offer["offerId"], offer["productFamily"], offer["additionalDetail"], offer["language"],
             offer["levelDetails"], segment, offer["partnerPrice"])
            for segment in SEGMENTS
            for offer in _offers(segment, "202601", "STANDARD")
        ),
    ]  # fmt: skip
    return "\r\n" * 2 + "".join(";".join(row) + "\r\n" for row in rows)
