"""The page of people: what administrators see of each, and the ends they put to it, each with a reason."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people import api_tokens
from tests.pages import Page
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ACTIONS = ("sessions/end", "tokens/revoke", "factor/ask")


@pytest.fixture
def ines() -> Client:
    client = Client()
    client.force_login(person("ines", "administrator"))
    return client


@pytest.fixture
def pat() -> User:
    made: User = person("pat", "supervisor", email="pat@example.org", first_name="Patricia")
    return made


def browser_of(name: str) -> Client:
    client = Client(
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    )
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    client.get("/profile/")
    return client


def cells(page: Page, name: str) -> list[str]:
    return [cell.text for cell in page.root.one("tr", data_person=name).all("td")]


def test_the_list_says_how_everybody_is(ines: Client, pat: User) -> None:
    person("gone", is_active=False)
    person("root", is_superuser=True, is_staff=True)
    browser_of("pat")
    api_tokens.make_token(owner=pat, name="nightly")
    TOTP.activate(pat, SECRET)

    page = Page(ines.get("/people/"))

    assert cells(page, "gone") == ["gone", "Off", "", "", "0", "0", "never"]
    assert cells(page, "root")[2] == "superuser"
    name, state, roles, factors, _, tokens, seen = cells(page, "pat")
    assert (name, state, roles, factors, tokens) == ("pat Patricia", "On", "supervisor", "App", "1")
    assert seen != "never"


@pytest.mark.parametrize(
    ("search", "found"),
    [("pat", ["pat"]), ("PATRICIA", ["pat"]), ("example.org", ["pat"]), ("nobody", []), ("p ricia", ["pat"])],
)
def test_people_are_found_by_name_and_address(search: str, found: list[str], ines: Client, pat: User) -> None:
    page = Page(ines.get("/people/", {"q": search}))

    assert [row["data-person"] for row in page.root.all("tr", data_person=True)] == found


def test_the_list_costs_the_same_for_many(ines: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person("one")
    ines.get("/people/")
    with CaptureQueriesContext(connection) as few:
        ines.get("/people/")
    for number in range(20):
        person(f"p{number}", "supervisor")

    with django_assert_num_queries(len(few)):
        ines.get("/people/")


def test_one_person_s_sessions_factors_and_tokens_are_shown(ines: Client, pat: User) -> None:
    browser_of("pat")
    token, text = api_tokens.make_token(owner=pat, name="nightly")
    TOTP.activate(pat, SECRET)
    browser = browser_of("ines")

    page = Page(browser.get(f"/people/{pat.pk}/"))

    assert "nightly" in page.root.one("tr", data_token=token.prefix).text
    assert text not in page.html
    assert SECRET not in page.html
    assert page.root.one("li", data_factor="totp").text.startswith("App since")
    # The factor was set up outside of any session, and has ended that one.
    assert page.root.all("tr", data_session=True) == []
    own = Page(browser.get(f"/people/{User.objects.get(username='ines').pk}/"))
    assert "Firefox on Linux" in own.root.all("tr", data_session=True)[0].text


def test_ending_all_sessions_signs_the_person_out(ines: Client, pat: User) -> None:
    browsers = [browser_of("pat"), browser_of("pat")]

    done = ines.post(f"/people/{pat.pk}/sessions/end/", {"reason": "laptop stolen"}, follow=True)

    assert "2 sessions of pat ended." in Page(done).text
    assert {each.get("/profile/").status_code for each in browsers} == {302}
    entry = LedgerEntry.objects.filter(action="access-change").order_by("-id")[0]
    assert (entry.username, entry.reason) == ("ines", "laptop stolen")
    assert entry.details == '{"change": "sessions-ended", "person": "pat"}'


@pytest.mark.parametrize("which", ["one", "all"])
def test_tokens_are_revoked(which: str, ines: Client, pat: User) -> None:
    first, text = api_tokens.make_token(owner=pat, name="nightly")
    api_tokens.make_token(owner=pat, name="weekly")
    data = {"reason": "T-7"} | ({"token": str(first.pk)} if which == "one" else {})

    ines.post(f"/people/{pat.pk}/tokens/revoke/", data)

    assert [each.name for each in api_tokens.live_tokens(pat)] == (["weekly"] if which == "one" else [])
    with pytest.raises(api_tokens.TokenRefused):
        api_tokens.redeem_token(text)
    entry = LedgerEntry.objects.filter(details__contains="token-revoked").order_by("id")[0]
    assert entry.reason == "T-7"
    assert f"{first.prefix}…" in "".join(
        LedgerEntry.objects.filter(details__contains="token-revoked").values_list("details", flat=True)
    )


def test_nobody_else_s_token_is_revoked_by_the_way(ines: Client, pat: User) -> None:
    other, _ = api_tokens.make_token(owner=person("root", is_superuser=True), name="root's")

    ines.post(f"/people/{pat.pk}/tokens/revoke/", {"reason": "T-7", "token": str(other.pk)})

    assert api_tokens.live_tokens(other.owner).count() == 1


def test_a_new_factor_is_asked_for(ines: Client, pat: User, settings: Any) -> None:
    TOTP.activate(pat, SECRET)

    ines.post(f"/people/{pat.pk}/factor/ask/", {"reason": "phone lost"})

    assert not Authenticator.objects.exists()
    settings.MFA_REQUIRED = True
    assert browser_of("pat").get("/").headers["Location"] == "/accounts/2fa/"
    reasons = LedgerEntry.objects.filter(action="access-change", username="ines").values_list(
        "reason", flat=True
    )
    assert set(reasons) == {"phone lost"}


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_reason_nothing_happens(action: str, ines: Client, pat: User) -> None:
    api_tokens.make_token(owner=pat, name="nightly")
    TOTP.activate(pat, SECRET)

    page = Page(ines.post(f"/people/{pat.pk}/{action}/", {"reason": " "}))

    assert page.status == 400
    assert "Give a reason. Nothing was changed." in page.text
    assert Authenticator.objects.exists()
    assert api_tokens.live_tokens(pat).exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_of_whoever_is_above_is_touched(action: str, ines: Client) -> None:
    root = person("root", is_superuser=True)
    api_tokens.make_token(owner=root, name="nightly")
    TOTP.activate(root, SECRET)

    assert ines.post(f"/people/{root.pk}/{action}/", {"reason": "T-1"}).status_code == 403

    assert Authenticator.objects.exists()
    assert api_tokens.live_tokens(root).exists()
    assert LedgerEntry.objects.order_by("-id")[0].details == '{"tried": "people: root"}'
    assert Page(ines.get(f"/people/{root.pk}/")).root.all("form", data_action=True) == []
