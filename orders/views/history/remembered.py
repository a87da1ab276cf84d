"""What one or two numbers lead to, by what the portal remembers of the orders it has seen."""

from dataclasses import dataclass

from orders import services
from orders.domain.lookup import Found, numbers_in
from orders.domain.pasted_text import Pasted
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
    mentions = numbers_in(text, services.sources()).readable
    if len({mention.identifier for mention in mentions}) != 1:
        return Remembered()
    mention = mentions[0]
    hits = services.find(request.user, rights_in(request), [mention.identifier])[mention.identifier]
    return Remembered(mention.identifier, tuple(services.pages_of(mention, hits, chosen)))


def is_known_otherwise(request: PortalRequest, numbers: Pasted, read: Found) -> bool:
    """Whether two numbers that nothing is said of were taken for a customer, or for one with an order, while
    they are remembered as something else: two orders, say.
    """
    given = {mention.identifier for mention in numbers.readable}
    if len(given) != 2 or any(mention.label for mention in numbers.readable):
        return False
    hits = services.find(request.user, rights_in(request), sorted(given))
    customers = [{hit.customer_id for hit in hits[each]} for each in sorted(given)]
    return any(known and read.customer_id not in known for known in customers)
