"""The catalogue of products: written by whoever reads a price list, read by whatever shows an offer."""

import threading
import time
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import Count, QuerySet

from orders.domain.offers import product_of
from orders.index.models import IndexedReference
from orders.index.product_models import Product, ProductOffer

# Seconds for which a process goes on with the names it has read: a page asks for none of them.
_NAMES_HELD = 60.0
_AT_ONCE = 500  # rows of one statement, and no more values than any database takes


class ListedProduct(NamedTuple):
    name: str
    segment: str


class PriceList(NamedTuple):
    """What a price list tells of products, by prefix, and which offers it has; prices were never read.

    `skipped` counts lines that name no offer.
    """

    products: Mapping[str, ListedProduct]
    offers: Collection[str]
    skipped: int = 0


class _Held:
    """The names that this process has read, and when; the lock is for reading them, never for having them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.names: Mapping[str, str] = {}
        self.until = 0.0


_held = _Held()


def names() -> Mapping[str, str]:
    """Name by prefix, at most a minute old. Where the database is away, those that were read last."""
    if time.monotonic() >= _held.until and _held.lock.acquire(blocking=False):
        try:
            _held.names = dict(Product.objects.values_list("prefix", "name"))
        except DatabaseError:
            pass  # an offer without a name is shown by its ID, and the page says itself what is away
        finally:
            _held.until = time.monotonic() + _NAMES_HELD
            _held.lock.release()
    return _held.names


def forget_names() -> None:
    """Read them anew at the next question."""
    _held.until = 0.0


def offers_of(prefixes: Collection[str]) -> list[str]:
    """Every offer ID of these products that is known from price lists and from orders."""
    found = set(ProductOffer.objects.filter(product__in=prefixes).values_list("offer_id", flat=True))
    for prefix in prefixes:
        # A range of the primary key, in any collation: a prefix is eight digits.
        met = IndexedReference.objects.filter(
            kind=IndexedReference.Kind.OFFER, value__gte=prefix, value__lt=f"{int(prefix) + 1:08d}"
        )
        found |= {each for each in met.values_list("value", flat=True).distinct() if product_of(each)}
    return sorted(found)


def keep(listed: PriceList, month: int) -> int:
    """Add what the list of that month (`202611`) tells; says how many products are new."""
    before = dict(Product.objects.values_list("prefix", "first_month"))
    latest = dict(Product.objects.values_list("prefix", "last_month"))
    products = [
        Product(
            prefix=prefix,
            name=each.name[:200],
            segment=each.segment,
            first_month=min(month, before.get(prefix, month)),
            last_month=max(month, latest.get(prefix, month)),
        )
        for prefix, each in listed.products.items()
        if month >= latest.get(prefix, month)
    ]
    older = [prefix for prefix in listed.products if month < latest.get(prefix, month)]
    offers = [ProductOffer(offer_id=each, product_id=product_of(each)) for each in sorted(listed.offers)]
    with transaction.atomic():
        Product.objects.bulk_create(
            products,
            batch_size=_AT_ONCE // 5,
            update_conflicts=True,
            unique_fields=["prefix"],
            update_fields=["name", "segment", "first_month", "last_month"],
        )
        # An older list than what is known says since when, and changes no name.
        Product.objects.filter(prefix__in=older, first_month__gt=month).update(first_month=month)
        ProductOffer.objects.bulk_create(offers, batch_size=_AT_ONCE, ignore_conflicts=True)
    forget_names()
    return len(listed.products.keys() - before.keys())


def listing(text: str = "") -> QuerySet[Product]:
    """By name, with how many offers each has (`offer_count`); `text` is part of a name or a prefix."""
    products = Product.objects.annotate(offer_count=Count("offers")).order_by("name", "prefix")
    for word in text.split():
        products = (
            products.filter(prefix=word)
            if word.isdigit() and len(word) == 8
            else products.filter(name__icontains=word)
        )
    return products
