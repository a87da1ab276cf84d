"""The export's address: the complete file, or a status that says it is none."""

import base64
import hashlib
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from orders.exports.models import Export
from orders.sandbox import customers
from tests.pages import Page
from tests.views.exports.answers import BROWSER, EVERYTHING, LARGE, SMALL, body, rows_of

pytestmark = pytest.mark.django_db


def order_ids(portal: Client, address: str) -> list[str]:
    """What the pages of the history show, from the first to the last."""
    found: list[str] = []
    while address:
        page = Page(portal.get(address))
        found += page.order_ids
        following = page.link("next")
        address = address.partition("?")[0] + following if following else ""
    return found


def test_the_file_holds_every_order_of_the_pages_in_their_order(portal):
    response = portal.get(f"{LARGE}export/?{EVERYTHING}&rows=orders&format=csv")

    assert response.status_code == 200
    assert [row["orderId"] for row in rows_of(response)] == order_ids(
        portal, f"{LARGE}?{EVERYTHING}&limit=100"
    )


def test_two_values_of_whole_days_are_refused_by_page_and_file_alike_also_without_dates(portal):
    twice = "whole-days=1&whole-days=0"
    response = portal.get(f"{LARGE}export/?{twice}&rows=orders&format=csv")

    assert portal.get(f"{LARGE}?{twice}").status_code == 400
    assert (response.status_code, response.content.decode()) == (
        400,
        "Nothing was exported.\n"
        "whole-days: It was given more than once, with different values: 1, 0. Give one.\n",
    )


@pytest.mark.parametrize("filters", ["order-type=RETURN&order-type=SWITCH", "status=1004&status=1026"])
def test_the_filters_of_the_page_are_those_of_the_file(portal, filters):
    response = portal.get(f"{LARGE}export/?{EVERYTHING}&{filters}")

    assert [row["orderId"] for row in rows_of(response)] == order_ids(
        portal, f"{LARGE}?{EVERYTHING}&{filters}"
    )


