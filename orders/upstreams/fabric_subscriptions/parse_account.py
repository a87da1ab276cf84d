"""From fabric's bytes to a customer and their subscriptions. A search that was ignored brings everybody's:
whatever is not the customer's own is dropped here, before anybody sees it.
"""

import re
from datetime import date
from typing import Any

import msgspec

from orders.domain.customers import Customer, Subscription
from orders.domain.orders import Person, Plan
from orders.upstreams.answer_matching import Foreign, is_same_id
from orders.upstreams.fabric_subscriptions import terms
from orders.upstreams.fabric_subscriptions.parse import Refused
from orders.upstreams.fabric_subscriptions.request_parameters import problem_of
from orders.upstreams.reading.decoding import (
    Problems,
    Unreadable,
    displayed,
    flag,
    instant,
    load_exact,
    text,
    whole,
    words,
)

_EXPIRY = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{2}|\d{4})", re.ASCII)


class ParsedOwned(msgspec.Struct, frozen=True, kw_only=True):
    """`strangers` counts rows of others, which are dropped; `received` all rows; `total` as fabric says."""

    subscriptions: tuple[Subscription, ...]
    strangers: int
    received: int
    lost: int
    total: int | None
    unreadable: tuple[str, ...]


def parse_customer(body: bytes, customer_id: str) -> Customer:
    """Bare, as documented, or in an envelope, as recorded. Raises `Foreign` for somebody else's."""
    problems: Problems = []
    loaded = _checked(body)
    row = _object(loaded.get("data")) if "data" in loaded else loaded
    row = _object(row.get("customer")) or row
    named = text(row.get("id"), "id", problems)
    reference = text(row.get("customerReferenceId"), "customerReferenceId", problems)
    if not named:
        raise Unreadable("the body is not a customer")
    if not any(is_same_id(each, customer_id) for each in (named, reference)):
        raise Foreign("it is another customer than the one asked for")
    person = Person(
        first_name=text(row.get("firstName"), "firstName", problems),
        middle_name=text(row.get("middleName"), "middleName", problems),
        last_name=text(row.get("lastName"), "lastName", problems),
        email=text(row.get("email"), "email", problems),
        phone=text(row.get("contactNumber"), "contactNumber", problems),
    )
    segments = row.get("segments") if row.get("segments") is not None else row.get("segment")
    return Customer(
        customer_id=named,
        external_reference_id=reference,
        status=terms.account_status(text(row.get("status"), "status", problems)),
        sub_segments=words(segments, "segment", problems),
        has_active=flag(row.get("hasActiveSubscriptions"), "hasActiveSubscriptions", problems),
        created_at=instant(row.get("createdAt"), "createdAt", problems),
        admins=(person,) if person != Person() else (),
        unreadable=tuple(problems),
    )


def parse_subscriptions(body: bytes, customer_id: str, today: date) -> ParsedOwned:
    """The customer's own rows of a list. One that says nothing of whose it is is nobody's."""
    problems: Problems = []
    data = _checked(body).get("data")
    rows = data.get("subscriptions") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise Unreadable("`data.subscriptions` is not a list")
    own: list[Subscription] = []
    strangers = lost = 0
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            problems.append(f"data.subscriptions[{index}]")
            lost += 1
        elif _is_theirs(row, customer_id):
            own.append(_subscription(row, f"data.subscriptions[{index}].", problems, today))
        else:
            strangers += 1
    query = _object(data.get("query")) if isinstance(data, dict) else {}
    return ParsedOwned(
        subscriptions=tuple(own),
        strangers=strangers,
        received=len(rows),
        lost=lost,
        total=whole(query.get("count"), "data.query.count", problems),
        unreadable=tuple(problems),
    )


def _checked(body: bytes) -> dict[str, Any]:
    """The object that came; raises `Refused` where it says itself that it is no success."""
    loaded = load_exact(body)
    if not isinstance(loaded, dict):
        raise Unreadable("the body is not an object")
    status = loaded.get("responseStatus")
    if status is not None and "".join(filter(str.isalnum, displayed(status).upper())) not in {
        "OK",
        "PARTIALSUCCESS",
    }:
        raise Refused(problem_of({**loaded, "responseStatus": status}))
    return loaded


def _is_theirs(row: dict[str, Any], customer_id: str) -> bool:
    owner = _object(row.get("customer"))
    named = (text(owner.get("id"), "", []), text(owner.get("customerReferenceId"), "", []))
    return any(each and is_same_id(each, customer_id) for each in named)


def _subscription(row: dict[str, Any], path: str, problems: Problems, today: date) -> Subscription:
    item, plan = _object(row.get("item")), _object(row.get("plan"))
    expiry = _object(_object(row.get("paymentDetails")).get("paymentIdentifier")).get("expiryDate")
    return Subscription(
        subscription_id=text(row.get("id"), f"{path}id", problems),
        title=text(item.get("title"), f"{path}item.title", problems),
        sku=text(item.get("sku"), f"{path}item.sku", problems),
        status=terms.account_status(text(row.get("status"), f"{path}status", problems)),
        quantity=whole(item.get("quantity"), f"{path}item.quantity", problems),
        plan=Plan(
            plan_id=text(plan.get("id"), f"{path}plan.id", problems),
            frequency=whole(plan.get("frequency"), f"{path}plan.frequency", problems),
            frequency_type=text(plan.get("frequencyType"), f"{path}plan.frequencyType", problems),
        ),
        cycles=whole(
            _object(row.get("expiry")).get("billingCycles"), f"{path}expiry.billingCycles", problems
        ),
        is_card_expired=_is_over(text(expiry, f"{path}paymentDetails", problems), today),
        created_at=instant(row.get("createdAt"), f"{path}createdAt", problems),
    )


def _is_over(expiry: str, today: date) -> bool | None:
    """Whether the card's month, `04/28`, lies before this one. Of the card nothing else is kept."""
    found = _EXPIRY.fullmatch(expiry.strip())
    if found is None or not 1 <= int(found[1]) <= 12:
        return None
    year = int(found[2]) + (2000 if len(found[2]) == 2 else 0)
    return (year, int(found[1])) < (today.year, today.month)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
