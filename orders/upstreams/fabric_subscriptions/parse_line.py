"""One line item of fabric's, on the wire and read, with its plan, prices and shipping."""

from orders.domain.bounded_text import LONGEST_NAME, cut
from orders.domain.orders import Attribute, Line, Money, Offer, Plan, Shipping
from orders.upstreams.fabric_subscriptions.wire_types import Wire
from orders.upstreams.reading.decoding import Leaf, Problems, amount, displayed, text, whole
from orders.upstreams.reading.lenient_decoding import place

_NO_PLAN = Plan()
_NO_MONEY = Money()
_NO_SHIPPING = Shipping()


class WirePlan(Wire, frozen=True, gc=False):
    id: Leaf = None
    frequency: Leaf = None
    frequency_type: Leaf = None


class WireSubscription(Wire, frozen=True, gc=False):
    id: Leaf = None
    plan: WirePlan | None = None


class WireItemPrice(Wire, frozen=True, gc=False):
    price: Leaf = None
    currency_code: Leaf = None


class WireTax(Wire, frozen=True, gc=False):
    tax_code: Leaf = None
    tax_amount: Leaf = None
    currency_code: Leaf = None


class WireItem(Wire, frozen=True, gc=False):
    id: Leaf = None
    sku: Leaf = None
    title: Leaf = None
    description: Leaf = None
    quantity: Leaf = None
    weight: Leaf = None
    weight_unit: Leaf = None
    item_price: WireItemPrice | None = None
    tax: WireTax | None = None


class WireShipping(Wire, frozen=True, gc=False):
    shipment_carrier: Leaf = None
    shipment_method: Leaf = None
    shipment_instructions: Leaf = None
    shipping_amount: Leaf = None
    tax_code: Leaf = None
    tax_amount: Leaf = None
    currency_code: Leaf = None


class WireOffer(Wire, frozen=True, gc=False):
    id: Leaf = None
    source: Leaf = None
    discount: Leaf = None


class WireLine(Wire, frozen=True, gc=False):
    line_item_id: Leaf = None
    subscription: WireSubscription | None = None
    item: WireItem | None = None
    shipping: WireShipping | None = None
    offer: WireOffer | None = None
    custom_attributes: Leaf = None


def read_lines(items: list[WireLine] | None, currency: str, problems: Problems) -> tuple[Line, ...]:
    lines = []
    for index, item in enumerate(items or ()):
        start = len(problems)
        lines.append(_line(item, currency, problems))
        if len(problems) > start:
            place(problems, start, f"lineItems[{index}].")
    return tuple(lines)


_NO_ITEM = WireItem()
_NO_PRICE = WireItemPrice()
_NO_TAX = WireTax()


def _line(sent: WireLine, order_currency: str, problems: Problems) -> Line:
    item = sent.item or _NO_ITEM
    price = item.item_price or _NO_PRICE
    tax = item.tax or _NO_TAX
    price_currency = text(price.currency_code, "item.itemPrice.currencyCode", problems)
    tax_currency = text(tax.currency_code, "item.tax.currencyCode", problems)
    return Line(
        subscription_id=text(sent.subscription.id, "subscription.id", problems) if sent.subscription else "",
        # The API has no other mark for what was added once, on top of the subscription.
        is_one_time=sent.subscription is None,
        quantity=whole(item.quantity, "item.quantity", problems),
        currency_code=price_currency or order_currency,
        line_id=text(sent.line_item_id, "lineItemId", problems),
        item_id=text(item.id, "item.id", problems),
        sku=text(item.sku, "item.sku", problems),
        title=text(item.title, "item.title", problems),
        description=text(item.description, "item.description", problems),
        weight=amount(item.weight, "item.weight", problems),
        weight_unit=text(item.weight_unit, "item.weightUnit", problems),
        plan=_plan(sent.subscription, problems),
        price=_money(price.price, price_currency or order_currency, "item.itemPrice.price", problems),
        tax=_money(tax.tax_amount, tax_currency or order_currency, "item.tax.taxAmount", problems),
        tax_code=text(tax.tax_code, "item.tax.taxCode", problems),
        shipping=_shipping(sent.shipping, order_currency, problems),
        offers=_offers(sent.offer, problems),
        attributes=read_open_map(sent.custom_attributes, problems),
    )


def _plan(subscription: WireSubscription | None, problems: Problems) -> Plan:
    if subscription is None or subscription.plan is None:
        return _NO_PLAN
    plan = subscription.plan
    return Plan(
        plan_id=text(plan.id, "subscription.plan.id", problems),
        frequency=whole(plan.frequency, "subscription.plan.frequency", problems),
        frequency_type=text(plan.frequency_type, "subscription.plan.frequencyType", problems),
    )


def _money(value: Leaf, currency: str, name: str, problems: Problems) -> Money:
    figure = amount(value, name, problems)
    return _NO_MONEY if figure is None else Money(amount=figure, currency=currency)


def _shipping(sent: WireShipping | None, order_currency: str, problems: Problems) -> Shipping:
    if sent is None:
        return _NO_SHIPPING
    currency = text(sent.currency_code, "shipping.currencyCode", problems) or order_currency
    return Shipping(
        carrier=text(sent.shipment_carrier, "shipping.shipmentCarrier", problems),
        method=text(sent.shipment_method, "shipping.shipmentMethod", problems),
        instructions=text(sent.shipment_instructions, "shipping.shipmentInstructions", problems),
        cost=_money(sent.shipping_amount, currency, "shipping.shippingAmount", problems),
        tax=_money(sent.tax_amount, currency, "shipping.taxAmount", problems),
        tax_code=text(sent.tax_code, "shipping.taxCode", problems),
    )


def _offers(sent: WireOffer | None, problems: Problems) -> tuple[Offer, ...]:
    if sent is None:
        return ()
    offer = Offer(
        offer_id=text(sent.id, "offer.id", problems),
        source=text(sent.source, "offer.source", problems),
        discount=amount(sent.discount, "offer.discount", problems),
    )
    return (offer,) if offer != Offer() else ()


def read_open_map(value: Leaf, problems: Problems) -> tuple[Attribute, ...]:
    """An open map, in the upstream's order, empty values left out."""
    if value is None or value == "":
        return ()
    if not isinstance(value, dict):
        problems.append("customAttributes")
        return ()
    found = []
    for index, (name, entry) in enumerate(value.items()):
        shown = displayed(entry)
        if isinstance(entry, str) and shown != entry:
            # By its place, because its name is the merchant's choice, and may be somebody's.
            problems.append(f"customAttributes[{index}]")
        if shown:
            found.append(Attribute(name=cut(name, LONGEST_NAME), value=shown))
    return tuple(found)
