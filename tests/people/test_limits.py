"""Thieves with a session are slowed, and seen: limits for each person, told of at half, held at the whole."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people.api_tokens import make_token
from orders.people.models import SecurityNotice
from orders.sandbox import SandboxServer, customers
from orders_portal.start_up import limits_of_roles
from tests.pages import Page
from tests.personas import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMERS = [
    customers.ADOBE_SMALL, *(f"90000000{number:02}" for number in range(30)),
]  # fmt: skip
START = datetime(2026, 5, 4, 12, tzinfo=UTC)


def history(number: int = 0) -> str:
    return f"/adobe/customers/{CUSTOMERS[number]}/orders/"


def reveal(browser: Client, number: int) -> Any:
    return browser.post(f"/fabric/customers/{customers.FABRIC_CALM}/orders/{number}/", {"reason": "T-1"})


# The setting, and how it is done for the n-th time.
KINDS: dict[str, tuple[str, Callable[[Client, int], Any]]] = {
    "reveals": ("LIMIT_REVEALS_PER_HOUR", reveal),
    "customers": ("LIMIT_CUSTOMERS_PER_HOUR", lambda browser, number: browser.get(history(number))),
    "lookups": (
        "LIMIT_LOOKUPS_PER_HOUR",
        lambda browser, number: browser.post("/lookup/", {"q": "1000000137", "source": "adobe"}),
    ),
    "exports": ("LIMIT_EXPORTS_PER_DAY", lambda browser, number: browser.post(f"{history()}export/")),
}


@pytest.fixture
def pat(upstreams: SandboxServer) -> User:
    made: User = person("pat", "supervisor")
    return made


@pytest.fixture
def browser(pat: User) -> Client:
    return signed_in(pat)


def rows(**wanted: Any) -> list[str]:
    return list(LedgerEntry.objects.filter(**wanted).order_by("id").values_list("details", flat=True))


@pytest.mark.parametrize("kind", KINDS)
def test_over_the_limit_nothing_is_done_and_words_say_so(
    kind: str, browser: Client, settings: Any, upstreams: SandboxServer
) -> None:
    setting, do = KINDS[kind]
    setattr(settings, setting, 3)
    for number in range(3):
        assert do(browser, number).status_code != 429
    upstreams.clear_log()

    answer = do(browser, 3)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600
    assert upstreams.requests == []
    assert rows(outcome="refused-limit") == [f'{{"limit": 3, "tried": "{kind}", "used": 3}}']


@pytest.mark.parametrize("kind", KINDS)
def test_0_is_no_limit(kind: str, browser: Client, settings: Any) -> None:
    setting, do = KINDS[kind]
    setattr(settings, setting, 0)

    assert {do(browser, number).status_code for number in range(5)}.isdisjoint({429})
    assert rows(action="limit") == []


def test_a_browser_gets_a_page_and_a_script_a_line(browser: Client, pat: User, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 1
    _, text = make_token(owner=pat, name="nightly")
    browser.get(history(0))

    page = Page(browser.get(history(1), headers={"accept": "text/html"}))
    script = Client().get(history(1), headers={"Authorization": f"Bearer {text}"})

    assert (page.status, page.error_word) == (429, "limit")
    assert "You have reached the limit of 1 different customers within an hour." in page.text
    assert (script.status_code, script.content.decode()) == (
        429,
        "You have reached the limit of 1 different customers within an hour. "
        "Ask for more at http://testserver/limits/.\n",
    )  # fmt: skip


def test_files_of_lists_and_of_the_ledger_are_files_of_the_day(browser: Client, settings: Any) -> None:
    settings.LIMIT_EXPORTS_PER_DAY = 2
    addresses = ("/ledger/export/", "/attention/export/")

    statuses = []
    for address in (*addresses, *addresses):
        answer = browser.get(address)
        statuses.append(answer.status_code)
        answer.close()

    assert statuses == [200, 200, 429, 429]


def test_a_customer_looked_at_within_the_hour_is_free(browser: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 2
    for number in (0, 1, 0, 1, 0):
        assert browser.get(history(number)).status_code != 429
    assert browser.get(history(2)).status_code == 429
    assert browser.get(history(1)).status_code != 429
    assert browser.get(f"{history(1)}O1/").status_code != 429


@pytest.mark.parametrize(
    ("kind", "hours"), [("reveals", 1), ("customers", 1), ("lookups", 1), ("exports", 24)]
)
def test_the_window_moves_on(kind: str, hours: int, pat: User, settings: Any) -> None:
    setting, do = KINDS[kind]
    setattr(settings, setting, 2)
    settings.SESSION_IDLE_SECONDS = settings.SESSION_ABSOLUTE_SECONDS = settings.SESSION_COOKIE_AGE = 10**6
    with time_machine.travel(START, tick=False) as clock:
        browser = signed_in(pat)
        for number in range(2):
            do(browser, number)
            clock.shift(timedelta(minutes=10))
        refused = do(browser, 5)
        assert refused.status_code == 429
        clock.shift(timedelta(seconds=int(refused.headers["Retry-After"]) - 1))
        assert do(browser, 5).status_code == 429
        clock.shift(timedelta(seconds=2))
        assert do(browser, 5).status_code != 429
        # The first of the two has left the window, the second has not.
        assert do(browser, 6).status_code == 429


def test_each_person_has_limits_of_their_own(browser: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 1
    browser.get(history(0))
    assert browser.get(history(1)).status_code == 429

    assert signed_in(person("thea", "supervisor")).get(history(1)).status_code != 429


@pytest.mark.parametrize(
    ("by_role", "limit"),
    [
        ({}, 2),
        ({("supervisor", "customers"): 4}, 4),
        ({("supervisor", "customers"): 1}, 1),
        ({("supervisor", "customers"): 0}, 99),
        ({("supervisor", "reveals"): 4, ("administrator", "customers"): 9}, 2),
    ],
)
def test_a_role_may_have_another_limit(
    by_role: dict[Any, int], limit: int, browser: Client, settings: Any
) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR, settings.LIMITS_OF_ROLES = 2, by_role

    statuses = [browser.get(history(number)).status_code for number in range(6)]

    assert [each != 429 for each in statuses].count(True) == min(limit, 6)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([], {}),
        (
            ["supervisor/reveals=60", " account manager/exports=0 "],
            {("supervisor", "reveals"): 60, ("account manager", "exports"): 0},
        ),
        (["supervisor=60"], None),
        (["supervisor/everything=60"], None),
        (["supervisor/reveals=-1"], None),
    ],
)
def test_limits_of_roles_are_read(given: list[str], found: Any) -> None:
    assert limits_of_roles(given) == found


def test_over_half_is_a_row_and_a_notice_to_the_readers_once(browser: Client, settings: Any) -> None:
    settings.LIMIT_CUSTOMERS_PER_HOUR = 6
    thea = person("thea", "supervisor")
    person("root", is_superuser=True)
    person("gone", "supervisor", is_active=False)
    person("dana", "customer-service agent")
    for number in range(3):
        browser.get(history(number))
    assert rows(action="limit") == []

    for number in range(3, 8):
        browser.get(history(number))

    assert rows(action="limit") == [
        '{"kind": "customers", "limit": 6, "used": 4}',
        '{"kind": "customers", "limit": 6, "used": 6}',
    ]
    told = (
        SecurityNotice.objects.filter(change="limit")
        .order_by("pk")
        .values_list("person__username", "subject")
    )
    # Not pat, whom it is about, nor whoever can't read the ledger.
    assert sorted({name for name, _ in told}) == ["root", "thea"]
    assert [words for name, words in told if name == "thea"] == [
        "pat: 4 of 6 different customers within an hour",
        "pat: 6 of 6 different customers within an hour",
    ]
    reader = Client()
    reader.post("/accounts/login/", {"login": thea.username, "password": PASSWORD})
    assert "pat: 4 of 6 different customers" in Page(reader.get("/profile/")).notices["security"]


def test_only_so_many_files_wait_their_turn(browser: Client, settings: Any) -> None:
    settings.LIMIT_EXPORTS_QUEUED = 2

    statuses = [browser.post(f"{history()}export/").status_code for _ in range(3)]

    assert statuses == [202, 202, 429]


def test_guesses_after_a_block_are_rows_as_well(pat: User) -> None:
    client = Client()
    for _ in range(7):
        client.post("/accounts/login/", {"login": "pat", "password": "wrong"})

    outcomes = (
        LedgerEntry.objects.filter(action="sign-in-failed").order_by("id").values_list("outcome", flat=True)
    )
    assert list(outcomes) == ["refused"] * 5 + ["blocked"] * 2
