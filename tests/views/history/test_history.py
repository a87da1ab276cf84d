"""A customer's Adobe order history: what is asked, and the hooks of what is shown."""

import re

import pytest

from orders.sandbox import customers
from tests.pages import query_of

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
ALL_TERMS = "start-date=2000-01-01"


def test_one_page_view_is_one_upstream_get(portal, upstreams):
    response = portal.get(LARGE)

    assert response.status_code == 200
    assert [(entry.method, entry.path) for entry in upstreams.requests] == [
        ("GET", f"/v3/customers/{customers.ADOBE_LARGE}/orders")
    ]


def test_a_plain_visit_asks_for_the_first_page_and_nothing_else(see, upstreams):
    see(LARGE)

    assert upstreams.requests[0].query == [("limit", "25"), ("offset", "0")]


def test_all_nine_parameters_arrive_upstream_under_their_documented_names(see, upstreams):
    see(
        f"{LARGE}?order-type=NEW&order-type=RENEWAL&reseller-id=1000004242&status=1000&status=1002"
        "&reference-order-id=5000000001&offer-id=71104418CA01A12&offer-id=71104522CA01A12"
        "&start-date=2026-01-01&end-date=2026-06-30T12:00:00Z&limit=50&offset=0"
    )

    assert upstreams.requests[0].query == [
        ("limit", "50"),
        ("offset", "0"),
        ("order-type", "NEW"),
        ("order-type", "RENEWAL"),
        ("reseller-id", "1000004242"),
        ("status", "1000"),
        ("status", "1002"),
        ("reference-order-id", "5000000001"),
        ("offer-id", "71104418CA01A12"),
        ("offer-id", "71104522CA01A12"),
        ("start-date", "2026-01-01"),
        ("end-date", "2026-06-30T12:00:00Z"),
    ]


def test_repeated_values_mean_any_and_different_filters_mean_all(see):
    def size(query):
        return int(see(f"{LARGE}?{ALL_TERMS}&{query}").window[0])

    assert size("order-type=RETURN&order-type=RENEWAL") == size("order-type=RETURN") + size(
        "order-type=RENEWAL"
    )
    assert size("order-type=RETURN&status=1004") == 0
    assert 0 < size("order-type=NEW&status=1004") < size("order-type=NEW")


def test_the_page_carries_the_size_of_the_whole_result_and_the_window_on_it(see):
    page = see(f"{LARGE}?{ALL_TERMS}&offset=25&limit=25")

    assert page.window == ("312", "25", "25")
    assert page.position == "Showing 26–50 of 312"
    assert len(page.order_ids) == len(set(page.order_ids)) == 25
    assert page.root.one("table").one("caption").text == (
        f"Orders of customer {customers.ADOBE_LARGE} at Adobe VIP Marketplace"
    )
    assert all(cell["scope"] == "col" for cell in page.root.one("table").all("th"))
    assert len(page.root.one("table").all("tbody")) == 1


def test_each_row_links_to_its_order_and_carries_the_way_back(see):
    page = see(f"{LARGE}?status=1000&status=1002&limit=2")

    for place, order_id in enumerate(page.order_ids, 1):
        link = page.row(order_id).all("a")[0]
        assert link.text == order_id
        where = f"at={place}&of={page.window[0]}"
        assert link["href"] == f"{LARGE}{order_id}/?status=1000&status=1002&limit=2&{where}"


def test_the_way_back_from_an_order_leads_to_the_same_list(see):
    page = see(f"{LARGE}?status=1000&status=1002&limit=2")

    order = see(page.row(page.order_ids[0]).all("a")[0]["href"])

    assert order.link("up") == f"{LARGE}?status=1000&status=1002&limit=2#order-{page.order_ids[0]}"


@pytest.mark.parametrize("limit", [101, 500])
def test_a_limit_over_the_maximum_is_asked_as_the_maximum(see, upstreams, limit):
    page = see(f"{LARGE}?{ALL_TERMS}&limit={limit}")

    assert dict(upstreams.requests[0].query)["limit"] == "100"
    assert page.window == ("312", "0", "100")
    assert len(page.order_ids) == 100
    assert ("limit", "100") in query_of(page.link("next"))


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("offset=0&limit=25&fetch-price=true", [("limit", "25"), ("offset", "0")]),
        (
            "status=1000&status=1002",
            [("limit", "25"), ("offset", "0"), ("status", "1000"), ("status", "1002")],
        ),
        (
            "status=1000&status=10002",
            [("limit", "25"), ("offset", "0"), ("status", "1000"), ("status", "10002")],
        ),
        (
            "start-date=2019-05-02&end-date=2019-05-02T22:49:54Z",
            [
                ("limit", "25"),
                ("offset", "0"),
                ("start-date", "2019-05-02"),
                ("end-date", "2019-05-02T22:49:54Z"),
            ],
        ),
    ],
)
def test_a_query_string_from_adobes_documentation_works_pasted(see, upstreams, query, sent):
    see(f"{LARGE}?{query}")

    assert [entry.query for entry in upstreams.requests] == [sent]


def test_the_query_of_an_upstream_link_works_pasted(see, portal, upstreams):
    import requests

    answer = requests.get(
        f"{upstreams.url}/v3/customers/{customers.ADOBE_LARGE}/orders",
        params=[("order-type", "NEW"), ("order-type", "SWITCH"), ("limit", "10")],
        headers={
            "Authorization": "Bearer sandbox-adobe-token",
            "X-Api-Key": "sandbox-adobe-api-key",
            "X-Correlation-Id": "an-id-of-the-test",
        },
        timeout=5,
    ).json()
    query = answer["links"]["next"]["uri"].partition("?")[2]

    page = see(f"{LARGE}?{query}")

    assert page.window == (str(answer["totalCount"]), "10", "10")
    # Adobe's links spell out two parameters that its order history documents elsewhere.
    assert page.notices["ignored-parameters"].endswith("fetch-recommendations, recommendation-language.")


