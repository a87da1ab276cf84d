"""From Adobe's bytes to our orders.

Nearly all pages are as documented, type by type: the decoder checks them in one go, so that nothing has to be
looked at twice. A page with anything else in it is read value by value.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from orders.domain.email_addresses import body_may_hold_address
from orders.domain.orders import Order
from orders.domain.queries import ParsedOrder, ParsedPage
from orders.upstreams.adobe_vip_marketplace.links import relations
from orders.upstreams.adobe_vip_marketplace.parse_order import (
    DocumentedOrder,
    WireOrder,
    read_documented_order,
    read_order,
)
from orders.upstreams.adobe_vip_marketplace.wire_types import Wire
from orders.upstreams.reading.decoding import (
    Leaf,
    Problems,
    Unreadable,
    decode,
    instant,
    load_exact,
    load_shown,
    typed_decoder,
    whole,
)
from orders.upstreams.reading.lenient_decoding import by_row, damaged_texts, decode_leniently, place


class WirePage(Wire, frozen=True, gc=False):
    items: list[WireOrder]
    total_count: Leaf = None
    count: Leaf = None
    offset: Leaf = None
    limit: Leaf = None
    links: Leaf = None


class DocumentedPage(Wire, frozen=True, gc=False):
    items: tuple[DocumentedOrder, ...]
    total_count: Leaf = None
    count: Leaf = None
    offset: Leaf = None
    limit: Leaf = None
    links: Leaf = None


PAGES = typed_decoder(DocumentedPage)
_PAGES = typed_decoder(WirePage)
_NOTHING = WireOrder()


def parse_page(body: bytes) -> ParsedPage:
    """An order history. Raises `Unreadable` where there is no list of orders at all."""
    problems: Problems = []
    documented = decode(body, PAGES)
    if documented is not None:
        is_impersonal = not body_may_hold_address(body)
        return _read_page(documented, documented.items, problems, is_impersonal=is_impersonal)
    page = decode(body, _PAGES)
    if page is not None:
        return _read_page(page, page.items, problems)
    loaded = load_exact(body)
    if not isinstance(loaded, dict):
        raise Unreadable("the body is not an object")
    items = loaded.pop("items", None)
    if items is None and _says_it_is_empty(loaded):
        items = []  # an empty history has been seen to leave them out
    if not isinstance(items, list):
        raise Unreadable("`items` is not a list")
    envelope = decode_leniently({**loaded, "items": []}, WirePage, "", problems)
    if envelope is None:  # cannot be: it is an object
        raise Unreadable("the body is not an object")
    rows = [
        decode_leniently(item, WireOrder, f"items[{index}].", problems) for index, item in enumerate(items)
    ]
    problems += damaged_texts(body, items, "items")
    return _read_page(envelope, rows, problems)


def parse_order(body: bytes) -> ParsedOrder:
    """A single order, with the object it was read from."""
    problems: Problems = []
    raw = load_shown(body)
    loaded = load_exact(body)
    row = decode_leniently(loaded, WireOrder, "", problems)
    problems += damaged_texts(body, loaded, "")
    if isinstance(raw, dict) and isinstance(raw.get("items"), list):
        raise Unreadable("the body is a list, not an order")
    if row is None or not isinstance(raw, dict) or row == _NOTHING:
        raise Unreadable("the body is not an order")
    order = read_order(row, problems)
    unreadable = tuple(problems)
    return ParsedOrder(
        order=msgspec.structs.replace(order, unreadable=unreadable), raw=raw, unreadable=unreadable
    )


def _read_page(
    page: WirePage | DocumentedPage,
    rows: Sequence[WireOrder | DocumentedOrder | None],
    problems: Problems,
    *,
    is_impersonal: bool = False,
) -> ParsedPage:
    orders: dict[int, Order] = {}
    for index, row in enumerate(rows):
        if row is None or row == _NOTHING:
            problems.append(f"items[{index}]")
            continue
        start = len(problems)
        orders[index] = (
            read_documented_order(row, problems)
            if isinstance(row, DocumentedOrder)
            else read_order(row, problems)
        )
        if len(problems) > start:
            place(problems, start, f"items[{index}].")
    for index, unreadable in by_row(problems, "items").items() if problems else ():
        if index in orders:
            orders[index] = msgspec.structs.replace(orders[index], unreadable=unreadable)
    searched_from, searched_to = _searched(page.links)
    return ParsedPage(
        orders=tuple(orders.values()),
        received=len(rows),
        total_count=_count(page.total_count, "totalCount", problems),
        stated_count=_count(page.count, "count", problems),
        offset=_count(page.offset, "offset", problems),
        limit=_count(page.limit, "limit", problems),
        has_next=_has_next(page.links),
        searched_from=searched_from,
        searched_to=searched_to,
        unreadable=tuple(problems),
        lost=len(rows) - len(orders),
        is_impersonal=is_impersonal,
    )


def _says_it_is_empty(envelope: dict[str, Any]) -> bool:
    """Whether its counts, those that it has, say that there are no orders, in whatever way."""
    counts = [envelope.get(name) for name in ("totalCount", "count")]
    given = {whole(count, "", []) for count in counts if count is not None}
    return given == {0}


def _count(value: Leaf, name: str, problems: Problems) -> int | None:
    count = whole(value, name, problems)
    if count is not None and count < 0:
        problems.append(name)
        return None
    return count


def _has_next(links: Leaf) -> bool | None:
    """Adobe's own hint: `next` is left out at the end of a result; `{}` says nothing."""
    found = dict(relations(links))
    if found.get("next"):
        return True
    return False if found else None


def _searched(links: Leaf) -> tuple[str, str]:
    """The range in the self link. Adobe encodes its values twice: `03%253A43` is `03:43`."""
    target = dict(relations(links)).get("self")
    uri = target.get("uri") if isinstance(target, dict) else None
    if not isinstance(uri, str):
        return "", ""
    try:
        given = parse_qs(urlsplit(uri).query, max_num_fields=100)
    except ValueError:
        return "", ""
    return _moment(given.get("start-date")), _moment(given.get("end-date"))


def _moment(values: list[str] | None) -> str:
    value = unquote(values[-1]) if values else ""
    return value if instant(value, "", []) else ""
