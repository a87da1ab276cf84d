"""The pages of exports: the list, one export in every state, its buttons, its file, the notice."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from orders.api_tokens import make_token
from orders.models import Export
from orders.sandbox import customers
from tests.pages import Page

pytestmark = pytest.mark.django_db

CONTENT = b"orderId,status\r\n0001,1000\r\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NOW = datetime.now(UTC).replace(microsecond=0)
State = Export.State
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
Make = Callable[..., Export]

IN_STATE: dict[str, dict[str, Any]] = {
    State.WAITING: {"total_count": None},
    State.RUNNING: {"started_at": NOW, "pages_done": 3, "orders_done": 300, "rows_done": 300},
    State.COMPLETE: {"finished_at": NOW, "orders_done": 312, "rows_done": 312},
    State.PARTIAL: {
        "finished_at": NOW,
        "orders_done": 20,
        "rows_done": 20,
        "missing": ["Page 2 of 3 is missing.", "fabric counts 57 orders and sent 20."],
    },
    State.FAILED: {
        "finished_at": NOW,
        "pages_done": 2,
        "orders_done": 200,
        "rows_done": 200,
        "next_offset": 200,
        "error_cause": "unavailable",
        "error_code": "1124",
        "error_message": "HTTP 500",
        "error_request_id": "7f3a-request",
        "error_correlation_id": "b21e-correlation",
    },
    State.CANCELLED: {"finished_at": NOW},
    State.EXPIRED: {"finished_at": NOW - timedelta(days=2), "file_name": "orders_adobe_1_old.csv"},
}


@pytest.fixture
def make(agent: Any, settings: Any, tmp_path: Any) -> Make:
    """An export in some state, as the engine would have left it; with its file where there is one."""
    settings.EXPORT_DIR = tmp_path

    def make_export(state: str = State.COMPLETE, **changes: Any) -> Export:
        fields: dict[str, Any] = {
            "owner": agent,
            "source": "adobe",
            "customer_id": customers.ADOBE_LARGE,
            "query": "status=1000&start-date=2026-01-01",
            "rows": "orders",
            "made_at": NOW,
            "pinned_end": "2026-03-01T14:02:11Z",
            "total_count": 312,
            **IN_STATE[state],
        }
        if state in (State.COMPLETE, State.PARTIAL):
            name = f"{'PARTIAL_' if state == State.PARTIAL else ''}orders_adobe_1_{uuid.uuid4().hex[:6]}.csv"
            (tmp_path / name).write_bytes(CONTENT)
            fields |= {
                "file_name": name,
                "file_path": name,
                "file_size": len(CONTENT),
                "file_sha256": DIGEST,
                "expires_at": NOW + timedelta(hours=24),
            }
        return Export.objects.create(state=state, **(fields | changes))

    return make_export


def page_of(portal: Client, export: Export) -> Page:
    return Page(portal.get(f"/exports/{export.pk}/"))


def summary_of(portal: Client, export: Export) -> dict[str, str]:
    facts = page_of(portal, export).root.one("dl", class_="export-facts")
    return {each.one("dt").text: each.one("dd").text for each in facts.all("div")}


def buttons(page: Page) -> list[str]:
    return [button.text for button in page.main.all("button", type="submit")] + [
        link.text for link in page.main.all("a", class_="btn")
    ]


@pytest.mark.parametrize(
    ("state", "word", "offered"),
    [
        (State.WAITING, "Waiting its turn", ["Cancel", "Refresh"]),
        (State.RUNNING, "Being made", ["Cancel", "Refresh"]),
        (State.COMPLETE, "Complete", ["Download"]),
        (State.PARTIAL, "Incomplete", ["Fetch the rest", "Download the incomplete file"]),
        (State.FAILED, "Stopped", ["Fetch the rest", "Take what there is"]),
        (State.CANCELLED, "Cancelled", []),
        (State.EXPIRED, "Expired", []),
    ],
)
def test_each_state_has_its_word_and_what_can_be_done(portal, make, state, word, offered):
    page = page_of(portal, make(state))

    assert page.root.one(class_="head").one(class_="tag").text == word
    assert buttons(page) == offered


def test_the_summary_says_what_the_file_holds(portal, make, agent):
    agent.first_name, agent.last_name = "Dana", "Reyes"
    agent.save()
    export = make(made_at=datetime(2026, 3, 1, 14, 2, 11, tzinfo=UTC))
    expires = export.expires_at
    assert expires is not None

    assert summary_of(portal, export) == {
        "Customer": customers.ADOBE_LARGE,
        "Upstream": "Adobe VIP Marketplace",
        "Filters": "Status: Completed · Created from: 2026-01-01",
        "Covers": "1 Jan 2026 – 1 Mar 2026 14:02:11 UTC",
        "Rows": "One row per order",
        "Format": "CSV",
        "Columns": "all 13 · what they mean",
        "Asked for by": "Dana Reyes",
        "Asked for": "2026-03-01 14:02:11 UTC",
        "Ended": f"{NOW:%Y-%m-%d %H:%M:%S} UTC",
        "Orders": "312",
        "Rows in the file": "312",
        "Size": "27 bytes",
        "Kept until": f"{expires:%Y-%m-%d %H:%M} UTC",
        "SHA-256": f"{DIGEST} Copy",
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "All 312 orders that Adobe counts are in the file, in 312 rows."),
        (
            {"total_count": 1, "orders_done": 1, "rows_done": 1},
            "The one order that Adobe counts is in the file, in 1 row.",
        ),
        (
            {"total_count": 0, "orders_done": 0, "rows_done": 0},
            "Adobe counts no order in this range, so the file has its heading alone.",
        ),
        ({"total_count": None}, "The file holds 312 orders in 312 rows."),
    ],
)
def test_a_complete_file_begins_with_a_sentence_to_rely_on(portal, make, changes, words):
    assert page_of(portal, make(**changes)).root.one(class_="verdict").text == words


def test_the_summary_names_chosen_columns_and_the_dialect(portal, make):
    facts = summary_of(
        portal, make(dialect="excel", columns=["status", "orderId"], rows="lines", duplicates=2)
    )

    assert (facts["Columns"], facts["Format"], facts["Rows"], facts["Came twice, stand once"]) == (
        "status, orderId · what they mean",
        "CSV for Excel",
        "One row per line item",
        "2",
    )


def test_an_upstream_without_a_range_of_time_says_so(portal, make):
    facts = summary_of(portal, make(source="fabric", customer_id=customers.FABRIC_CALM, query=""))

    assert (facts["Covers"], facts["Filters"]) == (
        "Every order that fabric sends; it knows no range of time",
        "none",
    )


def test_the_summary_leads_back_to_the_history_with_its_filters(portal, make):
    link = page_of(portal, make()).root.one("dl", class_="export-facts").all("a")[0]

    assert link["href"] == (
        f"/adobe/customers/{customers.ADOBE_LARGE}/orders/?status=1000&start-date=2026-01-01"
    )


def test_progress_is_a_bar_with_figures_that_asks_again_every_two_seconds(portal, make):
    export = make(State.RUNNING)
    shown = page_of(portal, export).root.one(id="export-progress")

    assert (shown["hx-get"], shown["hx-trigger"]) == (
        f"/exports/{export.pk}/progress/?state=running",
        "every 2s",
    )
    assert (shown.one("progress")["max"], shown.one("progress")["value"]) == ("100", "96")
    facts = {each.one("dt").text: each.one("dd").text for each in shown.one("dl").all("div")}
    assert (facts["Orders"], facts["Rows written"]) == ("300 of 312", "300")
    assert set(facts) == {"Pages", "Orders", "Rows written", "Rate", "Time left"}


def test_one_that_waits_says_how_many_are_before_it(portal, make, django_user_model):
    other = django_user_model.objects.create_user("milo")
    make(State.RUNNING)
    first = make(State.WAITING, owner=other, made_at=NOW - timedelta(minutes=2))
    second = make(State.WAITING, made_at=NOW - timedelta(minutes=1))
    third = make(State.WAITING)

    assert "It is the next to be made." not in page_of(portal, second).text
    assert "Waiting its turn. 1 other export was asked for before it." in page_of(portal, second).text
    assert "Waiting its turn. 2 other exports were asked for before it." in page_of(portal, third).text
    first.delete()
    assert "Waiting its turn. It is the next to be made." in page_of(portal, second).text


def test_while_it_is_made_only_the_progress_is_sent_again(portal, make):
    export = make(State.RUNNING)
    response = portal.get(f"/exports/{export.pk}/progress/?state=running", headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith('<div class="in" id="export-progress" hx-get=')
    assert "HX-Retarget" not in response.headers


@pytest.mark.parametrize(
    "state", [State.COMPLETE, State.PARTIAL, State.FAILED, State.CANCELLED, State.EXPIRED]
)
def test_once_it_is_over_the_answer_replaces_all_and_asks_no_more(portal, make, state):
    export = make(state)
    response = portal.get(f"/exports/{export.pk}/progress/", headers={"HX-Request": "true"})
    html = response.content.decode()

    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#export", "outerHTML")
    assert f'data-state="{state}"' in html
    assert "hx-trigger" not in html


def test_a_failure_says_where_and_why_it_stopped_and_what_is_kept(portal, make):
    page = page_of(portal, make(State.FAILED))
    error = page.error
    assert error is not None

    assert (error["data-error"], error["data-source"]) == ("unavailable", "adobe")
    assert (error["data-request-id"], error["data-correlation-id"]) == ("7f3a-request", "b21e-correlation")
    assert error.one("h2").text.startswith("It stopped at page 3")
    assert error.one("h2").text.endswith("Adobe VIP Marketplace is not available")
    assert "No file was made, because it would not be complete." in error.text
    assert "The 200 of 312 orders fetched so far are kept" in error.text


def test_an_incomplete_file_lists_what_is_missing(portal, make):
    page = page_of(portal, make(State.PARTIAL))

    assert [item.text for item in page.root.one("section", data_notice="incomplete").all("li")] == [
        "Page 2 of 3 is missing.",
        "fabric counts 57 orders and sent 20.",
    ]


def test_the_list_has_ones_own_exports_the_newest_first(portal, make, django_user_model):
    make(owner=django_user_model.objects.create_user("milo"))
    older = make(made_at=NOW - timedelta(hours=1), rows="lines", dialect="excel")
    newer = make(State.FAILED)
    page = Page(portal.get("/exports/"))

    assert [row["data-export"] for row in page.root.all("tr", data_export=True)] == [
        str(newer.pk),
        str(older.pk),
    ]
    assert [cell.text for cell in page.root.one("tr", data_export=str(older.pk)).all("td")] == [
        f"Adobe {customers.ADOBE_LARGE} One row per line item · CSV for Excel",
        "Complete",
        "Status: Completed · Created from: 2026-01-01",
        "312",
        "27 bytes",
        f"{DIGEST[:8]}… Copy",
        f"{older.made_at:%Y-%m-%d %H:%M}",
        f"{older.expires_at:%Y-%m-%d %H:%M}",
        "Download",
    ]
    assert page.root.one("button", data_copy_text=True)["data-copy-text"] == DIGEST


def test_the_list_asks_again_only_while_something_is_being_made(portal, make):
    make()
    assert "hx-trigger" not in Page(portal.get("/exports/")).root.one(id="exports").attributes

    make(State.WAITING)
    assert Page(portal.get("/exports/")).root.one(id="exports")["hx-trigger"] == "every 5s"


def test_an_empty_list_says_how_to_begin(portal):
    assert "No exports yet" in Page(portal.get("/exports/")).text


def test_the_file_is_sent_with_length_name_and_hash(portal, make):
    export = make()
    response = portal.get(f"/exports/{export.pk}/file/")

    assert response.getvalue() == CONTENT
    assert {
        name: response.headers[name]
        for name in ("Content-Disposition", "Content-Length", "X-File-SHA256", "Cache-Control")
    } == {
        "Content-Disposition": f'attachment; filename="{export.file_name}"',
        "Content-Length": str(len(CONTENT)),
        "X-File-SHA256": DIGEST,
        "Cache-Control": "no-store",
    }


EVERY_ADDRESS = [
    ("GET", ""),
    ("GET", "progress/"),
    ("GET", "file/"),
    ("POST", "cancel/"),
    ("POST", "rest/"),
    ("POST", "offer/"),
]


@pytest.mark.parametrize(("method", "path"), EVERY_ADDRESS)
@pytest.mark.parametrize("state", [State.RUNNING, State.COMPLETE, State.FAILED])
def test_another_persons_export_is_as_good_as_missing(portal, make, django_user_model, method, path, state):
    theirs = make(state, owner=django_user_model.objects.create_user("milo"))

    statuses = {
        getattr(portal, method.lower())(f"/exports/{pk}/{path}").status_code
        for pk in (theirs.pk, uuid.uuid4())
    }

    assert statuses == {404}
    assert Export.objects.get(pk=theirs.pk).state == state


def test_not_even_the_administrator_gets_another_persons_file(make, django_user_model):
    export = make()
    admin = Client()
    admin.force_login(django_user_model.objects.create_superuser("ines"))

    assert admin.get(f"/exports/{export.pk}/file/").status_code == 404


@pytest.mark.parametrize("gone", ["expired", "deleted"])
def test_a_file_that_was_kept_long_enough_is_gone_and_says_so(portal, make, settings, gone):
    export = make(State.EXPIRED) if gone == "expired" else make()
    for file in settings.EXPORT_DIR.iterdir():
        file.unlink()

    page = Page(portal.get(f"/exports/{export.pk}/file/", headers=BROWSER))
    answer = portal.get(f"/exports/{export.pk}/file/")

    assert (page.status, answer.status_code) == (410, 410)
    assert "This file was kept for 24 hours and is deleted now." in page.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("state", "status", "text"),
    [
        (State.WAITING, 202, "Waiting its turn: 0 orders so far.\n"),
        (State.RUNNING, 202, "Being made: 300 orders so far.\n"),
        (State.FAILED, 409, "There is no file: stopped.\n"),
        (State.CANCELLED, 409, "There is no file: cancelled.\n"),
        (
            State.PARTIAL,
            409,
            "Page 2 of 3 is missing. fabric counts 57 orders and sent 20. "
            "Add partial=1 to the address to take what there is.\n",
        ),
    ],
)
def test_a_script_gets_the_complete_file_or_another_status(make, agent, state, status, text):
    _, token = make_token(owner=agent, name="nightly")
    script = Client(headers={"Authorization": f"Bearer {token}"})
    response = script.get(f"/exports/{make(state).pk}/file/")

    assert (response.status_code, response.content.decode()) == (status, text)
    assert ("Retry-After" in response.headers) == (status == 202)


def test_a_script_takes_an_incomplete_file_if_it_says_so(make, agent):
    _, token = make_token(owner=agent, name="nightly")
    script = Client(headers={"Authorization": f"Bearer {token}"})

    response = script.get(f"/exports/{make(State.PARTIAL).pk}/file/?partial=1")

    assert response.getvalue() == CONTENT


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING, State.FAILED, State.CANCELLED])
def test_a_browser_that_asks_for_a_file_that_is_not_there_sees_the_exports_page(portal, make, state):
    export = make(state)
    response = portal.get(f"/exports/{export.pk}/file/", headers=BROWSER)

    assert (response.status_code, response.headers["Location"]) == (302, f"/exports/{export.pk}/")


@pytest.mark.parametrize(
    ("state", "path", "words"),
    [
        (State.COMPLETE, "cancel/", "Nothing was changed: complete already."),
        (State.COMPLETE, "rest/", "Nothing was changed: complete already."),
        (State.RUNNING, "rest/", "Nothing was changed: being made already."),
        (State.CANCELLED, "rest/", "Nothing was changed: cancelled already."),
        (State.EXPIRED, "offer/", "Nothing was changed: expired already."),
    ],
)
def test_a_button_pressed_too_late_changes_nothing_and_says_so(portal, make, state, path, words):
    export = make(state)
    page = Page(portal.post(f"/exports/{export.pk}/{path}", follow=True))

    assert words in page.text
    assert Export.objects.get().state == state


def test_a_waiting_export_is_cancelled_at_once(portal, make):
    page = Page(portal.post(f"/exports/{make(State.WAITING).pk}/cancel/", follow=True))

    assert page.root.one(id="export")["data-state"] == State.CANCELLED


def test_the_rest_of_a_stopped_export_is_fetched(portal, make):
    page = Page(portal.post(f"/exports/{make(State.FAILED).pk}/rest/", follow=True))

    assert page.root.one(id="export")["data-state"] in {State.WAITING, State.RUNNING}
    assert "It goes on where it stopped." in page.text


@pytest.mark.parametrize("path", ["cancel/", "rest/", "offer/"])
def test_nothing_is_changed_by_a_get(portal, make, path):
    assert portal.get(f"/exports/{make(State.FAILED).pk}/{path}").status_code == 405


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
