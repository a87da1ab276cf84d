"""What the portal knows of an upstream before it asks it anything."""

from collections.abc import Callable, Mapping

import msgspec

from orders.domain.advice import Shipped
from orders.domain.orders import Order
from orders.domain.queries import OrderQuery
from orders.domain.retry_status import RetryStatus
from orders.domain.terms import Vocabulary


class FileColumns(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of files with one sort of rows, by their names in the column registry.

    Those of the `contract` come first and keep their order for ever. `prices` stand behind them where they
    are asked for, and then everything `further` that pages show; new ones come at the end of their list.
    `of_order` are those that say the same in every line of an order, though lines could have their own.
    """

    contract: tuple[str, ...]
    prices: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    of_order: frozenset[str] = frozenset()


class PriceColumn(msgspec.Struct, frozen=True):
    """A column of one price, under the upstream's name for it; `also` are other names of the same price."""

    name: str
    example: str
    also: tuple[str, ...] = ()


class PriceColumns(msgspec.Struct, frozen=True, kw_only=True):
    """The prices that an upstream gives of an order, or of a line, in its `field`.

    `currency` is the name of the column of their currency, which is read from `currency_fields` where a
    price doesn't carry it. `example` is what the column of all prices can look like.
    """

    field: str
    columns: tuple[PriceColumn, ...]
    example: str
    currency: str
    currency_fields: tuple[str, ...] = ()


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """An upstream as people and pages know it.

    `pages_upstream` says whether the upstream filters and pages itself; otherwise it sends everything it
    has and the service filters, sorts and pages here. `query` has a field for each of its filters, and
    `supports` names those that the upstream evaluates itself. `columns` are names from the column registry,
    in the order they stand on the page.
    """

    name: str
    label: str
    short_label: str
    pages_upstream: bool
    query: type[OrderQuery]
    supports: frozenset[str]
    columns: tuple[str, ...]
    line_columns: tuple[str, ...] = ()
    # Of files, by their rows (`orders`, `lines`); where there are none, files have the page's columns.
    file_columns: Mapping[str, FileColumns] = msgspec.field(default_factory=dict)
    statuses: Vocabulary = msgspec.field(default_factory=dict)
    order_types: Vocabulary = msgspec.field(default_factory=dict)
    returnable_types: frozenset[str] = frozenset()  # orders of these can be returned, which cancels them
    ordering: str = ""  # how the upstream itself sorts: a column's name, with `-` for descending
    list_ordering: str = ""  # how its list is shown to a person who has not chosen; blank: the same
    # What an upstream address looks like behind its base URL, so that a pasted one is recognised:
    # a pattern with the groups `customer` and, optionally, `order`.
    address_pattern: str = ""
    # Which IDs look like this upstream's, for guessing; empty matches nothing.
    customer_id_pattern: str = ""
    default_limit: int = 25
    price_parameter: str = ""  # what asks for its orders with prices, as `true`; blank where it has none
    # What each of its prices is, under its own name for it; a credit has the tone `credit`.
    prices: Vocabulary = msgspec.field(default_factory=dict)
    order_prices: PriceColumns | None = None
    line_prices: PriceColumns | None = None
    panels: tuple[str, ...] = ()  # what it tells beside the orders, as pages name it in `data-panel`
    has_terms: bool = False  # whether what its customers own runs in common terms, with levels
    lists_resellers: bool = False  # whether it lists a reseller's customers
    order_panels: tuple[str, ...] = ()  # what it tells beside one order, named likewise
    totals_note: str = ""  # what its totals leave out
    # What to tell the customer, by topic: of an order (`<name>.status.<code>`, and whatever else there is
    # to say), and where the upstream refuses a request (`<name>.error.<code>`).
    order_advice: Mapping[str, Shipped] = msgspec.field(default_factory=dict)
    refusal_advice: Mapping[str, Shipped] = msgspec.field(default_factory=dict)
    # Which of those topics an order calls for, in the order in which they are said; None: that of its status.
    topics: Callable[[Order, RetryStatus], list[str]] | None = None

    @property
    def offers_prices(self) -> bool:
        return bool(self.price_parameter)

    def asks_for_prices(self, parameters: Mapping[str, str]) -> bool:
        """Whether an address, or a form, asks for orders with prices."""
        return self.offers_prices and parameters.get(self.price_parameter, "").lower() == "true"
