"""Columns of whom an order is for, where it goes and how it is paid: of files, since pages have panels."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from orders.domain.instants import parse_instant
from orders.domain.orders import Address, Payment, Person
from orders.domain.results import OrderRow
from orders.presentation.columns.base import Column, FileValue, joined
from orders.presentation.texts.phrases import Text

_NOWHERE, _NOBODY, _UNPAID = Address(), Person(), Payment()

Value = Callable[[OrderRow], FileValue]


def _column(
    name: str, heading: Text, value: Value, field: str, meaning: Text, example: str, **more: Any
) -> Column[OrderRow]:
    return Column(
        name=name, heading=heading, value=value, source_field=field, meaning=meaning, example=example, **more
    )


def _personal(
    name: str, heading: Text, value: Value, field: str, meaning: Text, example: str
) -> Column[OrderRow]:
    return _column(name, heading, value, field, meaning, example, is_personal=True, needs_reveal=True)


def _address(prefix: str, words: Text, of: Callable[[OrderRow], Address]) -> list[Column[OrderRow]]:
    """An address part by part; `prefix` is the upstream's own name for it."""

    def part(field: str) -> Value:
        return lambda row: getattr(of(row), field)

    return [
        _personal(
            f"{prefix}FirstName",
            format_lazy(_("{address}: first name"), address=words),
            part("first_name"),
            f"{prefix}.name.firstName",
            format_lazy(_("{address}: first name."), address=words),
            "Pat",
        ),
        _personal(
            f"{prefix}MiddleName",
            format_lazy(_("{address}: middle name"), address=words),
            part("middle_name"),
            f"{prefix}.name.middleName",
            format_lazy(_("{address}: middle name."), address=words),
            "Q.",
        ),
        _personal(
            f"{prefix}LastName",
            format_lazy(_("{address}: last name"), address=words),
            part("last_name"),
            f"{prefix}.name.lastName",
            format_lazy(_("{address}: last name."), address=words),
            "Doe",
        ),
        _personal(
            f"{prefix}Street",
            format_lazy(_("{address}: street"), address=words),
            lambda row: joined(of(row).street),
            f"{prefix}.streetAddress.*",
            format_lazy(_("{address}: street, line by line."), address=words),
            "1 Main Street; Flat 2",
        ),
        _column(
            f"{prefix}City",
            format_lazy(_("{address}: city"), address=words),
            part("city"),
            f"{prefix}.city",
            format_lazy(_("{address}: city."), address=words),
            "Springfield",
        ),
        _column(
            f"{prefix}State",
            format_lazy(_("{address}: state"), address=words),
            part("state"),
            f"{prefix}.state",
            format_lazy(_("{address}: state or region."), address=words),
            "WA",
        ),
        _personal(
            f"{prefix}PostalCode",
            format_lazy(_("{address}: postal code"), address=words),
            part("postal_code"),
            f"{prefix}.postalCode, {prefix}.zipCode",
            format_lazy(_("{address}: postal code."), address=words),
            "98052",
        ),
        _column(
            f"{prefix}Country",
            format_lazy(_("{address}: country"), address=words),
            part("country"),
            f"{prefix}.country",
            format_lazy(_("{address}: country."), address=words),
            "US",
        ),
        _personal(
            f"{prefix}Email",
            format_lazy(_("{address}: e-mail"), address=words),
            part("email"),
            f"{prefix}.email",
            format_lazy(_("{address}: e-mail address."), address=words),
            "pat@example.com",
        ),
        _personal(
            f"{prefix}Phone",
            format_lazy(_("{address}: phone"), address=words),
            part("phone"),
            f"{prefix}.phone.number",
            format_lazy(_("{address}: phone number."), address=words),
            "555 0100 1234",
        ),
        _column(
            f"{prefix}PhoneKind",
            format_lazy(_("{address}: kind of phone"), address=words),
            part("phone_kind"),
            f"{prefix}.phone.kind",
            format_lazy(_("{address}: what sort of phone it is."), address=words),
            "mobile",
        ),
    ]


def _of_customer(field: str) -> Value:
    return lambda row: getattr(row.order.customer or _NOBODY, field)


def _of_payment(field: str) -> Value:
    return lambda row: getattr(row.order.payment or _UNPAID, field)


def _about_customer(name: str) -> Callable[[OrderRow], str]:
    """What else the upstream says of the customer, by its name for it."""

    def value(row: OrderRow) -> str:
        attributes = row.order.customer.attributes if row.order.customer else ()
        return next((each.value for each in attributes if each.name == name), "")

    return value


def _yes(name: str) -> Value:
    said = _about_customer(name)
    return lambda row: {"yes": True, "no": False}.get(said(row))


def _moment(name: str) -> Callable[[OrderRow], datetime | None]:
    said = _about_customer(name)
    return lambda row: parse_instant(said(row))


