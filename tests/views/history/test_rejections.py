"""Values that can't be used: said at the field, with everything else kept, and nothing asked."""

import pytest

from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace import PARAMETERS
from tests.pages import query_of

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (f"{LARGE}?start-date=yesterday", "start-date"),
        (f"{LARGE}?start-date=2026-13-01", "start-date"),
        (f"{LARGE}?end-date=2026-01-31T10:00:00%2B02:00", "end-date"),
        (f"{LARGE}?start-date=2026-02-01&end-date=2026-01-01", "end-date"),
        (f"{LARGE}?order-type=bogus", "order-type"),
        (f"{LARGE}?status=done", "status"),
        (f"{LARGE}?reference-order-id=A111&reference-order-id=B222", "reference-order-id"),
        (f"{LARGE}?start-date=2026-01-01&start-date=2026-01-02", "start-date"),
        (f"{LARGE}?start-date=2026-01-01T12:00:00Z&end-date=2026-01-01T11:00:00Z", "end-date"),
        (f"{FABRIC}?text=beans&text=tea", "text"),
        (f"{LARGE}?offer-id={'x' * 65}", "offer-id"),
        (f"{LARGE}?reseller-id={'x' * 65}", "reseller-id"),
        (f"{LARGE}?reference-order-id=a%00b", "reference-order-id"),
        (f"{FABRIC}?scheduled-from=soon", "scheduled-from"),
        (f"{FABRIC}?scheduled-from=2026-02-01&scheduled-to=2026-01-01", "scheduled-to"),
        (f"{FABRIC}?attention=worried", "attention"),
    ],
)
def test_a_bad_filter_is_400_said_at_its_field_and_no_upstream_is_asked(see, upstreams, address, field):
    page = see(address, status=400)

    assert list(page.field_errors) == [field]
    assert page.field_errors[field]
    assert "Nothing was asked" in page.text
    assert upstreams.requests == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=25&limit=50",
        "offset=0&offset=25",
        "limit=0",
        "limit=-1",
        "limit=many",
        "offset=-1",
        "offset=1.5",
    ],
)
@pytest.mark.parametrize("history", [LARGE, FABRIC])
def test_a_bad_window_is_400_and_named(see, upstreams, history, query):
    page = see(f"{history}?{query}", status=400)

    assert f"{query.partition('=')[0]}:" in page.root.one("ul", class_="errors").text
    assert upstreams.requests == []


def test_several_mistakes_are_named_together(see):
    page = see(f"{LARGE}?start-date=x&status=y&limit=z", status=400)

    assert [item.one("code").text for item in page.root.one("ul", class_="errors").all("li")] == [
        "status",
        "start-date",
        "limit",
    ]


def test_the_form_keeps_what_was_typed_the_bad_value_included(see):
    page = see(f"{LARGE}?start-date=yesterday&status=1000&status=1004&offer-id=A1&limit=50", status=400)

    assert page.filters == [
        ("status", "1000"),
        ("status", "1004"),
        ("start-date", "yesterday"),
        ("offer-id", "A1"),
        ("limit", "50"),
    ]


def test_a_bad_field_is_tied_to_its_words_for_those_who_listen(see):
    page = see(f"{LARGE}?start-date=yesterday", status=400)

    field = page.root.one("input", name="start-date")
    assert field["aria-invalid"] == "true"
    assert page.root.one(id=field["aria-describedby"].split()[-1]).text == page.field_errors["start-date"]


def test_a_value_the_upstream_refuses_is_said_at_the_field_it_names(see, upstreams):
    refusal = {
        "status": 400,
        "body": {
            "code": "1132",
            "message": "A search parameter is not valid",
            "invalidFields": ["reseller-id"],
        },
    }
    upstreams.script("adobe", [refusal])

    page = see(f"{LARGE}?reseller-id=elsewhere&status=1000", status=400)

    assert page.error_word == "bad-request"
    assert list(page.field_errors) == ["reseller-id"]
    assert ("reseller-id", "elsewhere") in page.filters
    assert ("status", "1000") in page.filters
    assert query_of(page.retry_address) == [("reseller-id", "elsewhere"), ("status", "1000")]


@pytest.mark.parametrize(
    "customer_id", ["..", ".", "a%2Fb", "a%00b", "x" * 65, "a b", "a%25b", "é", "a;b", "a%0Ab", "a:b"]
)
@pytest.mark.parametrize("source", ["adobe", "fabric"])
def test_a_customer_id_of_another_shape_is_404_and_asks_no_upstream(portal, upstreams, source, customer_id):
    response = portal.get(f"/{source}/customers/{customer_id}/orders/")

    assert response.status_code == 404
    assert upstreams.requests == []


@pytest.mark.parametrize("customer_id", ["1", "x" * 64, "P1000000023", "a-b_c.d", "...", ".a"])
def test_every_id_of_the_documented_shape_is_one_path_segment(portal, upstreams, customer_id):
    portal.get(f"/adobe/customers/{customer_id}/orders/")

    assert [entry.raw_target.partition("?")[0] for entry in upstreams.requests] == [
        f"/v3/customers/{customer_id}/orders"
    ]


def test_an_address_with_every_documented_parameter_blank_is_the_plain_list(see, upstreams):
    blank = "&".join(f"{name}=" for name in PARAMETERS)

    assert see(f"{LARGE}?{blank}").order_ids == see(LARGE).order_ids
    asked = [entry.query for entry in upstreams.requests]
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "name", ["reseller-id", "reference-order-id", "start-date", "end-date", "limit", "rows"]
)
def test_two_values_of_one_parameter_make_no_file_either(supervisors_portal, upstreams, name):
    first, second = {
        "start-date": ("2026-01-01", "2026-01-02"),
        "end-date": ("2026-01-01", "2026-01-02"),
        "rows": ("orders", "lines"),
    }.get(name, ("10", "20"))

    response = supervisors_portal.get(
        f"{LARGE}export/?{name}={first}&{name}={second}", HTTP_ACCEPT="text/csv"
    )

    assert response.status_code == 400
    assert response.content.decode().startswith(f"Nothing was exported.\n{name}: ")
    assert upstreams.requests == []


def test_neither_of_two_values_is_shown_as_in_force(see):
    page = see(f"{LARGE}?reference-order-id=A111&reference-order-id=B222&status=1000", status=400)

    assert [chip.text for chip in page.root.all("a", class_="chip")] == ["Status: Completed ×"]
    assert "A111, B222" in page.field_errors["reference-order-id"]


def test_what_nobody_sees_is_not_sent_upstream(see, upstreams):
    page = see(f"{LARGE}?reference-order-id=0012345%E2%80%8B")

    assert dict(upstreams.requests[-1].query)["reference-order-id"] == "0012345"
    chip = page.root.one("a", class_="chip")
    assert chip.text == "Refers to order: 0012345 ×"
    assert chip["href"] == "?"
