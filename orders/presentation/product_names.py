"""What offers are called, for whatever draws one. Where the names come from is told when the portal starts.

A name costs a look into a dictionary: lists and files have many offers. An unknown one stays its ID.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from orders.domain.offers import PREFIX, product_of
from orders.domain.orders import Line, Order

MOST_OFFERED = 100  # names that a form offers; who has more types a part of one


def _no_names() -> Mapping[str, str]:
    return {}


def _no_offers(prefixes: Collection[str]) -> Sequence[str]:
    return ()


_names: Callable[[], Mapping[str, str]] = _no_names
_offers: Callable[[Collection[str]], Sequence[str]] = _no_offers


def provide(
    names: Callable[[], Mapping[str, str]], offers: Callable[[Collection[str]], Sequence[str]]
) -> None:
    """`names` gives the name by product, `offers` the full offer IDs of products."""
    global _names, _offers
    _names, _offers = names, offers


def name_of(offer_id: str) -> str:
    """Empty where it is not known."""
    product = product_of(offer_id)
    return _names().get(product, "") if product else ""


def name_of_line(line: Line) -> str:
    """What the upstream calls it, else what the catalogue does."""
    return line.title or name_of(line.offer_id)


def names_of_order(order: Order) -> list[str]:
    """Of all its lines, each once; where one has no name, its offer ID."""
    return list(dict.fromkeys(filter(None, (name_of_line(each) or each.offer_id for each in order.lines))))


def found(text: str) -> list[str]:
    """The products with this number, or whose name has all these words."""
    names = _names()
    if len(text) == PREFIX and text in names:
        return [text]
    words = text.casefold().split()
    whole = [prefix for prefix, name in names.items() if name.casefold() == " ".join(words)]
    return whole or [
        prefix for prefix, name in names.items() if words and all(word in name.casefold() for word in words)
    ]


def offers_of(products: Collection[str]) -> Sequence[str]:
    return _offers(products)


def offered() -> Sequence[str]:
    """Names that a form can offer; none where there are too many to choose from."""
    names = sorted(set(_names().values()), key=str.casefold)
    return names if len(names) <= MOST_OFFERED else ()
