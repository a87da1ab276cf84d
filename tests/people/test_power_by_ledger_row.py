"""Power by ledger row: whoever changes how somebody signs in leaves these rows alone.

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
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people import api_tokens, webhooks
from orders.people.models import ApiToken, SecurityNotice
from orders.people.webhook_models import Webhook
from tests.pages import Page
from tests.people.sign_in.identity_provider import IdentityProvider
from tests.people.sign_in.test_second_factor import code_for
from tests.personas import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "quite-another-secret-1"
NEW_ADDRESS = "ines@works.example"  # also what the provider says of its person
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOST = "scripts.example.org"
HOOK = f"https://{HOST}/hook/of-pats"


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


def posted(browser: Client, address: str, /, **fields: Any) -> None:
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


def has_webhook(who: User) -> None:
    webhooks.keep(Webhook(person=who, address=HOOK), secret=SECRET)


def webhook_form(browser: Client, who: User, **fields: Any) -> None:
    kept = Webhook.objects.filter(person=who).first()
    place = "add" if kept is None else f"{kept.pk}/change"
    posted(browser, f"/admin/orders/webhook/{place}/", **{"address": HOOK, "is_on": "on", **fields})


def remove_webhook(browser: Client, who: User) -> None:
    posted(browser, f"/admin/orders/webhook/{Webhook.objects.get(person=who).pk}/delete/", post="yes")


def remove_webhooks(browser: Client, who: User) -> None:
    chosen = {"action": "delete_selected", "_selected_action": Webhook.objects.get(person=who).pk}
    posted(browser, "/admin/orders/webhook/", **chosen, post="yes")


def has_identity(who: User) -> None:
    SocialAccount.objects.create(user=who, provider="sso", uid="1")


def leave_provider(browser: Client, who: User) -> None:
    """No page does: it is for whoever runs the machine."""
    SocialAccount.objects.get(user=who).delete()


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
    "identity left": ("command line", has_identity, leave_provider, [Change("identity-left", "sso")]),
    "webhook made": (
        "ines", nothing, lambda browser, who: webhook_form(browser, who, person=who.pk, secret=SECRET),
        [Change("webhook-made", HOST)],
    ),
    "webhook changed": (
        "ines", has_webhook, lambda browser, who: webhook_form(browser, who, address=f"{HOOK}?new"),
        [Change("webhook-changed", HOST)],
    ),
    "webhook switched off": (
        "ines", has_webhook, lambda browser, who: webhook_form(browser, who, is_on=""),
        [Change("webhook-changed", HOST)],
    ),
    "webhook's key renewed": (
        "ines", has_webhook, lambda browser, who: webhook_form(browser, who, secret=SECRET[::-1]),
        [Change("webhook-key", HOST)],
    ),
    "webhook saved as it was": ("ines", has_webhook, webhook_form, []),
    "webhook removed": ("ines", has_webhook, remove_webhook, [Change("webhook-removed", HOST)]),
    "webhooks removed from the list": (
        "ines", has_webhook, remove_webhooks, [Change("webhook-removed", HOST)],
    ),
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
def test_each_power_leaves_its_rows(
    power: str, pat: User, ines: User, provider: IdentityProvider, settings: Any
) -> None:
    settings.WEBHOOK_HOSTS = [HOST]
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
        HOOK,
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
