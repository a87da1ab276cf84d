"""From fabric's bytes to our orders. HTTP 200 alone is no success: the body has a status too."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orders.domain.orders import Order
from orders.domain.queries import ParsedOrder, ParsedPage
from orders.upstreams.base import Problem
from orders.upstreams.fabric_subscriptions.parse_order import WireOrder, read_order
from orders.upstreams.fabric_subscriptions.parse_people import card_ending
from orders.upstreams.fabric_subscriptions.request_parameters import problem_of
from orders.upstreams.fabric_subscriptions.wire_types import Wire
from orders.upstreams.reading.decoding import (
    Leaf,
    Problems,
    Unreadable,
    decode,
    displayed,
    load_exact,
    load_plain,
    load_shown,
    text,
    typed_decoder,
    whole,
)
from orders.upstreams.reading.error_bodies import message, shown
from orders.upstreams.reading.lenient_decoding import by_row, damaged_texts, decode_leniently, place


class WireQuery(Wire, frozen=True, gc=False):
    """The paging echo of the live dialect. `offset` has been seen to be `"t"`."""

    offset: Leaf = None
    limit: Leaf = None
    total_orders: Leaf = None


class WireData(Wire, frozen=True, gc=False):
    orders: list[WireOrder]
    query: WireQuery | None = None
    errors: Leaf = None


class WirePage(Wire, frozen=True, gc=False):
    data: WireData
    response_status: Leaf = None
    message: Leaf = None


class WireRawData(Wire, frozen=True, gc=False):
    orders: list[msgspec.Raw]


class WireRawPage(Wire, frozen=True, gc=False):
    """A page of which only one row is wanted."""

    data: WireRawData


class WireIdentity(Wire, frozen=True, gc=False):
    id: Leaf = None


_PAGES = typed_decoder(WirePage)
_RAW_PAGES = typed_decoder(WireRawPage)
_IDENTITIES = typed_decoder(WireIdentity)
_NOTHING = WireOrder()
_MOST_NOTICES = 5


class Refused(Unreadable):
    """HTTP 200 with a `responseStatus` that isn't OK. `problem` says what was refused."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__("`responseStatus` is not OK")


def parse_page(body: bytes) -> ParsedPage:
    """A list of orders. Raises `Refused`, or `Unreadable` where there is no list at all."""
    problems: Problems = []
    page = decode(body, _PAGES)
    if page is not None:
        partial = _partial(page.response_status, {"message": page.message}, problems)
        return _read(page.data, page.data.orders, partial, page.message, problems)
    loaded = load_exact(body)
    if not isinstance(loaded, dict):
        raise Unreadable("the body is not an object")
    partial = _partial(loaded.get("responseStatus"), loaded, problems)
    data, items = _list_of(loaded, problems)
    envelope = decode_leniently({**data, "orders": []}, WireData, "data.", problems) or WireData([])
    rows = [
        decode_leniently(item, WireOrder, f"data.orders[{index}].", problems)
        for index, item in enumerate(items)
    ]
    problems += damaged_texts(body, items, "data.orders")
    return _read(envelope, rows, partial, loaded.get("message"), problems)


def find_order(body: bytes, order_id: str) -> ParsedOrder | None:
    """One order of a list answer, with its own JSON object; None if it isn't in the list."""
    for row in _rows(body):
        if _identity(row) != order_id:
            continue
        problems: Problems = []
        found = decode_leniently(load_exact(row), WireOrder, "", problems)
        if found is not None:
            raw = _redacted(load_shown(row))
            order = read_order(found, problems)
            unreadable = tuple(problems)
            order = msgspec.structs.replace(order, unreadable=unreadable)
            return ParsedOrder(order=order, raw=raw, unreadable=unreadable)
    return None


def _rows(body: bytes) -> list[bytes]:
    """Each row's own JSON."""
    page = decode(body, _RAW_PAGES)
    if page is not None:
        return [bytes(row) for row in page.data.orders]
    loaded = load_plain(body)
    data = loaded.get("data") if isinstance(loaded, dict) else None
    rows = data.get("orders") if isinstance(data, dict) else None
    return [msgspec.json.encode(row) for row in rows] if isinstance(rows, list) else []


