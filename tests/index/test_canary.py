"""Personal values in every text field of an order, of whatever type: none is in the index's tables."""

import types
import typing
from datetime import datetime
from decimal import Decimal

import msgspec
import pytest
from django.db import connection

from orders.domain.orders import Order
from orders.domain.terms import Term
from orders.index import line, remember, write_now
from orders.index.models import IndexedOrder
from tests.index.seen import NOON

pytestmark = pytest.mark.usefixtures("engine")

TABLES = ("indexedcustomer", "indexedorder", "indexedreference", "statuschange", "customermonth")
CANARIES = {
    "name": "Zephyrine",
    "sentence": "please ring Zephyrine Quillfeather",
    "mail": "zephyrine.77@quillfeather.example",
    "street": "14 Quarry Lane",
    "phone": "+1 555 0100 1234",
    "postcode": "B3J 1A1",
    "NUL and unpaired": "Zephyrine\0\ud800 77",
}


def filled(kind, text, depth=0):
    """A value of this type with `text` wherever a text can stand."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return filled(arguments[0], text, depth)
    if origin in (typing.Union, types.UnionType):
        return filled(next(each for each in arguments if each is not type(None)), text, depth)
    if origin is tuple:
        return (filled(arguments[0], text, depth + 1),)
    if kind is Term:
        return Term(text, word=text, meaning=text, known=False)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind, include_extras=True)
        return kind(**{name: filled(hint, text, depth + 1) for name, hint in hints.items()})
    return {str: text, int: 1, bool: False, Decimal: Decimal(2), datetime: NOON}[kind]


def everything_remembered():
    with connection.cursor() as cursor:
        rows = []
        for table in TABLES:
            cursor.execute(f"SELECT * FROM orders_{table}")
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows).casefold()


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_no_personal_value_of_any_field_is_remembered(canary):
    order = msgspec.structs.replace(filled(Order, canary), order_id="5883578824", customer_id="1000000007")
    person = msgspec.structs.replace(order.customer, customer_id="1000000007", reference_id=canary)
    write_now("adobe", "1000000007", [msgspec.structs.replace(order, customer=person)], seen_at=NOON)

    remembered = everything_remembered()
    assert "5883578824" in remembered
    words = [canary.split("\0")[0], *canary.replace("\0", " ").split()]
    assert [word for word in words if len(word) > 3 and word.casefold() in remembered] == []


def test_a_persons_phone_number_is_no_reference():
    """It has a reference's form; that it is somebody's number is known from the same order."""
    order = filled(Order, "Zephyrine")
    digits = "5550100123"
    person = msgspec.structs.replace(order.customer, customer_id="1000000007", phone=digits)
    order = msgspec.structs.replace(
        order, order_id="7", customer_id="", customer=person, external_reference_id=digits
    )
    write_now("fabric", "1000000007", [order], seen_at=NOON)

    assert IndexedOrder.objects.get().external_reference == ""
    assert digits not in everything_remembered()


def test_what_waits_is_masked_before_it_is_written():
    order = msgspec.structs.replace(
        filled(Order, CANARIES["mail"]), order_id="7", customer_id="", customer=None
    )
    remember("adobe", "1000000007", [order])
    line.flush()

    assert "quillfeather" not in everything_remembered()
