"""Who reaches a limit asks for more, and is granted it for a day by somebody who may, each step a row."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from orders.ledger import LedgerEntry
from orders.people.limit_models import LimitWish
from orders.people.models import SecurityNotice
from orders.sandbox import SandboxServer
from tests.pages import Page
from tests.people.test_limits import history
from tests.personas import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def pat(upstreams: SandboxServer) -> User:
    made: User = person("pat", "supervisor")
    return made


@pytest.fixture
def browser(pat: User) -> Client:
    return signed_in(pat)


@pytest.fixture
def ines(pat: User) -> User:
    made: User = person("ines", "administrator", is_staff=True)
    return made


@pytest.fixture
def wish(browser: Client, settings: Any) -> LimitWish:
    """Pat has looked at the one customer that they may, and asks for more."""
    settings.LIMIT_CUSTOMERS_PER_HOUR = 1
    browser.get(history(0))
    assert browser.get(history(1)).status_code == 429
    browser.post("/limits/ask/", {"kind": "customers", "reason": "yearly review"})
    return LimitWish.objects.get()


def decide(browser: Client, wish: LimitWish, decision: str, **more: Any) -> Any:
    sent = {"decision": decision, "limit": "3", "reason": "agreed", **more}
    return browser.post(f"/limits/wishes/{wish.pk}/", sent)


def rows(outcome: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = LedgerEntry.objects.filter(action="limit", outcome=outcome).order_by("id")
    return [(each.username, each.reason, json.loads(each.details)) for each in found]


def test_one_can_ask_for_more(browser: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 1
    person("thea", "supervisor")
    browser.get(history(0))
    page = Page(browser.get(history(1), headers={"accept": "text/html"}))
    form = page.main.one("form", method="post")

    done = browser.post(form["action"], {"kind": "customers", "reason": "yearly review"}, follow=True)

    assert "Your wish was handed on" in Page(done).text
    entry = LedgerEntry.objects.get(action="limit", outcome="asked")
    assert (entry.username, entry.reason) == ("pat", "yearly review")
    assert SecurityNotice.objects.filter(subject__endswith="yearly review").get().person.username == "thea"
    browser.post(form["action"], {"kind": "customers", "reason": ""})
    browser.post(form["action"], {"kind": "everything", "reason": "x"})
    assert LedgerEntry.objects.filter(outcome="asked").count() == 1


def test_wishes_are_no_way_to_flood_those_who_read_them(browser: Client) -> None:
    person("thea", "supervisor")

    for number in range(5):
        done = browser.post("/limits/ask/", {"kind": "customers", "reason": f"wish {number}"}, follow=True)
    browser.post("/limits/ask/", {"kind": "lookups", "reason": "another kind"})

    assert "handed on already" in Page(done).text
    asked = LedgerEntry.objects.filter(outcome="asked").order_by("id").values_list("reason", flat=True)
    assert list(asked) == ["wish 0", "another kind"]
    assert SecurityNotice.objects.filter(person__username="thea").count() == 2


def test_those_who_may_grant_it_see_it_at_once_and_others_do_not(
    wish: LimitWish, browser: Client, ines: User
) -> None:
    granter, agent = signed_in(ines), signed_in(person("dana", "customer-service agent"))

    assert "asks for more" in Page(granter.get("/")).notices["limit-wishes"]
    assert "limit-wishes" not in Page(agent.get("/")).notices
    assert "limit-wishes" not in Page(browser.get("/")).notices
    shown = Page(granter.get("/people/")).text
    assert "more than 1 different customers within an hour" in shown
    assert "yearly review" in shown


def test_what_is_granted_holds_for_a_day_and_no_longer(
    wish: LimitWish, browser: Client, ines: User, settings: Any
) -> None:
    settings.SESSION_IDLE_SECONDS = settings.SESSION_ABSOLUTE_SECONDS = settings.SESSION_COOKIE_AGE = 10**6
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        assert decide(signed_in(ines), wish, "grant").status_code == 302

        assert [browser.get(history(number)).status_code == 429 for number in (1, 2, 3)] == [
            False,
            False,
            True,
        ]
        clock.shift(timedelta(hours=23, minutes=59))
        browser = signed_in(wish.person)
        assert [browser.get(history(number)).status_code == 429 for number in (4, 5)] == [False, False]
        clock.shift(timedelta(hours=1, minutes=2))
        browser = signed_in(wish.person)
        assert [browser.get(history(number)).status_code == 429 for number in (6, 7)] == [False, True]

    until = f"{now + timedelta(days=1):%Y-%m-%dT%H:%MZ}"
    assert rows("asked") == [("pat", "yearly review", {"kind": "customers", "limit": 1})]
    assert rows("granted") == [
        ("ines", "agreed", {"kind": "customers", "limit": 3, "person": "pat", "until": until})
    ]


def test_the_person_is_told_and_sees_what_became_of_it(wish: LimitWish, browser: Client, ines: User) -> None:
    assert Page(browser.get("/limits/")).main.one(data_wish_state="open")

    decide(signed_in(ines), wish, "grant")

    assert "Up to 3 until" in Page(browser.get("/limits/")).main.one(data_wish_state="granted").text
    anew = Client()
    anew.post("/accounts/login/", {"login": "pat", "password": PASSWORD})
    assert "You may do more for a day (3 different customers" in Page(anew.get("/")).notices["security"]


@pytest.mark.parametrize(("before", "outcome"), [([], "declined"), (["grant"], "taken-back")])
def test_it_can_be_declined_or_taken_back(
    before: list[str], outcome: str, wish: LimitWish, browser: Client, ines: User
) -> None:
    granter = signed_in(ines)
    for decision in [*before, "decline"]:
        decide(granter, wish, decision)

    assert browser.get(history(1)).status_code == 429
    assert rows(outcome) == [("ines", "agreed", {"kind": "customers", "person": "pat"})]
    assert SecurityNotice.objects.filter(person__username="pat", change="limit-kept").count() == 1
    assert decide(granter, wish, "grant").status_code == 302
    assert browser.get(history(1)).status_code == 429


@pytest.mark.parametrize(
    ("role", "more"),
    [("customer-service agent", {}), ("account manager", {}), ("supervisor", {}), ("", {"is_staff": True})],
)
def test_who_may_not_change_people_grants_nothing(role: str, more: Any, wish: LimitWish) -> None:
    someone = signed_in(person("someone", *filter(None, [role]), **more))

    assert decide(someone, wish, "grant").status_code == 403

    wish.refresh_from_db()
    assert (wish.state, wish.until) == ("open", None)
    assert LedgerEntry.objects.filter(outcome="refused-right", username="someone").count() == 1


def test_nobody_grants_their_own_wish_nor_that_of_somebody_above(ines: User, settings: Any) -> None:
    root = person("root", is_superuser=True)
    mine = signed_in(ines)
    for browser in (mine, signed_in(root)):
        browser.post("/limits/ask/", {"kind": "reveals", "reason": "more"})

    answers = [decide(mine, each, "grant").status_code for each in LimitWish.objects.all()]

    assert answers == [403, 403]
    assert {each.state for each in LimitWish.objects.all()} == {"open"}
    page = Page(mine.get("/people/"))
    assert page.text.count("Somebody else has to decide about this one.") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"limit": ""},
        {"limit": "0"},
        {"limit": "many"},
        {"limit": "100001"},
        {"decision": "x"},
    ],
)
def test_a_grant_without_a_reason_or_a_number_changes_nothing(
    wrong: dict[str, str], wish: LimitWish, ines: User
) -> None:
    granter = signed_in(ines)

    sent = {"decision": "grant", "limit": "3", "reason": "agreed", **wrong}
    done = granter.post(f"/limits/wishes/{wish.pk}/", sent, follow=True)

    assert "Nothing was changed." in Page(done).text
    wish.refresh_from_db()
    assert wish.state == "open"
