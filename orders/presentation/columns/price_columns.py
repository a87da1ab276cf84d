"""Columns of prices, under the names of the upstream that has them.

They are blank unless the orders were asked for with prices.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.translation import gettext_noop as _

from orders.domain.descriptions import PriceColumn, PriceColumns
from orders.domain.free_text import HIDDEN
from orders.domain.orders import Order, Price
from orders.domain.results import LineRow, OrderRow
from orders.domain.terms import Term, Vocabulary
from orders.presentation import price_formatters
from orders.presentation.columns.base import Column, FileValue, Row, joined
from orders.presentation.texts import state_words
from orders.upstreams import catalogue


def price_meanings(orders: Iterable[Order], prices: Vocabulary) -> list[Term]:
    """The meanings of those prices that these orders carry, in the vocabulary's order."""
    shown = {
        price.name
        for order in orders
        for found in (order.summaries, *(line.prices for line in (*order.lines, *order.cancelling_lines)))
        for price in found
    }
    return [state_words.named(term) for name, term in prices.items() if name in shown]


def _figure(prices: Sequence[Price], names: Sequence[str]) -> FileValue:
    """The amount under these names. Sums in several currencies stay apart, as texts in their order."""
    found = [price.money.amount for price in prices if price.name in names]
    given = [amount for amount in found if amount is not None]
    if len(given) < 2:
        return given[0] if given else None
    return joined(f"{amount:f}" for amount in given)


def _currencies(prices: Sequence[Price]) -> str:
    return joined(dict.fromkeys(price.money.currency for price in prices if price.money.amount is not None))


def _column(
    named: PriceColumn, told: PriceColumns, term: Term, prices_of: Callable[[Row], Sequence[Price]]
) -> Column[Row]:
    names = (named.name, *named.also)
    return Column(
        name=named.name,
        heading=term.word,
        value=lambda row: _figure(prices_of(row), names),
        style="num",
        source_field=", ".join(f"{told.field}.{name}" for name in names),
        meaning=term.meaning,
        unit=told.currency,
        example=named.example,
    )


def _currency(told: PriceColumns, prices_of: Callable[[Row], Sequence[Price]]) -> Column[Row]:
    return Column(
        name=told.currency,
        heading=_("Prices in"),
        value=lambda row: _currencies(prices_of(row)),
        source_field=", ".join((f"{told.field}.*", *told.currency_fields)),
        meaning=_("ISO code of the prices."),
        example="EUR",
    )


def _all_named(prices: Sequence[Price]) -> str:
    """Every price that came, also those that no document names: `name currency amount; …`."""
    return joined(
        f"{price.name} {price.money.currency} {HIDDEN if price.money.is_masked else price.money.amount}"
        for price in prices
        if price.money.is_masked or price.money.amount is not None
    )


def _of_order(row: OrderRow) -> Sequence[Price]:
    return row.order.summaries


def _of_line(row: LineRow) -> Sequence[Price]:
    return row.line.prices


def _columns_of(
    told: PriceColumns, terms: Vocabulary, prices_of: Callable[[Row], Sequence[Price]]
) -> Iterator[Column[Row]]:
    for each in told.columns:
        yield _column(each, told, terms[each.name], prices_of)
    yield _currency(told, prices_of)


def _fields(known: Iterable[PriceColumns]) -> str:
    return ", ".join(field for told in known for field in (f"{told.field}.*", *told.currency_fields))


_OF_ORDERS = [(each.order_prices, each.prices) for each in catalogue.descriptions() if each.order_prices]
_OF_LINES = [(each.line_prices, each.prices) for each in catalogue.descriptions() if each.line_prices]

ORDER_PRICES: list[Column[OrderRow]] = [
    *(column for told, terms in _OF_ORDERS for column in _columns_of(told, terms, _of_order)),
    Column(
        name="orderPrices",
        heading=_("Prices, without tax"),
        value=lambda row: _all_named(row.order.summaries),
        cell=price_formatters.order_prices,
        style="prices",
        source_field=_fields(told for told, _terms in _OF_ORDERS),
        meaning=_("The order's prices under the upstream's own names, also those that no document has."),
        unit=_("currency named in the cell"),
        example=next((told.example for told, _terms in _OF_ORDERS), ""),
    ),
]

LINE_PRICES: list[Column[LineRow]] = [
    *(column for told, terms in _OF_LINES for column in _columns_of(told, terms, _of_line)),
    Column(
        name="linePrices",
        heading=_("Prices"),
        value=lambda row: _all_named(row.line.prices),
        cell=price_formatters.prices,
        style="prices",
        source_field=_fields(told for told, _terms in _OF_LINES),
        meaning=_("The line's prices under the upstream's own names, also those that no document has."),
        unit=_("currency named in the cell"),
        example=next((told.example for told, _terms in _OF_LINES), ""),
    ),
]
