"""Sign-in by an identity provider: a real round trip to one that the tests run."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.test import Client

from orders.infrastructure import secret_files
from tests.pages import Page
from tests.people.sign_in.identity_provider import CLIENT_SECRET, IdentityProvider
from tests.personas import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings) -> Iterator[IdentityProvider]:
    with IdentityProvider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        yield provider


def round_trip(client: Client, query: str = "process=login"):
    """To the provider and back, as a browser would go; the portal's answer to the coming back."""
    to = client.get(f"/accounts/oidc/sso/login/?{query}")
    assert to.status_code == 302, to.content.decode()[:2000]
    back = requests.get(to["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def heading(response) -> str:
    return Page(response).root.one("h1").text


def test_the_sign_in_page_offers_the_provider_by_its_name(client, provider):
    page = Page(client.get("/accounts/login/?next=/lookup/"))

    link = page.root.one(data_provider=True)
    assert (link.text, link["href"]) == (
        "Sign in with Works Directory",
        "/accounts/oidc/sso/login/?process=login&next=%2Flookup%2F",
    )


def test_without_a_provider_there_is_nothing_to_offer(client):
    assert Page(client.get("/accounts/login/")).root.all(data_provider=True) == []
    assert client.get("/accounts/oidc/sso/login/").status_code == 404


def test_a_person_whom_an_administrator_made_comes_in_as_themselves(client, provider):
    ines = User.objects.create_user("ines.lund", email="Ines@works.example", password=PASSWORD)

    response = round_trip(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(ines.pk)
    assert provider.wrongs == []
    ines.refresh_from_db()
    assert ines.check_password(PASSWORD)


def test_a_stranger_of_the_provider_comes_in_without_any_right(client, provider):
    round_trip(client)

    user = User.objects.get()
    assert (user.username, user.get_full_name(), user.email) == ("ines", "Ines Lund", "ines@works.example")
    assert (user.is_staff, user.is_superuser, user.get_all_permissions()) == (False, False, set())
    assert not user.has_usable_password()


def test_they_are_the_same_person_the_second_time_though_their_address_changed(client, provider):
    round_trip(client)
    provider.person["email"] = "ines.lund@works.example"

    round_trip(Client())

    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_an_unverified_address_is_nobodys(client, provider):
    User.objects.create_user("ines.lund", email="ines@works.example")
    provider.person["email_verified"] = False

    response = round_trip(client)

    assert (response.status_code, heading(response)) == (403, "You can't sign in this way")
    assert SocialAccount.objects.count() == 0
    assert "_auth_user_id" not in client.session


def test_a_switched_off_person_stays_out(client, provider):
    User.objects.create_user("ines.lund", email="ines@works.example", is_active=False)

    response = round_trip(client)

    assert response["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("allowed", "address", "gets_in"),
    [
        (["works.example"], "ines@works.example", True),
        (["works.example"], "ines@WORKS.example", True),
        (["works.example"], "ines@evil-works.example", False),
        (["works.example"], "ines@works.example.evil.example", False),
        (["works.example"], "", False),
        (["other.example", "works.example"], "ines@works.example", True),
    ],
)
def test_only_allowed_domains_come_in(client, provider, settings, allowed, address, gets_in):
    settings.SSO_ALLOWED_DOMAINS = allowed
    provider.person["email"] = address

    response = round_trip(client)

    assert ("_auth_user_id" in client.session, User.objects.exists()) == (gets_in, gets_in)
    assert response.status_code == (302 if gets_in else 403)


def test_whoever_left_the_allowed_domains_stays_out_the_next_time(client, provider, settings):
    round_trip(client)
    settings.SSO_ALLOWED_DOMAINS = ["elsewhere.example"]
    again = Client()

    assert round_trip(again).status_code == 403
    assert "_auth_user_id" not in again.session


def test_accounts_are_not_connected_by_a_link_that_somebody_else_made(agent, provider):
    browser = signed_in(agent)

    response = round_trip(browser, "process=connect")

    assert response.status_code == 403
    assert SocialAccount.objects.count() == 0


def test_an_answer_without_our_state_is_refused(client, provider):
    response = client.get("/accounts/oidc/sso/login/callback/?code=stolen&state=made-up")

    assert heading(response) == "That sign-in did not work"
    assert not User.objects.exists()


def test_a_provider_that_is_down_is_said_to_be(client, settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings("http://127.0.0.1:9")

    response = client.get("/accounts/oidc/sso/login/?process=login")

    assert heading(response) == "That sign-in did not work"


def test_whoever_says_no_at_the_provider_is_not_signed_in(client, provider):
    provider.denies = True

    response = round_trip(client)

    assert response["Location"] == "/accounts/3rdparty/login/cancelled/"
    assert heading(client.get(response["Location"])) == "You are not signed in"


def test_tokens_of_the_provider_are_not_kept(client, provider):
    round_trip(client)

    assert SocialToken.objects.count() == 0
    assert "canary" not in str(dict(client.session)) + str(SocialAccount.objects.get().extra_data)


def test_a_provider_that_asks_for_a_second_factor_can_be_trusted_with_it(client, provider, settings):
    settings.MFA_REQUIRED = True
    User.objects.create_superuser("ines.lund", email="ines@works.example", password=PASSWORD)

    round_trip(client)
    asked_again = client.get("/").get("Location")
    settings.SSO_SECOND_FACTOR = True

    assert (asked_again, client.get("/").status_code) == ("/accounts/2fa/", 200)


def test_a_new_secret_of_ours_at_the_provider_needs_no_restart(
    client, provider, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr(secret_files, "LOOK_EVERY", -1.0)
    monkeypatch.setattr(secret_files, "next_look", 0.0)
    file = tmp_path / "secret"
    file.write_text("the secret of last year")
    settings.SECRET_FILES = {"OIDC_CLIENT_SECRET": (str(file), "", "OIDC_CLIENT_SECRET")}
    settings.OIDC_CLIENT_SECRET = "the secret of last year"
    assert heading(round_trip(client)) == "That sign-in did not work"
    assert provider.wrongs == ["secret"]
    provider.wrongs.clear()

    file.write_text(f"{CLIENT_SECRET}\n")
    round_trip(client)

    assert "_auth_user_id" in client.session