def _identity(row: bytes) -> str | None:
    order = decode(row, _IDENTITIES)
    return text(order.id, "", []) if order is not None else None


def _list_of(loaded: dict[str, Any], problems: Problems) -> tuple[dict[str, Any], list[Any]]:
    """`data` and its rows. Null where the list belongs is an empty list, but a suspicious one."""
    if "data" not in loaded:
        raise Unreadable("`data` is missing")
    data = loaded["data"]
    if data is None or data == []:
        problems.append("data")
        return {}, []
    if not isinstance(data, dict) or "orders" not in data:
        raise Unreadable("`data` is not an object with `orders`")
    rows = data["orders"]
    if rows is None:
        problems.append("data.orders")
        return data, []
    if not isinstance(rows, list):
        raise Unreadable("`data.orders` is not a list")
    return data, rows


def _partial(status: Leaf, loaded: dict[str, Any], problems: Problems) -> bool:
    """Whether the answer calls itself a partial success; raises `Refused` if it is no success."""
    if status is None:
        problems.append("responseStatus")
        return False
    plain = "".join(ch for ch in displayed(status).upper() if ch.isalnum())
    if plain == "PARTIALSUCCESS":
        return True
    if plain != "OK":
        raise Refused(problem_of({**loaded, "responseStatus": status}))
    return False


def _read(
    data: WireData,
    rows: Sequence[WireOrder | None],
    partial: bool,
    said: Leaf,
    problems: Problems,
) -> ParsedPage:
    orders: dict[str | int, Order] = {}
    keys: dict[int, str | int] = {}
    lost = repeated = 0
    for index, row in enumerate(rows):
        if row is None or row == _NOTHING:
            problems.append(f"data.orders[{index}]")
            lost += 1
            continue
        start = len(problems)
        order = read_order(row, problems)
        if len(problems) > start:
            place(problems, start, f"data.orders[{index}].")
        # Orders without an ID can't be told to be the same.
        key = order.order_id or index
        if key in orders:
            repeated += 1
        else:
            orders[key], keys[index] = order, key
    for index, unreadable in by_row(problems, "data.orders").items() if problems else ():
        if index in keys:
            key = keys[index]
            orders[key] = msgspec.structs.replace(orders[key], unreadable=unreadable)
    query = data.query or WireQuery()
    return ParsedPage(
        orders=tuple(orders.values()),
        received=len(orders) + lost,
        total_count=_count(query.total_orders),
        offset=_count(query.offset),
        limit=_count(query.limit),
        unreadable=tuple(problems),
        lost=lost,
        notices=(*_warnings(data.errors, partial, said), *_repeats(repeated)),
    )


def _count(value: Leaf) -> int | None:
    """A number of the paging echo, which nobody has documented: nonsense in it is no problem."""
    count = whole(value, "", [])
    return count if count is not None and count >= 0 else None


def _warnings(errors: Leaf, partial: bool, said: Leaf) -> tuple[str, ...]:
    """What fabric says of orders it could not process."""
    given = errors if isinstance(errors, list) else [errors] if isinstance(errors, dict) else []
    if not partial and not given:
        return ()
    notices = [message(said) or "Partial success"]
    for entry in given[:_MOST_NOTICES]:
        problem = problem_of({"message": entry})
        code = f"({problem.code})" if problem.code else ""
        notices.append(" ".join(filter(None, (problem.message, code))))
    if len(given) > _MOST_NOTICES:
        notices.append(f"and {len(given) - _MOST_NOTICES} more")
    return tuple(filter(None, map(shown, notices)))


def _repeats(repeated: int) -> tuple[str, ...]:
    if not repeated:
        return ()
    rows = "1 row repeats" if repeated == 1 else f"{repeated} rows repeat"
    return (f"{rows} an order that is already in the list.",)


def _redacted(row: dict[str, Any]) -> dict[str, Any]:
    """The order's own object with every card identifier cut, wherever it stands."""
    waiting: list[Any] = [row]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for key, value in part.items():
                if key.lower() == "cardidentifier" and value is not None:
                    part[key] = card_ending(displayed(value))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return row
