"""Pages that are as documented, type by type: nearly all of them, and a file has thousands.

The decoder checks them in one go, so that nothing has to be looked at twice. A page with anything else
in it is read by `parse`, which bears with it; what both read is the same.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from orders.domain.bounded_text import LONGEST_TEXT
from orders.domain.orders import Line, Order, Promotion
from orders.upstreams.adobe_vip_marketplace import terms, wire_types
from orders.upstreams.adobe_vip_marketplace.links import read_links
from orders.upstreams.reading.decoding import Leaf, Problems, instant, typed_decoder

# Larger numbers are possible, and for the long way.
Small = Annotated[int, msgspec.Meta(gt=-(10**9), lt=10**9)]
# Longer texts are cut, the long way, and said to be.
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class DocumentedDiscount(wire_types.Wire, frozen=True, gc=False):
    code: Text
    result: Text
    id: Text = ""


class DocumentedLine(wire_types.Wire, frozen=True, gc=False):
    """Keys that are typed None come only on request, or with a single order."""

    ext_line_item_number: Small
    offer_id: Text
    quantity: Small
    product_name: Text = ""
    status: Text = ""
    subscription_id: Text = ""
    currency_code: Text = ""
    remaining_quantity: Small | None = None
    deployment_id: Text = ""
    discount_code: Text = ""
    promotions: tuple[DocumentedDiscount, ...] = ()
    flex_discounts: tuple[DocumentedDiscount, ...] = ()
    flex_discount_codes: tuple[Text, ...] = ()
    prorated_days: Small | None = None
    is_deal_registered: bool | None = None
    reference_line_item_number: Small | None = None
    pricing: None = None
    links: None = None


class DocumentedOrder(wire_types.Wire, frozen=True, gc=False):
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


class DocumentedPage(wire_types.Wire, frozen=True, gc=False):
    items: tuple[DocumentedOrder, ...]
    total_count: Leaf = None
    count: Leaf = None
    offset: Leaf = None
    limit: Leaf = None
    links: Leaf = None


PAGES = typed_decoder(DocumentedPage)


def read_order(row: DocumentedOrder, problems: Problems) -> Order:
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
        lines=tuple([_line(item) for item in row.line_items]),
        cancelling_lines=tuple([_line(item) for item in row.cancelling_items])
        if row.cancelling_items
        else (),
        links=read_links(row.links) if row.links else (),
    )


def _line(item: DocumentedLine) -> Line:
    return Line(
        number=str(item.ext_line_item_number),
        offer_id=item.offer_id,
        title=item.product_name,
        quantity=item.quantity,
        remaining_quantity=item.remaining_quantity,
        subscription_id=item.subscription_id,
        status=terms.status(item.status),
        currency_code=item.currency_code,
        deployment_id=item.deployment_id,
        discount_code=item.discount_code,
        promotions=_promotions(item) if item.promotions or item.flex_discounts else (),
        requested_promotions=tuple(filter(None, item.flex_discount_codes))
        if item.flex_discount_codes
        else (),
        prorated_days=item.prorated_days,
        reference_line_number=""
        if item.reference_line_item_number is None
        else str(item.reference_line_item_number),
        is_deal_registered=item.is_deal_registered,
    )


def _promotions(item: DocumentedLine) -> tuple[Promotion, ...]:
    new = tuple([_promotion(each) for each in item.flex_discounts])
    return once([_promotion(each) for each in item.promotions], new) if item.promotions else new


def _promotion(discount: DocumentedDiscount) -> Promotion:
    return Promotion(
        code=discount.code, result=terms.promotion_result(discount.result), promotion_id=discount.id
    )


def once(old: Iterable[Promotion], new: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
    """Promotions in both spellings. One that stands under both counts once."""
    known = {(each.code, each.result.code) for each in new}
    return (*(each for each in old if (each.code, each.result.code) not in known), *new)
