"""The customers of a reseller as its list has them: a name, an ID and a state, no more."""

from datetime import datetime

import msgspec

from orders.domain.exchanges import Exchange
from orders.domain.freshness import ASKED_NOW, Freshness
from orders.domain.orders import Value
from orders.domain.personal_data import Code, Reference
from orders.domain.terms import NOTHING, Term

# Where Adobe's own screen says "10000+": what it counts, it seems to count no further.
COUNTED_TO = 10_000
MOST_AT_ONCE = 50


class ListedCustomer(Value, frozen=True, kw_only=True):
    customer_id: Code
    company_name: Reference = ""
    external_reference_id: Reference = ""
    status: Term = NOTHING
    created_at: datetime | None = None


class CustomersQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Without a status only active ones are listed. `company_name` may have `*` in it."""

    company_name: str = ""
    status: str = ""
    offset: int = 0
    limit: int = MOST_AT_ONCE

    @property
    def pattern(self) -> str:
        """What is sent: a part of a name, unless it was written as a pattern."""
        text = self.company_name.strip()
        return text if not text or "*" in text else f"*{text}*"


class FetchedCustomers(msgspec.Struct, frozen=True, kw_only=True):
    """`received` counts rows, readable or not."""

    customers: tuple[ListedCustomer, ...]
    exchange: Exchange
    received: int
    total_count: int | None = None
    lost: int = 0


class ResellersCustomers(msgspec.Struct, frozen=True, kw_only=True):
    """One page for whoever may see everybody's customers."""

    customers: tuple[ListedCustomer, ...]
    exchange: Exchange
    fetched_at: datetime
    offset: int
    next_offset: int | None
    total_count: int | None
    lost: int = 0
    freshness: Freshness = ASKED_NOW

    @property
    def may_be_more(self) -> bool:
        """Whether the count itself stops before the end."""
        return self.total_count is not None and self.total_count >= COUNTED_TO
