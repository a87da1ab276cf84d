"""Columns of prices, under Adobe's own names. They are blank unless the orders were asked for with prices."""

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext_noop as _

from orders.domain.free_text import HIDDEN
from orders.domain.orders import Order, Price
from orders.domain.results import LineRow, OrderRow
from orders.domain.terms import Term, Vocabulary
from orders.presentation import price_formatters
from orders.presentation.columns.base import Column, FileValue, Row, joined
from orders.presentation.texts import state_words
from orders.upstreams import catalogue

# Names that the documentation uses for the same thing on other pages.
_TWINS = {
    "netPartnerPrice": ("netPartnerPrice", "proratedPartnerPrice"),
    "lineItemPartnerPrice": ("lineItemPartnerPrice", "lineItemPrice"),
    "totalLineItemPartnerPrice": ("totalLineItemPartnerPrice", "totalLineItemPrice"),
}
_MEANINGS = catalogue.describe("adobe").prices


def price_meanings(orders: Iterable[Order], prices: Vocabulary) -> list[Term]:
    """The meanings of those prices that these orders carry, in the vocabulary's order."""
    shown = {
        price.name
        for order in orders
        for found in (order.summaries, *(line.prices for line in (*order.lines, *order.cancelling_lines)))
        for price in found
    }
    return [state_words.named(term) for name, term in prices.items() if name in shown]


def _figure(prices: Sequence[Price], name: str) -> FileValue:
    """The amount under this name. Sums in several currencies stay apart, as texts in their order."""
    found = [price.money.amount for price in prices if price.name in _TWINS.get(name, (name,))]
    given = [amount for amount in found if amount is not None]
    if len(given) < 2:
        return given[0] if given else None
    return joined(f"{amount:f}" for amount in given)


def _currencies(prices: Sequence[Price]) -> str:
    return joined(dict.fromkeys(price.money.currency for price in prices if price.money.amount is not None))


def _column(name: str, example: str, field: str, prices_of: Callable[[Row], Sequence[Price]]) -> Column[Row]:
    return Column(
        name=name,
        heading=_MEANINGS[name].word,
        value=lambda row: _figure(prices_of(row), name),
        style="num",
        source_field=", ".join(f"{field}.{twin}" for twin in _TWINS.get(name, (name,))),
        meaning=_MEANINGS[name].meaning,
        unit=_("priceCurrencyCode"),
        example=example,
    )


def _currency(field: str, prices_of: Callable[[Row], Sequence[Price]]) -> Column[Row]:
    return Column(
        name="priceCurrencyCode",
        heading=_("Prices in"),
        value=lambda row: _currencies(prices_of(row)),
        source_field=f"{field}.*, lineItems.currencyCode, currencyCode",
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


ORDER_PRICES: list[Column[OrderRow]] = [
    _column("totalLineItemPartnerPrice", "1660.68", "pricingSummary", _of_order),
    _column("totalEarnedDealRegAmount", "150.00", "pricingSummary", _of_order),
    _currency("pricingSummary", _of_order),
    Column(
        name="orderPrices",
        heading=_("Prices, without tax"),
        value=lambda row: _all_named(row.order.summaries),
        cell=price_formatters.order_prices,
        style="prices",
        source_field="pricingSummary.*",
        meaning=_("The order's prices under the upstream's own names, also those that no document has."),
        unit=_("currency named in the cell"),
        example="totalLineItemPartnerPrice EUR 1660.68",
    ),
]

LINE_PRICES: list[Column[LineRow]] = [
    _column("partnerPrice", "365.00", "lineItems.pricing", _of_line),
    _column("discountedPartnerPrice", "345.00", "lineItems.pricing", _of_line),
    _column("netPartnerPrice", "85.068", "lineItems.pricing", _of_line),
    _column("lineItemPartnerPrice", "850.68", "lineItems.pricing", _of_line),
    _column("earnedDealRegPerUnit", "7.50", "lineItems.pricing", _of_line),
    _column("earnedDealRegAmount", "150.00", "lineItems.pricing", _of_line),
    _currency("lineItems.pricing", _of_line),
    Column(
        name="linePrices",
        heading=_("Prices"),
        value=lambda row: _all_named(row.line.prices),
        cell=price_formatters.prices,
        style="prices",
        source_field="lineItems.pricing.*, lineItems.currencyCode, currencyCode",
        meaning=_("The line's prices under the upstream's own names, also those that no document has."),
        unit=_("currency named in the cell"),
        example="partnerPrice EUR 365.00; netPartnerPrice EUR 85.068",
    ),
]
