"""A place at an upstream that a thread holds for a while, whether it calls or waits for somebody's call."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orders.domain.urgency import Urgency
from orders.upstreams.http.bulkhead import Bulkhead, Place


class HeldPlaces(Bulkhead):
    """Gives a thread one place: what it calls while it has that needs no other.

    So whoever waits for somebody else's call counts as in flight, and whoever calls for others never finds
    the places taken by those who wait for just that call.
    """

    def __init__(self, source: str, **given: Any) -> None:
        super().__init__(source, **given)
        self._held = threading.local()

    @contextmanager
    def place(self, urgency: Urgency, until: float) -> Iterator[Place]:
        held: Place | None = getattr(self._held, "place", None)
        if held is not None:
            yield held
            return
        with super().place(urgency, until) as place:
            self._held.place = place
            try:
                yield place
            finally:
                self._held.place = None
