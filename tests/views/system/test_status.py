"""/status/: how each upstream is, for everybody who is signed in; nothing is asked to find out."""

import pytest

from orders.sandbox import customers
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


@pytest.fixture
def agent():
    return signed_in(person("dana", "customer-service agent"))


def system(page: Page, name: str):
    return page.root.one("section", data_upstream=name)


def numbers(page: Page, name: str) -> list[list[str]]:
    """Answers and failures of each five minutes, the newest first."""
    return [[cell.text for cell in row.all("td")[1:3]] for row in system(page, name).all("tr")[1:]]


def test_nobody_has_been_asked_yet(agent, upstreams):
    page = Page(agent.get("/status/"))

    assert page.status == 200
    assert [system(page, name).one("span", class_="tag").text for name in ("adobe", "fabric")] == [
        "Not asked yet",
        "Not asked yet",
    ]
    assert numbers(page, "adobe") == [["0", "0"]] * 12
    assert upstreams.requests == []


def test_answers_and_failures_are_counted_drawn_and_written(agent, upstreams):
    for _ in range(3):
        agent.get(HISTORY)
    upstreams.script("adobe", [500] * 3)
    agent.get(HISTORY)
    upstreams.clear_log()

    page = Page(agent.get("/status/"))

    adobe = system(page, "adobe")
    assert numbers(page, "adobe")[0] == ["3", "1"]
    assert "3 answers · 1 failure" in adobe.text
    assert [picture["aria-label"] for picture in adobe.all("svg")] == [
        "Calls to Adobe VIP Marketplace in the last hour",
        "How long answers of Adobe VIP Marketplace took in the last hour",
    ]
    assert adobe.one("span", class_="tag").text == "Failed last time"
    assert adobe.all("time") == []
    assert numbers(page, "fabric") == [["0", "0"]] * 12
    assert upstreams.requests == []


def test_since_when_it_is_left_alone(agent, upstreams):
    upstreams.script("adobe", [500] * 100)
    for number in range(10):
        agent.get(f"/adobe/customers/failing-{number}/orders/")

    adobe = system(Page(agent.get("/status/")), "adobe")

    assert adobe.one("span", class_="tag").text == "Failing"
    assert "since" in adobe.text
    assert adobe.one("time")["datetime"].endswith("Z")


def test_since_when_it_answers(agent, upstreams):
    agent.get(HISTORY)

    adobe = system(Page(agent.get("/status/")), "adobe")

    assert adobe.one("span", class_="tag").text == "Answering"
    assert "since" in adobe.text
    assert adobe.one("time")["datetime"].endswith("Z")


def test_the_first_page_leads_there(agent, upstreams):
    assert Page(agent.get("/")).root.one("a", href="/status/").text == "The last hour"
