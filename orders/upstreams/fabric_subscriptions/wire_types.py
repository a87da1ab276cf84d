"""fabric's orders as they stand on the wire, in both dialects: the documented one and the live one.

They differ in case (`Retry`, `retry`) and number (`segments`, `segment`): both keys are read.
"""

import msgspec
from msgspec import field

from orders.upstreams.reading.decoding import Leaf


class Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Unknown keys are ignored; every known one may be missing."""


class Plan(Wire, frozen=True, gc=False):
    id: Leaf = None
    frequency: Leaf = None
    frequency_type: Leaf = None


class Subscription(Wire, frozen=True, gc=False):
    id: Leaf = None
    plan: Plan | None = None


class ItemPrice(Wire, frozen=True, gc=False):
    price: Leaf = None
    currency_code: Leaf = None


class Tax(Wire, frozen=True, gc=False):
    tax_code: Leaf = None
    tax_amount: Leaf = None
    currency_code: Leaf = None


class Item(Wire, frozen=True, gc=False):
    id: Leaf = None
    sku: Leaf = None
    title: Leaf = None
    description: Leaf = None
    quantity: Leaf = None
    weight: Leaf = None
    weight_unit: Leaf = None
    item_price: ItemPrice | None = None
    tax: Tax | None = None


class Shipping(Wire, frozen=True, gc=False):
    shipment_carrier: Leaf = None
    shipment_method: Leaf = None
    shipment_instructions: Leaf = None
    shipping_amount: Leaf = None
    tax_code: Leaf = None
    tax_amount: Leaf = None
    currency_code: Leaf = None


class Offer(Wire, frozen=True, gc=False):
    id: Leaf = None
    source: Leaf = None
    discount: Leaf = None


class Line(Wire, frozen=True, gc=False):
    line_item_id: Leaf = None
    subscription: Subscription | None = None
    item: Item | None = None
    shipping: Shipping | None = None
    offer: Offer | None = None
    custom_attributes: Leaf = None


class Preference(Wire, frozen=True, gc=False):
    email: Leaf = None
    sms: Leaf = None
    sms_live: Leaf = field(name="SMS", default=None)


class Customer(Wire, frozen=True, gc=False):
    id: Leaf = None
    customer_reference_id: Leaf = None
    first_name: Leaf = None
    middle_name: Leaf = None
    last_name: Leaf = None
    email: Leaf = None
    contact_number: Leaf = None
    contact_number_documented: Leaf = field(name="contactnumber", default=None)
    status: Leaf = None
    locale: Leaf = None
    employee_id: Leaf = None
    segment: Leaf = None
    segments: Leaf = None
    communication_preference: Preference | None = None
    is_deleted: Leaf = None
    deleted_at: Leaf = None
    deleted_at_documented: Leaf = field(name="DeletedAt", default=None)
    created_at: Leaf = None
    updated_at: Leaf = None


class Name(Wire, frozen=True, gc=False):
    first_name: Leaf = None
    middle_name: Leaf = None
    last_name: Leaf = None


class Street(Wire, frozen=True, gc=False):
    street1: Leaf = None
    street2: Leaf = None


class Phone(Wire, frozen=True, gc=False):
    number: Leaf = None
    kind: Leaf = None


class Address(Wire, frozen=True, gc=False):
    name: Name | None = None
    street_address: Street | None = None
    city: Leaf = None
    state: Leaf = None
    postal_code: Leaf = None
    zip_code: Leaf = None  # in drafts, as a number
    country: Leaf = None
    email: Leaf = None
    phone: Phone | None = None


class Card(Wire, frozen=True, gc=False):
    card_identifier: Leaf = None
    expiry_date: Leaf = None


class PaymentDetails(Wire, frozen=True, gc=False):
    payment_identifier: Card | None = None
    payment_method: Leaf = None
    payment_kind: Leaf = None


class Retry(Wire, frozen=True, gc=False):
    retry_type: Leaf = None
    retry_count: Leaf = None
    max_retries: Leaf = None
    retry_after_days: Leaf = None


class Error(Wire, frozen=True, gc=False):
    error_code: Leaf = None
    error_message: Leaf = None


class Order(Wire, frozen=True, gc=False):
    id: Leaf = None
    status: Leaf = None
    scheduled_date: Leaf = None
    total_amount: Leaf = None
    total_tax: Leaf = None
    total_discount: Leaf = None
    currency_code: Leaf = None
    customer: Customer | None = None
    customer_id: Leaf = None
    customer_reference_id: Leaf = None
    merchant_id: Leaf = None
    order_number: Leaf = None
    ship_to: Address | None = None
    bill_to: Address | None = None
    payment_details: PaymentDetails | None = None
    is_deleted: Leaf = None
    deleted_at: Leaf = None
    line_items: list[Line] | None = None
    created_at: Leaf = None
    updated_at: Leaf = None
    status_updated_at: Leaf = None
    retry: Retry | None = None
    retry_documented: Retry | None = field(name="Retry", default=None)
    error: Error | None = None
    custom_attributes: Leaf = None


class Query(Wire, frozen=True, gc=False):
    """The paging echo of the live dialect. `offset` has been seen to be `"t"`."""

    offset: Leaf = None
    limit: Leaf = None
    total_orders: Leaf = None


class Data(Wire, frozen=True, gc=False):
    orders: list[Order]
    query: Query | None = None
    errors: Leaf = None


class Page(Wire, frozen=True, gc=False):
    data: Data
    response_status: Leaf = None
    message: Leaf = None


class RawData(Wire, frozen=True, gc=False):
    orders: list[msgspec.Raw]


class RawPage(Wire, frozen=True, gc=False):
    """A page of which only one row is wanted."""

    data: RawData


class Identity(Wire, frozen=True, gc=False):
    id: Leaf = None
