"""The fabric customers' order histories, made from the customer ID and one day.

Days are counted from today, so that an order that will be retried always lies ahead.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from orders.sandbox import customers
from orders.sandbox.fabric import odd_orders
from orders.sandbox.fabric.order_book import Book, as_live

DOCUMENTED = frozenset(
    {
        customers.FABRIC_MAIN,
        customers.FABRIC_LIVE_TWIN,
        customers.FABRIC_CALM,
        customers.FABRIC_ODD,
        customers.FABRIC_LONG,
        customers.FABRIC_BARE,
    }
)
_DECLINED = (140, "Payment declined")
_NO_CARD = (170, "Customer wallet has no saved CC")
_NO_STOCK = (123, "Low Inventory")
_NO_BASKET = (999, "Basket is empty")


def generate(customer_id: str, today: datetime) -> list[Any] | None:
    """The customer's orders in the dialect that customer gets, or None for nobody we know."""
    if customer_id == customers.FABRIC_ODD:
        return odd_orders.odd_orders(customer_id, today)
    if customer_id == customers.FABRIC_MARKUP:
        return odd_orders.markup_orders(customer_id, today)
    write = _WRITERS.get(customer_id)
    known = customers.BY_SOURCE_AND_ID.get(("fabric", customer_id))
    if known and known.fault is not None:
        write = _calm
    if write is None:
        return None
    seed = customers.FABRIC_LIVE if customer_id == customers.FABRIC_LIVE_TWIN else customer_id
    book = Book(seed, today)
    write(book)
    if customer_id in DOCUMENTED:
        return book.orders
    # The live system sends the oldest first; nobody promises either order.
    orders = sorted(book.orders, key=lambda order: str(order["createdAt"]))
    return [as_live(order, customer_id) for order in orders]


def _main(book: Book) -> None:
    _upcoming(book)
    _will_be_retried(book)
    _ended_badly(book)
    _rare(book)
    _successes(book, months=24)


def _live(book: Book) -> None:
    """At most one default page, so that nothing is missing where paging is not asked for."""
    _will_be_retried(book)
    _ended_badly(book)
    book.order("SCHEDULED", 12)
    book.order("SUCCESS", -19, changed=-19)


def _upcoming(book: Book) -> None:
    book.order("SCHEDULED", 12)
    several = [
        book.subscribed_line(1, subscription=0),
        book.subscribed_line(2, subscription=1),
        book.upsell_line(3),
    ]
    book.order("SCHEDULED", 26, lines=several, discount=10)
    # The customer skipped one; its replacement stands one cycle later.
    book.order("SKIPPED", 5, changed=-2.3)
    book.order("SCHEDULED", 35)


def _will_be_retried(book: Book) -> None:
    """Each rung of the ladders; the upstream moves `scheduledDate` when an attempt fails."""
    payment, stock = "PAYMENT RETRY", "INTENTORY RETRY"
    expired = book.expired_card()
    book.order("RETRY", 2, changed=-0.8, retry=(payment, 0, 3, 3), error=_DECLINED)
    book.order("RETRY", 1, changed=-1.8, retry=(payment, 1, 3, 3), error=_NO_CARD)
    book.order("RETRY", 3, changed=-0.2, retry=(payment, 2, 3, 3), error=_DECLINED, card=expired)
    book.order("RETRY", 1, changed=-0.3, retry=(stock, 0, 2, 1), error=_NO_STOCK)
    book.order("RETRY", 1, changed=-0.1, retry=(stock, 1, 2, 1), error=(321, "Out Of Stock"))
    book.order("RETRY", 2.5, changed=-0.5, retry=("GENERIC RETRY", 1, 3, 3), error=_NO_BASKET)
    # Handed over again after a failure: the old error and count are still there.
    book.order("SUBMITTED", -0.1, changed=-0.05, retry=(payment, 1, 3, 3), error=_DECLINED)
    book.order("SUBMITTED", -0.2, changed=-0.15)


def _ended_badly(book: Book) -> None:
    payment, stock = "PAYMENT RETRY", "INTENTORY RETRY"
    # The last failure does not count itself: exhausted reads 2 of 3, and 1 of 2.
    book.order("CANCELED", -17, changed=-17, retry=(payment, 2, 3, 3), error=_DECLINED)
    book.order("CANCELED", -48, changed=-48, retry=(stock, 1, 2, 1), error=_NO_STOCK)
    book.order("CANCELED", -75, changed=-77, retry=(payment, 0, 3, 3), error=_DECLINED)
    book.order("CANCELED", -33, changed=-35)
    book.order("FAILED", -62, changed=-62, error=(999, "Customer Not found"))
    book.order("FAILED", -90, changed=-90, error=(20, "Order placement failed"))
    book.order("SUCCESS", -101, changed=-101, retry=(payment, 1, 3, 3), error=_DECLINED)


def _rare(book: Book) -> None:
    # The date was not moved along, so the next attempt can only be estimated ...
    book.order("RETRY", -1.2, changed=-1.2, retry=("PAYMENT RETRY", 0, 3, 3), error=_DECLINED)
    # ... and here even the estimate has gone by.
    book.order("RETRY", -9, changed=-9, retry=("PAYMENT RETRY", 1, 3, 3), error=_NO_CARD)
    book.order("SCHEDULED", 40, isDeleted=True)
    long_card = ("tok00000000000000001881", book.expired_card()[1])
    book.order("SUCCESS", -140, changed=-140, card=long_card)
    book.order("SCHEDULED", 55, error=("ORDER_NOT_FOUND", "The order was not found"))


def _successes(book: Book, *, months: int) -> None:
    for month in range(months):
        lines = [book.subscribed_line(1, subscription=month % 2)]
        if month % 5 == 0:
            lines.append(book.upsell_line(2))
        days = -30.0 * (month + 1) - 0.25
        book.order("SUCCESS", days, changed=days, lines=lines)


def _calm(book: Book) -> None:
    book.order("SCHEDULED", 9)
    book.order("SCHEDULED", 39)
    _successes(book, months=24)


def _fifty_seven(book: Book) -> None:
    book.order("SCHEDULED", 9)
    book.order("RETRY", 2, changed=-0.8, retry=("PAYMENT RETRY", 0, 3, 3), error=_DECLINED)
    _successes(book, months=55)


def _long(book: Book) -> None:
    for day in range(1500):
        book.order("SUCCESS", -1.0 - day, changed=-1.0 - day)


def _switched_off(book: Book) -> None:
    _ended_badly(book)


def _empty(book: Book) -> None:
    """A subscriber who has not ordered yet."""


_WRITERS: dict[str, Callable[[Book], None]] = {
    customers.FABRIC_MAIN: _main,
    customers.FABRIC_LIVE: _live,
    customers.FABRIC_LIVE_TWIN: _live,
    customers.FABRIC_CALM: _calm,
    customers.FABRIC_PAGED: _fifty_seven,
    customers.FABRIC_SHORT: _fifty_seven,
    customers.FABRIC_LETTER_OFFSET: _fifty_seven,
    customers.FABRIC_LONG: _long,
    customers.FABRIC_PARTIAL: _live,
    customers.FABRIC_EMPTY: _empty,
    customers.FABRIC_SWITCHED_OFF: _switched_off,
    customers.FABRIC_BARE: _live,
    customers.FABRIC_STRANGERS: _live,
    customers.FABRIC_SLOW_PANELS: _calm,
}
