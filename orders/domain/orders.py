"""An order as both upstreams know it. Every field but the ID may be missing: then it is empty or None.

IDs and codes are text, as sent. Amounts are exact decimals; zero and absent differ. Instants are aware
and in UTC. Nothing is recomputed: totals are the upstream's own. What is personal says so in its type; a
plain `str` is free text, which is personal by default (`orders.domain.personal_data`).
"""

import re
from datetime import datetime
from decimal import Decimal

import msgspec

from orders.domain.personal_data import (
    Anything,
    CardEnding,
    Code,
    Email,
    Expiry,
    FamilyName,
    GivenName,
    Instructions,
    Phone,
    PostalCode,
    Reference,
    Street,
)
from orders.domain.terms import NOTHING, Term

_LOST_LINE = re.compile(r"lineItems(\[\d+\])?")


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Base of all parts of an order: immutable, with keyword arguments only, and never part of a cycle.

    Where orders are written down for a while, what is missing takes no room.
    """


class Money(Value, frozen=True, kw_only=True):
    """An amount with its ISO code as sent (`EURO` has been seen); either may be missing.

    `is_masked` marks an amount that was sent and that this person may not see.
    """

    amount: Decimal | None = None
    currency: Code = ""
    is_masked: bool = False


class Price(Value, frozen=True, kw_only=True):
    """A price under the upstream's own name for it; which price it is matters more than the figure."""

    name: Code
    money: Money


class Promotion(Value, frozen=True, kw_only=True):
    """A promotion or flexible discount on a line, and whether it was applied."""

    code: Code
    result: Term = NOTHING
    promotion_id: Code = ""


class Link(Value, frozen=True, kw_only=True):
    """A link the upstream sent. Shown as text; we never follow it."""

    relation: Code
    method: Code = ""
    uri: Reference = ""


class Plan(Value, frozen=True, kw_only=True):
    """How often a subscription recurs: every `frequency` `frequency_type`s."""

    plan_id: Code = ""
    frequency: int | None = None
    frequency_type: str = ""


class Shipping(Value, frozen=True, kw_only=True):
    carrier: str = ""
    method: str = ""
    instructions: Instructions = ""
    cost: Money = Money()
    tax: Money = Money()
    tax_code: Code = ""


class Offer(Value, frozen=True, kw_only=True):
    offer_id: Code = ""
    source: str = ""
    discount: Decimal | None = None


class Attribute(Value, frozen=True, kw_only=True):
    """One entry of an open map: a name and its value as text."""

    name: str
    value: Anything


class Line(Value, frozen=True, kw_only=True):
    """One line item. Adobe fills the first half, fabric the second; both share the middle."""

    number: Code = ""
    offer_id: Code = ""
    quantity: int | None = None
    remaining_quantity: int | None = None
    subscription_id: Code = ""
    status: Term = NOTHING
    currency_code: Code = ""
    deployment_id: Code = ""
    discount_code: Code = ""
    promotions: tuple[Promotion, ...] = ()
    requested_promotions: tuple[Code, ...] = ()
    prorated_days: int | None = None
    reference_line_number: Code = ""
    is_deal_registered: bool | None = None
    prices: tuple[Price, ...] = ()
    links: tuple[Link, ...] = ()
    # from here on: fabric
    line_id: Code = ""
    item_id: Code = ""
    sku: Code = ""
    title: str = ""
    description: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    plan: Plan = Plan()
    price: Money = Money()
    tax: Money = Money()
    tax_code: Code = ""
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

    code: Code = ""
    message: str = ""


class Totals(Value, frozen=True, kw_only=True):
    """The upstream's own totals; shipping is not in them (fabric)."""

    amount: Decimal | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    currency: Code = ""


class Address(Value, frozen=True, kw_only=True):
    first_name: GivenName = ""
    middle_name: GivenName = ""
    last_name: FamilyName = ""
    company: str = ""
    street: tuple[Street, ...] = ()
    city: Code = ""
    state: Code = ""
    postal_code: PostalCode = ""
    country: Code = ""
    email: Email = ""
    phone: Phone = ""
    phone_kind: Code = ""


class Payment(Value, frozen=True, kw_only=True):
    """How the order is paid. `card_ending` holds at most the last four characters."""

    method: Code = ""
    kind: Code = ""
    card_ending: CardEnding = ""
    expiry: Expiry = ""


class Person(Value, frozen=True, kw_only=True):
    """The customer block of an order."""

    customer_id: Code = ""
    reference_id: Reference = ""
    first_name: GivenName = ""
    middle_name: GivenName = ""
    last_name: FamilyName = ""
    email: Email = ""
    phone: Phone = ""
    status: Code = ""
    attributes: tuple[Attribute, ...] = ()  # locale, communication preferences, segments, …


class Order(Value, frozen=True, kw_only=True):
    """One order of one customer."""

    order_id: Code
    customer_id: Code = ""
    status: Term = NOTHING
    order_type: Term = NOTHING
    external_reference_id: Reference = ""
    reference_order_id: Code = ""
    currency_code: Code = ""
    origin: str = ""  # who made the order: `API`, `System`, …
    created_at: datetime | None = None
    updated_at: datetime | None = None
    status_updated_at: datetime | None = None
    scheduled_at: datetime | None = None
    lines: tuple[Line, ...] = ()
    cancelling_lines: tuple[Line, ...] = ()
    summaries: tuple[Price, ...] = ()  # the upstream's totals by name and currency
    links: tuple[Link, ...] = ()
    unreadable: tuple[Code, ...] = ()  # the upstream's names of what it sent and nobody could read
    # from here on: fabric
    order_number: Code = ""
    merchant_id: Code = ""
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
        """The lines' quantities added up; None where one is missing, or a whole line could not be read."""
        given = [line.quantity for line in self.lines]
        if not given or None in given:
            return None
        return None if self.has_lost_lines else sum(given)  # type: ignore[arg-type]  # none is missing

    @property
    def has_lost_lines(self) -> bool:
        """Whether a line came that nobody could read, or something that is no list of lines."""
        return bool(self.unreadable) and any(map(_LOST_LINE.fullmatch, self.unreadable))

    @property
    def line_count(self) -> int | None:
        """How many lines there are; None where one of them could not be read."""
        return None if self.has_lost_lines else len(self.lines)

    @property
    def lines_sent(self) -> int:
        """How many lines came, those included that could not be read."""
        if not self.unreadable:
            return len(self.lines)
        return len(self.lines) + sum(
            path[-1] == "]" for path in self.unreadable if _LOST_LINE.fullmatch(path)
        )

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """All promotions, in the order of the lines."""
        return tuple([each for line in self.lines if line.promotions for each in line.promotions])


def quantity_left(order: Order, line: Line) -> int | None:
    """What is left of the line after returns. A return has nothing left, whatever Adobe sends with it."""
    return None if order.order_type.code == "RETURN" else line.remaining_quantity
