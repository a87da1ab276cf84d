"""From Adobe's price list to what offers are called. No price is read out of it."""

from orders.domain.offers import ListedOffer
from orders.upstreams.reading.decoding import Problems, Unreadable, load_exact, text, whole


def parse_offers(body: bytes) -> tuple[list[ListedOffer], int, int | None]:
    """The rows that can be named, how many came, and the count."""
    loaded = load_exact(body)
    rows = loaded.get("offers") if isinstance(loaded, dict) else None
    if not isinstance(rows, list):
        raise Unreadable("`offers` is not a list")
    problems: Problems = []
    offers = [
        ListedOffer(
            offer_id=text(row.get("offerId"), "offerId", problems),
            family=text(row.get("productFamily"), "productFamily", problems),
            detail=text(row.get("additionalDetail"), "additionalDetail", problems),
            language=text(row.get("language"), "language", problems),
        )
        for row in rows
        if isinstance(row, dict)
    ]
    total = whole(loaded.get("totalCount"), "totalCount", problems)
    return [each for each in offers if each.offer_id and each.family], len(rows), total
