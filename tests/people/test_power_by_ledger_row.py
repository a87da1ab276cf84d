"""Power by ledger row: whoever changes how somebody signs in, or what they may do, leaves these rows alone.

Each row says who did it, whose it is and what changed. None says what it was or has become where that is a
secret, or an address of somebody's.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people import api_tokens
from orders.people.models import Account, ApiToken, RoleScope, SecurityNotice
from tests.pages import Page
from tests.people.sign_in.identity_provider import IdentityProvider
from tests.people.sign_in.test_second_factor import code_for
from tests.personas import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "quite-another-secret-1"
NEW_ADDRESS = "ines@works.example"  # also what the provider says of its person
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Change(NamedTuple):
    """What a row says beside who did it and to whom."""

    change: str
    subject: str = ""
    reason: str = ""


@pytest.fixture
def pat() -> User:
    made: User = person("pat", "supervisor", email="pat@example.org")
    return made


@pytest.fixture
def ines() -> User:
    made: User = person("ines", "administrator", is_staff=True)
    return made


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with IdentityProvider() as running:
        settings.SOCIALACCOUNT_PROVIDERS = running.settings()
        yield running


def in_admin(browser: Client, who: User, **fields: Any) -> None:
    """The administration's form of a person, with some of its fields changed."""
    kept = {
        "username": who.username,
        "email": who.email,
        "is_active": who.is_active,
        "is_staff": who.is_staff,
        "is_superuser": who.is_superuser,
        "groups": list(who.groups.values_list("pk", flat=True)),
        "date_joined_0": f"{who.date_joined:%Y-%m-%d}",
        "date_joined_1": f"{who.date_joined:%H:%M:%S}",
    }
    sent = {name: "on" if value is True else value for name, value in (kept | fields).items()}
    sent = {name: value for name, value in sent.items() if value is not False}
    answer = browser.post(f"/admin/auth/user/{who.pk}/change/", sent)
    assert answer.status_code == 302, Page(answer).text


def posted(browser: Client, address: str, **fields: Any) -> None:
    assert browser.post(address, fields).status_code in {200, 302}


def confirmed(browser: Client) -> Client:
    """They have given their password again, as whoever changes a factor has to."""
    posted(browser, "/accounts/reauthenticate/", password=PASSWORD)
    return browser


def set_up_app(browser: Client, who: User) -> None:
    page = Page(confirmed(browser).get("/accounts/2fa/totp/activate/"))
    code = code_for(page.root.one(id="authenticator_secret").text)
    posted(browser, "/accounts/2fa/totp/activate/", code=code)


def join(browser: Client, who: User) -> None:
    to = browser.get("/accounts/oidc/sso/login/?process=login")["Location"]
    back = urlsplit(requests.get(to, allow_redirects=False, timeout=5).headers["Location"])
    browser.get(f"{back.path}?{back.query}")


