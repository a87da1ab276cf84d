"""One line item of Adobe's, on the wire and read.

As documented, type by type, it was checked by the decoder and is read as it is: nearly all are, and a file
has thousands. Anything else is read value by value; what both ways read is the same.
"""

from collections.abc import Iterable
from typing import ClassVar

from orders.domain.orders import Line, Promotion
from orders.upstreams.adobe_vip_marketplace import terms
from orders.upstreams.adobe_vip_marketplace.links import read_links
from orders.upstreams.adobe_vip_marketplace.parse_prices import currency_of, read_prices
from orders.upstreams.adobe_vip_marketplace.wire_types import Small, Text, Wire
from orders.upstreams.reading.decoding import Leaf, Problems, flag, text, whole, words
from orders.upstreams.reading.lenient_decoding import place


class WireDiscount(Wire, frozen=True, gc=False):
    """One of `promotions` (until 2025-07) or `flexDiscounts` (since)."""

    plain_text: ClassVar[str] = "code"  # what a text alone stands for

    id: Leaf = None
    code: Leaf = None
    result: Leaf = None


class WireLine(Wire, frozen=True, gc=False):
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
    promotions: list[WireDiscount] | None = None
    flex_discounts: list[WireDiscount] | None = None
    flex_discount_codes: Leaf = None
    prorated_days: Leaf = None
    reference_line_item_number: Leaf = None
    is_deal_registered: Leaf = None
    pricing: Leaf = None
    links: Leaf = None


class DocumentedDiscount(Wire, frozen=True, gc=False):
    code: Text
    result: Text
    id: Text = ""


class DocumentedLine(Wire, frozen=True, gc=False):
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


def read_line(item: WireLine, order_currency: str, problems: Problems) -> Line:
    currency = text(item.currency_code, "currencyCode", problems)
    priced_in = currency_of(item.currency_code, currency, order_currency)
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
        prices=read_prices(item.pricing, "pricing", priced_in, problems) if item.pricing is not None else (),
        links=read_links(item.links) if item.links is not None else (),
    )


def _promotions(item: WireLine, problems: Problems) -> tuple[Promotion, ...]:
    new = _discounts(item.flex_discounts, "flexDiscounts", problems)
    if not item.promotions:
        return new
    return _once(_discounts(item.promotions, "promotions", problems), new)


def _discounts(discounts: list[WireDiscount] | None, name: str, problems: Problems) -> tuple[Promotion, ...]:
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


def read_documented_line(item: DocumentedLine) -> Line:
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
        promotions=_documented_promotions(item) if item.promotions or item.flex_discounts else (),
        requested_promotions=tuple(filter(None, item.flex_discount_codes))
        if item.flex_discount_codes
        else (),
        prorated_days=item.prorated_days,
        reference_line_number=""
        if item.reference_line_item_number is None
        else str(item.reference_line_item_number),
        is_deal_registered=item.is_deal_registered,
    )


def _documented_promotions(item: DocumentedLine) -> tuple[Promotion, ...]:
    new = tuple([_documented_promotion(each) for each in item.flex_discounts])
    return _once([_documented_promotion(each) for each in item.promotions], new) if item.promotions else new


def _documented_promotion(discount: DocumentedDiscount) -> Promotion:
    return Promotion(
        code=discount.code, result=terms.promotion_result(discount.result), promotion_id=discount.id
    )


def _once(old: Iterable[Promotion], new: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
    """Promotions in both spellings. One that stands under both counts once."""
    known = {(each.code, each.result.code) for each in new}
    return (*(each for each in old if (each.code, each.result.code) not in known), *new)
