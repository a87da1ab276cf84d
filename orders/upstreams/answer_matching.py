"""Whether an answer belongs to the question it came for.

A proxy, a gateway or a connection that has lost its place can hand us somebody else's answer. It is
well-formed, so only what it says of itself gives it away: the request ID it repeats, and whose orders
are in it.
"""

from collections.abc import Collection, Iterable
from enum import Enum, auto

from orders.domain.orders import Order


class Foreign(Exception):
    """The answer to another question. `detail` says what gave it away, and nothing of what is in it."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class Echo(Enum):
    """What an answer's request ID says. An upstream that repeats none proves nothing."""

    OURS = auto()
    FOREIGN = auto()
    NONE = auto()


def echo_of(said: str, asked: Collection[str]) -> Echo:
    """`said` is the answer's `X-Request-Id`, several joined by commas; `asked` are IDs that we sent."""
    told = {part.strip().casefold() for part in said.split(",")} - {""}
    if not told:
        return Echo.NONE
    return Echo.FOREIGN if told.isdisjoint(one.casefold() for one in asked) else Echo.OURS


def is_same_id(one: str, other: str) -> bool:
    """Upper and lower case are one in both upstreams' IDs; a leading zero is not to be missed."""
    return one == other or one.strip().casefold() == other.strip().casefold()


def check_customer(named: Iterable[str], customer_id: str, unreadable: Iterable[str]) -> None:
    """Raises `Foreign` where an order says that it is another customer's; `named` is what each says.

    One that does not say is taken at its answer's word; one whose word cannot be read is not.
    """
    for one in named:
        if one and not is_same_id(one, customer_id):
            raise Foreign("it holds an order of another customer than the one asked for")
    if any(path.endswith(("customerId", "customer.id")) for path in unreadable):
        raise Foreign("it holds an order that does not say legibly whose it is")


def check_order(order: Order, order_id: str) -> None:
    """Raises `Foreign` for another order than the one asked for, and for one without an ID."""
    if not is_same_id(order.order_id, order_id):
        raise Foreign("it is not the order that was asked for")
