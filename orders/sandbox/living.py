"""Orders that change by the clock: each is a row of states, of which the latest is the one that is shown."""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar

JsonObject = dict[str, Any]
Kept = TypeVar("Kept")

# Orders of days before that are history, and change no more.
LIVING_DAYS = 3
_MOST_KEPT = 64  # customers whose orders are held at once: whoever reads all 2,000 reads one after the other


@dataclass(frozen=True)
class Life:
    """One order: from when on it looks how, oldest first. Before its first state it isn't there."""

    states: Sequence[tuple[datetime, JsonObject]]

    def at(self, now: datetime) -> JsonObject | None:
        shown = [order for since, order in self.states if since <= now]
        return shown[-1] if shown else None


def alive(lives: Iterable[Life], now: datetime) -> list[JsonObject]:
    return [order for life in lives if (order := life.at(now)) is not None]


def moments(pick: random.Random, day: datetime, a_day: float) -> Iterator[datetime]:
    """When something happens on one day: about so often, as it comes."""
    passed = pick.expovariate(a_day)
    while passed < 1:
        yield day + timedelta(seconds=int(passed * 86_400))
        passed += pick.expovariate(a_day)


class Shelves(Generic[Kept]):
    """What was made for a customer and a day, the latest asked for; made anew when it is asked for again."""

    def __init__(self, make: Callable[[str, datetime], Kept]) -> None:
        self._make = make
        self._kept: OrderedDict[tuple[str, datetime], Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, customer_id: str, day: datetime) -> Kept:
        key = (customer_id, day)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._make(customer_id, day)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