def test_an_unknown_parameter_is_ignored_and_the_page_says_so(see, upstreams):
    page = see(f"{LARGE}?statuss=1000&limit=5")

    assert "statuss" in page.notices["ignored-parameters"]
    assert upstreams.requests[0].query == [("limit", "5"), ("offset", "0")]


@pytest.mark.parametrize("history", [LARGE, f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"])
def test_a_page_number_is_no_parameter_of_ours(see, history):
    page = see(f"{history}?page=2&statuss=1000")

    assert page.notices["ignored-parameters"].endswith("documents no such parameter here: page, statuss.")
    assert "ignored-parameters" not in see(history).notices
    assert "ignored-parameters" not in see(f"{history}?fresh=1").notices


def test_the_filters_in_force_are_chips_that_can_be_taken_off_one_by_one(see):
    page = see(f"{LARGE}?status=1000&status=1002&order-type=NEW&limit=10&offset=10")

    chips = {chip["aria-label"]: chip["href"] for chip in page.root.all("a", class_="chip")}

    assert chips == {
        "Remove the filter Status: Completed": "?status=1002&order-type=NEW&limit=10",
        "Remove the filter Status: Processing": "?status=1000&order-type=NEW&limit=10",
        "Remove the filter Order type: New": "?status=1000&status=1002&limit=10",
    }


def test_the_form_shows_the_filters_in_force(see):
    page = see(f"{LARGE}?status=1000&status=1077&offer-id=A1&offer-id=B2&reseller-id=1000004242")

    assert page.filters == [
        ("status", "1000"),
        ("status", "1077"),
        ("whole-days", "1"),
        ("offer-id", "A1, B2"),
        ("reseller-id", "1000004242"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        f"{LARGE}?status=1000",
        f"/fabric/customers/{customers.FABRIC_MAIN}/orders/",
        "details of adobe",
        "details of fabric",
    ],
)
def test_every_page_says_what_was_asked_and_what_to_quote(see, upstreams, address):
    if address.startswith("details"):
        history = LARGE if "adobe" in address else f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
        address = f"{history}{see(history).order_ids[0]}/"
        upstreams.clear_log()
    page = see(address)
    entry = upstreams.requests[0]

    asked = page.root.one(data_asked=True).text
    assert f"GET {entry.path}" in asked
    assert entry.headers["x-request-id"] in asked
    assert entry.headers["x-correlation-id"] in asked
    assert re.search(r"\b\d+(\.\d+)? m?s, 1 attempt\b", asked)
    assert all(f"{name}={value}" in asked for name, value in entry.query)


def test_no_such_upstream_is_no_such_page(portal, upstreams):
    assert portal.get("/sap/customers/1/orders/").status_code == 404
    assert portal.get("/sap/customers/1/orders/2/").status_code == 404
    assert upstreams.requests == []


def test_the_drawn_form_is_used_again_only_where_it_would_be_the_same(see):
    def presets(page):
        return [each.get("href") for each in page.root.one(class_="presets").all("a")]

    plain, on_another_page = see(LARGE), see(f"{LARGE}?offset=25")
    of_another_size = see(f"{LARGE}?limit=50")
    filtered = see(f"{LARGE}?reseller-id=1000004242")

    assert plain.filters == on_another_page.filters == [("whole-days", "1")]
    assert of_another_size.filters == [("whole-days", "1"), ("limit", "50")]
    assert filtered.filters == [("whole-days", "1"), ("reseller-id", "1000004242")]
    assert presets(plain) == presets(on_another_page)
    assert all("limit=50" in address for address in presets(of_another_size))
    assert see(f"{LARGE}?start-date=yesterday", status=400).filters == [("start-date", "yesterday")]


def test_what_one_person_may_do_is_not_offered_to_another(see, see_prices):
    def links(page):
        return {each.get("href") for each in page.root.one("nav", class_="nav").all("a")}

    supervisors, agents = links(see_prices(LARGE)), links(see(LARGE))

    assert supervisors - agents == {"/exports/", "/ledger/"}
    assert links(see_prices(LARGE)) == supervisors


@pytest.mark.parametrize(
    ("history", "headings"),
    [
        (
            LARGE,
            [
                *("Order", "Created", "Type", "Status"),
                *("Products", "Your reference", "Lines", "Quantity", "Promotions"),
            ],
        ),
        (
            f"/fabric/customers/{customers.FABRIC_MAIN}/orders/",
            [
                *("Order", "Scheduled", "Status"),
                *("Next attempt", "Reason", "Total", "Lines"),
            ],
        ),
    ],
)
def test_a_list_has_these_columns_in_this_order(see, history, headings):
    table = see(history).result.one("table", class_="orders")

    assert [heading.text for heading in table.all("th")] == headings


def test_an_order_that_will_be_retried_says_how_often_and_when(see):
    page = see(f"/fabric/customers/{customers.FABRIC_MAIN}/orders/?attention=will-retry")

    assert len(page.order_ids) >= 3
    assert all(re.search(r"^Will retry \w+ \d of \d retries used$", text) for text in page.column("Status"))
    for text in page.column("Next attempt"):
        assert re.search(r"^\w{3} \d{1,2} \w{3}( \d{4})?, \d\d:\d\d · (in \d+ \w+|now|\d+ \w+ ago)", text)
