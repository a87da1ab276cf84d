"""One order of fabric's, on the wire and read. Both dialects: the documented one and the live one.

They differ in case (`Retry`, `retry`) and number (`segments`, `segment`): both keys are read.
"""

from msgspec import field

from orders.domain.orders import Failure, Order, Retry, Totals
from orders.upstreams.fabric_subscriptions import terms
from orders.upstreams.fabric_subscriptions.parse_line import WireLine, read_lines, read_open_map
from orders.upstreams.fabric_subscriptions.parse_people import (
    WireAddress,
    WireCustomer,
    WirePaymentDetails,
    read_address,
    read_payment,
    read_person,
)
from orders.upstreams.fabric_subscriptions.wire_types import Wire
from orders.upstreams.reading.decoding import Leaf, Problems, amount, flag, instant, text, whole
from orders.upstreams.reading.lenient_decoding import place


class WireRetry(Wire, frozen=True, gc=False):
    retry_type: Leaf = None
    retry_count: Leaf = None
    max_retries: Leaf = None
    retry_after_days: Leaf = None


class WireError(Wire, frozen=True, gc=False):
    error_code: Leaf = None
    error_message: Leaf = None


class WireOrder(Wire, frozen=True, gc=False):
    id: Leaf = None
    status: Leaf = None
    scheduled_date: Leaf = None
    total_amount: Leaf = None
    total_tax: Leaf = None
    total_discount: Leaf = None
    currency_code: Leaf = None
    customer: WireCustomer | None = None
    customer_id: Leaf = None
    customer_reference_id: Leaf = None
    merchant_id: Leaf = None
    order_number: Leaf = None
    ship_to: WireAddress | None = None
    bill_to: WireAddress | None = None
    payment_details: WirePaymentDetails | None = None
    is_deleted: Leaf = None
    deleted_at: Leaf = None
    line_items: list[WireLine] | None = None
    created_at: Leaf = None
    updated_at: Leaf = None
    status_updated_at: Leaf = None
    retry: WireRetry | None = None
    retry_documented: WireRetry | None = field(name="Retry", default=None)
    error: WireError | None = None
    custom_attributes: Leaf = None


def read_order(row: WireOrder, problems: Problems) -> Order:
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
        lines=read_lines(row.line_items, currency, problems),
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
        attributes=read_open_map(row.custom_attributes, problems),
    )


def _retry(row: WireOrder, problems: Problems) -> Retry | None:
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


def _failure(sent: WireError | None, problems: Problems) -> Failure | None:
    if sent is None:
        return None
    failure = Failure(
        code=text(sent.error_code, "error.errorCode", problems),
        message=text(sent.error_message, "error.errorMessage", problems),
    )
    return failure if failure.code or failure.message else None


def _totals(row: WireOrder, currency: str, problems: Problems) -> Totals | None:
    total = amount(row.total_amount, "totalAmount", problems)
    tax = amount(row.total_tax, "totalTax", problems)
    discount = amount(row.total_discount, "totalDiscount", problems)
    if total is None and tax is None and discount is None:
        return None
    return Totals(amount=total, tax=tax, discount=discount, currency=currency)
