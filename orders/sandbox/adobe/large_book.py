"""Adobe's part of the large book: long histories, and orders that come, settle and go back by the clock."""

import random
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.sandbox.adobe.history import History, Row
from orders.sandbox.adobe.order_book import Book, JsonObject
from orders.sandbox.large_book import adobe_number, adobe_size, new_orders_a_day
from orders.sandbox.living import LIVING_DAYS, Life, Shelves, alive, moments

_CURRENCIES = ("USD", "USD", "USD", "EUR", "EUR", "GBP", "AUD", "JPY")
_ERRORS = ("1004", "1024", "1026", "1020")
_YEARS = 3
_PRICED_DAYS = 240


@dataclass(frozen=True)
class _Shelf:
    term_start: datetime
    past: list[Row]  # newest first
    lives: list[Life]


class LargeBook:
    """The histories as of any instant; `None` for customers who are not in the book."""

    def __init__(self) -> None:
        self._shelves = Shelves(_shelf)

    def history(self, customer_id: str, now: datetime) -> History | None:
        if adobe_number(customer_id) is None:
            return None
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        shelf = self._shelves.get(customer_id, today)
        recent = sorted(map(_row, alive(shelf.lives, now)), key=lambda row: row.created, reverse=True)
        since = today - timedelta(days=_PRICED_DAYS)
        return History(customer_id, shelf.term_start, [*recent, *shelf.past], priced_since=since)


def _row(order: JsonObject) -> Row:
    return Row(order, datetime.fromisoformat(order["creationDate"]))


def _shelf(customer_id: str, today: datetime) -> _Shelf:
    number = adobe_number(customer_id) or 0
    size = adobe_size(number)
    book = Book(customer_id, today)
    book.currency = _CURRENCIES[number % len(_CURRENCIES)]
    book.term_start = book.midnight(-(20 + number * 37 % 330))
    since = today - timedelta(days=min(_YEARS * 365, 60 + 10 * size))
    anniversary = book.term_start
    while anniversary > since:
        book.renewal(anniversary, lines=min(3, 1 + size // 100))
        anniversary -= timedelta(days=365)
    until = today - timedelta(days=LIVING_DAYS)
    book.fill(since, total=size, returned=0.04, failing=0.012, until=until)
    past = sorted(map(_row, book.orders), key=lambda row: row.created, reverse=True)
    return _Shelf(book.term_start, past, _lives(customer_id, book, size))


def _lives(customer_id: str, past: Book, size: int) -> list[Life]:
    """What a day brings is the same whenever it is asked for: its orders are drawn by its date."""
    found = []
    for days in range(-LIVING_DAYS, 1):
        day = past.midnight(days)
        pick = random.Random(f"{customer_id} {day:%Y-%m-%d}")
        book = Book(customer_id, past.today, seed=f"{customer_id} {day:%Y-%m-%d}")
        book.currency = past.currency
        for created in moments(pick, day, new_orders_a_day(size)):
            found += _life(book, created, pick)
    return found


def _life(book: Book, created: datetime, pick: random.Random) -> list[Life]:
    """Accepted; a while later filled, refused or (seldom) neither; and some that were filled go back."""
    settled = created + timedelta(minutes=pick.uniform(2, 40))
    fate = pick.random()
    status = "1000" if fate < 0.94 else pick.choice(_ERRORS)
    order = book.new(created, lines=1 + int(pick.random() * 3), status=status)
    states = [(created, _while_processed(order))]
    if fate > 0.98:
        return [Life(states)]
    states.append((settled, deepcopy(order)))
    if status != "1000" or pick.random() > 0.08:
        return [Life(states)]
    hours = pick.uniform(1, 12)
    back = book.give_back(order, after_days=0, share=pick.choice((1.0, 0.5)))
    returned = settled + timedelta(hours=hours)
    back["creationDate"] = returned.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [Life([*states, (returned, order)]), Life([(returned, back)])]


def _while_processed(order: JsonObject) -> JsonObject:
    """As long as it is not filled its subscriptions have no ID."""
    accepted = deepcopy(order)
    accepted["status"] = "1002"
    for line in accepted["lineItems"]:
        line |= {"status": "1002", "subscriptionId": "", "remainingQuantity": line["quantity"]}
    return accepted
