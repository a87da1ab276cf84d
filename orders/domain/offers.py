"""What the fifteen characters of an Adobe offer ID say. Those of another length say nothing: as they came.

The first eight name the product, the tenth its segment; level and variant are no part of a name.
"""

import msgspec

from orders.domain.exchanges import Exchange

LENGTH, PREFIX = 15, 8
_SEGMENTS = {"A": "COM", "B": "EDU", "C": "GOV"}


def product_of(offer_id: str) -> str:
    """The first eight characters, by which an offer's product is known; empty for what is no such ID."""
    return offer_id[:PREFIX] if is_offer_id(offer_id) else ""


def segment_of(offer_id: str) -> str:
    return _SEGMENTS.get(offer_id[9], "") if is_offer_id(offer_id) else ""


def is_offer_id(text: str) -> bool:
    return len(text) == LENGTH and text.isascii() and text.isalnum() and text[:PREFIX].isdigit()


class ListedOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a price list. What it costs is never read."""

    offer_id: str
    family: str = ""
    detail: str = ""
    language: str = ""


class FetchedOffers(msgspec.Struct, frozen=True, kw_only=True):
    """One page; `received` counts rows, readable or not."""

    offers: tuple[ListedOffer, ...]
    exchange: Exchange
    received: int
    total_count: int | None = None
