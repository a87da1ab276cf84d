"""Sign-in by SAML: a real round trip to a provider that the tests run, and all that is no answer to it."""

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from orders.ledger.models import LedgerEntry
from tests.pages import Page
from tests.people.sign_in.saml_provider import EMAIL, PORTAL, SamlProvider, new_key
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

ACS = "/accounts/saml/sso/acs/"
REFUSED = "That sign-in did not work"


@pytest.fixture
def provider(settings: Any) -> Iterator[SamlProvider]:
    with SamlProvider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        yield provider


@pytest.fixture
def client() -> Client:
    return browser()


def browser() -> Client:
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def begin(client: Client, provider: SamlProvider, query: str = "process=login") -> str:
    """On the way to the provider: the ID of what it is asked."""
    to = client.get(f"/accounts/saml/sso/login/?{query}")
    assert to.status_code == 302, to.content.decode()[:2000]
    assert to["Location"].startswith(f"{provider.url}/in?")
    return provider.asked_by(to["Location"])


def come_back(client: Client, answer: str) -> Any:
    """The browser posts the answer, and goes where it is led."""
    response = client.post(ACS, {"SAMLResponse": answer})
    if response.status_code == 302:
        assert response["Location"] == f"{ACS}finish/"
        response = client.get(response["Location"])
    return response


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def heading(response: Any) -> str:
    return Page(response).root.one("h1").text


def test_the_sign_in_page_offers_the_provider_by_its_name(client: Client, provider: SamlProvider) -> None:
    link = Page(client.get("/accounts/login/?next=/lookup/")).root.one(data_provider=True)

    assert (link.text, link["href"]) == (
        "Sign in with Works Directory",
        "/accounts/saml/sso/login/?process=login&next=%2Flookup%2F",
    )


def test_the_portal_describes_itself_to_the_provider(client: Client, provider: SamlProvider) -> None:
    response = client.get("/accounts/saml/sso/metadata/")

    assert response["Content-Type"] == "text/xml"
    assert f'entityID="{PORTAL}/metadata/"' in response.content.decode()
    assert f'Location="{PORTAL}/acs/"' in response.content.decode()


@pytest.mark.parametrize("signed", [("assertion",), ("response",), ("assertion", "response")])
def test_a_person_whom_an_administrator_made_comes_in_as_themselves(
    client: Client, provider: SamlProvider, signed: tuple[str, ...]
) -> None:
    ines = User.objects.create_user("ines.lund", email="Ines@works.example", password=PASSWORD)
    asked = begin(client, provider, "process=login&next=/profile/")

    response = come_back(
        client,
        provider.answer(asked, signs=dict.fromkeys(signed, (provider.key, provider.certificate))),
    )

    assert (response.status_code, response["Location"]) == (302, "/profile/")
    assert client.session["_auth_user_id"] == str(ines.pk)
    written = LedgerEntry.objects.filter(action="sign-in").values_list("username", "outcome")
    assert list(written) == [("ines.lund", "ok")]


def test_a_stranger_of_the_provider_comes_in_without_any_right(
    client: Client, provider: SamlProvider
) -> None:
    come_back(client, provider.answer(begin(client, provider)))

    user = User.objects.get()
    assert (user.first_name, user.email) == ("Ines", "ines@works.example")
    assert (user.is_staff, user.is_superuser, user.get_all_permissions()) == (False, False, set())
    assert not user.has_usable_password()


def test_they_are_the_same_person_the_second_time_though_their_address_changed(
    client: Client, provider: SamlProvider
) -> None:
    come_back(client, provider.answer(begin(client, provider)))
    provider.person[EMAIL] = "ines.lund@works.example"
    again = browser()

    come_back(again, provider.answer(begin(again, provider)))

    assert is_in(again)
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_a_switched_off_person_stays_out(client: Client, provider: SamlProvider) -> None:
    User.objects.create_user("ines.lund", email="ines@works.example", is_active=False)

    response = come_back(client, provider.answer(begin(client, provider)))

    assert response["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_whoever_is_switched_off_later_stays_out_the_next_time(
    client: Client, provider: SamlProvider
) -> None:
    come_back(client, provider.answer(begin(client, provider)))
    User.objects.update(is_active=False)
    again = browser()

    come_back(again, provider.answer(begin(again, provider)))

    assert not is_in(again)


def test_only_allowed_domains_come_in(client: Client, provider: SamlProvider, settings: Any) -> None:
    settings.SSO_ALLOWED_DOMAINS = ["other.example"]

    response = come_back(client, provider.answer(begin(client, provider)))

    assert (response.status_code, heading(response)) == (403, "You can't sign in this way")
    assert (is_in(client), User.objects.exists()) == (False, False)


