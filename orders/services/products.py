"""The catalogue of products: who may fill it, and what is written down of that."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from orders.domain.errors import NotFound
from orders.domain.offers import is_offer_id, product_of, segment_of
from orders.index import price_files, products
from orders.index.product_models import Product
from orders.index.products import ListedProduct, PriceList
from orders.ledger import Action, record
from orders.ledger.models import LedgerEntry
from orders.people.account_import import decoding
from orders.people.account_import.decoding import Unreadable
from orders.people.permissions import Person
from orders.upstreams import registry

__all__ = ["MOST_BYTES", "MOST_SENT", "Imported", "Unreadable", "import_price_list", "listed_products"]

MOST_BYTES = price_files.MOST_BYTES
# By a form, as of any file that is sent.
MOST_SENT = decoding.MOST_BYTES


class Imported(NamedTuple):
    """How many products a list has, how many of them are new, its offers, and lines that name none."""

    products: int
    new: int
    offers: int
    skipped: int


def this_month() -> int:
    now = datetime.now(UTC)
    return now.year * 100 + now.month


def import_price_list(
    content: bytes, *, actor: Person | None, month: int = 0, most_bytes: int = MOST_BYTES
) -> Imported:
    """Add the products of a partner's price list; `month` is `202611`, by default this one. Whoever runs the
    machine is None as `actor`.

    Raises `Unreadable`. Who may do so is for the caller to ask. What can't be written down is not added.
    """
    listed = price_files.read(content, most_bytes=most_bytes)
    with transaction.atomic():
        new = products.keep(listed, month or this_month())
        record(
            Action.IMPORT,
            actor=actor,
            username="" if actor else "command line",
            details={"file": "price list", "products": len(listed.products), "new": new},
            row_count=len(listed.offers),
            file_sha256=hashlib.sha256(content).hexdigest(),
        )
    return Imported(len(listed.products), new, len(listed.offers), listed.skipped)


def ask_price_list(source: str, month: int) -> int:
    """Add what the upstream's own list of this month calls its products; says how many offers it has.

    Raises `UpstreamError`; what came before it is kept.
    """
    wanted = settings.PRICE_LIST
    segments = wanted["segments"].split()
    return sum(_ask_segment(source, wanted["region"], wanted["currency"], each, month) for each in segments)


def _ask_segment(source: str, region: str, currency: str, segment: str, month: int) -> int:
    offset = 0
    offers: set[str] = set()
    named: dict[str, ListedProduct] = {}
    exchange = None
    while True:
        try:
            page = registry.connect_products(source).list_offers(
                region=region, currency=currency, segment=segment, month=str(month), offset=offset
            )
        except NotFound:  # there is none, or it has ended
            break
        exchange = page.exchange
        for each in page.offers:
            if is_offer_id(each.offer_id):
                offers.add(each.offer_id)
                name = price_files.full_name(each.family, each.detail, each.language)
                named.setdefault(product_of(each.offer_id), ListedProduct(name, segment_of(each.offer_id)))
        offset += page.received
        if not page.received or (page.total_count is not None and offset >= page.total_count):
            break
    with transaction.atomic():
        new = products.keep(PriceList(named, offers), month)
        record(
            Action.IMPORT,
            source=source,
            exchange=exchange,
            details={"asked": f"price list {month} {segment}", "products": len(named), "new": new},
            row_count=len(offers),
        )
    return len(offers)


def was_asked(source: str, month: int) -> bool:
    """Whether the list of this month was had already, by what stands in the ledger of it."""
    segments = settings.PRICE_LIST["segments"].split()
    rows = LedgerEntry.objects.filter(action=Action.IMPORT, source=source)
    last = f"price list {month} {segments[-1]}"
    return any(
        last in str(details) for details in rows.order_by("-id").values_list("details", flat=True)[:50]
    )


def listed_products(text: str = "") -> QuerySet[Product]:
    return products.listing(text)
