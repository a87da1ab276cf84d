"""Numbers are found for scripts as far as the portal has seen them and their owner may."""

import json
from typing import Any

import msgspec
import pytest
from django.test import Client

from orders.ledger.models import LedgerEntry
from orders.sandbox import SandboxServer
from orders.views.api.lookup import LOOKUPS
from tests.index.seen import SUBSCRIPTION, adobe_order, see
from tests.personas import assign, person, signed_in
from tests.views.api.conftest import Script, problem

pytestmark = pytest.mark.django_db

LOOKUP = "/api/v1/lookup"
CUSTOMER, OTHER = "1000000007", "1000000137"


def look_up(script: Client, *numbers: str) -> list[Any]:
    """Read strictly: any field of another type than described would be refused."""
    response = script.get(LOOKUP, {"id": list(numbers)})
    assert response.status_code == 200, response.content
    answer: Any = msgspec.json.decode(response.content, type=LOOKUPS)
    assert (answer.total_count, answer.offset, answer.limit) == (len(answer.items), 0, 500)
    return list(answer.items)


def test_each_number_leads_to_what_is_certain(script: Client, upstreams: SandboxServer) -> None:
    see(adobe_order())
    see(adobe_order("7777777777", external_reference_id="PO-78"))
    numbers = ("5883578824", "PO-78", SUBSCRIPTION, CUSTOMER, "9999999999", "help")

    found = look_up(script, *numbers, "5883578824", " ")

    assert [(each.pasted, each.outcome, each.customer_id, each.order_id) for each in found] == [
        ("5883578824", "found", CUSTOMER, "5883578824"),
        ("PO-78", "found", CUSTOMER, "7777777777"),
        (SUBSCRIPTION, "found", CUSTOMER, None),
        (CUSTOMER, "found", CUSTOMER, None),
        ("9999999999", "not-found", None, None),
        ("help", "unreadable", None, None),
    ]
    first = found[0]
    assert (first.source, first.status, first.status_meaning, first.creation_date, first.last_seen) == (
        "adobe",
        "1000",
        "Completed",
        "2026-11-26T12:00:00Z",
        "2026-11-27T12:00:00Z",
    )
    assert upstreams.requests == []


def test_a_number_of_several_customers_is_a_choice(script: Client) -> None:
    see(adobe_order())
    see(adobe_order("7777777777", customer_id=OTHER), customer_id=OTHER)

    (found,) = look_up(script, "PO-77")

    assert (found.outcome, found.customer_id) == ("ambiguous", None)
    entry = LedgerEntry.objects.filter(action="look-up").get()
    assert json.loads(entry.details)["customers"] == [f"adobe {CUSTOMER}", f"adobe {OTHER}"]
    assert {(each.customer_id, each.order_id) for each in found.hits} == {
        (CUSTOMER, "5883578824"),
        (OTHER, "7777777777"),
    }


def test_somebody_elses_number_looks_like_none(script_of: Script, upstreams: SandboxServer) -> None:
    see(adobe_order())
    see(adobe_order("7777777777", customer_id=OTHER), customer_id=OTHER)
    manager = person("milo", "account manager")
    assign(manager, "adobe", OTHER)

    found = look_up(signed_in(manager), "5883578824", "9999999999", "PO-77")

    assert [(each.outcome, len(each.hits)) for each in found] == [
        ("not-found", 0),
        ("not-found", 0),
        ("found", 1),
    ]


def test_it_is_one_look_up_in_the_ledger_and_for_the_limits(script: Client, settings: Any) -> None:
    settings.LIMIT_LOOKUPS_PER_HOUR = 1
    see(adobe_order())

    look_up(script, "5883578824", "PO-77")

    entry = LedgerEntry.objects.latest("id")
    assert (entry.action, entry.outcome, entry.order_id) == ("look-up", "ok", "5883578824")
    assert json.loads(entry.details)["choices"] == 2
    assert problem(script.get(f"{LOOKUP}?id=PO-77")).cause == "limit"


def test_nothing_to_look_up_and_too_much_of_it(script: Client) -> None:
    none = problem(script.get(f"{LOOKUP}?id=&colour=green"))
    many = script.get(LOOKUP, {"id": [str(number) for number in range(501)], "colour": "green"}).json()

    assert (none.status, list(none.errors)) == (400, ["id"])
    assert (many["totalCount"], [each["notice"] for each in many["notices"]]) == (
        500,
        ["too-many", "ignored-parameters"],
    )


def test_who_may_see_nothing_looks_up_nothing(upstreams: SandboxServer) -> None:
    refused = problem(signed_in(person("nora")).get(f"{LOOKUP}?id=5883578824"))

    assert (refused.status, refused.cause) == (403, "forbidden")


@pytest.mark.parametrize("text", ["pat7@example.com", "pat", "x" * 101 + "1"])
def test_what_is_no_number_is_not_kept(script: Client, text: str) -> None:
    (found,) = look_up(script, text)

    assert found.outcome == "unreadable"
    assert text not in "".join(str(each.__dict__) for each in LedgerEntry.objects.all())
