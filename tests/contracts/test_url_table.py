"""Every address of the portal against everybody who may come: anonymous, without a role, and each role, with
the customer assigned to them and not. An address that is not in the table fails the test.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from orders import exports
from orders.exports.models import ColumnSet, Export
from orders.exports.schedules import keeping
from orders.people import api_tokens
from orders.people.account_set_models import AccountSet
from orders.people.models import SavedView
from orders.sandbox import SandboxServer, customers
from orders.sandbox.adobe.account_stories import tell
from tests.pages import Page
from tests.personas import ROLES, assign, person, signed_in

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
ACCOUNT = ("adobe", customers.ADOBE_ORDINARY)  # assigned to nobody
RESELLER = ("adobe", customers.ADOBE_RESELLER)
STORY = tell(ACCOUNT[1], datetime.now(UTC))
assert STORY is not None
BOUGHT = (*ACCOUNT, STORY.orders[0]["orderId"])
ORDER = (*OF, "ORDER")  # the ID is put in when it is known
# These belong to somebody else.
EXPORT, TOKEN, PRESET, VIEW, SET = ("EXPORT",), ("TOKEN",), ("PRESET",), ("VIEW",), ("SET",)
SCHEDULE = ("SCHEDULE",)
PERSON = ("PERSON",)  # who may do everything: above them all
REASON = {"reason": "T-1"}
GRANT = {"decision": "grant", "limit": "9", **REASON}
KIND = ("fabric", "orders")
LIST = ("00000000-0000-4000-8000-000000000000",)
LOOK_UP = {"q": CUSTOMER, "source": "fabric"}
SAVE = {"name": "mine", "source": "fabric", "customer_id": CUSTOMER}
# fmt: off
TABLE = [
    #    method  name               arguments  anon none agent mgr out  sup  admin
    Row("GET",  "home",             (),        302, 200, 200, 200, 200, 200, 200),
    Row("GET",  "lookup",           (),        302, 302, 302, 302, 302, 302, 302),
    Row("POST", "lookup",           (),        302, 403, 303, 303, 303, 303, 303, LOOK_UP),
    Row("GET",  "history",          OF,        302, 403, 200, 200, 404, 200, 200),
    Row("GET",  "customer",         OF,        302, 403, 200, 200, 404, 200, 200),
    Row("GET",  "subscriptions",    OF,        302, 403, 200, 200, 404, 200, 200),
    # Of fabric nothing is told beside one order; of Adobe's the sandbox knows everybody, and their orders.
    Row("GET",  "customer",         ACCOUNT,   302, 403, 200, 404, 404, 200, 200),
    Row("POST", "customer",         ACCOUNT,   302, 403, 403, 404, 404, 200, 200, {"reason": "T-1"}),
    Row("GET",  "subscriptions",    ACCOUNT,   302, 403, 200, 404, 404, 200, 200),
    Row("GET",  "details",          ORDER,     302, 403, 200, 200, 404, 200, 200),
    Row("POST", "details",          ORDER,     302, 403, 403, 403, 404, 200, 200, {"reason": "T-1"}),
    Row("POST", "watch",            ORDER,     302, 403, 302, 302, 404, 302, 302),
    Row("GET",  "watch",            ORDER,     302, 405, 405, 405, 405, 405, 405),
    # One's own watch one may end, whosever the customer is.
    Row("POST", "unwatch",          ORDER,     302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "unwatch",          ORDER,     302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "watching",         (),        302, 403, 200, 200, 200, 200, 200),
    # Nothing has ended since.
    Row("GET",  "watching-progress", (),       302, 403, 204, 204, 204, 204, 204),
    Row("GET",  "reseller",         RESELLER,  302, 403, 200, 404, 404, 200, 200),
    Row("POST", "reseller",         RESELLER,  302, 403, 403, 403, 403, 403, 302),
    Row("GET",  "family",           ORDER,     302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "family",           BOUGHT,    302, 403, 200, 404, 404, 200, 200),
    Row("POST", "saved-views",      (),        302, 403, 302, 302, 302, 302, 302, SAVE),
    # A sign-in on the way to saving a view leads here, too.
    Row("GET",  "saved-views",      (),        302, 200, 200, 200, 200, 200, 200),
    Row("GET",  "palette",          (),        302, 200, 200, 200, 200, 200, 200),
    Row("POST", "list-columns",     ("adobe",), 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "list-columns",     ("adobe",), 302, 405, 405, 405, 405, 405, 405),
    Row("POST", "default-view",     (),        302, 302, 302, 302, 302, 302, 302, {"source": "adobe"}),
    Row("GET",  "default-view",     (),        302, 405, 405, 405, 405, 405, 405),
    Row("POST", "change-view",      VIEW,      302, 404, 404, 404, 404, 404, 404, {"name": "mine"}),
    Row("GET",  "change-view",      VIEW,      302, 405, 405, 405, 405, 405, 405),
    Row("POST", "restore-view",     VIEW,      302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "restore-view",     VIEW,      302, 405, 405, 405, 405, 405, 405),
    Row("POST", "delete-view",      VIEW,      302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "delete-view",      VIEW,      302, 405, 405, 405, 405, 405, 405),
    # Scripts call these two, and `curl -f` takes a redirect for a success.
    Row("GET",  "export",           OF,        401, 403, 403, 200, 404, 200, 200),
    Row("POST", "export",           OF,        401, 403, 403, 202, 404, 202, 202),
    Row("GET",  "export-file",      EXPORT,    401, 404, 404, 404, 404, 404, 404),
    Row("GET",  "api-document",     (),        200, 200, 200, 200, 200, 200, 200),
    # With something to look up, see its own tests.
    Row("GET",  "api-lookup",       (),        401, 400, 400, 400, 400, 400, 400),
    Row("GET",  "api-portfolio",    (),        401, 403, 200, 200, 200, 200, 200),
    Row("GET",  "api-attention",    (),        401, 403, 200, 200, 200, 200, 200),
    Row("GET",  "api-exports",      (),        401, 200, 200, 200, 200, 200, 200),
    # No JSON is sent; with it, see their own tests.
    Row("POST", "api-exports",      (),        401, 415, 415, 415, 415, 415, 415),
    Row("GET",  "api-export",       EXPORT,    401, 404, 404, 404, 404, 404, 404),
    Row("GET",  "api-export-file",  EXPORT,    401, 404, 404, 404, 404, 404, 404),
    Row("GET",  "api-customer",     ACCOUNT,   401, 403, 200, 404, 404, 200, 200),
    Row("GET",  "api-subscriptions", ACCOUNT,  401, 403, 200, 404, 404, 200, 200),
    Row("GET",  "api-history",      OF,        401, 403, 200, 200, 404, 200, 200),
    Row("GET",  "api-order",        ORDER,     401, 403, 200, 200, 404, 200, 200),
    Row("GET",  "attention",        (),        302, 403, 200, 200, 200, 200, 200),
    Row("GET",  "export-attention", (),        302, 403, 403, 200, 200, 200, 200),
    Row("POST", "attention-seen",   (),        302, 403, 302, 302, 302, 302, 302),
    Row("GET",  "attention-seen",   (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "portfolio",        (),        302, 403, 200, 200, 200, 200, 200),
    # Nobody has been given an account of this number.
    Row("GET",  "account",          (9,),      302, 403, 404, 404, 404, 404, 404),
    Row("POST", "refresh-accounts", (),        302, 403, 302, 302, 302, 302, 302),
    Row("GET",  "refresh-accounts", (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "refresh-progress", (),        302, 403, 200, 200, 200, 200, 200),
    Row("POST", "changes-read",     (),        302, 403, 302, 302, 302, 302, 302),
    Row("GET",  "changes-read",     (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "export-portfolio", (),        401, 403, 403, 200, 200, 200, 200),
    # Nobody has an account with a customer there.
    Row("POST", "export-portfolio", (),        401, 403, 403, 400, 400, 400, 400, {"source": "adobe"}),
    Row("GET",  "account-sets",     (),        302, 403, 200, 200, 200, 200, 200),
    Row("POST", "account-sets",     (),        302, 403, 400, 400, 400, 400, 400),
    # This one is somebody else's.
    Row("GET",  "account-set",      SET,       302, 403, 404, 404, 404, 404, 404),
    Row("POST", "account-set",      SET,       302, 403, 404, 404, 404, 404, 404),
    Row("POST", "delete-account-set", SET,     302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "delete-account-set", SET,     302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "exports",          (),        302, 200, 200, 200, 200, 200, 200),
    Row("GET",  "notices",          (),        302, 200, 200, 200, 200, 200, 200),
    # Nobody has been told of that number.
    Row("GET",  "notice",           (99,),     302, 404, 404, 404, 404, 404, 404),
    Row("POST", "notices-read",     (),        302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "notices-read",     (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "export-notice",    (),        302, 200, 200, 200, 200, 200, 200),
    Row("POST", "export-notice",    (),        302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "export-detail",    EXPORT,    302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "export-progress",  EXPORT,    302, 404, 404, 404, 404, 404, 404),
    Row("POST", "cancel-export",    EXPORT,    302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "cancel-export",    EXPORT,    302, 405, 405, 405, 405, 405, 405),
    Row("POST", "fetch-rest",       EXPORT,    302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "fetch-rest",       EXPORT,    302, 405, 405, 405, 405, 405, 405),
    Row("POST", "offer-export",     EXPORT,    302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "offer-export",     EXPORT,    302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "schedules",        (),        302, 403, 200, 200, 200, 200, 200),
    Row("POST", "schedules",        (),        302, 403, 400, 400, 400, 400, 400),
    # This one is somebody else's.
    Row("POST", "run-schedule",     SCHEDULE,  302, 404, 404, 404, 404, 404, 404),
    Row("POST", "pause-schedule",   SCHEDULE,  302, 404, 404, 404, 404, 404, 404),
    Row("POST", "resume-schedule",  SCHEDULE,  302, 404, 404, 404, 404, 404, 404),
    Row("POST", "delete-schedule",  SCHEDULE,  302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "delete-schedule",  SCHEDULE,  302, 405, 405, 405, 405, 405, 405),
    # A person's own page; what their tokens and column sets are good for is decided where they are used.
    Row("GET",  "profile",          (),        302, 200, 200, 200, 200, 200, 200),
    Row("POST", "make-token",       (),        302, 400, 400, 400, 400, 400, 400),
    Row("GET",  "make-token",       (),        302, 405, 405, 405, 405, 405, 405),
    Row("POST", "revoke-token",     TOKEN,     302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "revoke-token",     TOKEN,     302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "new-column-set",       KIND,      302, 200, 200, 200, 200, 200, 200),
    Row("POST", "new-column-set",       KIND,      302, 400, 400, 400, 400, 400, 400),
    Row("GET",  "edit-column-set",      PRESET,    302, 404, 404, 404, 404, 404, 404),
    Row("POST", "edit-column-set",      PRESET,    302, 404, 404, 404, 404, 404, 404),
    Row("POST", "delete-column-set",    PRESET,    302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "delete-column-set",    PRESET,    302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "columns-help",     (),        302, 200, 200, 200, 200, 200, 200),
    Row("GET",  "tour",             (),        302, 200, 200, 200, 200, 200, 200),
    Row("POST", "tour",             (),        302, 302, 302, 302, 302, 302, 302),
    Row("POST", "security-seen",    (),        302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "security-seen",    (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "limits",           (),        302, 200, 200, 200, 200, 200, 200),
    Row("POST", "decide-wish",      (99,),     302, 403, 403, 403, 403, 403, 302, GRANT),
    Row("GET",  "decide-wish",      (99,),     302, 405, 405, 405, 405, 405, 405),
    Row("POST", "ask-for-more",     (),        302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "ask-for-more",     (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "settings",         (),        302, 200, 200, 200, 200, 200, 200),
    Row("POST", "settings",         (),        302, 302, 302, 302, 302, 302, 302, {"landing": "home"}),
    Row("POST", "choose-theme",     (),        302, 302, 302, 302, 302, 302, 302, {"theme": "dark"}),
    Row("GET",  "choose-theme",     (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "lookups",          LIST,      302, 403, 404, 404, 404, 404, 404),
    Row("POST", "ask-live",         LIST,      302, 403, 404, 404, 404, 404, 404),
    Row("GET",  "ask-live",         LIST,      302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "live-progress",    LIST,      302, 403, 404, 404, 404, 404, 404),
    Row("GET",  "export-lookups",   LIST,      302, 403, 403, 404, 404, 404, 404),
    Row("POST", "lookups",          LIST,      302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "status",           (),        302, 200, 200, 200, 200, 200, 200),
    Row("GET",  "styleguide",       (),        302, 403, 403, 403, 403, 403, 200),
    Row("GET",  "people",           (),        302, 403, 403, 403, 403, 403, 200),
    Row("GET",  "person",           PERSON,    302, 403, 403, 403, 403, 403, 200),
    Row("POST", "end-sessions",     PERSON,    302, 403, 403, 403, 403, 403, 403, REASON),
    Row("POST", "revoke-tokens",    PERSON,    302, 403, 403, 403, 403, 403, 403, REASON),
    Row("POST", "ask-for-factor",   PERSON,    302, 403, 403, 403, 403, 403, 403, REASON),
    Row("GET",  "ask-for-factor",   PERSON,    302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "ledger",           (),        302, 403, 403, 403, 403, 200, 200),
    Row("GET",  "ledger-export",    (),        302, 403, 403, 403, 403, 200, 200),
    Row("POST", "ledger",           (),        302, 405, 405, 405, 405, 405, 405),
    Row("GET",  "products",         (),        302, 403, 403, 403, 403, 403, 200),
    Row("POST", "products",         (),        302, 403, 403, 403, 403, 403, 400),
    Row("GET",  "account-imports",  (),        302, 403, 403, 403, 403, 403, 200),
    Row("POST", "account-imports",  (),        302, 403, 403, 403, 403, 403, 400),
    Row("GET",  "account-import",   (99,),     302, 403, 403, 403, 403, 403, 404),
    Row("POST", "carry-out-import", (99,),     302, 403, 403, 403, 403, 403, 404),
    Row("GET",  "live",             (),        200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "ready",            (),        200, 200, 200, 200, 200, 200, 200),
    # From this machine; elsewhere it wants a token, see its own tests.
    Row("GET",  "metrics",          (),        404, 404, 404, 404, 404, 404, 404),
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
def others(upstreams: SandboxServer, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """An order of the customer, and things that belong to somebody who may do everything."""
    settings.EXPORT_DIR = tmp_path
    root = person("root", is_superuser=True)
    client = signed_in(root)
    page = Page(client.get(f"/fabric/customers/{CUSTOMER}/orders/"))
    made = client.post(f"/fabric/customers/{CUSTOMER}/orders/export/")
    assert made.status_code == 202
    token, _ = api_tokens.make_token(owner=root, name="root's", expires_at=None)
    return {
        "ORDER": page.order_ids[0],
        "EXPORT": exports.exports_of(root).get().pk,
        "TOKEN": token.pk,
        "PERSON": root.pk,
        "PRESET": ColumnSet.objects.create(owner=root, source="fabric", rows="orders", columns=["id"]).pk,
        "SET": AccountSet.objects.create(owner=root, name="root's").pk,
        "SCHEDULE": keeping.make(root, name="root's", kind="attention", every="day", at=time(7)).pk,
        "VIEW": SavedView.objects.create(owner=root, name="root's", source="fabric").pk,
    }


def test_every_address_is_in_the_table() -> None:
    unknown = [name for name in THEIRS if not name.startswith((*SIGN_IN, ADMIN))]

    assert unknown == []
    assert set(named()) >= OURS


@pytest.mark.parametrize("is_assigned", [True, False], ids=["in scope", "out of scope"])
@pytest.mark.parametrize("role", ["anonymous", "none", *ROLES])
def test_our_addresses(
    role: str, is_assigned: bool, others: dict[str, Any], upstreams: SandboxServer
) -> None:
    client = visitor(role, is_assigned=is_assigned)
    upstreams.clear_log()
    column = {
        "anonymous": "anonymous",
        "none": "none",
        "customer-service agent": "agent",
        "account manager": "manager" if is_assigned else "manager_outside",
        "supervisor": "supervisor",
        "administrator": "administrator",
    }[role]

    expected = {f"{row.method} {row.name}": getattr(row, column) for row in TABLE}
    found = {f"{row.method} {row.name}": ask(client, row, others).status_code for row in TABLE}

    assert found == expected
    if role in {"anonymous", "none"}:
        assert upstreams.requests == []
    # Nothing of anybody else's was touched, whatever the answer.
    assert SavedView.objects.filter(pk=others["VIEW"]).exists()
    assert ColumnSet.objects.filter(pk=others["PRESET"]).exists()
    assert api_tokens.live_tokens(get_user_model().objects.get(username="root")).count() == 1
    assert Export.objects.get(pk=others["EXPORT"]).state == Export.State.WAITING


def ask(client: Client, row: Row, others: dict[str, Any], **headers: str) -> Any:
    address = reverse(row.name, args=[others.get(each, each) for each in row.args])
    response = getattr(client, row.method.lower())(address, row.data, headers=headers)
    response.close()
    if response.status_code == 302 and "_auth_user_id" not in client.session:
        assert response.headers["Location"] == f"/accounts/login/?next={quote(address)}"
    return response


def test_a_browser_without_a_sign_in_is_led_to_it_everywhere(
    others: dict[str, Any], upstreams: SandboxServer
) -> None:
    client = visitor("anonymous", is_assigned=False)
    upstreams.clear_log()
    # The metrics are nobody's page, with a token of their own; nor is what is all JSON.
    pages = [row for row in TABLE if row.name != "metrics" and not row.name.startswith("api-")]
    closed = [row for row in pages if row.anonymous != 200]

    answers = {f"{row.method} {row.name}": ask(client, row, others, accept="text/html") for row in closed}

    assert {name for name, each in answers.items() if each.status_code != 302} == set()
    assert upstreams.requests == []


def test_a_query_is_kept_on_the_way_through_the_sign_in() -> None:
    response = Client().get(f"/fabric/customers/{CUSTOMER}/orders/?status=1000")

    assert response.headers["Location"].endswith(
        f"?next=/fabric/customers/{CUSTOMER}/orders/%3Fstatus%3D1000"
    )


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
