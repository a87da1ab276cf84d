"""An order taken apart for its page: blocks of named facts, totals, promotions, the retry clock."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.domain.instants import parse_instant
from orders.domain.orders import Address, Attribute, Line, Link, Money, Order, Payment, Person
from orders.domain.results import OrderRow
from orders.domain.terms import Vocabulary
from orders.presentation import formatters
from orders.presentation.numbers import grouped
from orders.presentation.texts import state_words
from orders.presentation.texts.order_status import status_meaning
from orders.presentation.texts.plain_words import (
    ANSWERS,
    CUSTOMER_STATES,
    PAYMENT_METHODS,
    PHONE_KINDS,
    language_words,
    theirs,
    word_of,
)

# An upstream may send any number; what has no room here stands in the raw JSON.
MOST_FACTS = 200  # in one block
MOST_PROMOTIONS = 500  # beside one page of lines


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
        Block(gettext("Order"), _header(row)),
        Block(gettext("Customer"), _person(order.customer) if order.customer else []),
        *_addresses(order),
        Block(gettext("Payment"), _payment(order.payment) if order.payment else []),
        Block(gettext("More"), _attributes(order.attributes)),
    ]
    return [block for block in found if block.facts]


def links_block(order: Order) -> Block | None:
    """Links as the upstream names them, for support; None where there are none."""
    note = gettext("As the upstream names them; the portal doesn't follow them.")
    facts = _links(order.links)
    return Block(gettext("Links"), facts, note) if facts else None


def _addresses(order: Order) -> list[Block]:
    """Two addresses that are the same stand once."""
    if order.ship_to is not None and order.ship_to == order.bill_to:
        return [Block(gettext("Ship to and bill to"), _address(order.ship_to))]
    return [
        Block(gettext("Ship to"), _address(order.ship_to) if order.ship_to else []),
        Block(gettext("Bill to"), _address(order.bill_to) if order.bill_to else []),
    ]


def _facts(*pairs: tuple[str | Promise, Any]) -> list[Fact]:
    return [Fact(str(name), value) for name, value in pairs if value not in ("", None, formatters.NOTHING)]


def _identifier(text: str) -> SafeString | str:
    return format_html('<span class="id">{}</span>', text) if text else ""


def _order_reference(row: OrderRow) -> SafeString | str:
    reference = row.order.reference_order_id
    address = formatters.order_address(row.source, row.customer_id, reference) if reference else ""
    if not address:
        return _identifier(reference)
    return format_html('<a class="id" href="{}">{}</a>', address, reference)


def _header(row: OrderRow) -> list[Fact]:
    order = row.order
    kind = order.order_type
    type_words = (
        format_html('{} <span class="code">{}</span>', state_words.word(kind), kind.code)
        if kind and kind.word.upper() != kind.code
        else state_words.word(kind)
    )
    return _facts(
        (gettext("Type"), type_words),
        (gettext("What it means"), status_meaning(row)),
        (gettext("Refers to"), _order_reference(row)),
        (gettext("Your reference"), _identifier(order.external_reference_id)),
        (gettext("Created"), formatters.instant(order.created_at)),
        (gettext("Scheduled"), formatters.instant(order.scheduled_at)),
        (gettext("Status since"), formatters.instant(order.status_updated_at)),
        (gettext("Updated"), formatters.instant(order.updated_at)),
        (gettext("Deleted"), formatters.instant(order.deleted_at) if order.is_deleted else ""),
        (gettext("Currency"), order.currency_code),
        (gettext("Made by"), order.origin),
        (gettext("Order number"), order.order_number),
        (gettext("Customer"), _identifier(order.customer_id)),
        (gettext("Deployments"), _identifiers([line.deployment_id for line in order.lines])),
        (gettext("Error code"), _identifier(order.failure.code) if order.failure else ""),
        (gettext("Error message"), theirs(order.failure.message) if order.failure else ""),
    )


def _identifiers(values: Iterable[str]) -> SafeString:
    once = list(dict.fromkeys(value for value in values if value))
    drawn = format_html_join(" ", '<span class="id">{}</span>', ((value,) for value in once[:MOST_FACTS]))
    left = len(once) - MOST_FACTS
    more = gettext("and %(count)s more") % {"count": grouped(left)}
    return format_html("{} {}", drawn, more) if left > 0 else drawn


def _full_name(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _person(person: Person) -> list[Fact]:
    return [
        *_facts(
            (gettext("Name"), _full_name(person.first_name, person.middle_name, person.last_name)),
            (gettext("E-mail"), person.email),
            (gettext("Phone"), person.phone),
            (gettext("Status"), word_of(CUSTOMER_STATES, person.status)),
            (gettext("Customer ID"), _identifier(person.customer_id)),
            (gettext("Your reference"), _identifier(person.reference_id)),
        ),
        *_attributes(person.attributes),
    ]


def _address(address: Address) -> list[Fact]:
    town = " ".join(filter(None, (address.city, address.state, address.postal_code)))
    lines = [*address.street, town, address.country]
    return _facts(
        (gettext("Name"), _full_name(address.first_name, address.middle_name, address.last_name)),
        (gettext("Company"), address.company),
        (
            gettext("Address"),
            format_html_join("", '<span class="part">{}</span>', ((ln,) for ln in lines if ln)),
        ),
        (gettext("E-mail"), address.email),
        (
            gettext("Phone"),
            _phone(address),
        ),
    )


def _phone(address: Address) -> str:
    kind = word_of(PHONE_KINDS, address.phone_kind)
    return f"{address.phone} ({kind})" if kind else address.phone


def _payment(payment: Payment) -> list[Fact]:
    return _facts(
        (gettext("Method"), word_of(PAYMENT_METHODS, payment.method)),
        (gettext("Kind"), payment.kind),
        (gettext("Card ending"), _identifier(payment.card_ending)),
        (gettext("Expires"), payment.expiry),
    )


# More attempts than these would fill the page and tell nobody anything.
_MOST_STEPS = 12

# The upstream's names for what it says of a customer, in ours. Others are shown as they come.
_ATTRIBUTE_NAMES: dict[str, str | Promise] = {
    "communicationPreference.email": _("May be e-mailed"),
    "communicationPreference.sms": _("May be texted"),
    "createdAt": _("Since"),
    "isDeleted": _("Deleted"),
    "locale": _("Language"),
    "segments": _("Segments"),
    "updatedAt": _("Last change"),
}
# Those that the adapter has read as one or the other.
_YES_OR_NO = {"communicationPreference.email", "communicationPreference.sms", "isDeleted"}


def _attributes(attributes: Iterable[Attribute]) -> list[Fact]:
    attributes = tuple(attributes)
    given = {each.name: each.value for each in attributes[:MOST_FACTS]}
    if given.get("isDeleted") != "yes":
        given.pop("deletedAt", None)  # a stale date without the mark means nothing
    return _facts(
        *((_ATTRIBUTE_NAMES.get(name, name), _attribute_words(name, value)) for name, value in given.items()),
        _rest(attributes),
    )


def _rest(entries: Sized) -> tuple[str, str]:
    """What is said of the entries that a block has no room for."""
    left = len(entries) - MOST_FACTS
    if left <= 0:
        return "", ""
    return gettext("And %(count)s more") % {"count": grouped(left)}, gettext("in the raw JSON")


def _attribute_words(name: str, value: str) -> SafeString | str:
    """Plain words for what we know; all else as it came."""
    if name == "locale":
        return language_words(value)
    return word_of(ANSWERS, value) if name in _YES_OR_NO else _attribute_value(value)


def _attribute_value(value: str) -> SafeString | str:
    """An instant or a link only where it is one, and leads where an administrator lets links lead.

    What an upstream sends may lead anywhere, and a reader takes a link on our page for ours.
    """
    moment = parse_instant(value) if value.endswith("Z") else None
    if moment is not None:
        return formatters.instant(moment)
    is_address = value.startswith(("https://", "http://"))
    if is_address and url_has_allowed_host_and_scheme(value, set(settings.LINK_HOSTS)):
        return format_html('<a href="{}" rel="noreferrer nofollow">{}</a>', value, value)
    return value


def _links(links: Sequence[Link]) -> list[Fact]:
    return _facts(
        *(
            (link.relation, format_html('{} <span class="id">{}</span>', link.method, link.uri))
            for link in links[:MOST_FACTS]
        ),
        _rest(links),
    )


def totals(order: Order, prices: Vocabulary) -> list[tuple[str, str, bool]]:
    """(name, amount with currency, whether it is the sum) as the upstream sent them.

    `prices` says what its prices are: a credit stands beside the sum and is never another one.
    """
    if order.totals is not None:
        given = order.totals
        currency = given.currency or order.currency_code
        rows = [
            (gettext("Tax"), given.tax, False),
            (gettext("Discount"), given.discount, False),
            (gettext("Total"), given.amount, True),
        ]
        return [
            (name, formatters.money(Money(amount=amount, currency=currency)), strong)
            for name, amount, strong in rows
            if amount is not None or strong
        ]
    beside = {name for name, term in prices.items() if term.tone == "credit"}
    return [
        (
            f"{price.name} (credit)" if price.name in beside else price.name,
            formatters.money(price.money),
            price.name not in beside,
        )
        for price in order.summaries
    ]


def promotions(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """One entry per promotion of the lines, asked-for codes without a result included."""
    found: list[dict[str, Any]] = []
    for line in lines:
        if len(found) >= MOST_PROMOTIONS:
            break
        number = line.number or line.line_id
        for promotion in line.promotions:
            found.append(
                {
                    "line": number,
                    "code": promotion.code,
                    "result": formatters.term(promotion.result),
                    "promotion_id": promotion.promotion_id,
                }
            )
        known = {promotion.code for promotion in line.promotions}
        found += [
            {"line": number, "code": code, "result": gettext("asked for"), "promotion_id": ""}
            for code in line.requested_promotions
            if code not in known
        ]
    return found[:MOST_PROMOTIONS]


def clock(row: OrderRow) -> list[Step]:
    """The first attempt and every retry allowed: what failed, what comes next, what is left."""
    status = row.retry_status
    used, allowed = status.retries_used, status.retries_allowed
    if used is None or allowed is None or allowed > _MOST_STEPS:
        return []
    state = status.state.code
    failed = allowed if state == "retries-exhausted" else min(used, allowed)
    first = Step("1", "done", gettext("First attempt failed"))
    return [first, *(_step(number, failed, state) for number in range(1, allowed + 1))]


def _step(number: int, failed: int, state: str) -> Step:
    mark, said = f"R{number}", {"number": number}
    if number <= failed:
        return Step(mark, "done", gettext("Retry %(number)s failed") % said)
    if number == failed + 1:
        match state:
            case "recovered":
                return Step(mark, "good", gettext("Retry %(number)s succeeded") % said)
            case "retrying-now":
                return Step(mark, "busy", gettext("Retry %(number)s is under way") % said)
            case "will-retry":
                return Step(mark, "next", gettext("Retry %(number)s comes next") % said)
            case "overdue":
                return Step(mark, "next", gettext("Retry %(number)s is overdue") % said)
    return Step(mark, "", gettext("Retry %(number)s, not used") % said)
