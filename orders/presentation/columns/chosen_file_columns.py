"""Which columns a file has, as the upstream's manifest declares them."""

from collections.abc import Mapping, Sequence
from typing import Any

from orders.domain.descriptions import FileColumns
from orders.presentation.columns.base import Column
from orders.presentation.columns.registries import LINE_COLUMNS, ORDER_COLUMNS, of_order
from orders.upstreams import catalogue

ROW_TYPES = ("orders", "lines")


def file_registry(source: str, rows: str) -> Mapping[str, Column[Any]]:
    """Every column that a file of `source` with these `rows` (`orders` or `lines`) can have, by name."""
    if rows == "orders":
        return ORDER_COLUMNS
    return {**LINE_COLUMNS, **{name: of_order(name) for name in _declared(source, rows).of_order}}


def columns_for(
    source: str,
    rows: str,
    chosen: Sequence[str] = (),
    *,
    with_prices: bool = False,
    is_revealed: bool = False,
) -> tuple[Column[Any], ...]:
    """A file's columns: the `chosen` ones in the order chosen, or all of them; those that hold nothing but
    personal data only where it `is_revealed`.

    KeyError for a name that there is not, or an upstream that there is not.
    """
    known = file_registry(source, rows)
    declared = _declared(source, rows)
    prices = declared.prices if with_prices else ()
    names = chosen or dict.fromkeys((*declared.contract, *prices, *declared.further))
    columns = tuple([known[name] for name in names])
    return columns if is_revealed else tuple([each for each in columns if not each.needs_reveal])


def _declared(source: str, rows: str) -> FileColumns:
    """The contract's; for an upstream without one, what its page shows."""
    description = catalogue.describe(source)
    declared = description.file_columns.get(rows)
    if declared is not None:
        return declared
    own = description.columns if rows == "orders" else description.line_columns
    return FileColumns(contract=tuple(dict.fromkeys(("customerId", "orderId", *own))))
