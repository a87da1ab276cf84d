"""What a number may be: the pages that its hits lead to, and who may have it where there are none."""

from collections.abc import Sequence

from orders.domain.lookup import Found, named_source
from orders.domain.pasted_text import CUSTOMER, ORDER, Mention
from orders.index import Hit
from orders.upstreams import catalogue


def pages_of(mention: Mention, hits: Sequence[Hit], chosen: str = "") -> list[Found]:
    """Where a number leads, of the upstream that was chosen or named with it, if one was."""
    source = chosen or named_source(mention, catalogue.descriptions())
    return _pages(mention, [hit for hit in hits if source in {"", hit.source}])


def may_have(customer: tuple[str, str], mention: Mention) -> bool:
    """Whether the number may be this customer's (source, ID), or of an order of theirs."""
    source, customer_id = customer
    if named_source(mention, catalogue.descriptions()) not in {"", source}:
        return False
    return mention.label != CUSTOMER or mention.identifier == customer_id


def _pages(mention: Mention, hits: Sequence[Hit]) -> list[Found]:
    """The customers of that number, its order, and where it stands in several orders, their customers."""
    is_customer = mention.label == CUSTOMER
    pages = {_found(hit): None for hit in hits if not hit.order_id and mention.label != ORDER}
    orders = [] if is_customer else [hit for hit in hits if hit.order_id]
    for customer in dict.fromkeys(hit.customer for hit in orders):
        of_customer = [hit for hit in orders if hit.customer == customer]
        own = [hit for hit in of_customer if hit.order_id == mention.identifier]
        only = own or of_customer
        source, customer_id = customer
        pages[_found(only[0]) if len(only) == 1 else Found(sources=(source,), customer_id=customer_id)] = None
    return list(pages)


def _found(hit: Hit) -> Found:
    return Found(sources=(hit.source,), customer_id=hit.customer_id, order_id=hit.order_id)
