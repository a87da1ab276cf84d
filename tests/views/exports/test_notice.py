"""The notice that an export is done: where it stands, and what ends it."""

import pytest
from django.test import Client

from orders.exports.models import Export
from orders.sandbox import customers
from tests.pages import Page
from tests.views.exports.exports_made import IN_STATE, State

pytestmark = pytest.mark.django_db


def notice_of(portal: Client, address: str = "/") -> list[tuple[str, str]]:
    """The notices on a page: the export, and the words."""
    return [
        (each["data-export-notice"], each.text)
        for each in Page(portal.get(address)).root.all("div", data_export_notice=True)
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.COMPLETE, "Your file of 312 rows is complete: {name} Dismiss"),
        (State.PARTIAL, "Your file is ready, but not complete: {name} Dismiss"),
        (State.FAILED, f"Your export stopped: Adobe {customers.ADOBE_LARGE} Dismiss"),
    ],
)
def test_whatever_page_its_owner_is_on_says_that_it_is_done(portal, make, state, words):
    export = make(state)

    assert notice_of(portal) == [(str(export.pk), words.format(name=export.file_name))]
    assert notice_of(portal, "/help/columns/") == notice_of(portal)


@pytest.mark.parametrize("address", ["/exports/", "/exports/{pk}/"])
def test_once_they_have_seen_it_nothing_more_is_said(portal, make, address):
    export = make()
    portal.get(address.format(pk=export.pk))

    assert notice_of(portal) == []


def test_a_notice_is_dismissed_where_it_is_read(portal, make):
    make()
    response = portal.post("/exports/notice/", {"next": "/help/columns/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/help/columns/")
    assert notice_of(portal) == []


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_dismissing_leads_nowhere_else(portal, elsewhere):
    response = portal.post("/exports/notice/", {"next": elsewhere})

    assert response.headers["Location"] == "/"


def test_nobody_hears_of_another_persons_exports(portal, make, django_user_model):
    milo = django_user_model.objects.create_user("milo")
    make(owner=milo)
    make(State.RUNNING, owner=milo)

    assert Page(portal.get("/")).root.all(id="export-notice") == []


def test_a_page_asks_for_news_only_while_something_is_being_made(portal, make):
    done = make()
    assert "hx-trigger" not in Page(portal.get("/")).root.one(id="export-notice").attributes

    make(State.RUNNING)
    waiting = Page(portal.get("/")).root.one(id="export-notice")
    assert (waiting["hx-get"], waiting["hx-trigger"]) == ("/exports/notice/?seen=1", "every 5s")
    assert [each["data-export-notice"] for each in waiting.all("div", data_export_notice=True)] == [
        str(done.pk)
    ]


def test_no_news_changes_nothing_on_the_page(portal, make):
    make(State.RUNNING)

    assert portal.get("/exports/notice/?seen=0").status_code == 204


def test_news_comes_to_the_page_without_a_click(portal, make):
    export = make(State.RUNNING)
    Export.objects.filter(pk=export.pk).update(state=State.COMPLETE, **IN_STATE[State.COMPLETE])

    response = portal.get("/exports/notice/?seen=0")

    assert response.status_code == 200
    assert f'data-export-notice="{export.pk}"' in response.content.decode()
    assert "hx-trigger" not in response.content.decode()


def test_the_exports_own_pages_carry_no_notice(portal, make):
    make(State.RUNNING)
    other = make()

    assert Page(portal.get(f"/exports/{other.pk}/")).root.all(id="export-notice") == []
    assert Page(portal.get("/exports/")).root.all(id="export-notice") == []
