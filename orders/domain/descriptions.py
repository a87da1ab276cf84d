"""What the portal knows of an upstream before it asks it anything."""

import msgspec

from orders.domain.terms import Vocabulary


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """An upstream as people and pages know it.

    `pages_upstream` says whether the upstream filters and pages itself; otherwise it sends everything it
    has and the service filters, sorts and pages here. `supports` names the query fields the upstream
    evaluates. `columns` are names from the column registry, in the order they stand on the page.
    """

    name: str
    label: str
    short_label: str
    pages_upstream: bool
    supports: frozenset[str]
    columns: tuple[str, ...]
    line_columns: tuple[str, ...] = ()
    statuses: Vocabulary = msgspec.field(default_factory=dict)
    order_types: Vocabulary = msgspec.field(default_factory=dict)
    ordering: str = ""  # how the upstream itself sorts: a column's name, with `-` for descending
    # What an upstream address looks like behind its base URL, so that a pasted one is recognised:
    # a pattern with the groups `customer` and, optionally, `order`.
    address_pattern: str = ""
    # Which IDs look like this upstream's, for guessing; empty matches nothing.
    customer_id_pattern: str = ""
    default_limit: int = 25
    offers_prices: bool = False  # whether its orders can be asked for with prices
    totals_note: str = ""  # what its totals leave out
