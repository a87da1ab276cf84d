"""The pages of exports: the list, one export in every state, its buttons, its file, the notice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from orders.exports.models import Export
from orders.sandbox import customers
from tests.pages import Page
from tests.views.exports.exports_made import DIGEST, NOW, State

pytestmark = pytest.mark.django_db


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
        (State.PARTIAL, "Incomplete", ["Fetch the rest"]),  # the file itself stands apart
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
        "System": "Adobe VIP Marketplace",
        "Filters": "Status: Completed · Created from: 2026-01-01",
        "Covers": "1 Jan 2026 – 1 Mar 2026 14:02:11 UTC",
        "Rows": "One row per order",
        "Format": "CSV",
        "Columns": "all 22 · what they mean",
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
        "CSV for Excel (comma)",
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

    assert response.content.decode().strip().startswith('<div class="in" id="export-progress"')
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
    assert page.root.one("a", data_partial=True).text == "Take the partial file"


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
        f"Adobe {customers.ADOBE_LARGE} One row per line item · CSV for Excel (comma)",
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


@pytest.mark.parametrize(
    ("query", "list_of"),
    [("", "view=all"), ("order=1", "view=all"), ("status=1000&order=1", "status=1000")],
)
def test_a_file_leads_to_its_list_also_for_who_begins_with_a_view(portal, make, query, list_of):
    export = make(State.EXPIRED, query=query)
    history = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"

    def links() -> set[str]:
        found = {link["href"] for link in page_of(portal, export).main.all("a")}
        return {each for each in found if each.startswith(history)}

    plain = f"{history}?{list_of}" if list_of != "view=all" else history
    assert links() == {plain}
    portal.post("/saved-views/default/", {"source": "adobe", "view": "failed"})
    assert links() == {f"{history}?{list_of}"}
