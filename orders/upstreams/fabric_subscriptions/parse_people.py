"""Who an order is for, where it goes and how it is paid: the personal part of fabric's orders."""

from datetime import datetime

from msgspec import field

from orders.domain.instants import zulu
from orders.domain.orders import Address, Attribute, Payment, Person
from orders.upstreams.fabric_subscriptions.wire_types import Wire
from orders.upstreams.reading.decoding import Leaf, Problems, flag, instant, text, words
from orders.upstreams.reading.lenient_decoding import place

# Longer identifiers have been seen, and they look like tokens: nobody needs more to know a card by.
_CARD_ENDING = 4


class WirePreference(Wire, frozen=True, gc=False):
    email: Leaf = None
    sms: Leaf = None
    sms_live: Leaf = field(name="SMS", default=None)


class WireCustomer(Wire, frozen=True, gc=False):
    id: Leaf = None
    customer_reference_id: Leaf = None
    first_name: Leaf = None
    middle_name: Leaf = None
    last_name: Leaf = None
    email: Leaf = None
    contact_number: Leaf = None
    contact_number_documented: Leaf = field(name="contactnumber", default=None)
    status: Leaf = None
    locale: Leaf = None
    employee_id: Leaf = None
    segment: Leaf = None
    segments: Leaf = None
    communication_preference: WirePreference | None = None
    is_deleted: Leaf = None
    deleted_at: Leaf = None
    deleted_at_documented: Leaf = field(name="DeletedAt", default=None)
    created_at: Leaf = None
    updated_at: Leaf = None


class WireName(Wire, frozen=True, gc=False):
    first_name: Leaf = None
    middle_name: Leaf = None
    last_name: Leaf = None


class WireStreet(Wire, frozen=True, gc=False):
    street1: Leaf = None
    street2: Leaf = None


class WirePhone(Wire, frozen=True, gc=False):
    number: Leaf = None
    kind: Leaf = None


class WireAddress(Wire, frozen=True, gc=False):
    name: WireName | None = None
    street_address: WireStreet | None = None
    city: Leaf = None
    state: Leaf = None
    postal_code: Leaf = None
    zip_code: Leaf = None  # in drafts, as a number
    country: Leaf = None
    email: Leaf = None
    phone: WirePhone | None = None


class WireCard(Wire, frozen=True, gc=False):
    card_identifier: Leaf = None
    expiry_date: Leaf = None


class WirePaymentDetails(Wire, frozen=True, gc=False):
    payment_identifier: WireCard | None = None
    payment_method: Leaf = None
    payment_kind: Leaf = None


def card_ending(identifier: str) -> str:
    return identifier[-_CARD_ENDING:]


def read_address(sent: WireAddress | None, path: str, problems: Problems) -> Address | None:
    if sent is None:
        return None
    start = len(problems)
    name = sent.name or WireName()
    street = sent.street_address or WireStreet()
    phone = sent.phone or WirePhone()
    streets = (
        text(street.street1, "streetAddress.street1", problems),
        text(street.street2, "streetAddress.street2", problems),
    )
    address = Address(
        first_name=text(name.first_name, "name.firstName", problems),
        middle_name=text(name.middle_name, "name.middleName", problems),
        last_name=text(name.last_name, "name.lastName", problems),
        street=tuple(filter(None, streets)),
        city=text(sent.city, "city", problems),
        state=text(sent.state, "state", problems),
        postal_code=text(sent.postal_code, "postalCode", problems)
        or text(sent.zip_code, "zipCode", problems),
        country=text(sent.country, "country", problems),
        email=text(sent.email, "email", problems),
        phone=text(phone.number, "phone.number", problems),
        phone_kind=text(phone.kind, "phone.kind", problems),
    )
    if len(problems) > start:
        place(problems, start, path)
    return address if address != Address() else None


def read_payment(sent: WirePaymentDetails | None, problems: Problems) -> Payment | None:
    if sent is None:
        return None
    start = len(problems)
    card = sent.payment_identifier or WireCard()
    payment = Payment(
        method=text(sent.payment_method, "paymentMethod", problems),
        kind=text(sent.payment_kind, "paymentKind", problems),
        card_ending=card_ending(text(card.card_identifier, "paymentIdentifier.cardIdentifier", problems)),
        expiry=text(card.expiry_date, "paymentIdentifier.expiryDate", problems),
    )
    place(problems, start, "paymentDetails.")
    return payment if payment != Payment() else None


def read_person(sent: WireCustomer | None, problems: Problems) -> Person | None:
    if sent is None:
        return None
    start = len(problems)
    person = Person(
        customer_id=text(sent.id, "id", problems),
        reference_id=text(sent.customer_reference_id, "customerReferenceId", problems),
        first_name=text(sent.first_name, "firstName", problems),
        middle_name=text(sent.middle_name, "middleName", problems),
        last_name=text(sent.last_name, "lastName", problems),
        email=text(sent.email, "email", problems),
        phone=text(sent.contact_number, "contactNumber", problems)
        or text(sent.contact_number_documented, "contactnumber", problems),
        status=text(sent.status, "status", problems),
        attributes=_person_attributes(sent, problems),
    )
    if len(problems) > start:
        place(problems, start, "customer.")
    return person if person != Person() else None


def _person_attributes(sent: WireCustomer, problems: Problems) -> tuple[Attribute, ...]:
    """What else is known of the customer, under the documented names, whichever the dialect."""
    preference = sent.communication_preference or WirePreference()
    sms, sms_name = _either(preference.sms, "sms", preference.sms_live, "SMS")
    segments, segments_name = _either(sent.segments, "segments", sent.segment, "segment")
    deleted_at, deleted_name = _either(sent.deleted_at, "deletedAt", sent.deleted_at_documented, "DeletedAt")
    given = (
        ("locale", text(sent.locale, "locale", problems)),
        ("employeeId", text(sent.employee_id, "employeeId", problems)),
        ("segments", ", ".join(words(segments, segments_name, problems))),
        (
            "communicationPreference.email",
            _yes_no(preference.email, "communicationPreference.email", problems),
        ),
        (
            "communicationPreference.sms",
            _yes_no(sms, f"communicationPreference.{sms_name}", problems),
        ),
        ("isDeleted", _yes_no(sent.is_deleted, "isDeleted", problems)),
        ("deletedAt", _stamp(instant(deleted_at, deleted_name, problems))),
        ("createdAt", _stamp(instant(sent.created_at, "createdAt", problems))),
        ("updatedAt", _stamp(instant(sent.updated_at, "updatedAt", problems))),
    )
    return tuple(Attribute(name=name, value=value) for name, value in given if value)


def _either(one: Leaf, its_name: str, other: Leaf, other_name: str) -> tuple[Leaf, str]:
    return (one, its_name) if one is not None else (other, other_name)


def _yes_no(value: Leaf, name: str, problems: Problems) -> str:
    read = flag(value, name, problems)
    return "" if read is None else "yes" if read else "no"


def _stamp(moment: datetime | None) -> str:
    return zulu(moment) if moment else ""