PEOPLE: list[Column[OrderRow]] = [
    *_address("shipTo", _("Ship to"), lambda row: row.order.ship_to or _NOWHERE),
    *_address("billTo", _("Bill to"), lambda row: row.order.bill_to or _NOWHERE),
    _column(
        "paymentMethod",
        _("Payment method"),
        _of_payment("method"),
        "paymentDetails.paymentMethod",
        _("How the order is paid."),
        "CREDIT_CARD",
    ),
    _column(
        "paymentKind",
        _("Kind of payment"),
        _of_payment("kind"),
        "paymentDetails.paymentKind",
        _("Which card or service it is paid with."),
        "Visa",
    ),
    _personal(
        "cardEnding",
        _("Card ending"),
        _of_payment("card_ending"),
        "paymentDetails.paymentIdentifier.cardIdentifier",
        _("The last four characters of the card's number, never more."),
        "4242",
    ),
    _personal(
        "cardExpiry",
        _("Card expires"),
        _of_payment("expiry"),
        "paymentDetails.paymentIdentifier.expiryDate",
        _("When the card expires."),
        "12/2027",
    ),
    _personal(
        "customerFirstName",
        _("Customer: first name"),
        _of_customer("first_name"),
        "customer.firstName",
        _("The customer's first name."),
        "Pat",
    ),
    _personal(
        "customerMiddleName",
        _("Customer: middle name"),
        _of_customer("middle_name"),
        "customer.middleName",
        _("The customer's middle name."),
        "Q.",
    ),
    _personal(
        "customerLastName",
        _("Customer: last name"),
        _of_customer("last_name"),
        "customer.lastName",
        _("The customer's last name."),
        "Doe",
    ),
    _personal(
        "customerEmail",
        _("Customer: e-mail"),
        _of_customer("email"),
        "customer.email",
        _("The customer's e-mail address."),
        "pat@example.com",
    ),
    _personal(
        "customerPhone",
        _("Customer: phone"),
        _of_customer("phone"),
        "customer.contactNumber",
        _("The customer's phone number."),
        "555 0100 1234",
    ),
    _column(
        "customerReferenceId",
        _("Customer's reference"),
        _of_customer("reference_id"),
        "customer.customerReferenceId",
        _("The merchant's own ID of the customer."),
        "12345",
    ),
    _column(
        "customerStatus",
        _("Customer's status"),
        _of_customer("status"),
        "customer.status",
        _("Whether the customer is active."),
        "ACTIVE",
    ),
    _column(
        "customerLocale",
        _("Customer's language"),
        _about_customer("locale"),
        "customer.locale",
        _("The customer's language and country."),
        "en-us",
    ),
    _column(
        "customerSegments",
        _("Customer's segments"),
        _about_customer("segments"),
        "customer.segments, customer.segment",
        _("The groups that the customer belongs to."),
        "vip, employee",
    ),
    _personal(
        "customerEmployeeId",
        _("Customer's employee ID"),
        _about_customer("employeeId"),
        "customer.employeeId",
        _("The customer's ID as an employee of the merchant."),
        "E-10042",
    ),
    _column(
        "customerMayBeEmailed",
        _("May be e-mailed"),
        _yes("communicationPreference.email"),
        "customer.communicationPreference.email",
        _("Whether the customer agreed to e-mails."),
        "true",
        unit=_("true or false"),
    ),
    _column(
        "customerMayBeTexted",
        _("May be texted"),
        _yes("communicationPreference.sms"),
        "customer.communicationPreference.sms",
        _("Whether the customer agreed to text messages."),
        "false",
        unit=_("true or false"),
    ),
    _column(
        "customerIsDeleted",
        _("Customer deleted"),
        _yes("isDeleted"),
        "customer.isDeleted",
        _("Whether the upstream marks the customer as deleted."),
        "false",
        unit=_("true or false"),
    ),
    _column(
        "customerDeletedAt",
        _("Customer deleted, UTC"),
        _moment("deletedAt"),
        "customer.deletedAt",
        _("When the customer was deleted; it means nothing without the mark."),
        "2026-11-05T10:00:00Z",
        unit=_("instant, UTC"),
    ),
    _column(
        "customerCreatedAt",
        _("Customer since, UTC"),
        _moment("createdAt"),
        "customer.createdAt",
        _("Since when the customer is known."),
        "2024-02-01T09:30:00Z",
        unit=_("instant, UTC"),
    ),
    _column(
        "customerUpdatedAt",
        _("Customer updated, UTC"),
        _moment("updatedAt"),
        "customer.updatedAt",
        _("When the customer's record last changed."),
        "2026-10-05T10:00:00Z",
        unit=_("instant, UTC"),
    ),
]
