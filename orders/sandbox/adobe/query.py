"""Filters and paging of Adobe's order history, as documented, refusals included."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from orders.sandbox.adobe.history import History, Row
from orders.sandbox.http.messages import Request

DEFAULT_LIMIT = 25
MAXIMUM_LIMIT = 100
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z")
# Types are an open set upstream, so the shape is checked and not the word.
_FORMS = {
    "order-type": re.compile(r"[A-Z][A-Z_]{0,39}"),
    # Five digits because Adobe's own page prints `status=10002`: no order has it, and it is no error.
    "status": re.compile(r"\d{4,5}"),
    "offer-id": re.compile(r"[\w-]{1,40}"),
    "subscription-id": re.compile(r"[\w-]{1,40}"),
    "reseller-id": re.compile(r"[\w-]{1,40}"),
    "reference-order-id": re.compile(r"[\w-]{1,40}"),
}
REPEATABLE = ("order-type", "status", "offer-id", "subscription-id")


class BadParameterError(Exception):
    """A value Adobe would answer with 400/1132."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class HistoryQuery:
    any_of: dict[str, frozenset[str]]
    start: datetime | None
    end: datetime | None
    limit: int
    offset: int
    fetch_price: bool


def read_query(request: Request) -> HistoryQuery:
    any_of = {}
    for name, form in _FORMS.items():
        values = request.values(name)
        if not values:
            continue
        if not all(form.fullmatch(value) for value in values):
            raise BadParameterError(name)
        any_of[name] = frozenset(values if name in REPEATABLE else values[:1])
    return HistoryQuery(
        any_of=any_of,
        start=_instant(request, "start-date"),
        end=_instant(request, "end-date"),
        limit=min(_number(request, "limit", DEFAULT_LIMIT, least=1), MAXIMUM_LIMIT),
        offset=_number(request, "offset", 0, least=0),
        fetch_price=request.value("fetch-price") == "true",
    )


def _number(request: Request, name: str, default: int, *, least: int) -> int:
    value = request.value(name)
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or int(value) < least:
        raise BadParameterError(name)
    return int(value)


def _instant(request: Request, name: str) -> datetime | None:
    """A bare date means midnight UTC; an instant must end in Z, other offsets are refused."""
    value = request.value(name)
    if value is None:
        return None
    if not (_DATE.fullmatch(value) or _INSTANT.fullmatch(value)):
        raise BadParameterError(name)
    try:
        return datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise BadParameterError(name) from None


def select(history: History, query: HistoryQuery, now: datetime) -> Sequence[Row]:
    """All rows that match, newest first; both ends of the window belong to it."""
    start = query.start or history.term_start
    end = query.end or now
    # The rows run from new to old, so the window is a slice of them.
    first = bisect_left(history.ages, -end.timestamp())
    last = bisect_right(history.ages, -start.timestamp())
    rows: Sequence[Row] = history.rows[first:last]
    if query.any_of:
        rows = [row for row in rows if _matches(row, query.any_of)]
    return rows


def _matches(row: Row, any_of: dict[str, frozenset[str]]) -> bool:
    return all(_values(row, name) & wanted for name, wanted in any_of.items())


def _values(row: Row, name: str) -> set[str]:
    if name == "reseller-id":
        return {row.reseller_id}
    if not isinstance(row.order, dict):
        return set()
    fields = {
        "order-type": "orderType",
        "status": "status",
        "reference-order-id": "referenceOrderId",
    }
    if name in fields:
        return {str(row.order.get(fields[name], ""))}
    field = {"offer-id": "offerId", "subscription-id": "subscriptionId"}[name]
    return {str(line.get(field, "")) for line in _lines(row.order)}


def _lines(order: dict[str, Any]) -> list[dict[str, Any]]:
    lines = order.get("lineItems")
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []


def page_links(request: Request, query: HistoryQuery, total: int, count: int) -> dict[str, Any]:
    """The links of one page: relative, filters kept, defaults spelt out, absent where none."""
    kept = [pair for pair in request.query if pair[0] not in ("limit", "offset")]
    for name, default in (
        ("fetch-recommendations", "false"),
        ("recommendation-language", "MULT"),
    ):
        if name not in dict(kept):
            kept.append((name, default))

    def link(offset: int) -> dict[str, Any]:
        window = [("offset", str(offset)), ("limit", str(query.limit))]
        uri = f"{request.raw_path}?{urlencode(kept + window)}"
        return {"uri": uri, "method": "GET", "headers": []}

    links = {"self": link(query.offset)}
    if query.offset + count < total:
        links["next"] = link(query.offset + query.limit)
    if query.offset > 0:
        links["prev"] = link(max(query.offset - query.limit, 0))
    return links