def test_the_file_comes_with_its_length_name_and_hash_and_is_not_kept(portal):
    response = portal.get(f"{SMALL}export/?rows=orders&format=csv")
    sent = body(response)
    digest = hashlib.sha256(sent)

    assert re.fullmatch(
        rf'attachment; filename="orders_adobe_{customers.ADOBE_SMALL}_\d{{8}}T\d{{6}}Z\.csv"',
        response.headers["Content-Disposition"],
    )
    assert {
        name: response.headers[name]
        for name in (
            "Content-Type",
            "Content-Length",
            "Repr-Digest",
            "X-File-SHA256",
            "Cache-Control",
            "X-Content-Type-Options",
        )
    } == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Length": str(len(sent)),
        "Repr-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
        "X-File-SHA256": digest.hexdigest(),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("query", "start", "content_type"),
    [
        ("", b"customerId,orderId,", "text/csv; charset=utf-8"),
        ("dialect=excel", b"\xef\xbb\xbfcustomerId,orderId,", "text/csv; charset=utf-8"),
        (
            "rows=lines",
            b"customerId,orderId,externalReferenceId,orderType,referenceOrderId,orderStatus,",
            "text/csv; charset=utf-8",
        ),
        ("format=xlsx", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("format=xlsx&rows=both", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "format=xlsx&dialect=excel",
            b"PK",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("columns=status,orderId", b"status,orderId\r\n", "text/csv; charset=utf-8"),
    ],
)
def test_rows_format_dialect_and_columns_are_chosen_in_the_address(portal, query, start, content_type):
    response = portal.get(f"{SMALL}export/?{query}")

    assert (response.status_code, response.headers["Content-Type"]) == (200, content_type)
    assert body(response).startswith(start)


def test_the_page_an_address_was_copied_from_makes_no_difference(portal):
    whole = body(portal.get(f"{SMALL}export/?{EVERYTHING}"))

    assert body(portal.get(f"{SMALL}export/?{EVERYTHING}&limit=2&offset=4&page=last")) == whole


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("rows=pages", "rows"),
        ("format=pdf", "format"),
        ("dialect=klingon", "dialect"),
        ("rows=both&format=csv", "format"),
        ("columns=nonsense", "columns"),
        ("start-date=yesterday", "start-date"),
        ("order-type=nonsense", "order-type"),
        ("start-date=2026-02-01&end-date=2026-01-01", "end-date"),
        ("order_type=NEW", "order_type"),
        ("start-dat=2026-01-01", "start-dat"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_asked(portal, script, upstreams, query, named):
    page = Page(portal.get(f"{SMALL}export/?{query}", headers=BROWSER))
    answers = [script.get(f"{SMALL}export/?{query}"), script.post(f"{SMALL}export/?{query}")]

    assert page.status == 400
    assert [each.text for each in page.root.one(class_="errors").all("code")] == [named]
    for answer in answers:
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
        assert answer.content.decode().splitlines()[1].startswith(f"{named}: ")
    assert upstreams.requests == []
    assert not Export.objects.exists()


def test_the_page_of_a_refusal_keeps_filters_and_choices(portal):
    page = Page(
        portal.get(f"{SMALL}export/?status=1000&rows=both&format=csv&columns=orderId", headers=BROWSER)
    )
    form = page.root.one("form", id="export")

    assert [(field["name"], field["value"]) for field in form.all("input", type="hidden")] == [
        ("status", "1000")
    ]
    assert [field["value"] for field in form.all("input", checked=True)] == [""]  # no file is like that
    assert form.one("option", selected=True)["value"] == "orderId"
    assert page.link("up") == f"{SMALL}?status=1000"


FAILING = [
    ("adobe", customers.ADOBE_BAD_PARAMETER),
    ("adobe", customers.ADOBE_UNAUTHORIZED),
    ("adobe", customers.ADOBE_FORBIDDEN),
    ("adobe", customers.ADOBE_UNKNOWN),
    ("adobe", customers.ADOBE_RATE_LIMITED),
    ("adobe", customers.ADOBE_RESET),
    ("adobe", customers.ADOBE_INTERNAL_ERROR),
    ("adobe", customers.ADOBE_NOT_JSON),
    ("adobe", customers.ADOBE_CUT),
    ("adobe", customers.ADOBE_TIMEOUT),
    ("fabric", customers.FABRIC_UNKNOWN),
    ("fabric", customers.FABRIC_FORBIDDEN),
    ("fabric", customers.FABRIC_INTERNAL_ERROR),
]


@pytest.mark.parametrize(("source", "customer_id"), FAILING)
def test_a_failing_upstream_gives_the_statuses_of_the_history_page_and_no_file(
    portal, upstreams, source, customer_id
):
    address = f"/{source}/customers/{customer_id}/orders/"
    history = Page(portal.get(address))
    upstreams.clear()
    cache.clear()
    page = Page(portal.get(f"{address}export/", headers=BROWSER))

    assert history.error_word
    assert (page.status, page.error_word) == (history.status, history.error_word)
    assert "Content-Disposition" not in page.response.headers
    assert page.link("up") == address


def test_a_script_reads_why_there_is_no_file(script):
    response = script.get(f"/adobe/customers/{customers.ADOBE_INTERNAL_ERROR}/orders/export/")
    text = response.content.decode()

    assert (response.status_code, response.headers["Content-Type"]) == (502, "text/plain; charset=utf-8")
    assert text.startswith(
        "Nothing was exported. Adobe VIP Marketplace is not available. adobe: unavailable, HTTP 500"
    )
    assert "Content-Disposition" not in response.headers


def test_a_script_is_told_when_to_come_back(script):
    response = script.get(f"/adobe/customers/{customers.ADOBE_RATE_LIMITED}/orders/export/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")


def test_too_many_orders_for_one_request_are_offered_in_the_background(portal, settings):
    settings.EXPORT_INLINE_MAX = 50
    response = portal.get(
        f"{LARGE}export/?{EVERYTHING}&order-type=NEW&rows=lines&dialect=excel", headers=BROWSER
    )
    page = Page(response)
    form = page.root.one("form", id="export")

    assert page.status == 200
    assert re.fullmatch(r"\d+ orders are too many for one request", page.root.one(id="too-large-title").text)
    assert (form["method"], form["action"]) == ("post", f"{LARGE}export/")
    sent = {(field["name"], field["value"]) for field in form.all("input", type="hidden")}
    assert {each for each in sent if each[0] != "csrfmiddlewaretoken"} == {
        ("start-date", "2000-01-01"),
        ("order-type", "NEW"),
        ("rows", "lines"),
        ("dialect", "excel"),
    }


def test_too_many_orders_for_one_request_are_a_failure_to_a_script(script, settings):
    settings.EXPORT_INLINE_MAX = 50

    response = script.get(f"{LARGE}export/?{EVERYTHING}")

    assert (response.status_code, response.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert response.content.decode().startswith(
        "312 orders are too many for one request. Send the same address"
    )


def test_a_post_of_a_script_has_the_file_made_and_says_where(script, agent):
    response = script.post(f"{LARGE}export/?{EVERYTHING}&status=1000&limit=5&rows=lines&format=xlsx")
    export = Export.objects.get()

    assert (response.status_code, response.headers["Retry-After"]) == (202, "2")
    assert response.headers["Location"] == f"http://testserver/exports/{export.pk}/file/"
    assert (export.owner, export.source, export.customer_id) == (agent, "adobe", customers.ADOBE_LARGE)
    assert (export.query, export.rows, export.format, export.dialect, export.columns) == (
        "start-date=2000-01-01&status=1000",
        "lines",
        "xlsx",
        "",
        [],
    )


def test_a_post_of_a_browser_leads_to_the_exports_page(portal, upstreams):
    response = portal.post(
        f"{LARGE}export/",
        {
            "start-date": "2000-01-01",
            "order-type": ["NEW", "RETURN"],
            "rows": "orders",
            "format": "csv",
            "columns": "all",
        },
        headers=BROWSER,
    )
    export = Export.objects.get()

    assert (response.status_code, response.headers["Location"]) == (
        302,
        reverse("export-detail", args=[export.pk]),
    )
    assert export.query == "start-date=2000-01-01&order-type=NEW&order-type=RETURN"
    assert upstreams.requests == []


def test_a_post_with_a_session_needs_the_forms_token(agent, upstreams):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent)

    assert browser.post(f"{SMALL}export/").status_code == 403
    assert not Export.objects.exists()


def test_without_a_sign_in_a_script_fails_and_a_browser_is_led_to_it(upstreams):
    stranger = Client()
    scripted = [stranger.get(f"{SMALL}export/"), stranger.post(f"{SMALL}export/")]
    browsed = stranger.get(f"{SMALL}export/", headers=BROWSER)

    assert [(each.status_code, each.headers["WWW-Authenticate"]) for each in scripted] == [
        (401, 'Bearer realm="Orders Portal"')
    ] * 2
    assert (browsed.status_code, browsed.headers["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert upstreams.requests == []


def test_a_head_request_is_refused_because_it_would_ask_for_everything(portal, upstreams):
    assert portal.head(f"{SMALL}export/").status_code == 405
    assert upstreams.requests == []


def test_there_is_no_export_of_an_upstream_that_there_is_not(portal):
    assert portal.get("/nosuch/customers/1/orders/export/").status_code == 404