def remove_key(browser: Client, who: User) -> None:
    key = Authenticator.objects.get(user=who)
    posted(confirmed(browser), f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")


def has_app(who: User) -> None:
    TOTP.activate(who, SECRET)


def has_key(who: User) -> None:
    key = {"name": "office", "credential": {}}
    Authenticator.objects.create(user=who, type=Authenticator.Type.WEBAUTHN, data=key)


def has_codes(who: User) -> None:
    has_app(who)
    RecoveryCodes.activate(who)


def has_token(who: User) -> None:
    api_tokens.make_token(owner=who, name="nightly")


def is_off(who: User) -> None:
    who.is_active = False
    who.save()


def nothing(who: User) -> None:
    """They are as they were made."""


def token_of(who: User) -> str:
    token = ApiToken.objects.get(owner=who)
    return f"nightly, {token.prefix}…"


APP, KEY = "authenticator app", "security key or passkey"
Do = Callable[[Client, User], Any]
# What is done to pat, who does it, what there was before, and the changes in the order of their rows.
POWERS: dict[str, tuple[str, Callable[[User], Any], Do, list[Change]]] = {
    "password, by an administrator": ("ines", nothing, lambda browser, who: posted(
        browser, f"/admin/auth/user/{who.pk}/password/",
        password1=NEW_PASSWORD, password2=NEW_PASSWORD, usable_password="true",
    ), [Change("password")]),
    "password, taken away": ("ines", nothing, lambda browser, who: posted(
        browser, f"/admin/auth/user/{who.pk}/password/", usable_password="false", **{"unset-password": "1"},
    ), [Change("password")]),
    "password, by themselves": ("pat", nothing, lambda browser, who: posted(
        browser, "/accounts/password/change/",
        oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD,
    ), [Change("password")]),
    "e-mail": (
        "ines", nothing, lambda browser, who: in_admin(browser, who, email=NEW_ADDRESS), [Change("e-mail")],
    ),
    "user name": (
        "ines", nothing, lambda browser, who: in_admin(browser, who, username="pat2"), [Change("user-name")],
    ),
    "switched off": (
        "ines", nothing, lambda browser, who: in_admin(browser, who, is_active=False),
        [Change("switched-off")],
    ),
    "switched off with a token": (
        "ines", has_token, lambda browser, who: in_admin(browser, who, is_active=False),
        [Change("switched-off"), Change("token-revoked", "token", "its owner was switched off")],
    ),
    "switched on": (
        "ines", is_off, lambda browser, who: in_admin(browser, who, is_active=True), [Change("switched-on")],
    ),
    "app added": ("pat", nothing, set_up_app, [Change("factor-added", APP), Change("recovery-codes-made")]),
    "app removed": (
        "pat", has_app,
        lambda browser, who: posted(confirmed(browser), "/accounts/2fa/totp/deactivate/"),
        [Change("factor-removed", APP)],
    ),
    "key removed": ("pat", has_key, remove_key, [Change("factor-removed", KEY)]),
    "codes made anew": (
        "pat", has_codes,
        lambda browser, who: posted(confirmed(browser), "/accounts/2fa/recovery-codes/generate/"),
        [Change("recovery-codes-removed"), Change("recovery-codes-made")],
    ),
    "token made": (
        "pat", nothing, lambda browser, who: posted(browser, "/profile/tokens/", name="nightly"),
        [Change("token-made", "token")],
    ),
    "token revoked": (
        "pat", has_token,
        lambda browser, who: posted(
            browser, f"/profile/tokens/{ApiToken.objects.get(owner=who).pk}/revoke/"
        ),
        [Change("token-revoked", "token")],
    ),
    "identity joined": ("pat", nothing, join, [Change("identity-joined", "sso")]),
    "sessions ended by an administrator": (
        "ines", nothing,
        lambda browser, who: posted(browser, f"/people/{who.pk}/sessions/end/", reason="T-1"),
        [Change("sessions-ended", reason="T-1")],
    ),
    "token revoked by an administrator": (
        "ines", has_token,
        lambda browser, who: posted(browser, f"/people/{who.pk}/tokens/revoke/", reason="T-1"),
        [Change("token-revoked", "token", reason="T-1")],
    ),
    "a new factor asked for": (
        "ines", has_app,
        lambda browser, who: posted(browser, f"/people/{who.pk}/factor/ask/", reason="T-1"),
        [Change("factor-removed", APP, reason="T-1"), Change("sessions-ended", reason="T-1")],
    ),
    "the glass broken": (
        "command line", has_app,
        lambda browser, who: call_command("reset_second_factor", "pat", "--reason", "T-1"),
        [Change("factor-removed", APP, reason="T-1"), Change("sessions-ended", reason="T-1")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("power", POWERS)
def test_each_power_leaves_its_rows(power: str, pat: User, ines: User, provider: IdentityProvider) -> None:
    actor, before, do, changes = POWERS[power]
    before(pat)
    if power == "identity joined":
        pat.email = NEW_ADDRESS
        pat.save()
    signs_in = actor in {"pat", "ines"} and power != "identity joined"
    browser = signed_in({"pat": pat, "ines": ines}[actor]) if signs_in else Client()
    since = LedgerEntry.objects.order_by("-id")[0].pk
    told = SecurityNotice.objects.count()

    do(browser, pat)

    rows = LedgerEntry.objects.filter(pk__gt=since).order_by("id")
    written = rows.filter(action="access-change")
    assert [(row.username, json.loads(row.details), row.reason) for row in written] == [
        (actor, details_of(each, pat), each.reason) for each in changes
    ]
    assert SecurityNotice.objects.filter(person=pat).count() == told + len(changes)
    texts = " ".join(str(value) for row in rows.values_list() for value in row)
    stored = User.objects.get(pk=pat.pk).password
    for value in (
        NEW_PASSWORD,
        PASSWORD,
        SECRET,
        NEW_ADDRESS,
        "pat@example.org",
        "pat2",
        pat.password,
        stored,
    ):
        assert value not in texts


def details_of(each: Change, who: User) -> dict[str, str]:
    subject = token_of(who) if each.subject == "token" else each.subject
    return {"person": "pat", "change": each.change} | ({"subject": subject} if subject else {})


def keys(*codenames: str) -> list[int]:
    return list(Permission.objects.filter(codename__in=codenames).values_list("pk", flat=True))


def role_form(role: Group, **fields: Any) -> dict[str, Any]:
    scope = RoleScope.objects.get(group=role)
    return {
        "name": role.name,
        "permissions": list(role.permissions.values_list("pk", flat=True)),
        "scope-TOTAL_FORMS": 1,
        "scope-INITIAL_FORMS": 1,
        "scope-0-id": scope.pk,
        "scope-0-group": role.pk,
        "scope-0-scope": scope.scope,
    } | fields


def change_role(browser: Client, name: str, **fields: Any) -> None:
    role = Group.objects.get(name=name)
    posted(browser, f"/admin/auth/group/{role.pk}/change/", **role_form(role, **fields))


def change_account(browser: Client, manager: User) -> None:
    account = Account.objects.create(name="Quay")
    empty = {f"{prefix}-INITIAL_FORMS": 0 for prefix in ("customers", "assignments")}
    posted(
        browser,
        f"/admin/orders/account/{account.pk}/change/",
        **empty,
        **{"name": "Quay", "customers-TOTAL_FORMS": 1, "assignments-TOTAL_FORMS": 1},
        **{"customers-0-source": "adobe", "customers-0-customer_id": "C1"},
        **{"assignments-0-person": manager.pk},
    )


RIGHTS: dict[str, tuple[Do, Callable[[User], list[dict[str, Any]]]]] = {
    "role given and taken": (
        lambda browser, who: in_admin(browser, who, groups=[Group.objects.get(name="account manager").pk]),
        lambda who: [
            {"person": "pat", "roles": ["supervisor"], "change": "removed"},
            {"person": "pat", "roles": ["account manager"], "change": "added"},
        ],
    ),
    "right given": (
        lambda browser, who: in_admin(browser, who, user_permissions=keys("read_ledger")),
        lambda who: [{"person": "pat", "permissions": ["read_ledger"], "change": "added"}],
    ),
    "staff": (
        lambda browser, who: in_admin(browser, who, is_staff=True),
        lambda who: [{"person": "pat", "change": "changed", "is_staff": True}],
    ),
    "superuser": (
        lambda browser, who: in_admin(browser, who, is_superuser=True),
        lambda who: [{"person": "pat", "change": "changed", "is_superuser": True}],
    ),
    "switched off": (
        lambda browser, who: in_admin(browser, who, is_active=False),
        lambda who: [{"person": "pat", "change": "changed", "is_active": False}],
    ),
    "deleted": (
        lambda browser, who: posted(browser, f"/admin/auth/user/{who.pk}/delete/", post="yes"),
        lambda who: [{"person": "pat", "change": "deleted"}],
    ),
    "role's rights": (
        lambda browser, who: change_role(browser, "account manager", permissions=keys("view_orders")),
        lambda who: [{"role": "account manager", "permissions": ["export_orders"], "change": "removed"}],
    ),
    "role's scope": (
        lambda browser, who: change_role(browser, "account manager", **{"scope-0-scope": "all"}),
        lambda who: [
            {"role_id": Group.objects.get(name="account manager").pk, "scope": "all", "change": "set"}
        ],
    ),
    "account's customer and manager": (
        change_account,
        lambda who: [
            {"account_id": Account.objects.get().pk, "source": "adobe", "customer_id": "C1", "change": "set"},
            {"account_id": Account.objects.get().pk, "person_id": who.pk, "change": "set"},
        ],
    ),
}


@pytest.mark.parametrize("power", RIGHTS)
def test_each_change_of_what_somebody_may_do_leaves_its_rows(power: str, pat: User) -> None:
    do, expected = RIGHTS[power]
    browser = signed_in(person("root", is_superuser=True, is_staff=True))
    who = User.objects.get(pk=pat.pk)
    since = LedgerEntry.objects.order_by("-id")[0].pk

    do(browser, pat)

    rows = LedgerEntry.objects.filter(pk__gt=since, action="rights-change").order_by("id")
    assert [(row.username, json.loads(row.details)) for row in rows] == [
        ("root", details) for details in expected(who)
    ]
