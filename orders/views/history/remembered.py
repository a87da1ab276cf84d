"""What a single number leads to, by what the portal remembers of the orders it has seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders import services
from orders.domain.lookup import Found, numbers_in
from orders.domain.pasted_text import CUSTOMER, ORDER, Mention
from orders.people.permissions import rights_in
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class Remembered:
    """`found` are the pages it may mean, none where nothing is remembered; `number` is blank where the text
    has none, or several.
    """

    number: str = ""
    found: tuple[Found, ...] = ()


def remembered(request: PortalRequest, text: str, chosen: str) -> Remembered:
    """Where the one number in `text` leads; `chosen` is the upstream that the person picked, if any."""
    mentions = numbers_in(text, services.sources()).mentions
    if len({mention.identifier for mention in mentions}) != 1:
        return Remembered()
    mention = mentions[0]
    hits = services.find(request.user, rights_in(request), [mention.identifier])[mention.identifier]
    return Remembered(mention.identifier, tuple(pages_of(mention, hits, chosen)))


def pages_of(mention: Mention, hits: Sequence[services.Hit], chosen: str = "") -> list[Found]:
    """Where a number leads, of the upstream that was chosen or named with it, if one was."""
    named = {word: each.name for each in services.sources() for word in (each.name, each.short_label.lower())}
    source = chosen or named.get(mention.system, "")
    return _pages(mention, [hit for hit in hits if source in {"", hit.source}])


def _pages(mention: Mention, hits: Sequence[services.Hit]) -> list[Found]:
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


def _found(hit: services.Hit) -> Found:
    return Found(sources=(hit.source,), customer_id=hit.customer_id, order_id=hit.order_id)
