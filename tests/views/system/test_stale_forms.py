"""Forms whose token is no longer good: kept, shown, and sent again by one click; a foreign site's never."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orders.people.models import SavedView
from orders.sandbox import SandboxServer, customers
from orders.views.system.stale_forms import MOST_CHARACTERS, MOST_FIELDS
from tests.pages import Element, Page
from tests.personas import PASSWORD, person

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
SAVE = "/saved-views/"
VIEW = {"name": "Überfällig & <b>open</b>", "source": "adobe", "customer_id": customers.ADOBE_SMALL}


@pytest.fixture
def browser(agent: Any, upstreams: SandboxServer) -> Client:
    """One that has to send tokens, signed in."""
    made = Client(enforce_csrf_checks=True)
    made.force_login(agent)
    return made


def token_of(browser: Client, address: str = "/") -> str:
    return Page(browser.get(address)).root.all("input", name="csrfmiddlewaretoken")[0]["value"]


def form_of(page: Page) -> Element:
    return page.root.one("form", data_again=True)


def sent_again(browser: Client, page: Page, **typed: Any) -> Any:
    """What a click on the page's button sends, with what was filled in."""
    form = form_of(page)
    assert form["method"] == "post"
    fields: dict[str, Any] = {}
    for each in form.all("input"):
        fields.setdefault(each["name"], []).append(each.get("value") or "")
    return browser.post(form["action"], {**fields, **typed})


def fields_of(page: Page) -> list[tuple[str, str]]:
    return [
        (each["name"], each.get("value") or each["type"])
        for each in form_of(page).all("input")
        if each["name"] != "csrfmiddlewaretoken"
    ]


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": "null", "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}],
    ids=str,
)
@pytest.mark.parametrize("token", ["of an earlier session", "", None], ids=str)
def test_what_was_typed_is_kept_and_one_click_sends_it(
    browser: Client, token: str | None, headers: dict[str, str]
) -> None:
    given = {} if token is None else {"csrfmiddlewaretoken": Client.__name__ * 8 if token else ""}
    response = browser.post(f"{SAVE}?x=1", {**VIEW, **given}, headers=headers)
    page = Page(response)

    assert (page.status, page.main.one("h1").text) == (403, "This page had grown old")
    assert response.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert form_of(page)["action"] == f"{SAVE}?x=1"
    assert fields_of(page) == list(VIEW.items())
    # What would be sent is there to be read, before anybody clicks; and nothing was sent.
    assert all(value in page.text for value in VIEW.values())
    assert not SavedView.objects.exists()

    assert sent_again(browser, page).status_code == 302
    assert SavedView.objects.get().name == VIEW["name"]


def test_a_token_that_is_good_does_not_help_a_browser_that_hides_where_it_comes_from(browser: Client) -> None:
    token = token_of(browser)

    page = Page(browser.post(SAVE, {**VIEW, "csrfmiddlewaretoken": token}, headers={"origin": "null"}))

    assert fields_of(page) == list(VIEW.items())


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://testserver"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-site"},
        {"origin": "null", "referer": "https://evil.example/page"},
        {"referer": "http://evil.example/page"},
        {"referer": "http://[evil/"},
    ],
    ids=str,
)
def test_what_another_site_sent_gets_no_button(browser: Client, headers: dict[str, str]) -> None:
    for token in ("", token_of(browser)):
        if token and "referer" in headers and "origin" not in headers:
            continue  # a good token is proof enough where no origin is told
        page = Page(browser.post(SAVE, {**VIEW, "csrfmiddlewaretoken": token}, headers=headers))

        assert (page.status, page.main.one("h1").text) == (403, "This came from another address")
        assert page.main.all("form") == []
        assert VIEW["name"] not in page.html
        assert "CSRF_TRUSTED_ORIGINS" in page.text
    assert not SavedView.objects.exists()


