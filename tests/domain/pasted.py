"""Reading what is pasted into the look-up box, and what comes of it."""

from orders.domain.lookup import Found, LookUp, read_lookup
from orders.services import sources

DESCRIPTIONS = sources()
FABRIC_ID = "65a0c0de0000000000000001"


def read(text: str, chosen: str = "") -> LookUp:
    return read_lookup(text, DESCRIPTIONS, chosen=chosen)


def adobe(customer_id: str, order_id: str = "", query: str = "") -> Found:
    return Found(sources=("adobe",), customer_id=customer_id, order_id=order_id, query=query)


def fabric(customer_id: str, order_id: str = "") -> Found:
    return Found(sources=("fabric",), customer_id=customer_id, order_id=order_id)
