"""An order as both upstreams know it. Every field but the ID may be missing: then it is empty or None.

IDs and codes are text, as sent. Amounts are exact decimals; zero and absent differ. Instants are aware
and in UTC. Nothing is recomputed: totals are the upstream's own.
"""

from datetime import datetime
from decimal import Decimal

import msgspec

from orders.domain.terms import NOTHING, Term


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of all parts of an order: immutable, with keyword arguments only, and never part of a cycle."""


class Money(Value, frozen=True, kw_only=True):
    """An amount with its ISO code as sent (`EURO` has been seen); either may be missing.

    `is_masked` marks an amount that was sent and that this person may not see.
    """

    amount: Decimal | None = None
    currency: str = ""
    is_masked: bool = False


class Price(Value, frozen=True, kw_only=True):
    """A price under the upstream's own name for it; which price it is matters more than the figure."""

    name: str
    money: Money


class Promotion(Value, frozen=True, kw_only=True):
    """A promotion or flexible discount on a line, and whether it was applied."""

    code: str
    result: Term = NOTHING
    promotion_id: str = ""


class Link(Value, frozen=True, kw_only=True):
    """A link the upstream sent. Shown as text; we never follow it."""

    relation: str
    method: str = ""
    uri: str = ""


class Plan(Value, frozen=True, kw_only=True):
    """How often a subscription recurs: every `frequency` `frequency_type`s."""

    plan_id: str = ""
    frequency: int | None = None
    frequency_type: str = ""


class Shipping(Value, frozen=True, kw_only=True):
    carrier: str = ""
    method: str = ""
    instructions: str = ""
    cost: Money = Money()
    tax: Money = Money()
    tax_code: str = ""


class Offer(Value, frozen=True, kw_only=True):
    offer_id: str = ""
    source: str = ""
    discount: Decimal | None = None


class Attribute(Value, frozen=True, kw_only=True):
    """One entry of an open map: a name and its value as text."""

    name: str
    value: str


class Line(Value, frozen=True, kw_only=True):
    """One line item. Adobe fills the first half, fabric the second; both share the middle."""

    number: str = ""
    offer_id: str = ""
    quantity: int | None = None
    remaining_quantity: int | None = None
    subscription_id: str = ""
    status: Term = NOTHING
    currency_code: str = ""
    deployment_id: str = ""
    discount_code: str = ""
    promotions: tuple[Promotion, ...] = ()
    requested_promotions: tuple[str, ...] = ()
    prorated_days: int | None = None
    reference_line_number: str = ""
    is_deal_registered: bool | None = None
    prices: tuple[Price, ...] = ()
    links: tuple[Link, ...] = ()
    # from here on: fabric
    line_id: str = ""
    item_id: str = ""
    sku: str = ""
    title: str = ""
    description: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    plan: Plan = Plan()
    price: Money = Money()
    tax: Money = Money()
    tax_code: str = ""
    shipping: Shipping = Shipping()
    offers: tuple[Offer, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    is_one_time: bool = False  # a line without a subscription: an upsell


class Retry(Value, frozen=True, kw_only=True):
    """The retry state as sent. `used` does not count the first attempt."""

    kind: Term = NOTHING
    used: int | None = None
    allowed: int | None = None
    days_between: int | None = None


class Failure(Value, frozen=True, kw_only=True):
    """The error an order carries, verbatim. It need not be failing now."""

    code: str = ""
    message: str = ""


class Totals(Value, frozen=True, kw_only=True):
    """The upstream's own totals; shipping is not in them (fabric)."""

    amount: Decimal | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    currency: str = ""


class Address(Value, frozen=True, kw_only=True):
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    company: str = ""
    street: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    phone_kind: str = ""


class Payment(Value, frozen=True, kw_only=True):
    """How the order is paid. `card_ending` holds at most the last four characters."""

    method: str = ""
    kind: str = ""
    card_ending: str = ""
    expiry: str = ""


class Person(Value, frozen=True, kw_only=True):
    """The customer block of an order."""

    customer_id: str = ""
    reference_id: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    status: str = ""
    attributes: tuple[Attribute, ...] = ()  # locale, communication preferences, segments, …


class Order(Value, frozen=True, kw_only=True):
    """One order of one customer."""

    order_id: str
    customer_id: str = ""
    status: Term = NOTHING
    order_type: Term = NOTHING
    external_reference_id: str = ""
    reference_order_id: str = ""
    currency_code: str = ""
    origin: str = ""  # who made the order: `API`, `System`, …
    created_at: datetime | None = None
    updated_at: datetime | None = None
    status_updated_at: datetime | None = None
    scheduled_at: datetime | None = None
    lines: tuple[Line, ...] = ()
    cancelling_lines: tuple[Line, ...] = ()
    summaries: tuple[Price, ...] = ()  # the upstream's totals by name and currency
    links: tuple[Link, ...] = ()
    # from here on: fabric
    order_number: str = ""
    merchant_id: str = ""
    is_deleted: bool = False
    deleted_at: datetime | None = None
    retry: Retry | None = None
    failure: Failure | None = None
    totals: Totals | None = None
    ship_to: Address | None = None
    bill_to: Address | None = None
    payment: Payment | None = None
    customer: Person | None = None
    attributes: tuple[Attribute, ...] = ()

    @property
    def total_quantity(self) -> int | None:
        """The lines' quantities added up; None where no line gives one."""
        given = [line.quantity for line in self.lines if line.quantity is not None]
        return sum(given) if given else None

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """All promotions, in the order of the lines."""
        return tuple([each for line in self.lines if line.promotions for each in line.promotions])
