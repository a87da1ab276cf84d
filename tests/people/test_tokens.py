"""A token is as strong as its owner is now, for no longer than it may be, and for what it was made."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people.api_tokens import Scope, live_tokens, make_token
from orders.people.models import ApiToken
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import person

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def pat(upstreams: SandboxServer) -> User:
    made: User = person("pat", "supervisor")
    return made


def ask(text: str, address: str = HISTORY, **more: Any) -> int:
    response = Client().get(address, headers={"Authorization": f"Bearer {text}"}, **more)
    response.close()
    return response.status_code


def look_up(text: str) -> Any:
    wanted = {"q": customers.ADOBE_SMALL, "source": "adobe"}
    return Client(enforce_csrf_checks=True).post(
        "/lookup/", wanted, headers={"Authorization": f"Bearer {text}"}
    )


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


def save(who: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(who, name, value)
    who.save()


def change_password(who: User) -> None:
    who.set_password("another-secret-of-pats")
    who.save()


def take_password(who: User) -> None:
    who.set_unusable_password()
    who.save()


def has_app(who: User) -> None:
    TOTP.activate(who, SECRET)


def ours() -> Any:
    return Permission.objects.filter(content_type__app_label="orders")


def supervisors() -> Group:
    return Group.objects.get(name="supervisor")


def test_who_is_switched_off_past_every_signal_gets_no_token_back(pat: User) -> None:
    _, text = make_token(owner=pat, name="nightly")
    User.objects.filter(pk=pat.pk).update(is_active=False)
    assert ask(text) == 401
    User.objects.filter(pk=pat.pk).update(is_active=True)

    assert ask(text) == 401


def test_a_superuser_who_is_none_any_more_loses_what_that_gave(upstreams: SandboxServer) -> None:
    root = person("root", is_superuser=True)
    _, text = make_token(owner=root, name="nightly")

    save(root, is_superuser=False)

    assert ask(text) == 401


def test_only_tokens_with_the_lost_right_end(pat: User) -> None:
    _, reading = make_token(owner=pat, name="reading", scopes=[Scope.READ])
    _, filing = make_token(owner=pat, name="filing", scopes=[Scope.READ, Scope.EXPORT])

    supervisors().permissions.remove(permission("export_orders"))

    assert (ask(reading), ask(filing)) == (200, 401)


@pytest.mark.parametrize(
    ("scopes", "history", "export", "lookup"),
    [
        ([Scope.READ], 200, 403, 403),
        ([Scope.EXPORT], 403, 200, 403),
        ([Scope.LOOKUP], 403, 403, 303),
        ([Scope.READ, Scope.EXPORT], 200, 200, 403),
        (list(Scope), 200, 200, 303),
    ],
)
def test_a_scope_opens_its_addresses_and_no_others(
    scopes: list[Scope], history: int, export: int, lookup: int, pat: User, upstreams: SandboxServer
) -> None:
    token, text = make_token(owner=pat, name="nightly", scopes=scopes)

    assert (ask(text), ask(text, HISTORY + "export/")) == (history, export)
    assert look_up(text).status_code == lookup
    if 403 in (history, export):
        refused = LedgerEntry.objects.filter(action="refused").order_by("id")[0]
        assert (refused.username, refused.outcome) == ("pat", "refused-right")
        assert f'"token": "{token.prefix}"' in refused.details


def test_a_script_looks_up_what_it_has(pat: User) -> None:
    token, text = make_token(owner=pat, name="nightly", scopes=[Scope.LOOKUP])

    response = look_up(text)

    assert response.headers["Location"].startswith(HISTORY)
    assert response.cookies == {}
    entry = LedgerEntry.objects.get(action="look-up")
    assert (entry.customer_id, f'"token": "{token.prefix}"' in entry.details) == (customers.ADOBE_SMALL, True)


def test_every_entry_of_a_script_names_its_token_and_no_entry_of_a_person_does(pat: User) -> None:
    token, text = make_token(owner=pat, name="nightly")
    start = LedgerEntry.objects.order_by("-id")[0].id
    ask(text)
    ask(text, HISTORY + "export/")
    ask(text, HISTORY + "NO-SUCH-ORDER/")
    browser = Client()
    browser.force_login(pat)
    browser.get(HISTORY)

    entries = list(LedgerEntry.objects.filter(id__gt=start).order_by("id"))
    named = [f'"token": "{token.prefix}"' in entry.details for entry in entries]
    assert [entry.action for entry in entries] == [
        "view-list", "export-start", "export-end", "export-download", "view-order", "sign-in", "view-list",
    ]  # fmt: skip
    assert named == [True] * 5 + [False] * 2


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.MFA_REQUIRED = True

    def test_whoever_has_powers_needs_the_factor_for_a_script_too(self, pat: User) -> None:
        _, text = make_token(owner=pat, name="nightly")
        assert ask(text) == 401

        TOTP.activate(pat, SECRET)
        assert ask(text) == 200

        Authenticator.objects.filter(user=pat).delete()
        assert ask(text) == 401

    def test_whoever_may_only_view_needs_none(self, upstreams: SandboxServer) -> None:
        _, text = make_token(owner=person("dana", "customer-service agent"), name="nightly")

        assert ask(text) == 200

    @pytest.mark.parametrize(("has_password", "status"), [(False, 200), (True, 401)])
    def test_a_provider_s_factor_counts_for_those_who_come_by_it_alone(
        self, has_password: bool, status: int, pat: User, settings: Any
    ) -> None:
        settings.SSO_SECOND_FACTOR = True
        SocialAccount.objects.create(user=pat, provider="sso", uid="1")
        if not has_password:
            pat.set_unusable_password()
            pat.save()
        _, text = make_token(owner=pat, name="nightly")

        assert ask(text) == status


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("asked", [None, NOW + timedelta(days=3650), NOW + timedelta(days=2)])
def test_no_token_outlives_the_longest_life(asked: datetime | None, pat: User, settings: Any) -> None:
    settings.TOKEN_MAX_DAYS = 10
    with time_machine.travel(NOW, tick=False):
        token, text = make_token(owner=pat, name="nightly", expires_at=asked)
    lasts = min(filter(None, (asked, NOW + timedelta(days=10)))) - NOW
    assert token.expires_at == NOW + lasts

    with time_machine.travel(NOW + lasts - timedelta(seconds=1), tick=False):
        assert ask(text) == 200
        assert live_tokens(pat).exists()
    with time_machine.travel(NOW + lasts, tick=False):
        assert ask(text) == 401
        assert not live_tokens(pat).exists()


def test_tokens_of_before_have_an_end_too(pat: User, settings: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        token, text = make_token(owner=pat, name="nightly")
    ApiToken.objects.filter(pk=token.pk).update(expires_at=None)
    settings.TOKEN_MAX_DAYS = 10

    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert ask(text) == 200
    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        assert ask(text) == 401
        assert not live_tokens(pat).exists()


def test_the_last_use_is_noted_with_its_address(pat: User) -> None:
    token, text = make_token(owner=pat, name="nightly")

    ask(text, REMOTE_ADDR="10.1.2.3")
    token.refresh_from_db()
    assert token.last_used_from == "10.1.2.3"
    ask(text, REMOTE_ADDR="10.9.9.9")
    token.refresh_from_db()
    assert token.last_used_from == "10.9.9.9"

    browser = Client()
    browser.force_login(pat)
    assert "from 10.9.9.9" in Page(browser.get("/profile/")).root.one("tr", data_token=True).text


def make(browser: Client, **fields: Any) -> Page:
    return Page(browser.post("/profile/tokens/", {"name": "nightly", "lifetime": "30", **fields}))


@pytest.mark.parametrize(
    ("sent", "scopes"),
    [
        ({}, "read export"),
        ({"scope": ["", "read"]}, "read"),
        ({"scope": ["lookup", "export"]}, "lookup export"),
        ({"scope": [""]}, None),
        ({"scope": ["everything"]}, None),
    ],
)
def test_scopes_are_chosen_where_a_token_is_made(sent: dict[str, Any], scopes: str | None, pat: User) -> None:
    browser = Client()
    browser.force_login(pat)

    page = make(browser, **sent)

    assert page.status == (200 if scopes else 400)
    assert [token.scopes for token in live_tokens(pat)] == ([scopes] if scopes else [])


def test_nobody_gives_a_token_what_they_may_not_do(upstreams: SandboxServer) -> None:
    dana = person("dana", "customer-service agent")
    browser = Client()
    browser.force_login(dana)

    page = make(browser, scope=["read", "export"])

    assert page.root.one(id="token-scope-error").text == "A token can't do what you may not do yourself."
    make(browser)
    assert [token.scopes for token in live_tokens(dana)] == ["read"]


def test_two_of_a_name_overlap_so_that_a_script_can_change_over(pat: User) -> None:
    browser = Client()
    browser.force_login(pat)
    first = make(browser).root.one(data_new_token=True).text
    second = make(browser).root.one(data_new_token=True).text

    assert (ask(first), ask(second)) == (200, 200)
    assert make(browser).status == 400
    browser.post(f"/profile/tokens/{live_tokens(pat).last().pk}/revoke/")  # type: ignore[union-attr]
    assert (ask(first), ask(second)) == (401, 200)
    assert make(browser).status == 200


class TestCommand:
    def test_it_prints_the_token_once_and_alone(self, pat: User, capsys: Any) -> None:
        with time_machine.travel(NOW, tick=False):
            call_command("make_token", "pat", "--scope", "read", "--scope", "export", "--days", "5")
        text = capsys.readouterr().out.strip()

        token = live_tokens(pat).first() or ApiToken.objects.get()
        assert (token.scopes, token.expires_at) == ("read export", NOW + timedelta(days=5))
        with time_machine.travel(NOW, tick=False):
            assert ask(text) == 200
        entry = LedgerEntry.objects.filter(details__contains="token-made").get()
        assert (entry.username, entry.details) == (
            "command line",
            f'{{"change": "token-made", "person": "pat", "subject": "made by command, {token.prefix}…"}}',
        )

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["nobody", "--scope", "read"], "no active person"),
            (["pat", "--scope", "read", "--days", "91"], "from 1 to 90"),
            (["pat", "--scope", "read", "--days", "0"], "from 1 to 90"),
            (["pat"], "--scope"),
            (["pat", "--scope", "all"], "invalid choice"),
            (["dana", "--scope", "export"], "needs the right export_orders, which dana lacks"),
        ],
    )
    def test_it_says_what_it_can_t_do(self, arguments: list[str], words: str, pat: User) -> None:
        person("dana", "customer-service agent")

        with pytest.raises(CommandError, match=words):
            call_command("make_token", *arguments)
        assert not ApiToken.objects.exists()
