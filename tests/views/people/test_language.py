"""In which language a page speaks: the person's, else the portal's; a stranger's browser says theirs."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orders.people import security_notices
from orders.people.api_tokens import Scope, make_token
from orders.people.personal_settings import language_of
from orders.people.security_notices import Change
from orders.people.settings_models import PersonalSettings
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

ORDERS = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def spoken(page: Page) -> tuple[str | None, str]:
    return page.root.one("html").get("lang"), page.root.one("title").text


@pytest.fixture
def milo() -> User:
    found: User = person("milo", "supervisor")
    return found


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("", "en-gb", "Sign in · Orders Portal"),
        ("fr-FR", "en-gb", "Sign in · Orders Portal"),
        ("en-US,en;q=0.9,de;q=0.8", "en-gb", "Sign in · Orders Portal"),
        (GERMAN["Accept-Language"], "de", "Anmelden · Orders Portal"),
    ],
)
def test_a_stranger_reads_what_their_browser_asks_for(asked: str, language: str, title: str) -> None:
    answer = Client().get("/accounts/login/", headers={"Accept-Language": asked})

    assert spoken(Page(answer)) == (language, title)
    assert "Accept-Language" in answer.headers["Vary"]


def test_who_is_signed_in_reads_what_they_have_chosen_and_files_stay_as_they_are(
    milo: User, upstreams: object
) -> None:
    client = signed_in(milo)
    english = client.get(f"{ORDERS}export/?rows=orders&format=csv").getvalue()

    assert spoken(Page(client.get("/settings/", headers=GERMAN))) == ("en-gb", "Settings · Orders Portal")
    told = Page(client.post("/settings/", {"language": "de"}, follow=True))
    assert spoken(told) == ("de", "Einstellungen · Orders Portal")
    assert "Ihre Einstellungen sind gespeichert." in told.text

    later = signed_in(milo)
    page = Page(later.get(ORDERS))
    assert page.root.one("html").get("lang") == "de"
    assert "Zeiten in UTC." in page.text
    assert later.get(f"{ORDERS}export/?rows=orders&format=csv").getvalue() == english
    assert language_of(milo) == "de"


def test_what_is_refused_before_the_page_is_refused_in_the_persons_language(milo: User) -> None:
    client = signed_in(milo)
    client.post("/settings/", {"language": "de"})

    page = Page(client.get("/adobe/customers/a b/orders/"))

    assert spoken(page) == ("de", "Diese Seite gibt es nicht · Orders Portal")


def test_scripts_are_answered_in_the_language_of_the_contract(
    milo: User, upstreams: object, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "de"
    PersonalSettings.objects.create(person=milo, language="de")
    _, token = make_token(owner=milo, name="nightly", scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {token}", **GERMAN}

    refused = Client().get("/api/v1/exports", headers=headers)
    page = Page(Client().get(ORDERS, headers=headers))

    assert refused.json()["title"] == "This token has no scope “export”: it has read."
    assert page.root.one("html").get("lang") == "en-gb"
    anonymous = Client().get(ORDERS.replace("/adobe", "/api/v1/adobe").rstrip("/"), headers=GERMAN)
    assert anonymous.json()["title"] == "Send a token of yours, or sign in with a browser."


def test_a_language_that_the_portal_speaks_no_longer_is_its_own(milo: User) -> None:
    PersonalSettings.objects.create(person=milo, language="fr")

    assert (language_of(milo), signed_in(milo).get("/settings/").status_code) == ("en-gb", 200)


def test_a_mail_is_in_the_language_of_whom_it_is_to(
    milo: User, settings: Any, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    User.objects.filter(pk=milo.pk).update(email="milo@example.com")
    milo.refresh_from_db()
    PersonalSettings.objects.create(person=milo, language="de")

    with django_capture_on_commit_callbacks(execute=True):
        security_notices.note(milo, Change.PASSWORD)

    (mail,) = mailoutbox
    assert mail.subject == "Orders Portal: Ihr Passwort wurde gesetzt"
    assert "Waren Sie das selbst oder war es mit Ihnen abgesprochen" in mail.body


def test_what_an_upstream_says_keeps_its_language(milo: User, upstreams: object) -> None:
    client = signed_in(milo)
    client.post("/settings/", {"language": "de"})

    failed = Page(client.get(f"/fabric/customers/{customers.FABRIC_MAIN}/orders/?status=FAILED"))
    rows = [failed.row(order_id) for order_id in failed.order_ids]
    address = rows[0].all("a")[0]["href"]
    order = Page(client.get(address))

    theirs = order.root.one("p", id="summary").one("span", lang="en").text
    assert f"„{theirs}“" in order.root.one("p", id="summary").text
    assert {cell.get("lang") for row in rows for cell in row.all("span", lang="en")} == {"en"}
