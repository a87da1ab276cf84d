"""From Adobe's bytes to our orders."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from orders.domain.bounded_text import LONGEST_NAME, cut
from orders.domain.email_addresses import body_may_hold_address
from orders.domain.orders import Line, Money, Order, Price, Promotion
from orders.domain.queries import ParsedOrder, ParsedPage
from orders.upstreams.adobe_vip_marketplace import terms, wire_types
from orders.upstreams.adobe_vip_marketplace.links import read_links, relations
from orders.upstreams.adobe_vip_marketplace.parse_typed import (
    PAGES,
    DocumentedOrder,
    DocumentedPage,
    once,
    read_order,
)
from orders.upstreams.reading.decoding import (
    Leaf,
    Problems,
    Unreadable,
    amount,
    decode,
    flag,
    instant,
    load_exact,
    load_shown,
    text,
    typed_decoder,
    whole,
    words,
)
from orders.upstreams.reading.lenient_decoding import by_row, damaged_texts, decode_leniently, place

_PAGES = typed_decoder(wire_types.Page)
_NOTHING = wire_types.Order()


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
    envelope = decode_leniently({**loaded, "items": []}, wire_types.Page, "", problems)
    if envelope is None:  # cannot be: it is an object
        raise Unreadable("the body is not an object")
    rows = [
        decode_leniently(item, wire_types.Order, f"items[{index}].", problems)
        for index, item in enumerate(items)
    ]
    problems += damaged_texts(body, items, "items")
    return _read_page(envelope, rows, problems)


def parse_order(body: bytes) -> ParsedOrder:
    """A single order, with the object it was read from."""
    problems: Problems = []
    raw = load_shown(body)
    loaded = load_exact(body)
    row = decode_leniently(loaded, wire_types.Order, "", problems)
    problems += damaged_texts(body, loaded, "")
    if isinstance(raw, dict) and isinstance(raw.get("items"), list):
        raise Unreadable("the body is a list, not an order")
    if row is None or not isinstance(raw, dict) or row == _NOTHING:
        raise Unreadable("the body is not an order")
    order = _order(row, problems)
    unreadable = tuple(problems)
    return ParsedOrder(
        order=msgspec.structs.replace(order, unreadable=unreadable), raw=raw, unreadable=unreadable
    )


def _read_page(
    page: wire_types.Page | DocumentedPage,
    rows: Sequence[wire_types.Order | DocumentedOrder | None],
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
            read_order(row, problems) if isinstance(row, DocumentedOrder) else _order(row, problems)
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


def _order(row: wire_types.Order, problems: Problems) -> Order:
    currency = text(row.currency_code, "currencyCode", problems)
    if row.order_id is None:
        problems.append("orderId")
    return Order(
        order_id=text(row.order_id, "orderId", problems),
        customer_id=text(row.customer_id, "customerId", problems),
        status=terms.status(text(row.status, "status", problems)),
        order_type=terms.order_type(text(row.order_type, "orderType", problems)),
        external_reference_id=text(row.external_reference_id, "externalReferenceId", problems),
        reference_order_id=text(row.reference_order_id, "referenceOrderId", problems)
        or text(row.referenced_order_id, "referencedOrderId", problems),
        currency_code=currency,
        origin=text(row.source, "source", problems),
        created_at=instant(row.creation_date, "creationDate", problems),
        updated_at=instant(row.last_modified_date, "lastModifiedDate", problems),
        lines=_lines(row.line_items, "lineItems", currency, problems),
        cancelling_lines=_lines(row.cancelling_items, "cancellingItems", currency, problems),
        summaries=_summaries(row.pricing_summary, currency, problems),
        links=read_links(row.links),
    )


def _lines(
    items: list[wire_types.Line] | None, name: str, currency: str, problems: Problems
) -> tuple[Line, ...]:
    if not items:
        return ()
    before = len(problems)
    lines = [_line(item, currency, problems) for item in items]
    if len(problems) == before:
        return tuple(lines)
    del problems[before:]
    lines.clear()
    for index, item in enumerate(items):
        start = len(problems)
        lines.append(_line(item, currency, problems))
        if len(problems) > start:
            place(problems, start, f"{name}[{index}].")
    return tuple(lines)


def _line(item: wire_types.Line, order_currency: str, problems: Problems) -> Line:
    currency = text(item.currency_code, "currencyCode", problems)
    priced_in = _currency(item.currency_code, currency, order_currency)
    return Line(
        number=text(item.ext_line_item_number, "extLineItemNumber", problems),
        offer_id=text(item.offer_id, "offerId", problems),
        title=text(item.product_name, "productName", problems),
        quantity=whole(item.quantity, "quantity", problems),
        remaining_quantity=whole(item.remaining_quantity, "remainingQuantity", problems),
        subscription_id=text(item.subscription_id, "subscriptionId", problems),
        status=terms.status(text(item.status, "status", problems)),
        currency_code=currency,
        deployment_id=text(item.deployment_id, "deploymentId", problems),
        discount_code=text(item.discount_code, "discountCode", problems),
        promotions=_promotions(item, problems) if item.promotions or item.flex_discounts else (),
        requested_promotions=words(item.flex_discount_codes, "flexDiscountCodes", problems)
        if item.flex_discount_codes is not None
        else (),
        prorated_days=whole(item.prorated_days, "proratedDays", problems),
        reference_line_number=text(item.reference_line_item_number, "referenceLineItemNumber", problems),
        is_deal_registered=flag(item.is_deal_registered, "isDealRegistered", problems),
        prices=_prices(item.pricing, "pricing", priced_in, problems) if item.pricing is not None else (),
        links=read_links(item.links) if item.links is not None else (),
    )


def _promotions(item: wire_types.Line, problems: Problems) -> tuple[Promotion, ...]:
    new = _discounts(item.flex_discounts, "flexDiscounts", problems)
    if not item.promotions:
        return new
    return once(_discounts(item.promotions, "promotions", problems), new)


def _discounts(
    discounts: list[wire_types.Discount] | None, name: str, problems: Problems
) -> tuple[Promotion, ...]:
    promotions = []
    for index, discount in enumerate(discounts or ()):
        start = len(problems)
        promotion = Promotion(
            code=text(discount.code, "code", problems),
            result=terms.promotion_result(text(discount.result, "result", problems)),
            promotion_id=text(discount.id, "id", problems),
        )
        promotions.append(promotion)
        if len(problems) > start:
            place(problems, start, f"{name}[{index}].")
    return tuple(promotions)


def _prices(pricing: Leaf, name: str, currency: str, problems: Problems) -> tuple[Price, ...]:
    """`currency` is that of what the prices belong to; they may name their own."""
    if not isinstance(pricing, dict):
        problems.append(name)
        return ()
    given = pricing.get("currencyCode")
    currency = _currency(given, text(given, f"{name}.currencyCode", problems), currency)
    prices = []
    for key, value in pricing.items():
        if key == "currencyCode":
            continue
        key = cut(key, LONGEST_NAME)
        figure = amount(value, f"{name}.{key}", problems)
        if figure is not None:
            prices.append(Price(name=key, money=Money(amount=figure, currency=currency)))
    return tuple(prices)


def _summaries(summary: Leaf, currency: str, problems: Problems) -> tuple[Price, ...]:
    """A list of totals, or, since deal registration, a single object."""
    if summary is None:
        return ()
    if not isinstance(summary, list):
        return _prices(summary, "pricingSummary", currency, problems)
    return tuple(
        price
        for index, entry in enumerate(summary)
        for price in _prices(entry, f"pricingSummary[{index}]", currency, problems)
    )


def _currency(given: Leaf, read: str, inherited: str) -> str:
    """The inherited currency holds where none is given; one that could not be read might be another."""
    return inherited if given is None or given == "" else read


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
