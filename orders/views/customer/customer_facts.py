"""A customer's facts in the order in which they are asked for, in words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext

from orders.domain.customers import Commitment, Customer, CustomerDetails, Discount
from orders.domain.email_addresses import HIDDEN
from orders.domain.orders import Address, Person
from orders.presentation.dates import moment_words
from orders.presentation.numbers import grouped
from orders.presentation.texts import state_words
from orders.presentation.texts.phrases import brief_day, paragraph


class Fact(NamedTuple):
    name: str
    value: str
    note: str = ""


def customer_facts(details: CustomerDetails, *, has_terms: bool) -> Sequence[Fact]:
    """All but the term and what is personal; what wasn't sent is left out, but for a level."""
    customer = details.customer
    if not has_terms:
        return _of_subscriber(details)
    found = [
        Fact(gettext("Customer ID"), customer.customer_id),
        Fact(gettext("Your reference"), customer.external_reference_id),
        Fact(gettext("Segment"), _segment(customer)),
        *_levels(customer),
        *map(_commitment, customer.commitments),
        Fact(gettext("Reseller"), customer.reseller_id),
    ]
    return [fact for fact in found if fact.value]


def _of_subscriber(details: CustomerDetails) -> Sequence[Fact]:
    """Of a customer who is a person with subscriptions, each of which goes its own way."""
    customer, coming = details.customer, details.next_order
    running = {True: gettext("yes"), False: gettext("none is active")}
    found = [
        Fact(gettext("Customer ID"), customer.customer_id),
        Fact(gettext("Your reference"), customer.external_reference_id),
        Fact(gettext("Segment"), ", ".join(customer.sub_segments)),
        Fact(
            gettext("Active subscriptions"),
            "" if customer.has_active is None else running[customer.has_active],
        ),
        Fact(
            gettext("Next order"),
            gettext("not known") if coming is None else moment_words(coming),
            gettext("from the orders that were seen"),
        ),
    ]
    return [fact for fact in found if fact.value]


def badges(customer: Customer) -> Sequence[str]:
    found = [gettext("Buys in several countries")] if customer.is_global else []
    found += [
        gettext("Linked: %(group)s") % {"group": each.name or each.membership_id}
        for each in customer.memberships
    ]
    for kind in customer.benefits:
        found.append(gettext("Large government agency") if kind == "LARGE_GOVERNMENT_AGENCY" else kind)
    return [*found, *customer.tags]


def personal_facts(customer: Customer, *, is_person: bool = False) -> Sequence[Fact]:
    """Admins and address, as they are hidden or revealed."""
    name = gettext("Name") if is_person else gettext("Admin")
    found = [Fact(name, _person(each)) for each in customer.admins]
    if customer.address is not None:
        found.append(Fact(gettext("Address"), _address(customer.address)))
    return [fact for fact in found if fact.value]


def company(customer: Customer) -> str:
    """What the company is called; empty where that is not sent, or not to be shown."""
    return "" if customer.company_name == HIDDEN else customer.company_name


def level_of_licences(customer: Customer) -> str:
    """In brief, for the line; empty where there is none."""
    for each in customer.discounts:
        if each.offer_type == "LICENSE" and each.level:
            return _level(each)
    return ""


def _segment(customer: Customer) -> str:
    return ", ".join(filter(None, (state_words.word(customer.segment), *customer.sub_segments)))


def _levels(customer: Customer) -> Iterator[Fact]:
    """An absent level says nothing: neither that there is none, nor that it is the lowest."""
    names = {"LICENSE": gettext("Level, licences"), "CONSUMABLES": gettext("Level, transactions")}
    given = {each.offer_type: each for each in customer.discounts}
    for kind, name in names.items():
        each = given.pop(kind, None)
        yield Fact(
            name, _level(each) if each is not None and each.level else gettext("no level given"), _code(each)
        )
    for kind, each in given.items():
        yield Fact(gettext("Level, %(kind)s") % {"kind": kind}, _level(each), _code(each))


def _level(discount: Discount) -> str:
    return state_words.word(discount.level)


def _code(discount: Discount | None) -> str:
    if discount is None:
        return ""
    shown = discount.level.code if discount.level.known else ""
    return ", ".join(filter(None, (shown, discount.discount_code)))


def _commitment(given: Commitment) -> Fact:
    names = {
        "commitment": gettext("Three-year commitment"),
        "commitmentRequest": gettext("Three-year commitment, asked for"),
        "recommitmentRequest": gettext("Next three-year commitment, asked for"),
    }
    end = given.ends_on
    value = paragraph(
        state_words.word(given.status),
        gettext("until %(day)s") % {"day": brief_day(end)} if end is not None else "",
    )
    minimums = [
        gettext("at least %(quantity)s (%(kind)s)")
        % {"quantity": grouped(each.quantity), "kind": each.offer_type}
        for each in given.minimums
        if each.quantity is not None
    ]
    return Fact(names.get(given.part, given.part), value, "; ".join(minimums))


def _person(person: Person) -> str:
    name = f"{person.first_name} {person.last_name}".strip()
    return ", ".join(filter(None, (name, person.email, person.phone)))


def _address(address: Address) -> str:
    place = " ".join(filter(None, (address.postal_code, address.city)))
    return ", ".join(filter(None, (*address.street, place, address.state, address.country, address.phone)))
