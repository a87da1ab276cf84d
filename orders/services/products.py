"""The catalogue of products: who may fill it, and what is written down of that."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from orders.index import price_files, products
from orders.index.product_models import Product
from orders.ledger import Action, record
from orders.people.account_import.decoding import Unreadable
from orders.people.permissions import Person

__all__ = ["MOST_BYTES", "Imported", "Unreadable", "import_price_list", "listed_products"]

MOST_BYTES = price_files.MOST_BYTES


class Imported(NamedTuple):
    """How many products a list has, how many of them are new, its offers, and lines that name none."""

    products: int
    new: int
    offers: int
    skipped: int


def this_month() -> int:
    now = datetime.now(UTC)
    return now.year * 100 + now.month


def import_price_list(content: bytes, *, actor: Person | None, month: int = 0) -> Imported:
    """Add the products of a partner's price list; `month` is `202611`, by default this one.

    Raises `Unreadable`. Who may do so is for the caller to ask.
    """
    listed = price_files.read(content)
    new = products.save(listed, month or this_month())
    record(
        Action.IMPORT,
        actor=actor,
        details={"file": "price list", "products": len(listed.products), "new": new},
        row_count=len(listed.offers),
        file_sha256=hashlib.sha256(content).hexdigest(),
    )
    return Imported(len(listed.products), new, len(listed.offers), listed.skipped)


def listed_products(text: str = "") -> QuerySet[Product]:
    return products.listing(text)
