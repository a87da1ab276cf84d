"""The accounts of `make run`: 40 customers for its manager to look after, and some of somebody else's."""

from collections.abc import Iterator

from orders.people.demo import DemoAccount
from orders.sandbox import customers, large_book

# What the pages of one customer show best.
_BY_HAND = (
    DemoAccount(
        "Harbour Design Ltd",
        "5556667778",
        (
            ("adobe", customers.ADOBE_LARGE),
            ("adobe", customers.ADOBE_SMALL),
            ("fabric", customers.FABRIC_MAIN),
        ),
    ),
    DemoAccount(
        "Northfield Schools",
        "5556667779",
        (("adobe", customers.ADOBE_EDUCATION), ("fabric", customers.FABRIC_CALM)),
    ),
    # It never answers: one account that can't be read is part of every portfolio.
    DemoAccount("Slow Water Studio", "", (("adobe", customers.ADOBE_TIMEOUT),)),
    DemoAccount("Old Mill Press", "", (("adobe", customers.ADOBE_OLD_TERM),), is_managed=False),
)
_MANAGED = (
    "Alder & Finch Architects",
    "Bramley Print House",
    "Cobalt Animation",
    "Dune Surveying",
    "Eastgate Museum",
    "Fernhill Publishing",
    "Granite Law Partners",
    "Hollow Oak Games",
    "Inlet Marine Supplies",
    "Juniper Media",
    "Kestrel Engineering",
    "Lantern Theatre Company",
    "Meadowbrook Clinics",
    "Nine Arches Brewery",
    "Orchard Street Gallery",
    "Pinecrest Realty",
    "Quarry Bank College",
    "Redwood Analytics",
    "Saltmarsh Outfitters",
    "Tidewater Films",
    "Upland Cycles",
    "Vale & Sons Joinery",
    "Westerly Travel",
    "Yarrow Botanicals",
)
_UNMANAGED = ("Aspen Ridge Hotels", "Birchwood Foods", "Copperfield Toys")
# Of the large book: a few busy ones, then customers of an ordinary size and small ones.
_FIRST = 17
_WITH_FABRIC_TOO = 10


def accounts() -> Iterator[DemoAccount]:
    yield from _BY_HAND
    for place, name in enumerate((*_MANAGED, *_UNMANAGED)):
        number = _FIRST + 2 * place
        theirs = [("adobe", large_book.adobe_customer(number))]
        if place < _WITH_FABRIC_TOO:
            theirs.append(("fabric", large_book.fabric_customer(number)))
        yield DemoAccount(name, str(5556668000 + place), tuple(theirs), is_managed=name in _MANAGED)
