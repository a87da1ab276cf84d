"""Every function of the service that touches a customer, against every role, in scope and out of it."""

import inspect
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from orders import services
from orders.domain.errors import NotFound, NotYours
from orders.domain.pasted_text import Pasted
from orders.domain.queries import PageRequest
from orders.domain.resellers import CustomersQuery
from orders.domain.selection import FabricOrderQuery
from orders.index import pasted
from orders.ledger import LedgerEntry
from orders.people.permissions import Refused, rights_of
from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.personas import assign, person

pytestmark = pytest.mark.django_db

SMALL = customers.ADOBE_SMALL
ALLOWED, REFUSED, FOREIGN = "allowed", "refused", "foreign"


def ask(function: str, actor: Any, customer_id: str) -> Any:
    of: dict[str, Any] = {"actor": actor, "source": "adobe", "customer_id": customer_id}
    page: dict[str, Any] = {
        "query": AdobeOrderQuery(created_from="2000-01-01"),
        "page_request": PageRequest(0, 25),
    }
    calls: dict[str, Callable[[], Any]] = {
        "list_orders": lambda: services.list_orders(**of, **page),
        "export_admitted": lambda: services.export_admitted(**of),
        "export_started": lambda: services.export_started(**of, query=page["query"]),
        "export_downloaded": lambda: services.export_downloaded(**of, row_count=7, file_sha256="a" * 64),
        "get_order": lambda: services.get_order(**of, order_id="0"),
        "reveal_order": lambda: services.reveal_order(**of, order_id="0", reason="T-1"),
        "look_up": lambda: services.look_up(**of),
        "export_ended": lambda: services.export_ended(**of, row_count=7),
        "get_family": lambda: services.get_family(**of, order_id="0"),
        "list_customers_of_reseller": lambda: services.list_customers_of_reseller(
            actor=actor,
            rights=rights_of(actor),
            source="adobe",
            reseller_id=customers.ADOBE_RESELLER,
            query=CustomersQuery(),
        ),
        "get_customer": lambda: services.get_customer(**of),
        "list_subscriptions": lambda: services.list_subscriptions(**of),
        "reveal_customer": lambda: services.reveal_customer(**of, reason="T-1"),
        "find": lambda: services.find(actor, rights_of(actor), [customer_id]),
        "keep_numbers": lambda: services.keep_numbers(actor, rights_of(actor), Pasted()),
        "find_kept": lambda: services.find_kept(actor, rights_of(actor), kept_for(actor)),
        "find_for_file": lambda: services.find_for_file(actor, rights_of(actor), kept_for(actor)),
        "list_exported": lambda: services.list_exported(actor, "lookups", row_count=7, file_sha256="a" * 64),
    }
    return calls[function]()


def kept_for(actor: Any) -> UUID:
    """A list of numbers that this person pasted, when they might."""
    return pasted.keep(actor.pk or 0, Pasted()).pk


# What each role gets: for a customer in its scope, and for one outside.
VIEW = {
    "": (REFUSED, REFUSED),
    "customer-service agent": (ALLOWED, ALLOWED),
    "account manager": (ALLOWED, FOREIGN),
    "supervisor": (ALLOWED, ALLOWED),
    "administrator": (ALLOWED, ALLOWED),
}
EXPORT = VIEW | {"customer-service agent": (REFUSED, REFUSED)}
REVEAL = EXPORT | {"account manager": (REFUSED, FOREIGN)}
TABLE = {
    "list_orders": VIEW,
    "get_order": VIEW,
    "reveal_order": REVEAL,
    "export_admitted": EXPORT,
    "export_started": EXPORT,
    "export_downloaded": EXPORT,
    # A look-up only reads what was pasted; the page it leads to decides.
    "look_up": VIEW | {"account manager": (ALLOWED, ALLOWED)},
    "get_family": VIEW,
    # Whoever sees everybody's customers, whichever they manage.
    "list_customers_of_reseller": VIEW | {"account manager": (FOREIGN, FOREIGN)},
    "get_customer": VIEW,
    "list_subscriptions": VIEW,
    "reveal_customer": REVEAL,
    # Of numbers, the scope decides which are found, not whether one may ask.
    "keep_numbers": VIEW | {"account manager": (ALLOWED, ALLOWED)},
    "find_kept": VIEW | {"account manager": (ALLOWED, ALLOWED)},
    "find_for_file": EXPORT | {"account manager": (ALLOWED, ALLOWED)},
    # Admitted by whoever calls it.
    "find": dict.fromkeys(VIEW, (ALLOWED, ALLOWED)),
    "list_exported": dict.fromkeys(VIEW, (ALLOWED, ALLOWED)),
    # Only writes down what became of something that was admitted.
    "export_ended": dict.fromkeys(VIEW, (ALLOWED, ALLOWED)),
}


