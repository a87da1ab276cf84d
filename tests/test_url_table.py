"""Every address of the portal against everybody who may come: anonymous, without a role, and each role, with
the customer assigned to them and not. An address that is not in the table fails the test.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.people import ROLES, assign, person

pytestmark = pytest.mark.django_db

CUSTOMER = customers.FABRIC_CALM


class Row(NamedTuple):
    """The statuses: nobody signed in, no role, and then the roles. Scope matters to the manager alone."""

    method: str
    name: str
    args: tuple[Any, ...]
    anonymous: int
    none: int
    agent: int
    manager: int
    manager_outside: int
    supervisor: int
    administrator: int
    data: dict[str, str] = {}


OF = ("fabric", CUSTOMER)
ORDER = (*OF, "ORDER")  # the ID is put in when it is known
LOOK_UP = {"q": CUSTOMER, "source": "fabric"}
SAVE = {"name": "mine", "source": "fabric", "customer_id": CUSTOMER}
# fmt: off
TABLE = [
    #    method  name               arguments  anon none agent mgr out  sup  admin
    Row("GET",  "home",             (),        302, 200, 200, 200, 200, 200, 200),
    Row("GET",  "lookup",           (),        302, 302, 302, 302, 302, 302, 302),
    Row("POST", "lookup",           (),        302, 403, 302, 302, 302, 302, 302, LOOK_UP),
    Row("GET",  "history",          OF,        302, 403, 200, 200, 404, 200, 200),
    Row("GET",  "details",          ORDER,     302, 403, 200, 200, 404, 200, 200),
    Row("POST", "details",          ORDER,     302, 403, 403, 403, 404, 200, 200, {"reason": "T-1"}),
    Row("POST", "save-view",        (),        302, 403, 302, 302, 302, 302, 302, SAVE),
    Row("GET",  "save-view",        (),        302, 405, 405, 405, 405, 405, 405),
    Row("POST", "delete-view",      (99,),     302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "ledger",           (),        302, 403, 403, 403, 403, 200, 200),
    Row("GET",  "ledger-export",    (),        302, 403, 403, 403, 403, 200, 200),
    Row("POST", "ledger",           (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "account-imports",  (),        302, 403, 403, 403, 403, 403, 200),
    Row("POST", "account-imports",  (),        302, 403, 403, 403, 403, 403, 400),
    Row("GET",  "account-import",   (99,),     302, 403, 403, 403, 403, 403, 404),
    Row("POST", "carry-out-import", (99,),     302, 403, 403, 403, 403, 403, 404),
    Row("GET",  "live",             (),        200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "ready",            (),        200, 200, 200, 200, 200, 200, 200),
    # From this machine; elsewhere it wants a token, see its own tests.
    Row("GET",  "metrics",          (),        200, 200, 200, 200, 200, 200, 200),
]
# fmt: on
# Addresses of other makers, by what their names begin with. All of them ask no upstream, and:
SIGN_IN = ("account", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "saml_")
ADMIN = "admin:"


def named(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLPattern) and each.name:
            yield f"{namespace}{each.name}"
        elif isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from named(each.url_patterns, inner)


OURS = {row.name for row in TABLE}
THEIRS = sorted({name for name in named() if name not in OURS})


def visitor(role: str, *, is_assigned: bool) -> Client:
    """`role` is one of ROLES, `none`, or `anonymous`."""
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        roles = (role,) if role in ROLES else ()
        who = person("pat", *roles, is_staff=role == "administrator")
        if is_assigned:
            assign(who, "fabric", CUSTOMER)
        client.force_login(who)
    return client


@pytest.fixture
def order_id(upstreams: SandboxServer) -> str:
    client = Client()
    client.force_login(person("root", is_superuser=True))
    page = Page(client.get(f"/fabric/customers/{CUSTOMER}/orders/"))
    return page.order_ids[0]


def test_every_address_is_in_the_table() -> None:
    unknown = [name for name in THEIRS if not name.startswith((*SIGN_IN, ADMIN))]

    assert unknown == []
    assert set(named()) >= OURS


@pytest.mark.parametrize("is_assigned", [True, False], ids=["in scope", "out of scope"])
@pytest.mark.parametrize("role", ["anonymous", "none", *ROLES])
def test_our_addresses(role: str, is_assigned: bool, order_id: str) -> None:
    client = visitor(role, is_assigned=is_assigned)
    column = {
        "anonymous": "anonymous",
        "none": "none",
        "customer-service agent": "agent",
        "account manager": "manager" if is_assigned else "manager_outside",
        "supervisor": "supervisor",
        "administrator": "administrator",
    }[role]

    expected = {f"{row.method} {row.name}": getattr(row, column) for row in TABLE}
    found = {f"{row.method} {row.name}": ask(client, row, order_id).status_code for row in TABLE}

    assert found == expected


def ask(client: Client, row: Row, order_id: str) -> Any:
    args = [order_id if each == "ORDER" else each for each in row.args]
    response = getattr(client, row.method.lower())(reverse(row.name, args=args), row.data)
    response.close()
    if response.status_code == 302 and "_auth_user_id" not in client.session:
        assert response.headers["Location"].startswith("/accounts/login/")
    return response


def address_of(name: str) -> str:
    for args in ((), ("1",), ("1", "1"), ("auth",), ("sso",)):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name} wants arguments that this test does not know")


@pytest.mark.parametrize("role", ["anonymous", "none", *ROLES])
def test_addresses_of_the_administration(role: str, upstreams: SandboxServer) -> None:
    """Closed to all but staff; open to staff as far as their permissions go."""
    client = visitor(role, is_assigned=True)
    statuses = {
        name: client.get(address_of(name)).status_code
        for name in THEIRS
        if name.startswith(ADMIN) and not name.endswith((":login", ":logout", ":jsi18n"))
    }

    if role == "administrator":
        assert statuses.pop("admin:view_on_site") == 404
        own = {name: status for name, status in statuses.items() if "_auth_" in name or "_account_" in name}
        assert set(own.values()) <= {200, 302, 404, 403}
        assert statuses["admin:orders_account_changelist"] == statuses["admin:auth_group_add"] == 200
    else:
        assert set(statuses.values()) <= {302, 403}, statuses
    assert upstreams.requests == []


@pytest.mark.parametrize("role", ["anonymous", "none", *ROLES])
def test_addresses_of_the_sign_in(role: str, upstreams: SandboxServer) -> None:
    """They are about oneself, so that no role matters; none of them fails or leads to orders."""
    client = visitor(role, is_assigned=True)
    answers: dict[str, HttpResponseBase] = {
        name: client.get(address_of(name))
        for name in THEIRS
        if name.startswith(SIGN_IN) and name != "account_logout"
    }

    assert {name: each.status_code for name, each in answers.items() if each.status_code >= 500} == {}
    if role == "anonymous":
        open_ = {name for name, each in answers.items() if each.status_code == 200}
        assert open_ <= {
            "account_login",
            "account_signup",
            "account_inactive",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
        }
    assert upstreams.requests == []
