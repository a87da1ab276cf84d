"""Adobe's prices, of a line and of an order: whatever names they come under."""

from orders.domain.bounded_text import LONGEST_NAME, cut
from orders.domain.orders import Money, Price
from orders.upstreams.reading.decoding import Leaf, Problems, amount, text


def read_prices(pricing: Leaf, name: str, currency: str, problems: Problems) -> tuple[Price, ...]:
    """`currency` is that of what the prices belong to; they may name their own."""
    if not isinstance(pricing, dict):
        problems.append(name)
        return ()
    given = pricing.get("currencyCode")
    currency = currency_of(given, text(given, f"{name}.currencyCode", problems), currency)
    prices = []
    for key, value in pricing.items():
        if key == "currencyCode":
            continue
        key = cut(key, LONGEST_NAME)
        figure = amount(value, f"{name}.{key}", problems)
        if figure is not None:
            prices.append(Price(name=key, money=Money(amount=figure, currency=currency)))
    return tuple(prices)


def read_summaries(summary: Leaf, currency: str, problems: Problems) -> tuple[Price, ...]:
    """A list of totals, or, since deal registration, a single object."""
    if summary is None:
        return ()
    if not isinstance(summary, list):
        return read_prices(summary, "pricingSummary", currency, problems)
    return tuple(
        price
        for index, entry in enumerate(summary)
        for price in read_prices(entry, f"pricingSummary[{index}]", currency, problems)
    )


def currency_of(given: Leaf, read: str, inherited: str) -> str:
    """The inherited currency holds where none is given; one that could not be read might be another."""
    return inherited if given is None or given == "" else read
