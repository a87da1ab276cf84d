"""A third upstream is a folder, a filter set and a name in a list; its pages are like those of the others."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.http import QueryDict

from orders.presentation.columns import columns_for
from orders.presentation.filtersets import FILTERSETS
from orders.upstreams import catalogue, registry
from tests.pages import Page, query_of
from tests.upstreams.third_upstream.parcel_house import MANIFEST
from tests.upstreams.third_upstream.parcel_house.terms import ParcelQuery
from tests.upstreams.third_upstream.server import CLIENT, TOKEN, house

pytestmark = pytest.mark.django_db

HISTORY = f"/parcels/customers/{CLIENT}/orders/"


@pytest.fixture
def parcels(portal, settings, monkeypatch):
    """Parcel House, registered as the third upstream beside the two in the sandbox."""
    with house() as server:
        monkeypatch.setitem(catalogue.MANIFESTS, "parcels", MANIFEST)
        # It asks the catalogue for what there is to choose from, as all filter sets do.
        from tests.upstreams.third_upstream.parcels import ParcelsOrderFilterSet

        monkeypatch.setitem(FILTERSETS, "parcels", ParcelsOrderFilterSet)
        defaults = {each.name: each.default for each in MANIFEST.settings}
        settings.UPSTREAMS = settings.UPSTREAMS | {
            "parcels": defaults | {"base_url": server.url, "access_token": TOKEN}
        }
        registry.forget_connections()
        yield server
        registry.forget_connections()


def see(portal, address, status=200):
    response = portal.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return Page(response)


def test_its_history_has_filters_pages_and_columns_like_the_others(portal, parcels):
    page = see(portal, f"{HISTORY}?state=SENT&limit=5&offset=5")

    assert parcels.asked == ["/api/clients/CL-7/parcels?skip=5&take=5&state=SENT"]
    assert page.position == "Showing 6–10 of 18"
    assert page.column("Status") == ["Sent"] * 5
    assert query_of(page.link("next")) == [("state", "SENT"), ("limit", "5"), ("offset", "10")]
    assert page.filters == [("state", "SENT"), ("limit", "5")]


def test_above_its_list_stand_its_own_views(portal, parcels):
    page = see(portal, HISTORY)

    assert [link["href"] for link in page.root.all("a", data_view=True)] == ["?", "?state=LOST"]


def test_its_window_is_not_said_in_another_upstreams_words(portal, parcels):
    page = see(portal, HISTORY)

    assert page.window == ("23", "0", "10")
    assert "term" not in page.notices["window"]
    assert not page.root.all(data_show_all=True)


def test_its_blanks_are_not_said_in_another_upstreams_words(portal, parcels, monkeypatch):
    monkeypatch.setattr("tests.upstreams.third_upstream.server.PARCELS", [{"id": "P1", "state": "SENT"}])
    no_match = see(portal, f"{HISTORY}?state=LOST").result.text
    monkeypatch.setattr("tests.upstreams.third_upstream.server.PARCELS", [])
    nothing = see(portal, HISTORY).result.text

    assert "No order that Parcels has matches these filters." in no_match
    assert "Parcels knows this customer and has no orders." in nothing


def test_its_orders_have_pages(portal, parcels):
    page = see(portal, f"{HISTORY}P007/")

    assert page.root.one("h1").text.startswith("Order P007")
    assert "Box 7" in page.root.one("table", class_="lines").text
    assert page.raw_json["state"] == "SENT"
    assert f"Asked: GET /api/clients/{CLIENT}/parcels/P007" in page.support_text


@pytest.mark.parametrize(
    ("failing", "word", "status"),
    [
        (503, "unavailable", 502),
        (403, "credentials", 502),
        (429, "rate-limited", 503),
        (400, "bad-request", 400),
    ],
)
def test_its_failures_become_the_same_pages(portal, parcels, failing, word, status):
    parcels.failing = failing

    for address in (HISTORY, f"{HISTORY}P007/"):
        page = see(portal, address, status)
        assert page.error["data-error"] == word
        assert page.error["data-source"] == "parcels"
        assert "Parcel House" in page.error.text
        assert "The house is closed today." in page.error.text
    assert TOKEN not in page.html


def test_missing_customers_bad_filters_and_pages_behind_the_end(portal, parcels):
    assert see(portal, "/parcels/customers/CL-8/orders/", 404).error_word == "not-found"
    assert see(portal, f"{HISTORY}?state=GONE", 400).field_errors
    behind = see(portal, f"{HISTORY}?offset=24", 404)
    assert behind.error_word == "out-of-range"
    assert see(portal, HISTORY + behind.link("last")).position == "Showing 21–23 of 23"


def test_the_look_up_and_the_first_page_know_it(portal, parcels):
    home = see(portal, "/")

    assert "Parcel House" in home.root.one("li", data_upstream="parcels").text
    for text, address in (
        (CLIENT, HISTORY),
        (f"https://house.example/api/clients/{CLIENT}/parcels/P007", f"{HISTORY}P007/"),
        (f"http://testserver{HISTORY}?state=LOST", f"{HISTORY}?state=LOST"),
    ):
        assert portal.post("/lookup/", {"q": text}).url == address
    assert portal.post("/lookup/", {"q": "77", "source": "parcels"}).url == "/parcels/customers/77/orders/"


def test_views_of_it_can_be_saved_and_its_customers_are_remembered(portal, parcels):
    portal.get(HISTORY)
    portal.post(
        "/saved-views/", {"name": "Lost", "source": "parcels", "customer_id": CLIENT, "query": "state=LOST"}
    )

    links = {link.text: link["href"] for link in see(portal, "/").main.all("a")}

    assert HISTORY in links.values()
    assert portal.get(links["Lost"]).url.startswith(f"{HISTORY}?state=LOST&view=")


def test_the_check_of_all_upstreams_asks_it_too(parcels):
    out = StringIO()

    call_command("check_upstreams", stdout=out, no_color=True)

    assert "parcels: answers and accepts our credentials" in out.getvalue()


def test_its_files_have_the_columns_of_its_page(parcels):
    orders = [column.name for column in columns_for("parcels", "orders")]
    lines = [column.name for column in columns_for("parcels", "lines")]

    assert orders == ["customerId", "orderId", "creationDate", "status", "lineItemCount"]
    assert lines == ["customerId", "orderId", "extLineItemNumber", "title", "quantity"]


def test_its_filters_fill_its_query(parcels):
    filters = FILTERSETS["parcels"](QueryDict("state=SENT&state=LOST"))

    assert filters.is_valid()
    assert filters.query == ParcelQuery(statuses=("SENT", "LOST"))