def forged(provider: SamlProvider, asked: str, how: str) -> str:
    """What looks like an answer and is none."""
    genuine = base64.b64decode(provider.answer(asked)).decode()
    match how:
        case "signed with another key":
            return provider.answer(asked, signs={"assertion": new_key()})
        case "response signed with another key":
            mine = (provider.key, provider.certificate)
            return provider.answer(asked, signs={"assertion": mine, "response": new_key()})
        case "unsigned":
            return provider.answer(asked, signs={})
        case "changed after it was signed":
            return _encoded(genuine.replace("ines@works.example", "root@works.example"))
        case "a second assertion beside it":
            start, end = genuine.index("<saml:Assertion"), genuine.index("</samlp:Response>")
            evil = genuine[start:end].replace("ines@works.example", "root@works.example")
            return _encoded(genuine[:start] + evil + genuine[start:])
        case "expired":
            return provider.answer(asked, minutes=-10)
        case "for another portal":
            return provider.answer(asked, audience="https://elsewhere.example/metadata/")
        case "sent to another address":
            return provider.answer(asked, recipient="https://elsewhere.example/acs/")
        case "of another provider":
            return _encoded(genuine.replace(provider.entity_id, "urn:elsewhere"))
        case "unsolicited":
            return provider.answer("")
        case "an assertion for another request":
            return provider.answer(asked, assertion_for="_somebody-elses")
        case "a refusal":
            return provider.answer(asked, status="Responder")
        case "no XML":
            return _encoded("not <xml")
        case "no base64":
            return "%%%"
        case "a bomb":
            return _encoded(f'<!DOCTYPE a [<!ENTITY b "{"c" * 1000}">]><a>{"&b;" * 1000}</a>')
    raise AssertionError(how)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "how",
    [
        "signed with another key", "response signed with another key", "unsigned",
        "changed after it was signed", "a second assertion beside it", "expired", "for another portal",
        "sent to another address", "of another provider", "unsolicited", "an assertion for another request",
        "a refusal", "no XML", "no base64", "a bomb",
    ],
)  # fmt: skip
def test_what_is_no_answer_of_the_provider_lets_nobody_in(
    client: Client, provider: SamlProvider, how: str
) -> None:
    User.objects.create_user("root", email="root@works.example", is_superuser=True)
    answer = forged(provider, begin(client, provider), how)

    response = come_back(client, answer)

    assert heading(response) == REFUSED
    assert response.status_code in {400, 401, 403}
    assert not is_in(client)
    assert User.objects.count() == 1


def test_an_answer_works_once_and_in_the_browser_that_asked_for_it(
    client: Client, provider: SamlProvider
) -> None:
    answer = provider.answer(begin(client, provider))
    thief = browser()
    stolen = come_back(thief, answer)

    assert (heading(stolen), is_in(thief)) == (REFUSED, False)
    begin(thief, provider)
    assert (heading(come_back(thief, answer)), is_in(thief)) == (REFUSED, False)

    come_back(client, answer)
    assert is_in(client)
    client.post("/accounts/logout/")
    replayed = come_back(client, answer)
    assert (heading(replayed), is_in(client)) == (REFUSED, False)


def test_an_answer_that_comes_late_is_refused(client: Client, provider: SamlProvider) -> None:
    answer = provider.answer(begin(client, provider))
    with time_machine.travel(3600 + time.time(), tick=True):
        assert heading(come_back(client, answer)) == REFUSED
    assert not is_in(client)


@pytest.mark.parametrize("answer", ["", "A" * 300_000], ids=["nothing", "too much"])
def test_what_can_be_no_answer_is_not_even_kept(client: Client, provider: SamlProvider, answer: str) -> None:
    response = client.post(ACS, {"SAMLResponse": answer} if answer else {})

    assert (response.status_code, heading(response)) == (400, REFUSED)
    assert (client.get(ACS).status_code, Session.objects.count()) == (400, 0)


def test_nobody_is_let_in_who_brings_nothing(client: Client, provider: SamlProvider) -> None:
    begin(client, provider)

    assert heading(client.get(f"{ACS}finish/")) == REFUSED
    assert not is_in(client)


def test_a_provider_that_is_down_is_said_to_be(client: Client, provider: SamlProvider) -> None:
    provider.is_down = True

    response = client.get("/accounts/saml/sso/login/?process=login")

    assert (response.status_code, heading(response)) == (502, REFUSED)


def test_a_provider_that_went_down_meanwhile_lets_nobody_in(client: Client, provider: SamlProvider) -> None:
    answer = provider.answer(begin(client, provider))
    cache.clear()  # where what it said of itself was remembered
    provider.is_down = True

    response = come_back(client, answer)

    assert (response.status_code, heading(response)) == (502, REFUSED)
    assert not is_in(client)


@pytest.mark.parametrize("page", ["login", "acs/finish", "metadata", "sls"])
def test_there_is_no_provider_but_the_configured_one(
    client: Client, provider: SamlProvider, page: str
) -> None:
    assert client.get(f"/accounts/saml/other/{page}/?Signature=1").status_code == 404


def test_a_host_of_one_word_is_as_good_as_any(provider: SamlProvider) -> None:
    response = Client(headers={"host": "testserver"}).get("/accounts/saml/sso/login/?process=login")

    assert response["Location"].startswith(f"{provider.url}/in?")


@pytest.mark.parametrize(("signed_by", "goes_out"), [("the provider", True), ("another", False), ("", False)])
def test_the_provider_alone_signs_somebody_out(
    client: Client, provider: SamlProvider, signed_by: str, goes_out: bool
) -> None:
    come_back(client, provider.answer(begin(client, provider)))
    keys = {"the provider": provider.key, "another": new_key()[0], "": ""}

    response = client.get(f"/accounts/saml/sso/sls/?{provider.sign_out(keys[signed_by])}")

    assert response.status_code == (302 if goes_out else response.status_code) < 500
    assert is_in(client) is not goes_out


def test_accounts_are_not_connected_by_a_link_that_somebody_else_made(
    client: Client, provider: SamlProvider, agent: User
) -> None:
    client.force_login(agent)

    response = come_back(client, provider.answer(begin(client, provider, "process=connect")))

    assert (response.status_code, SocialAccount.objects.count()) == (403, 0)


def test_a_provider_that_asks_for_a_second_factor_can_be_trusted_with_it(
    client: Client, provider: SamlProvider, settings: Any
) -> None:
    settings.MFA_REQUIRED = True
    User.objects.create_superuser("ines.lund", email="ines@works.example", password=PASSWORD)

    come_back(client, provider.answer(begin(client, provider)))
    asked_again = client.get("/").get("Location")
    settings.SSO_SECOND_FACTOR = True

    assert (asked_again, client.get("/").status_code) == ("/accounts/2fa/", 200)
