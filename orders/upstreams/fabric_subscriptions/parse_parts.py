"""From one order on fabric's wire to one of ours."""

from orders.domain.bounded_text import LONGEST_NAME, cut
from orders.domain.orders import (
    Attribute,
    Failure,
    Line,
    Money,
    Offer,
    Order,
    Plan,
    Retry,
    Shipping,
    Totals,
)
from orders.upstreams.fabric_subscriptions import terms, wire_types
from orders.upstreams.fabric_subscriptions.parse_people import read_address, read_payment, read_person
from orders.upstreams.reading.decoding import Leaf, Problems, amount, displayed, flag, instant, text, whole
from orders.upstreams.reading.lenient_decoding import place

_NO_PLAN = Plan()
_NO_MONEY = Money()
_NO_SHIPPING = Shipping()


def read_order(row: wire_types.Order, problems: Problems) -> Order:
    """Problems are named relative to the order."""
    if row.id is None:
        problems.append("id")
    currency = text(row.currency_code, "currencyCode", problems)
    customer = read_person(row.customer, problems)
    return Order(
        order_id=text(row.id, "id", problems),
        customer_id=text(row.customer_id, "customerId", problems)
        or (customer.customer_id if customer else ""),
        status=terms.status(text(row.status, "status", problems)),
        external_reference_id=text(row.customer_reference_id, "customerReferenceId", problems),
        currency_code=currency,
        created_at=instant(row.created_at, "createdAt", problems),
        updated_at=instant(row.updated_at, "updatedAt", problems),
        status_updated_at=instant(row.status_updated_at, "statusUpdatedAt", problems),
        scheduled_at=instant(row.scheduled_date, "scheduledDate", problems),
        lines=_lines(row.line_items, currency, problems),
        order_number=text(row.order_number, "orderNumber", problems),
        merchant_id=text(row.merchant_id, "merchantId", problems),
        is_deleted=flag(row.is_deleted, "isDeleted", problems) or False,
        deleted_at=instant(row.deleted_at, "deletedAt", problems),
        retry=_retry(row, problems),
        failure=_failure(row.error, problems),
        totals=_totals(row, currency, problems),
        ship_to=read_address(row.ship_to, "shipTo.", problems),
        bill_to=read_address(row.bill_to, "billTo.", problems),
        payment=read_payment(row.payment_details, problems),
        customer=customer,
        attributes=_open_map(row.custom_attributes, problems),
    )


def _retry(row: wire_types.Order, problems: Problems) -> Retry | None:
    sent, name = (row.retry, "retry") if row.retry is not None else (row.retry_documented, "Retry")
    if sent is None:
        return None
    start = len(problems)
    retry = Retry(
        kind=terms.retry_type(text(sent.retry_type, "retryType", problems)),
        used=whole(sent.retry_count, "retryCount", problems),
        allowed=whole(sent.max_retries, "maxRetries", problems),
        days_between=whole(sent.retry_after_days, "retryAfterDays", problems),
    )
    place(problems, start, f"{name}.")
    return retry if retry != Retry() else None


def _failure(sent: wire_types.Error | None, problems: Problems) -> Failure | None:
    if sent is None:
        return None
    failure = Failure(
        code=text(sent.error_code, "error.errorCode", problems),
        message=text(sent.error_message, "error.errorMessage", problems),
    )
    return failure if failure.code or failure.message else None


def _totals(row: wire_types.Order, currency: str, problems: Problems) -> Totals | None:
    total = amount(row.total_amount, "totalAmount", problems)
    tax = amount(row.total_tax, "totalTax", problems)
    discount = amount(row.total_discount, "totalDiscount", problems)
    if total is None and tax is None and discount is None:
        return None
    return Totals(amount=total, tax=tax, discount=discount, currency=currency)


def _lines(items: list[wire_types.Line] | None, currency: str, problems: Problems) -> tuple[Line, ...]:
    lines = []
    for index, item in enumerate(items or ()):
        start = len(problems)
        lines.append(_line(item, currency, problems))
        if len(problems) > start:
            place(problems, start, f"lineItems[{index}].")
    return tuple(lines)


_NO_ITEM = wire_types.Item()
_NO_PRICE = wire_types.ItemPrice()
_NO_TAX = wire_types.Tax()


def _line(sent: wire_types.Line, order_currency: str, problems: Problems) -> Line:
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
        attributes=_open_map(sent.custom_attributes, problems),
    )


def _plan(subscription: wire_types.Subscription | None, problems: Problems) -> Plan:
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


def _shipping(sent: wire_types.Shipping | None, order_currency: str, problems: Problems) -> Shipping:
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


def _offers(sent: wire_types.Offer | None, problems: Problems) -> tuple[Offer, ...]:
    if sent is None:
        return ()
    offer = Offer(
        offer_id=text(sent.id, "offer.id", problems),
        source=text(sent.source, "offer.source", problems),
        discount=amount(sent.discount, "offer.discount", problems),
    )
    return (offer,) if offer != Offer() else ()


def _open_map(value: Leaf, problems: Problems) -> tuple[Attribute, ...]:
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
