"""An order taken apart for its page: blocks of named facts, totals, promotions, the retry clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from orders import cells
from orders.domain.instants import parse_instant
from orders.domain.orders import Address, Attribute, Link, Money, Order, Payment, Person
from orders.domain.results import OrderRow


@dataclass(frozen=True)
class Fact:
    name: str
    value: Any


@dataclass(frozen=True)
class Block:
    """Facts under one heading; `note` stands below them."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One attempt on the retry clock."""

    mark: str
    style: str
    words: str


def blocks(row: OrderRow) -> list[Block]:
    """Everything beside the lines, without what the upstream left out."""
    order = row.order
    found = [
        Block("Order", _header(row)),
        Block("Customer", _person(order.customer) if order.customer else []),
        Block("Ship to", _address(order.ship_to) if order.ship_to else []),
        Block("Bill to", _address(order.bill_to) if order.bill_to else []),
        Block("Payment", _payment(order.payment) if order.payment else []),
        Block("More", _attributes(order.attributes)),
        Block(
            "Links",
            _links(order.links),
            "As the upstream names them; the portal doesn't follow them.",
        ),
    ]
    return [block for block in found if block.facts]


def _facts(*pairs: tuple[str, Any]) -> list[Fact]:
    return [Fact(name, value) for name, value in pairs if value not in ("", None, cells.NOTHING)]


def _identifier(text: str) -> SafeString | str:
    return format_html('<span class="id">{}</span>', text) if text else ""


def _order_reference(row: OrderRow) -> SafeString | str:
    reference = row.order.reference_order_id
    address = cells.order_address(row.source, row.customer_id, reference) if reference else ""
    if not address:
        return _identifier(reference)
    return format_html('<a class="id" href="{}">{}</a>', address, reference)


def _header(row: OrderRow) -> list[Fact]:
    order = row.order
    kind = order.order_type
    type_words = (
        format_html('{} <span class="code">{}</span>', kind.word, kind.code)
        if kind and kind.word.upper() != kind.code
        else kind.word
    )
    return _facts(
        ("Type", type_words),
        ("What it means", order.status.meaning),
        ("Refers to", _order_reference(row)),
        ("Your reference", _identifier(order.external_reference_id)),
        ("Created", cells.instant(order.created_at)),
        ("Scheduled", cells.instant(order.scheduled_at)),
        ("Status since", cells.instant(order.status_updated_at)),
        ("Updated", cells.instant(order.updated_at)),
        ("Deleted", cells.instant(order.deleted_at) if order.is_deleted else ""),
        ("Currency", order.currency_code),
        ("Made by", order.origin),
        ("Order number", order.order_number),
        ("Customer", _identifier(order.customer_id)),
        ("Deployments", _identifiers(line.deployment_id for line in order.lines)),
        ("Error code", _identifier(order.failure.code) if order.failure else ""),
        ("Error message", order.failure.message if order.failure else ""),
    )


def _identifiers(values: Iterable[str]) -> SafeString:
    once = dict.fromkeys(value for value in values if value)
    return format_html_join(" ", '<span class="id">{}</span>', ((value,) for value in once))