def test_a_trusted_origin_is_none_of_the_others(browser: Client, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://testserver"]

    page = Page(browser.post(SAVE, VIEW, headers={"origin": "https://testserver"}))

    assert fields_of(page) == list(VIEW.items())


@pytest.mark.parametrize(
    ("way", "leads_to"),
    [("/profile/", "/profile/"), ("", "/"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_the_second_tabs_sign_in_leads_on_to_where_they_wanted(agent: Any, way: str, leads_to: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    first, second = token_of(browser, LOGIN), token_of(browser, LOGIN)
    form = {"login": "dana", "password": PASSWORD, "next": way}

    assert browser.post(LOGIN, {**form, "csrfmiddlewaretoken": first}).status_code == 302
    again = browser.post(LOGIN, {**form, "csrfmiddlewaretoken": second})

    assert (again.status_code, again.headers["Location"]) == (302, leads_to)


def test_a_stale_sign_in_keeps_the_name_and_asks_for_the_password_again(agent: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = Page(browser.post(LOGIN, {"login": "dana", "password": PASSWORD, "next": "/profile/"}))

    assert fields_of(page) == [("login", "dana"), ("next", "/profile/"), ("password", "password")]
    assert PASSWORD not in page.html
    response = sent_again(browser, page, password=PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (302, "/profile/")


@pytest.mark.parametrize(
    ("address", "form", "asked_again"),
    [
        (
            "/accounts/password/change/",
            {"oldpassword": "old-pass-1", "password1": "new-pass-2", "password2": "new-pass-2"},
            [("oldpassword", "password"), ("password1", "password"), ("password2", "password")],
        ),
        ("/accounts/2fa/totp/activate/", {"code": "271828"}, [("code", "text")]),
        ("/accounts/reauthenticate/", {"password": "old-pass-1"}, [("password", "password")]),
    ],
)
def test_no_password_and_no_code_stands_in_the_page(
    browser: Client, address: str, form: dict[str, str], asked_again: list[tuple[str, str]]
) -> None:
    page = Page(browser.post(address, form))

    assert fields_of(page) == asked_again
    assert [value for value in form.values() if value in page.html] == []


def test_a_file_is_chosen_again(upstreams: SandboxServer) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("root", is_superuser=True))
    text = b"account,reseller_id,source,customer_id,manager\r\nAcme,R1,adobe,1000000143,root\r\n"

    page = Page(browser.post("/account-imports/", {"file": SimpleUploadedFile("a.csv", text)}))

    assert fields_of(page) == [("file", "file")]
    assert form_of(page)["enctype"] == "multipart/form-data"
    assert "Acme" not in page.html
    assert sent_again(browser, page, file=SimpleUploadedFile("a.csv", text)).status_code == 302


def test_what_a_script_of_the_page_made_can_not_be_sent_again(browser: Client) -> None:
    page = Page(browser.post("/accounts/2fa/webauthn/add/", {"name": "key", "credential": '{"id": "abc"}'}))

    assert page.main.all("form") == []
    assert "abc" not in page.html


@pytest.mark.parametrize(
    "form",
    [{"q": "x" * (MOST_CHARACTERS + 1)}, {f"field-{n}": "x" for n in range(MOST_FIELDS + 1)}],
    ids=["long", "many"],
)
def test_what_is_kept_is_bounded(browser: Client, form: dict[str, str]) -> None:
    response = browser.post("/lookup/", form)

    assert Page(response).main.all("form") == []
    assert "It is too much to be kept here" in Page(response).text
    assert len(response.content) < 20_000


def test_the_longest_text_that_can_be_looked_up_is_kept_whole_and_shown_in_part(browser: Client) -> None:
    text = "10000 " * 16_000
    page = Page(browser.post("/lookup/", {"q": text}))

    assert fields_of(page) == [("q", text)]
    assert len(page.text) < 1000


def test_whoever_was_signed_out_while_they_wrote_keeps_it(browser: Client) -> None:
    token = token_of(browser)
    browser.session.flush()

    page = Page(browser.post(SAVE, {**VIEW, "csrfmiddlewaretoken": token}))
    assert (page.status, page.main.one("h1").text) == (403, "You were signed out meanwhile")
    assert page.main.all("a")[0]["href"] == LOGIN
    assert fields_of(page) == list(VIEW.items())

    # In another tab they sign in, which makes that page's token void as well.
    login = token_of(browser, LOGIN)
    browser.post(LOGIN, {"login": "dana", "password": PASSWORD, "csrfmiddlewaretoken": login})
    page = Page(sent_again(browser, page))
    assert page.main.one("h1").text == "This page had grown old"
    assert sent_again(browser, page).status_code == 302
    assert SavedView.objects.get().name == VIEW["name"]


def test_whose_session_had_ended_by_itself_keeps_it_too(browser: Client, settings: Any) -> None:
    token = token_of(browser)
    settings.SESSION_IDLE_SECONDS = 0

    page = Page(browser.post(SAVE, {**VIEW, "csrfmiddlewaretoken": token}))

    assert page.main.one("h1").text == "You were signed out meanwhile"
    assert fields_of(page) == list(VIEW.items())


def test_signing_out_twice_leads_to_the_sign_in(browser: Client) -> None:
    browser.session.flush()

    response = browser.post("/accounts/logout/")

    assert (response.status_code, response.headers["Location"]) == (302, LOGIN)
