"""One order of Adobe's, on the wire and read: as documented, or value by value, as its lines are.

https://developer.adobe.com/vipmp/docs/order-management/get-order/
"""

from orders.domain.orders import Line, Order
from orders.upstreams.adobe_vip_marketplace import terms
from orders.upstreams.adobe_vip_marketplace.links import read_links
from orders.upstreams.adobe_vip_marketplace.parse_line import (
    DocumentedLine,
    WireLine,
    read_documented_line,
    read_line,
)
from orders.upstreams.adobe_vip_marketplace.parse_prices import read_summaries
from orders.upstreams.adobe_vip_marketplace.wire_types import Text, Wire
from orders.upstreams.reading.decoding import Leaf, Problems, instant, text
from orders.upstreams.reading.lenient_decoding import place


class WireOrder(Wire, frozen=True, gc=False):
    order_id: Leaf = None
    customer_id: Leaf = None
    external_reference_id: Leaf = None
    order_type: Leaf = None
    reference_order_id: Leaf = None
    referenced_order_id: Leaf = None  # an undocumented twin, on single orders only
    currency_code: Leaf = None  # absent on orders in several currencies: then each line has its own
    creation_date: Leaf = None
    last_modified_date: Leaf = None
    status: Leaf = None
    source: Leaf = None
    line_items: list[WireLine] | None = None
    cancelling_items: list[WireLine] | None = None
    pricing_summary: Leaf = None
    links: Leaf = None


class DocumentedOrder(Wire, frozen=True, gc=False):
    order_id: Text
    customer_id: Text = ""
    external_reference_id: Text = ""
    order_type: Text = ""
    reference_order_id: Text = ""
    currency_code: Text = ""
    creation_date: Text = ""
    last_modified_date: Text = ""
    status: Text = ""
    source: Text = ""
    line_items: tuple[DocumentedLine, ...] = ()
    cancelling_items: tuple[DocumentedLine, ...] = ()
    links: Leaf = None
    referenced_order_id: None = None
    pricing_summary: None = None


def read_order(row: WireOrder, problems: Problems) -> Order:
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
        summaries=read_summaries(row.pricing_summary, currency, problems),
        links=read_links(row.links),
    )


def _lines(items: list[WireLine] | None, name: str, currency: str, problems: Problems) -> tuple[Line, ...]:
    if not items:
        return ()
    before = len(problems)
    lines = [read_line(item, currency, problems) for item in items]
    if len(problems) == before:
        return tuple(lines)
    del problems[before:]
    lines.clear()
    for index, item in enumerate(items):
        start = len(problems)
        lines.append(read_line(item, currency, problems))
        if len(problems) > start:
            place(problems, start, f"{name}[{index}].")
    return tuple(lines)


def read_documented_order(row: DocumentedOrder, problems: Problems) -> Order:
    return Order(
        order_id=row.order_id,
        customer_id=row.customer_id,
        status=terms.status(row.status),
        order_type=terms.order_type(row.order_type),
        external_reference_id=row.external_reference_id,
        reference_order_id=row.reference_order_id,
        currency_code=row.currency_code,
        origin=row.source,
        created_at=instant(row.creation_date, "creationDate", problems),
        updated_at=instant(row.last_modified_date, "lastModifiedDate", problems)
        if row.last_modified_date
        else None,
        lines=tuple([read_documented_line(item) for item in row.line_items]),
        cancelling_lines=tuple([read_documented_line(item) for item in row.cancelling_items])
        if row.cancelling_items
        else (),
        links=read_links(row.links) if row.links else (),
    )