def _full_name(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _person(person: Person) -> list[Fact]:
    return [
        *_facts(
            ("Name", _full_name(person.first_name, person.middle_name, person.last_name)),
            ("E-mail", person.email),
            ("Phone", person.phone),
            ("Status", person.status),
            ("Customer ID", _identifier(person.customer_id)),
            ("Your reference", _identifier(person.reference_id)),
        ),
        *_attributes(person.attributes),
    ]


def _address(address: Address) -> list[Fact]:
    town = " ".join(filter(None, (address.city, address.state, address.postal_code)))
    lines = [*address.street, town, address.country]
    return _facts(
        ("Name", _full_name(address.first_name, address.middle_name, address.last_name)),
        ("Company", address.company),
        (
            "Address",
            format_html_join("", '<span class="part">{}</span>', ((ln,) for ln in lines if ln)),
        ),
        ("E-mail", address.email),
        ("Phone", f"{address.phone} ({address.phone_kind})" if address.phone_kind else address.phone),
    )


def _payment(payment: Payment) -> list[Fact]:
    return _facts(
        ("Method", payment.method),
        ("Kind", payment.kind),
        ("Card ending", _identifier(payment.card_ending)),
        ("Expires", payment.expiry),
    )


# The upstream's names for what it says of a customer, in ours. Others are shown as they come.
_ATTRIBUTE_NAMES = {
    "communicationPreference.email": "May be e-mailed",
    "communicationPreference.sms": "May be texted",
    "createdAt": "Since",
    "isDeleted": "Deleted",
    "locale": "Language",
    "segments": "Segments",
    "updatedAt": "Last change",
}


def _attributes(attributes: Iterable[Attribute]) -> list[Fact]:
    given = {each.name: each.value for each in attributes}
    if given.get("isDeleted") != "yes":
        given.pop("deletedAt", None)  # a stale date without the mark means nothing
    return _facts(
        *((_ATTRIBUTE_NAMES.get(name, name), _attribute_value(value)) for name, value in given.items())
    )


def _attribute_value(value: str) -> SafeString | str:
    """An instant or a link only where it is one: what the upstream calls a URL need not be."""
    moment = parse_instant(value) if value.endswith("Z") else None
    if moment is not None:
        return cells.instant(moment)
    if value.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noreferrer nofollow">{}</a>', value, value)
    return value


def _links(links: Iterable[Link]) -> list[Fact]:
    return _facts(
        *(
            (link.relation, format_html('{} <span class="id">{}</span>', link.method, link.uri))
            for link in links
        )
    )


def totals(order: Order) -> list[tuple[str, str, bool]]:
    """(name, amount with currency, whether it is the sum) as the upstream sent them."""
    if order.totals is not None:
        given = order.totals
        currency = given.currency or order.currency_code
        rows = [
            ("Tax", given.tax, False),
            ("Discount", given.discount, False),
            ("Total", given.amount, True),
        ]
        return [
            (name, cells.money(Money(amount=amount, currency=currency)), strong)
            for name, amount, strong in rows
            if amount is not None or strong
        ]
    return [(price.name, cells.money(price.money), True) for price in order.summaries]


def promotions(order: Order) -> list[dict[str, Any]]:
    """One entry per promotion of a line, asked-for codes without a result included."""
    found = []
    for line in order.lines:
        number = line.number or line.line_id
        for promotion in line.promotions:
            found.append(
                {
                    "line": number,
                    "code": promotion.code,
                    "result": cells.term(promotion.result),
                    "promotion_id": promotion.promotion_id,
                }
            )
        known = {promotion.code for promotion in line.promotions}
        found += [
            {"line": number, "code": code, "result": "asked for", "promotion_id": ""}
            for code in line.requested_promotions
            if code not in known
        ]
    return found


def clock(row: OrderRow) -> list[Step]:
    """The first attempt and every retry allowed: what failed, what comes next, what is left."""
    retry = row.order.retry
    if retry is None or retry.used is None or not retry.allowed or not 0 < retry.allowed <= 12:
        return []
    state = row.attention.state.code
    is_over = state in {"retries-exhausted", "canceled-while-retrying", "failed-no-retry"}
    failed = min(retry.used, retry.allowed)
    steps = [Step("1", "done", "First attempt failed")]
    for number in range(1, retry.allowed + 1):
        if number <= failed or (state == "retries-exhausted"):
            steps.append(Step(f"R{number}", "done", f"Retry {number} failed"))
        elif number == failed + 1 and state == "recovered":
            steps.append(Step(f"R{number}", "good", f"Retry {number} succeeded"))
        elif number == failed + 1 and state == "retrying-now":
            steps.append(Step(f"R{number}", "busy", f"Retry {number} is under way"))
        elif number == failed + 1 and not is_over and state == "will-retry":
            steps.append(Step(f"R{number}", "next", f"Retry {number} comes next"))
        else:
            steps.append(Step(f"R{number}", "", f"Retry {number}, not used"))
    return steps


def retry_words(row: OrderRow) -> str:
    """`Retries used 1 of 3 · payment · every 3 days`, the raw pair always in view."""
    retry = row.order.retry
    if retry is None:
        return ""
    parts = []
    if retry.used is not None:
        allowed = f" of {retry.allowed}" if retry.allowed is not None else ""
        parts.append(f"Retries used {retry.used}{allowed}")
    if retry.kind:
        parts.append(f"{retry.kind.word.lower()} ({retry.kind.code})")
    if retry.days_between:
        parts.append(f"every {retry.days_between} day{'s' if retry.days_between != 1 else ''}")
    return " · ".join(parts)
