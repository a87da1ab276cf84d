"""The tour of a first visit: each kind of page says what it is for, until its person has read it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orders.sandbox import customers
from tests.pages import Page
from tests.personas import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"


def sign_in(who: User) -> Client:
    """By the form, as people do; whom a test lets in by the back door has no first visit."""
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": who.get_username(), "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def step_at(browser: Client, address: str) -> str:
    """The name of the step that the page shows; blank where it shows none."""
    shown = Page(browser.get(address)).root.all(data_tour=True)
    return shown[0]["data-tour"] if shown else ""


@pytest.fixture
def dana() -> User:
    found: User = person("dana", "supervisor")
    return found


@pytest.fixture
def newcomer(dana: User, upstreams: object) -> Client:
    return sign_in(dana)


def test_each_kind_of_page_says_at_first_what_it_is_for(newcomer: Client) -> None:
    order = Page(newcomer.get(HISTORY)).order_ids[0]
    pages = ("/", HISTORY, f"{HISTORY}{order}/", "/attention/", "/exports/", "/settings/")

    assert [step_at(newcomer, page) for page in pages] == [
        "look-up",
        "list",
        "sentence",
        "attention",
        "files",
        "",
    ]


def test_what_was_read_is_not_said_again_and_one_is_back_where_one_was(newcomer: Client) -> None:
    answer = newcomer.post("/help/tour/", {"read": "list", "next": f"{HISTORY}?status=FAILED"})

    assert answer["Location"] == f"{HISTORY}?status=FAILED"
    assert (step_at(newcomer, HISTORY), step_at(newcomer, "/")) == ("", "look-up")


def test_the_tour_can_be_ended_and_begun_again(newcomer: Client) -> None:
    newcomer.post("/help/tour/", {"end": "1"})
    ended = step_at(newcomer, "/")
    newcomer.post("/help/tour/")

    assert (ended, step_at(newcomer, "/")) == ("", "look-up")


def test_after_the_last_step_nothing_is_left(newcomer: Client) -> None:
    for name in ("look-up", "list", "sentence", "attention", "files"):
        newcomer.post("/help/tour/", {"read": name})

    assert "tour" not in newcomer.session
    assert step_at(newcomer, "/") == ""


def test_the_second_sign_in_is_no_first_visit(newcomer: Client, dana: User) -> None:
    assert step_at(sign_in(dana), "/") == ""


def test_nobody_is_led_to_what_they_may_not_do(upstreams: object) -> None:
    agent = sign_in(person("ada", "customer-service agent"))

    titles = [each.text for each in Page(agent.get("/help/tour/")).root.all("h2")]
    assert titles[:4] == ["Look up", "The list", "The sentence", "What needs attention"]
    assert "Files" not in titles


def test_a_step_says_where_the_next_one_is(newcomer: Client) -> None:
    shown = Page(newcomer.get("/")).root.all(data_tour=True)[0]

    assert [(each["href"], each.text) for each in shown.all("a")] == [
        ("/attention/", "Go on: What needs attention")
    ]


def test_nobody_is_led_out_of_the_portal(newcomer: Client) -> None:
    answer = newcomer.post("/help/tour/", {"end": "1", "next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


def test_whoever_may_view_nothing_is_told_so() -> None:
    page = Page(signed_in(person("newly")).get("/help/tour/"))

    assert "None of your roles lets you view orders yet." in page.text
