"""The Adobe customers' order histories, made from the customer ID and one day.

The same ID gives the same orders; only their dates move along with the day.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from orders.sandbox import customers
from orders.sandbox.adobe import odd_rows, resellers
from orders.sandbox.adobe.account_pen import Pen
from orders.sandbox.adobe.account_stories import tell
from orders.sandbox.adobe.accounts import listed_account
from orders.sandbox.adobe.history import History, Row, verbatim_rows
from orders.sandbox.adobe.order_book import Book

# Prices came to the API late; older orders never get any.
_PRICED_DAYS = 240


def generate(customer_id: str, today: datetime) -> History | None:
    """The customer's history as of this midnight, or None for nobody we know."""
    if customer_id in (customers.ADOBE_ODD, customers.ADOBE_MARKUP):
        return _verbatim(customer_id, today)
    story = tell(customer_id, today)
    if story is None and resellers.is_listed(customer_id):
        story = listed_account(customer_id, today)
    if story is not None:
        return _told(story)
    writer = _WRITERS.get(customer_id)
    known = customers.BY_SOURCE_AND_ID.get(("adobe", customer_id))
    if known and known.fault is not None and writer is None:
        writer = _five_orders
    if writer is None:
        return None
    book = Book(customer_id, today)
    writer(book)
    return _bound(book)


def _bound(book: Book) -> History:
    moved = book.term_start - timedelta(days=365)
    orders = sorted(book.orders, key=lambda order: str(order["creationDate"]), reverse=True)
    rows = [
        Row(order, created, customers.ADOBE_RESELLER if created >= moved else customers.ADOBE_OLD_RESELLER)
        for order in orders
        if (created := datetime.fromisoformat(order["creationDate"]))
    ]
    since = book.today - timedelta(days=_PRICED_DAYS)
    return History(book.customer_id, book.term_start, rows, priced_since=since)


def _told(story: Pen) -> History:
    since = story.today - timedelta(days=_PRICED_DAYS)
    rows = verbatim_rows(story.orders, story.today)
    return History(story.customer_id, story.term_start, rows, priced_since=since)


def _verbatim(customer_id: str, today: datetime) -> History:
    make = {
        customers.ADOBE_ODD: odd_rows.odd_rows,
        customers.ADOBE_MARKUP: odd_rows.markup_rows,
    }[customer_id]
    rows = verbatim_rows(make(customer_id, today), today)
    envelope = {"recommendations": {"errorDetails": {"code": "5136", "message": "No country"}}}
    return History(
        customer_id,
        today - timedelta(days=300),
        rows,
        envelope=envelope if customer_id == customers.ADOBE_ODD else {},
    )


def _large(book: Book) -> None:
    """Four terms and a part of the fifth; 312 orders of every type and status."""
    book.term_start = book.midnight(-203)
    first = book.term_start - timedelta(days=4 * 365)
    book.transfer(first, lines=12)
    for years in (3, 2, 1, 0):
        book.renewal(book.term_start - timedelta(days=365 * years), lines=9 - years)
    book.promotions_of_every_spelling()
    for status, days in (("1004", -400), ("1020", -310), ("1022", -150), ("1024", -91)):
        book.new(book.day(days), lines=2, status=status)
    book.new(book.day(-33), lines=1, status="1026")
    book.deployment(book.day(-120), ["EUR", "EUR"])
    book.deployment(book.day(-64), ["GBP", "JPY", "EUR"])
    switched = book.switch(book.day(-88))
    book.revert_switch(switched, book.day(-81))
    book.switch(book.day(-9))
    full = book.new(book.day(-52), lines=2)
    book.give_back(full, after_days=6, share=1.0)
    part = book.new(book.day(-47), lines=2, least_quantity=20)
    book.give_back(part, after_days=3, share=0.25)
    book.give_back(part, after_days=9, share=0.25)
    twins = book.day(-71)
    book.new(twins, lines=1)
    book.new(twins, lines=1)
    book.order("CONSOLIDATION", book.day(-140), book.lines(2))
    book.new(book.day(-22), lines=1, status="1077")
    book.leading_zero(book.day(-16))
    book.processing(book.day(-1))
    book.processing(book.day(-2))
    # The order is complete already while its lines are still being filled.
    book.processing(book.day(-4))["status"] = "1000"
    book.fill(first, total=312, returned=0.08)


def _small(book: Book) -> None:
    book.currency = "EUR"
    book.term_start = book.midnight(-58)
    book.new(book.day(-58), lines=3, least_quantity=10)
    book.new(book.day(-41), lines=1)
    returned = book.new(book.day(-30), lines=1, least_quantity=4)
    book.give_back(returned, after_days=4, share=0.5)
    book.new(book.day(-12), lines=2)
    book.new(book.day(-5), lines=1, status="1004")
    book.processing(book.day(-1))


def _education(book: Book) -> None:
    book.currency, book.segment = "GBP", "B"
    book.term_start = book.midnight(-87)
    first = book.term_start - timedelta(days=2 * 365)
    book.renewal(book.term_start - timedelta(days=365), lines=4)
    book.renewal(book.term_start, lines=5)
    book.fill(first, total=48, returned=0.05)


def _leading_zero(book: Book) -> None:
    book.term_start = book.midnight(-250)
    book.leading_zero(book.day(-20))
    book.leading_zero(book.day(-19))
    book.fill(book.day(-600), total=23, returned=0.1)


def _prefixed(book: Book) -> None:
    book.prefix, book.currency = "P", "AUD"
    book.term_start = book.midnight(-160)
    book.renewal(book.term_start, lines=2)
    book.fill(book.day(-500), total=11, returned=0.2)


def _old_term(book: Book) -> None:
    book.term_start = book.midnight(-25)
    book.fill(book.day(-700), total=9, returned=0.0, until=book.day(-60))


def _empty(book: Book) -> None:
    book.term_start = book.midnight(-10)


def _huge(book: Book) -> None:
    book.term_start = book.midnight(-340)
    book.fill(book.day(-1200), total=10_000, returned=0.03)


def _sixty(book: Book) -> None:
    book.term_start = book.midnight(-300)
    book.fill(book.day(-290), total=60, returned=0.0)


def _five_orders(book: Book) -> None:
    book.term_start = book.midnight(-100)
    book.fill(book.day(-99), total=5, returned=0.0)


_WRITERS: dict[str, Callable[[Book], None]] = {
    customers.ADOBE_LARGE: _large,
    customers.ADOBE_SMALL: _small,
    customers.ADOBE_EDUCATION: _education,
    customers.ADOBE_LEADING_ZERO: _leading_zero,
    customers.ADOBE_PREFIXED: _prefixed,
    customers.ADOBE_OLD_TERM: _old_term,
    customers.ADOBE_EMPTY: _empty,
    customers.ADOBE_HUGE: _huge,
    customers.ADOBE_MOVING: _sixty,
}
