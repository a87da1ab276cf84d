"""The form sends every field it has; the address that stays says only what was filled in."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from orders.sandbox import customers
from orders.views.shared.query_strings import clean_query, with_changes
from tests.pages import Page, query_of

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"


def submit(portal, address, **changed):
    """What a browser sends for the form on this page with some of its boxes filled, blanks included."""
    form = Page(portal.get(address)).root.one("aside").one("form")
    sent = []
    for box in form.all("input"):
        is_box = box.get("type") in {"checkbox", "radio"}
        if not box.get("name") or (is_box and "checked" not in box.attributes):
            continue
        sent.append((box["name"], changed.get(box["name"], box.get("value") or "")))
    button = form.all("button")[0]  # each group of filters has one, and all send the same
    query = QueryDict(mutable=True)
    for name, value in [*sent, (button["name"], button["value"])]:
        query.appendlist(name, value)
    return portal.get(f"{form['action']}?{query.urlencode()}")


@pytest.mark.parametrize("address", [LARGE, FABRIC])
def test_an_empty_form_leads_to_the_plain_address(portal, upstreams, address):
    response = submit(portal, address)

    assert (response.status_code, response.url) == (302, address)
    assert len(upstreams.requests) == 1


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({"offer-id": "A1, B2"}, [("offer-id", "A1, B2")]),
        ({"reseller-id": " 77\u200b"}, [("reseller-id", "77")]),
        ({"end-date": "2026-01-31"}, [("end-date", "2026-01-31"), ("whole-days", "1")]),
        ({"start-date": "2026-01-31T10:00:00Z"}, [("start-date", "2026-01-31T10:00:00Z")]),
        ({"start-date": "yesterday"}, [("start-date", "yesterday")]),
    ],
)
def test_what_was_filled_in_stays_and_nothing_else(portal, changed, stays):
    response = submit(portal, LARGE, **changed)

    assert response.status_code == 302
    assert query_of(response.url) == stays


def test_nothing_that_the_address_said_is_lost_by_sending_the_form_again(portal):
    said = [
        ("status", "1000"),
        ("status", "1077"),
        ("order-type", "REFUND"),
        ("start-date", "2026-01-01"),
        ("end-date", "2026-02-01"),
        ("whole-days", "1"),
        ("offer-id", "A1, B2"),
        ("reference-order-id", "5000000001"),
        ("reseller-id", "77"),
        ("lines", "mixed"),
        ("limit", "50"),
    ]
    query = QueryDict(mutable=True)
    for name, value in said:
        query.appendlist(name, value)

    assert sorted(query_of(submit(portal, f"{LARGE}?{query.urlencode()}").url)) == sorted(said)


def test_headings_lead_to_clean_addresses_too(see):
    page = see(f"{FABRIC}?status=&text=+&offset=5&limit=5&sort=status&error-code=140")

    headings = {cell.text: query_of(cell.one("a")["href"]) for cell in page.root.all("th") if cell.all("a")}
    kept = [("limit", "5"), ("error-code", "140")]
    assert sorted(headings["Status"]) == sorted([*kept, ("sort", "-status")])
    assert sorted(headings["Order"]) == sorted([*kept, ("sort", "orderId")])
    assert len(headings) == 7


def test_a_pasted_address_with_blanks_is_answered_as_it_is_and_all_its_links_are_clean(see):
    page = see(
        f"{LARGE}?status=&order-type=&reseller-id=&start-date=&whole-days=1&limit=25&start-date=2000-01-01T00:00:00Z"
    )

    links = [link["href"] for link in page.main.all("a") if (link.get("href") or "").startswith("?")]
    assert len(links) > 5
    for link in links:
        assert all(value for _, value in query_of(link)), link
        assert "show" not in dict(query_of(link))


NAMES = st.sampled_from(
    ["status", "reseller-id", "start-date", "end-date", "whole-days", "limit", "retry", "show"]
)
VALUES = st.sampled_from(["", " ", "\u200b", "1", "2026-01-01", "2026-01-01T00:00:00Z", "x\u00ady"])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_a_link_says_nothing_that_says_nothing(pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)

    clean = clean_query(query)

    assert all(value.strip() == value and value for _, values in clean.lists() for value in values)
    assert not {"retry", "show"} & set(clean)
    has_dates = "2026-01-01" in (clean.get("start-date"), clean.get("end-date"))
    is_contradictory = len(set(clean.getlist("whole-days"))) > 1  # refused, and not mended in silence
    assert "whole-days" not in clean or has_dates or is_contradictory
    assert clean_query(clean) == clean
    assert query_of(with_changes(query, {})) == query_of(f"?{clean.urlencode()}")
