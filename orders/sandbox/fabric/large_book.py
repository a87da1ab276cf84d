"""fabric's part of the large book: subscribers of years, and orders placed and retried by the clock."""

import random
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from orders.sandbox.fabric.order_book import Book, JsonObject, stamp
from orders.sandbox.large_book import fabric_number, fabric_size, new_orders_a_day
from orders.sandbox.living import LIVING_DAYS, Life, Shelves, alive, moments

_DECLINED = ("140", "Payment declined")
_NO_STOCK = ("123", "Low Inventory")
_MOST_DAYS = 1_100
_AHEAD = 2  # days whose orders are scheduled by now


@dataclass(frozen=True)
class _Shelf:
    past: list[JsonObject]
    lives: list[Life]


class LargeBook:
    """The orders as of any instant; `None` for customers who are not in the book."""

    def __init__(self) -> None:
        self._shelves = Shelves(_shelf)

    def orders(self, customer_id: str, now: datetime) -> list[Any] | None:
        if fabric_number(customer_id) is None:
            return None
        shelf = self._shelves.get(customer_id, now.replace(hour=0, minute=0, second=0, microsecond=0))
        return [*alive(shelf.lives, now), *shelf.past]


def _shelf(customer_id: str, today: datetime) -> _Shelf:
    number = fabric_number(customer_id) or 0
    size = fabric_size(number)
    book = Book(customer_id, today)
    if number % 4 == 1:
        book.order("RETRY", 1, changed=-1.8, retry=("PAYMENT RETRY", 1, 3, 3), error=_DECLINED)
    if number % 9 == 4:
        book.order("CANCELED", -17, changed=-17, retry=("PAYMENT RETRY", 2, 3, 3), error=_DECLINED)
    _fill(book, size)
    return _Shelf(book.orders, _lives(customer_id, today, size))


def _fill(book: Book, size: int) -> None:
    """Ordinary orders, evenly spaced; one in a hundred failed for good."""
    apart = min(30.0, _MOST_DAYS / size)
    number = 0
    while len(book.orders) < size:
        days = -LIVING_DAYS - apart * (number + 0.75)
        if number % 100 == 60:
            book.order("FAILED", days, changed=days, error=("20", "Order placement failed"))
        else:
            book.order("SUCCESS", days, changed=days)
        number += 1


def _lives(customer_id: str, today: datetime, size: int) -> list[Life]:
    """What a day brings is the same whenever it is asked for: its orders are drawn by its date."""
    found = []
    for days in range(-LIVING_DAYS, _AHEAD + 1):
        day = today + timedelta(days=days)
        pick = random.Random(f"{customer_id} {day:%Y-%m-%d}")
        book = Book(customer_id, today, seed=f"{customer_id} {day:%Y-%m-%d}")
        for due in moments(pick, day, new_orders_a_day(size)):
            found.append(_life(book, due, pick))
    return found


def _life(book: Book, due: datetime, pick: random.Random) -> Life:
    """Scheduled; handed over when it is due; then placed, to be tried again, or given up."""
    scheduled = book.order("SCHEDULED", (due - book.today) / timedelta(days=1))
    handed_over = _became(scheduled, "SUBMITTED", due)
    ended = due + timedelta(minutes=pick.uniform(1, 12))
    fate = pick.random()
    if fate < 0.9:
        last = _became(scheduled, "SUCCESS", ended)
    elif fate < 0.98:
        kind, error = ("PAYMENT RETRY", _DECLINED) if fate < 0.95 else ("INTENTORY RETRY", _NO_STOCK)
        days = 3 if fate < 0.95 else 1
        last = _became(scheduled, "RETRY", ended) | {
            "scheduledDate": stamp(due + timedelta(days=days)),
            "Retry": {"maxRetries": 3, "retryType": kind, "retryAfterDays": days, "retryCount": 0},
            "error": {"errorCode": error[0], "errorMessage": error[1]},
        }
    else:
        failed = {"errorCode": "999", "errorMessage": "Customer Not found"}
        last = _became(scheduled, "FAILED", ended) | {"error": failed}
    always = due - timedelta(days=30)
    return Life([(always, scheduled), (due, handed_over), (ended, last)])


def _became(order: JsonObject, status: str, at: datetime) -> JsonObject:
    return deepcopy(order) | {"status": status, "statusUpdatedAt": stamp(at), "updatedAt": stamp(at)}
