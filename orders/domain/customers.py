"""A customer beside the orders: who they are and what they own. Empty or None is what wasn't sent.

Declared as orders are: what is personal says so in its type (`orders.domain.personal_data`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from orders.domain.exchanges import Exchange
from orders.domain.freshness import ASKED_NOW, Freshness
from orders.domain.granted_rights import Rights
from orders.domain.orders import Address, Person, Plan, Value
from orders.domain.personal_data import Code, Reference
from orders.domain.term_dates import RunningTerm
from orders.domain.terms import NOTHING, Term

ACTIVE, SCHEDULED = "1000", "1009"
# In either upstream's words.
RUNNING, OVER = frozenset({ACTIVE, "ACTIVE"}), frozenset({"1004", "INACTIVE"})
_OFFER_LENGTH = 15


class Discount(Value, frozen=True, kw_only=True):
    """The level that the next order is bought at, not that of what was bought."""

    offer_type: Code
    level: Term = NOTHING
    discount_code: Code = ""


class Minimum(Value, frozen=True, kw_only=True):
    offer_type: Code
    quantity: int | None = None


class Commitment(Value, frozen=True, kw_only=True):
    """One part of a three-year commitment; `part` is Adobe's name of it. Its days are not those of a term."""

    part: Code
    status: Term = NOTHING
    begins_on: date | None = None
    ends_on: date | None = None
    minimums: tuple[Minimum, ...] = ()


class Membership(Value, frozen=True, kw_only=True):
    """A group whose members' seats count together."""

    membership_id: Code = ""
    name: Reference = ""
    kind: Code = ""
    role: Code = ""


class Customer(Value, frozen=True, kw_only=True):
    """`admins` are those that the partner told Adobe of, who need not be those of today."""

    customer_id: Code
    external_reference_id: Reference = ""
    reseller_id: Code = ""
    company_name: Reference = ""
    status: Term = NOTHING
    segment: Term = NOTHING
    sub_segments: tuple[Code, ...] = ()
    is_global: bool | None = None
    tags: tuple[Code, ...] = ()
    coterm_date: date | None = None
    created_at: datetime | None = None
    discounts: tuple[Discount, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    benefits: tuple[Code, ...] = ()  # kinds of benefits other than a commitment that are active
    memberships: tuple[Membership, ...] = ()
    address: Address | None = None
    admins: tuple[Person, ...] = ()
    has_active: bool | None = None  # whether any subscription is active, where the upstream says so
    unreadable: tuple[Code, ...] = ()


class Subscription(Value, frozen=True, kw_only=True):
    """`offer_id` names the base level, whatever was bought at."""

    subscription_id: Code = ""
    offer_id: Code = ""
    status: Term = NOTHING
    quantity: int | None = None
    used: int | None = None
    renewed: int | None = None
    renews: bool | None = None
    renewal_quantity: int | None = None
    renewal_code: Code = ""
    created_at: datetime | None = None
    renewal_date: date | None = None
    currency_code: Code = ""
    deployment_id: Code = ""
    allowed_actions: tuple[Code, ...] = ()
    # from here on: fabric
    title: Reference = ""
    sku: Code = ""
    plan: Plan = Plan()
    cycles: int | None = None
    is_card_expired: bool | None = None

    @property
    def is_running(self) -> bool:
        return self.status.code.upper() in RUNNING

    @property
    def is_over(self) -> bool:
        return self.status.code.upper() in OVER

    @property
    def is_one_off(self) -> bool:
        """Whether it is a pack of credits or transactions, with a date of its own."""
        return len(self.offer_id) == _OFFER_LENGTH and self.offer_id[10] == "T"

    @property
    def tells_renewal(self) -> bool:
        """Whether what is said of its renewal means anything: on expired ones it is left from long ago."""
        return self.status.code == ACTIVE or (self.status.code == SCHEDULED and self.renews is True)

    @property
    def may_renew_late(self) -> bool:
        return "MANUAL_RENEWAL" in self.allowed_actions


class FetchedCustomer(msgspec.Struct, frozen=True, kw_only=True):
    customer: Customer
    exchange: Exchange


class FetchedSubscriptions(msgspec.Struct, frozen=True, kw_only=True):
    """All of a customer's subscriptions. `lost` counts rows that could not be read."""

    subscriptions: tuple[Subscription, ...]
    exchange: Exchange
    total_count: int | None = None
    lost: int = 0
    may_be_part: bool = False  # the customer may own more than the upstream was seen to list
    unreadable: tuple[str, ...] = ()


class CustomerDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A customer with what their panel shows, masked unless `is_revealed`."""

    customer: Customer
    term: RunningTerm
    exchange: Exchange
    fetched_at: datetime
    freshness: Freshness = ASKED_NOW
    rights: Rights = Rights()
    is_revealed: bool = False
    next_order: datetime | None = None  # as remembered, of an upstream that names none itself


class SubscriptionList(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer owns: by product, active before scheduled before expired."""

    subscriptions: tuple[Subscription, ...]
    exchange: Exchange
    fetched_at: datetime
    freshness: Freshness = ASKED_NOW
    total_count: int | None = None
    lost: int = 0
    may_be_part: bool = False

    @property
    def renewals(self) -> list[date]:
        """The dates that say when the common term ends."""
        return [
            each.renewal_date
            for each in self.subscriptions
            if each.renewal_date is not None and each.status.code == ACTIVE and not each.is_one_off
        ]

    @property
    def has_one_off_items(self) -> bool:
        return any(each.is_one_off and each.status.code == ACTIVE for each in self.subscriptions)


_FIRST = {ACTIVE: 0, "ACTIVE": 0, "1002": 1, SCHEDULED: 2}


def product_key(each: Subscription) -> str:
    """What is the same for all subscriptions to one product."""
    return each.offer_id[:10] or each.sku


def in_order(subscriptions: Sequence[Subscription]) -> tuple[Subscription, ...]:
    """Those that are still something first, of these the largest products first; one product together."""
    seats = Counter[str]()
    for each in subscriptions:
        seats[product_key(each)] += each.quantity or 0

    def key(each: Subscription) -> tuple[bool, int, str, int]:
        product = product_key(each)
        rank = _FIRST.get(each.status.code, 3)
        return rank == 3, -seats[product], product, rank

    return tuple(sorted(subscriptions, key=key))
