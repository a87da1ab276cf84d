"""Adobe's order history on the wire: which keys we read, and where lists and objects are.

https://developer.adobe.com/vipmp/docs/order-management/get-order/
"""

from typing import ClassVar

import msgspec

from orders.upstreams.reading.decoding import Leaf


class Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Unknown keys are ignored; every known one may be missing."""


class Discount(Wire, frozen=True, gc=False):
    """One of `promotions` (until 2025-07) or `flexDiscounts` (since)."""

    plain_text: ClassVar[str] = "code"  # what a text alone stands for

    id: Leaf = None
    code: Leaf = None
    result: Leaf = None


class Line(Wire, frozen=True, gc=False):
    ext_line_item_number: Leaf = None
    offer_id: Leaf = None
    product_name: Leaf = None
    quantity: Leaf = None
    remaining_quantity: Leaf = None
    subscription_id: Leaf = None
    status: Leaf = None
    currency_code: Leaf = None
    deployment_id: Leaf = None
    discount_code: Leaf = None
    promotions: list[Discount] | None = None
    flex_discounts: list[Discount] | None = None
    flex_discount_codes: Leaf = None
    prorated_days: Leaf = None
    reference_line_item_number: Leaf = None
    is_deal_registered: Leaf = None
    pricing: Leaf = None
    links: Leaf = None


class Order(Wire, frozen=True, gc=False):
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
    line_items: list[Line] | None = None
    cancelling_items: list[Line] | None = None
    pricing_summary: Leaf = None
    links: Leaf = None


class Page(Wire, frozen=True, gc=False):
    items: list[Order]
    total_count: Leaf = None
    count: Leaf = None
    offset: Leaf = None
    limit: Leaf = None
    links: Leaf = None
