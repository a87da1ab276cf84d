"""Every address against every state of a sign-in: none, the password alone, the factor missing, and whole.

Whoever has not shown all that is asked of them is led to what is missing, wherever they go.
"""

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from orders.people.models import RoleScope
from orders.people.sign_in.second_factor import ON_THE_WAY
from orders.sandbox import SandboxServer, customers
from tests.contracts.test_url_table import OURS, TABLE, THEIRS, address_of
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET_UP = "/accounts/2fa/"
# Open to whoever comes: signing in, and what machines ask.
OPEN = {
    "account_login", "account_logout", "account_signup", "account_inactive", "admin:login", "admin:logout",
    "admin:jsi18n", "live", "metrics", "mfa_authenticate", "openid_connect_callback", "openid_connect_login",
    "api-document", "ready", "saml_acs", "saml_finish_acs", "saml_login", "saml_metadata", "saml_sls",
    "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
PLACES = {
    "ORDER": "1",
    "EXPORT": "00000000-0000-4000-8000-000000000000",
    "TOKEN": 99,
    "PRESET": 99,
    "VIEW": 99,
    "SET": 99,
    "SCHEDULE": 99,
    "PERSON": 99,
}
ADDRESSES = {
    **{
        row.name: reverse(row.name, args=[PLACES.get(each, each) for each in row.args])
        for row in TABLE
    },
    **{name: address_of(name) for name in THEIRS},
}  # fmt: skip
CLOSED = {name: address for name, address in ADDRESSES.items() if name not in OPEN}


@pytest.fixture(autouse=True)
def _required(settings: Any, upstreams: SandboxServer) -> None:
    settings.MFA_REQUIRED = True


def browser_of(name: str, *, code: bool = False) -> Client:
    """Somebody who has given their password, and the code of their app if they are asked for it."""
    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    if code:
        text = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
        client.post("/accounts/2fa/authenticate/", {"code": text})
    return client


def answers(client: Client, method: str) -> dict[str, str]:
    """What each closed address answers: where it leads to, else the status."""
    found = {}
    for name, address in CLOSED.items():
        response = getattr(client, method)(address)
        response.close()
        found[name] = response.headers.get("Location", "").partition("?")[0] or str(response.status_code)
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("state", ["none", "password only"])
def test_before_the_sign_in_is_whole_everything_leads_to_it(method: str, state: str) -> None:
    root = person("root", is_superuser=True, is_staff=True)
    TOTP.activate(root, SECRET)
    client = Client() if state == "none" else browser_of("root")

    found = answers(client, method)

    led = {"/accounts/login/", "/admin/login/", "401"}
    assert {name: answer for name, answer in found.items() if answer not in led} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_factor_everything_leads_to_its_set_up(method: str) -> None:
    person("root", is_superuser=True, is_staff=True)

    found = answers(browser_of("root"), method)

    # Scripts follow no link: they are told.
    led = {name: "403" if name.startswith("api-") else SET_UP for name in found}
    assert {name: each for name, each in found.items() if name not in ON_THE_WAY and each != led[name]} == {}


def test_with_the_factor_nothing_leads_there() -> None:
    root = person("root", is_superuser=True, is_staff=True)
    TOTP.activate(root, SECRET)

    found = answers(browser_of("root", code=True), "get")

    assert {name for name, each in found.items() if each in {SET_UP, "/accounts/login/"}} <= {"account"}
    assert found["home"] == found["ledger"] == found["admin:index"] == "200"


def test_no_page_of_the_administration_is_on_the_way() -> None:
    assert {name for name in ON_THE_WAY if name.startswith("admin:")} == set()
    assert set(ADDRESSES) >= ON_THE_WAY
    assert "admin:mfa_authenticator_changelist" not in ON_THE_WAY


@pytest.mark.parametrize(
    "power",
    ["reveal_personal_data", "read_ledger", "export_orders", "change_user", "accounts", "staff", "superuser"],
)
def test_each_power_alone_asks_for_the_factor(power: str) -> None:
    who = person("pat", is_staff=power == "staff", is_superuser=power == "superuser")
    importing = ["add_account", "add_accountcustomer", "add_assignment"]
    names = importing if power == "accounts" else [power]
    who.user_permissions.add(*Permission.objects.filter(codename__in=names))

    assert browser_of("pat").get("/").headers.get("Location") == SET_UP


@pytest.mark.parametrize("power", ["reveal_personal_data", "read_ledger", "export_orders"])
def test_a_power_given_to_a_role_asks_for_the_factor_at_once(power: str, agent: User) -> None:
    client = browser_of("dana")
    assert client.get("/").status_code == 200

    RoleScope.objects.get(group__name="customer-service agent").group.permissions.add(
        Permission.objects.get(codename=power)
    )

    assert client.get("/").headers.get("Location") == SET_UP


def test_who_may_only_view_needs_none(agent: User) -> None:
    assert browser_of("dana").get(f"/fabric/customers/{customers.FABRIC_CALM}/orders/").status_code == 200


def test_a_new_factor_ends_the_sessions_that_never_showed_it(agent: User) -> None:
    """Else a thief with the password would only have to wait until the owner sets one up."""
    first, second = browser_of("dana"), browser_of("dana")
    page = first.get("/accounts/2fa/totp/activate/").content.decode()
    secret = page.partition('id="authenticator_secret"')[2].partition("</")[0].rpartition(">")[2].strip()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    first.post("/accounts/2fa/totp/activate/", {"code": code})

    assert first.get("/").status_code == 200
    assert second.get("/").headers["Location"].startswith("/accounts/login/")


def test_all_of_ours_are_asked() -> None:
    assert set(CLOSED) >= OURS - OPEN