def test_every_function_with_an_actor_is_in_the_table() -> None:
    found = {
        name
        for name, function in inspect.getmembers(services, inspect.isfunction)
        if "actor" in inspect.signature(function).parameters
    }
    assert found == set(TABLE)


@pytest.mark.parametrize("is_in_scope", [True, False], ids=["in scope", "out of scope"])
@pytest.mark.parametrize("role", list(VIEW))
@pytest.mark.parametrize("function", list(TABLE))
def test_who_may_call_it(function: str, role: str, is_in_scope: bool, upstreams: Any) -> None:
    actor = person("pat", *filter(None, (role,)))
    if is_in_scope:
        assign(actor, "adobe", SMALL)
    expected = TABLE[function][role][0 if is_in_scope else 1]

    assert outcome(lambda: ask(function, actor, SMALL)) == expected
    if expected != ALLOWED:
        assert upstreams.requests == []
        entry = LedgerEntry.objects.order_by("-id")[0]
        refusal = "refused-right" if expected == REFUSED else "refused-scope"
        assert (entry.action, entry.outcome, entry.username) == ("refused", refusal, "pat")


def outcome(call: Callable[[], Any]) -> str:
    try:
        call()
    except Refused:
        return REFUSED
    except NotYours:
        return FOREIGN
    except NotFound:
        return ALLOWED  # it was asked: there is no order 0
    return ALLOWED


def test_a_run_ends_when_its_owner_loses_the_right(upstreams: Any) -> None:
    milo = person("milo", "account manager")
    assign(milo, "adobe", SMALL)
    assert ask("export_admitted", milo, SMALL).may_export

    milo.groups.clear()

    with pytest.raises(Refused):
        ask("export_admitted", milo, SMALL)
    assert LedgerEntry.objects.order_by("-id")[0].outcome == "refused-right"


def test_a_run_ends_when_its_owner_loses_the_customer(upstreams: Any) -> None:
    milo = person("milo", "account manager")
    account = assign(milo, "adobe", SMALL)
    ask("export_admitted", milo, SMALL)

    account.assignments.all().delete()

    with pytest.raises(NotYours):
        ask("export_admitted", milo, SMALL)
    assert LedgerEntry.objects.order_by("-id")[0].outcome == "refused-scope"


def test_pages_of_a_file_are_masked_and_leave_no_entries_of_their_own(upstreams: Any) -> None:
    thea = person("thea", "supervisor")
    before = LedgerEntry.objects.count()
    rights = services.export_admitted(actor=thea, source="fabric", customer_id=customers.FABRIC_MAIN)

    page = services.page_for_file(
        rights=rights,
        source="fabric",
        customer_id=customers.FABRIC_MAIN,
        query=FabricOrderQuery(),
        page_request=PageRequest(0, 100),
    )

    shown = {row.order.customer.email for row in page.rows if row.order.customer}
    assert shown
    assert all("•••@" in email for email in shown)
    assert LedgerEntry.objects.count() == before
